// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Solve a problem with a known solution as users would, train a surrogate with
// default options, and measure the errors of both.

#include <derl/coupling/errors.h>

#include <derl/program/program.h>
#include <derl/program/training_run.h>

#include <deal.II/base/timer.h>

#include <memory>

#include "defaults_parameters.h"
#include "suite.h"

using namespace dealii;
using namespace derl;

const std::string purpose =
  "Solves one of ten problems with known solutions with finite elements, "
  "trains a surrogate with\ndefault options on the solution's derivatives, and "
  "compares the errors of both.";

/**
 * Fields of a problem in space only.
 */
template <int dim>
void
write_pictures(const TrainingRun    &run,
               const Problem<dim>   &problem,
               ReferenceSolver<dim> &solver)
{
  const SurrogateFunction<dim> function(run.surrogate, OutsideBox::ignore);
  solver.run({}, [&](const auto &, const auto &solution, const auto *) {
    write_fields(run.folder,
                 solver.get_mapping(),
                 solver.get_dof_handler(),
                 solution,
                 ComparisonPostprocessor<dim>(function, problem.exact.get()));
  });
  // columns: x y, then reference, surrogate, exact, reference_error,
  // surrogate_error for each component
  const unsigned int n = problem.components.size();
  if (dim == 2)
    draw_maps(
      run.folder,
      "errors",
      {{"|finite elements - exact|", "abs($" + std::to_string(3 + 3 * n) + ")"},
       {"|surrogate - exact|", "abs($" + std::to_string(3 + 4 * n) + ")"}},
      ColorScale::logarithmic,
      run.pcout);
}



template <int dim>
void
solve_and_learn(const MPI_Comm           &communicator,
                const CommandLine        &command_line,
                const DefaultsParameters &parameters,
                const Problem<dim>       &problem)
{
  std::vector<std::string> coordinates = {"x", "y", "z"};
  coordinates.resize(dim);
  coordinates.insert(coordinates.end(),
                     problem.further_coordinates.begin(),
                     problem.further_coordinates.end());
  TrainingRun run(communicator,
                  command_line,
                  parameters,
                  problem.description,
                  coordinates,
                  problem.components);

  Timer                 timer;
  const ParameterGroups groups(communicator, parameters.n_groups);
  ReferenceSolver<dim>  of_group(
    groups.mesh_communicator(), problem, parameters.reference);
  run.summary.seconds_reference = timer.wall_time();

  run.train([&](Trainer &trainer) {
    return add_terms(
      parameters, problem, communicator, groups, of_group, trainer);
  });

  // all ranks measure together
  timer.restart();
  std::unique_ptr<ReferenceSolver<dim>> of_all;
  if (groups.n_groups() > 1)
    of_all = std::make_unique<ReferenceSolver<dim>>(
      communicator, problem, parameters.reference);
  ReferenceSolver<dim> &solver = of_all ? *of_all : of_group;
  Assessment<dim>       assessment(run.surrogate);
  const auto            errors =
    measure_errors(problem, solver, run.surrogate, assessment);
  run.judge(assessment.verdict());
  run.record(errors);
  run.summary.seconds_evaluation = timer.wall_time();
  if (problem.further_coordinates.empty())
    write_pictures(run, problem, solver);
  run.finish();
}

int
main(int argc, char **argv)
{
  return run_application<DefaultsParameters>(
    argc,
    argv,
    purpose,
    "defaults",
    [](const auto &communicator,
       const auto &command_line,
       const auto &parameters) {
      if (const auto problem = make_problem<2>(parameters.problem))
        solve_and_learn(communicator, command_line, parameters, *problem);
      else
        solve_and_learn(communicator,
                        command_line,
                        parameters,
                        *make_problem<3>(parameters.problem));
    });
}
