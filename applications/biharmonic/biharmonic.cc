// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Solve the equation of a clamped plate, of fourth order, learn the deflection
// from derivatives up to the third order, and measure both.

#include <derl/derl.h>

#include <deal.II/base/function.h>
#include <deal.II/base/timer.h>

#include "solver.h"

using namespace dealii;
using namespace derl;

struct BiharmonicParameters : TrainingRunParameters
{
  BiharmonicParameters()
    : TrainingRunParameters("output/biharmonic",
                            "interior: gradient; boundary: value; boundary: "
                            "gradient",
                            {"interior", "boundary"},
                            "value, gradient, Hessian or named derivatives "
                            "(u_xxx) up to the third order at the interior "
                            "samples, or the residual 'equation' there; value "
                            "and gradient, which are zero, at the boundary "
                            "samples.")
  {
  }

  unsigned int degree        = 4;
  unsigned int n_refinements = 4;
  std::string  source        = "reference";
  unsigned int n_points      = 1000;
  unsigned int seed          = 30;

protected:
  void
  declare_problem(ParameterHandler &prm) override
  {
    prm.enter_subsection("Reference");
    prm.add_parameter("Finite element degree",
                      degree,
                      "Of continuous elements.",
                      Patterns::Integer(2, 8));
    prm.add_parameter("Global refinements",
                      n_refinements,
                      "There are 2^n cells per direction.",
                      Patterns::Integer(0, 10));
    prm.leave_subsection();
    prm.enter_subsection("Samples");
    prm.add_parameter("Source",
                      source,
                      "What is sampled: the finite element solution in its "
                      "cells, or the exact solution at random points.",
                      Patterns::Selection("reference|exact"));
    prm.add_parameter("Number of random points",
                      n_points,
                      "Of the exact solution.",
                      Patterns::Integer(1));
    prm.add_parameter(
      "Random seed", seed, "Of the random points.", Patterns::Integer(0));
    prm.leave_subsection();
  }
};

/**
 * Each rank with its share of the points.
 */
Samples
sample_exact(const MPI_Comm              &communicator,
             const std::vector<Point<2>> &points,
             const std::vector<JetEntry> &columns)
{
  const unsigned int  n_ranks = Utilities::MPI::n_mpi_processes(communicator);
  std::vector<double> mine;
  for (unsigned int p = Utilities::MPI::this_mpi_process(communicator);
       p < points.size();
       p += n_ranks)
    mine.insert(mine.end(), points[p].begin_raw(), points[p].end_raw());
  return Biharmonic::sample_exact(mine, columns);
}

void
solve_and_learn(const MPI_Comm             &communicator,
                const CommandLine          &command_line,
                const BiharmonicParameters &parameters)
{
  TrainingRun run(
    communicator, command_line, parameters, "clamped plate", {"x", "y"}, {"u"});

  Timer                  timer;
  const BiharmonicSolver solver(
    communicator, parameters.degree, parameters.n_refinements);
  run.summary.seconds_reference = timer.wall_time();

  const auto     equation = Biharmonic::equation();
  const Point<2> lower, upper(1., 1.);
  run.train([&](Trainer &trainer) {
    const auto choices = parameters.term_choices();
    const auto orders  = orders_to_sample(choices, "interior", trainer.names());
    SampleTables tables;
    tables.add(
      "interior",
      parameters.source == "reference"
        ? solver.sample(orders)
        : sample_exact(
            communicator,
            random_points(lower, upper, parameters.n_points, parameters.seed),
            jet_entries_of_orders(2, 1, orders)));
    // exact zeros: round-off would be taken for the size of the solution
    tables.add("boundary",
               sample_function(communicator,
                               Functions::ZeroFunction<2>(),
                               boundary_grid_points(lower, upper, 101),
                               {jet_values, jet_gradients}));
    tables.add_terms(choices, trainer, {{"equation", equation}});
    return "clamped plate, " + parameters.source;
  });

  // no derivatives of the fourth order of the finite element solution
  const Samples       reference = solver.sample({0, 1, 2, 3}, 6);
  std::vector<double> weights;
  for (unsigned int i = 0; i < reference.size(); ++i)
    weights.push_back(reference.weight(i));
  run.compare(
    Biharmonic::sample_exact(reference.points(), reference.columns(), weights),
    reference);
  const double residual = residual_rms(
    communicator,
    run.surrogate.names(),
    sample_teachers(communicator,
                    {{std::make_shared<const Surrogate>(run.surrogate),
                      [](const auto &) { return true; }}},
                    reference.points(),
                    {"u_xxxx", "u_xxyy", "u_yyyy"},
                    weights),
    *equation);
  run.pcout << "Residual of the surrogate: " << short_text(residual)
            << std::endl;
  for (auto &[name, figures] : run.summary.figures)
    if (name == "surrogate")
      figures.emplace_back("residual_rms", residual);
  run.finish();
}

int
main(int argc, char **argv)
{
  return run_application<BiharmonicParameters>(
    argc,
    argv,
    "Solves Laplace(Laplace(u)) = f, clamped, and learns the solution.",
    "biharmonic",
    solve_and_learn);
}
