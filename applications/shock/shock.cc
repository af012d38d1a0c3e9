// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Shocks of Burgers' equation on an adaptive mesh in space and time, learned at
// points that are spread evenly, follow the mesh, or follow the residual.

#include <derl/derl.h>

#include <deal.II/base/timer.h>

#include "solver.h"

using namespace dealii;
using namespace derl;

struct ShockParameters : TrainingRunParameters
{
  ShockParameters()
    : TrainingRunParameters("output/shock",
                            "interior: gradient; boundary: value",
                            {"interior", "boundary"},
                            "value, gradient or the residual 'equation' at the "
                            "interior samples, value at the boundary samples.")
  {
  }

  double       viscosity              = 0.002;
  unsigned int n_global_refinements   = 4;
  unsigned int n_adaptive_refinements = 4;
  std::string  points                 = "cells";
  unsigned int n_points               = 2000;
  bool         use_variances          = false;

protected:
  void
  declare_problem(ParameterHandler &prm) override
  {
    prm.enter_subsection("Reference");
    prm.add_parameter("Viscosity",
                      viscosity,
                      "A shock is some 15 times as wide.",
                      Patterns::Double(1e-3));
    prm.add_parameter("Global refinements",
                      n_global_refinements,
                      "There are 2^n cells per direction.",
                      Patterns::Integer(0, 10));
    prm.add_parameter("Adaptive refinements",
                      n_adaptive_refinements,
                      "How often the mesh is refined where it is needed.",
                      Patterns::Integer(0, 20));
    prm.leave_subsection();
    prm.enter_subsection("Samples");
    prm.add_parameter("Points",
                      points,
                      "Evenly in space and time, evenly among the cells, or "
                      "every 200 iterations where the residual is large.",
                      Patterns::Selection("uniform|cells|residual"));
    prm.add_parameter(
      "Number of points", n_points, "Approximately.", Patterns::Integer(1));
    prm.add_parameter("Use variances",
                      use_variances,
                      "Whether estimated errors become factors of samples.");
    prm.leave_subsection();
  }
};

/**
 * About n of the samples, by chance, each with a probability that is
 * proportional to its size, and all of weight one. Collective.
 */
std::shared_ptr<const Samples>
choose(const MPI_Comm            &communicator,
       const Samples             &samples,
       const std::vector<double> &sizes,
       const unsigned int         n,
       const unsigned int         seed)
{
  double sum = 0.;
  for (const double size : sizes)
    sum += size;
  sum = Utilities::MPI::sum(sum, communicator);
  const PointHash hash(communicator, samples, RandomPurpose::subset, seed);
  std::vector<unsigned int> chosen;
  for (unsigned int i = 0; i < samples.size(); ++i)
    if (hash.uniform(samples.point(i), 0) < n * sizes[i] / sum)
      chosen.push_back(i);
  Samples result = samples.subset(chosen);
  result.set_weights(std::vector<double>(chosen.size(), 1.));
  return std::make_shared<const Samples>(std::move(result));
}

/**
 * The samples' weights times one plus the residual over its mean. Collective.
 */
std::vector<double>
sizes_by_residual(const MPI_Comm  &communicator,
                  const Surrogate &surrogate,
                  const Samples   &samples,
                  const double     viscosity)
{
  const Evaluator      evaluator(surrogate, {"u", "u_x", "u_t", "u_xx"});
  Evaluator::Workspace workspace(evaluator);
  std::vector<double>  u(4 * samples.size()), sizes(samples.size());
  evaluator.evaluate(
    make_array_view(samples.points()), workspace, make_array_view(u));
  double sum = 0., area = 0.;
  for (unsigned int i = 0; i < samples.size(); ++i)
    {
      const double *const j = &u[4 * i];
      sizes[i]              = std::abs(j[2] + j[0] * j[1] - viscosity * j[3]);
      sum += samples.weight(i) * sizes[i];
      area += samples.weight(i);
    }
  const double mean = Utilities::MPI::sum(sum, communicator) /
                      Utilities::MPI::sum(area, communicator);
  for (unsigned int i = 0; i < samples.size(); ++i)
    sizes[i] = samples.weight(i) * (1. + sizes[i] / mean);
  return sizes;
}

/** The terms, about points that are chosen as the parameters say. */
void
add_terms(const TrainingRun     &run,
          const ShockParameters &parameters,
          const ShockProblem    &problem,
          const ShockSolver     &solver,
          Trainer               &trainer)
{
  const auto       choices = parameters.term_choices();
  SampleRequest<2> request(
    orders_to_sample(choices, "interior", trainer.names()));
  request.use_variances = parameters.use_variances;
  if (parameters.points == "cells")
    request.weighting = SampleWeighting::cell;
  const auto all = std::make_shared<const Samples>(solver.sample(request));
  std::vector<double> sizes;
  for (unsigned int i = 0; i < all->size(); ++i)
    sizes.push_back(all->weight(i));

  SampleTables tables;
  tables.add(
    "interior",
    Samples(*choose(run.communicator, *all, sizes, parameters.n_points, 30)));
  tables.add("boundary", solver.sample_given_values());
  tables.add_terms(choices, trainer, {{"equation", problem.equation}});
  if (parameters.points != "residual")
    return;
  trainer.observe([&, all, choices](const IterationState &state) {
    if (state.iteration == 0 || state.iteration % 200 != 0)
      return;
    Surrogate now(run.surrogate);
    now.parameters = state.x;
    const auto chosen =
      choose(run.communicator,
             *all,
             sizes_by_residual(run.communicator, now, *all, problem.viscosity),
             parameters.n_points,
             state.iteration);
    for (const TermChoice &choice : choices)
      if (choice.samples == "interior")
        trainer.replace_samples(choice.name(), chosen);
  });
}

void
solve_and_learn(const MPI_Comm        &communicator,
                const CommandLine     &command_line,
                const ShockParameters &parameters)
{
  TrainingRun run(
    communicator, command_line, parameters, "two shocks", {"x", "t"}, {"u"});
  Timer              timer;
  const ShockProblem problem(parameters.viscosity);
  const ShockSolver  solver(communicator,
                           problem,
                           parameters.n_global_refinements,
                           parameters.n_adaptive_refinements);
  run.summary.seconds_reference = timer.wall_time();
  run.train([&](Trainer &trainer) {
    add_terms(run, parameters, problem, solver, trainer);
    return "two shocks, adaptive mesh";
  });
  run.compare<2>(solver.get_mapping(),
                 solver.get_dof_handler(),
                 solver.get_solution(),
                 {problem.exact, problem.equation, {}});
  run.finish();
}

int
main(int argc, char **argv)
{
  return run_application<ShockParameters>(
    argc,
    argv,
    "Solves Burgers' equation with two shocks and learns the solution.",
    "shock",
    solve_and_learn);
}
