// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Solve the stationary Allen-Cahn problem with finite elements, train a
// surrogate on the solution's derivatives, and measure both.

#include <derl/coupling/errors.h>

#include <derl/equations/residual.h>

#include <derl/program/program.h>
#include <derl/program/training_run.h>

#include <deal.II/base/timer.h>

#include "allen_cahn_parameters.h"
#include "allen_cahn_terms.h"

using namespace dealii;
using namespace derl;

const std::string purpose = "Solves lambda Laplace(u) + r (u^3 - u) = f with "
                            "finite elements, trains a neural "
                            "surrogate on the\nsolution's derivatives (or "
                            "other terms), and compares both "
                            "with the exact solution.";

template <int dim>
void
solve_and_learn(const MPI_Comm            &communicator,
                const CommandLine         &command_line,
                const AllenCahnParameters &parameters)
{
  const std::vector<std::string> names = {"x", "y", "z"};
  TrainingRun                    run(communicator,
                  command_line,
                  parameters,
                  "Allen-Cahn, " + std::to_string(dim) + "d",
                  {names.begin(), names.begin() + dim},
                  {"u"});

  Timer                timer;
  AllenCahnSolver<dim> solver(communicator, parameters.reference, run.pcout);
  solver.solve();
  run.summary.seconds_reference = timer.wall_time();

  const double          lambda   = parameters.reference.lambda;
  const double          reaction = parameters.reference.reaction;
  const Comparison<dim> problem  = {
     std::make_shared<const ManufacturedSolution<dim>>(),
     allen_cahn<dim>(lambda, reaction),
     {{{"forcing"},
       std::make_shared<const AllenCahnForcing<dim>>(lambda, reaction)}}};

  const ErrorIntegrator<dim> integrator(
    solver.get_mapping(), solver.get_dof_handler(), *problem.exact, 2, 4);
  Figures errors_of_samples;
  run.train([&](Trainer &trainer) {
    run.write_history<dim>(
      trainer,
      "errors.csv",
      parameters.error_interval,
      {"relative_l2_error", "relative_h1_seminorm_error"},
      [&](const SurrogateFunction<dim> &surrogate) {
        const ErrorNorms errors = integrator.measure(surrogate);
        return std::vector<double>{errors.relative_l2_error,
                                   errors.relative_h1_seminorm_error};
      });
    return add_terms(
      communicator, parameters, solver, problem, trainer, errors_of_samples);
  });

  run.compare(solver.get_mapping(),
              solver.get_dof_handler(),
              solver.get_solution(),
              problem);
  if (!errors_of_samples.empty())
    run.summary.figures.emplace_back("samples", errors_of_samples);
  run.finish();
}

int
main(int argc, char **argv)
{
  return run_application<AllenCahnParameters>(
    argc,
    argv,
    purpose,
    "allen_cahn",
    [](const MPI_Comm            &communicator,
       const CommandLine         &command_line,
       const AllenCahnParameters &parameters) {
      if (parameters.dimension == 2)
        solve_and_learn<2>(communicator, command_line, parameters);
      else
        solve_and_learn<3>(communicator, command_line, parameters);
    });
}
