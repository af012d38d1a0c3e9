// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The smallest application: solve an equation, learn its solution, and measure
// both. doc/extending.md says how to make another one of it.

#include <derl/derl.h>

#include <derl/equations/sacado_residual.h>

#include <deal.II/base/timer.h>

#include "solver.h"

using namespace dealii;
using namespace derl;

struct SkeletonParameters : TrainingRunParameters
{
  SkeletonParameters()
    : TrainingRunParameters("output/skeleton",
                            "interior: gradient; boundary: value",
                            {"interior", "boundary"},
                            "value, gradient, Hessian or named derivatives "
                            "(u_x u_xy) at the interior samples, or the "
                            "residual 'equation' there; value at the boundary "
                            "samples.")
  {
  }

  double       k             = 10.;
  unsigned int n_refinements = 4;

protected:
  void
  declare_problem(ParameterHandler &prm) override
  {
    prm.enter_subsection("Reference");
    prm.add_parameter(
      "Reaction", k, "The coefficient k.", Patterns::Double(0.));
    prm.add_parameter("Global refinements",
                      n_refinements,
                      "There are 2^n cells per direction.",
                      Patterns::Integer(0, 12));
    prm.leave_subsection();
  }
};

void
solve_and_learn(const MPI_Comm           &communicator,
                const CommandLine        &command_line,
                const SkeletonParameters &parameters)
{
  TrainingRun run(
    communicator, command_line, parameters, "skeleton", {"x", "y"}, {"u"});

  // solve
  Timer                 timer;
  const SkeletonProblem problem(parameters.k);
  const auto  solver  = solve(communicator, problem, parameters.n_refinements);
  const auto &mapping = solver->get_mapping();
  const auto &dof_handler       = solver->get_dof_handler();
  const auto &solution          = solver->get_solution();
  run.summary.seconds_reference = timer.wall_time();

  const auto equation = residual(
    {"u", "u_xx", "u_yy"},
    {"f"},
    [k = problem.k](const auto &jet, const auto &columns, const auto &) {
      const auto &[u, u_xx, u_yy] = jet;
      return rows(k * u - u_xx - u_yy - columns[0]);
    });
  const std::vector<AuxiliaryFunction<2>> auxiliary = {{{"f"}, problem.f}};

  run.train([&](Trainer &trainer) {
    // sample what the terms of the parameter file need
    const auto       choices = parameters.term_choices();
    SampleRequest<2> request(
      orders_to_sample(choices, "interior", trainer.names()));
    request.auxiliary = auxiliary;
    SampleTables tables;
    tables.add("interior", sample(mapping, dof_handler, solution, request));
    tables.add("boundary",
               sample_boundary(mapping, dof_handler, solution, {jet_values}));
    tables.add_terms(choices, trainer, {{"equation", equation}});
    return "skeleton, quadratic elements";
  });

  // measure and show
  run.compare<2>(
    mapping, dof_handler, solution, {problem.exact, equation, auxiliary});
  run.finish();
}

int
main(int argc, char **argv)
{
  return run_application<SkeletonParameters>(
    argc,
    argv,
    "Solves k u - Laplace(u) = f and learns the solution.",
    "skeleton",
    solve_and_learn);
}
