// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Solve a parametric nonlinear problem for a few parameters, train one
// surrogate in space and parameters, and start Newton's method for other
// parameters with it.

#include <derl/coupling/errors.h>

#include <derl/program/program.h>
#include <derl/program/training_run.h>

#include <deal.II/base/timer.h>

#include "start_study.h"

using namespace dealii;
using namespace derl;

const std::string purpose =
  "Solves -div((1 + u^2)^k grad u) = 10^s with finite elements for a few "
  "values "
  "of (s, k), trains\none surrogate in (x, y, s, k), and counts Newton's steps "
  "for other values from several starts.";

void
solve_and_learn(const MPI_Comm            &communicator,
                const CommandLine         &command_line,
                const WarmStartParameters &parameters)
{
  TrainingRun run(communicator,
                  command_line,
                  parameters,
                  "nonlinear diffusion with two parameters, 2d",
                  {"x", "y", "s", "k"},
                  {"u"});

  Timer                timer;
  DiffusionSolver      solver(communicator, parameters.solver);
  const KnownSolutions known(parameters, solver, run.pcout);
  run.summary.seconds_reference = timer.wall_time();

  run.train([&](Trainer &trainer) { return known.add_terms(trainer); });

  timer.restart();
  SurrogateFunction<2> function(run.surrogate);
  auto figures = compare_starts(parameters, known, function, solver, run.pcout);
  figures.insert(
    figures.begin(),
    {"reference", {{"relative_centre_error", known.centre_error()}}});
  run.record(figures);
  run.summary.seconds_evaluation = timer.wall_time();

  // pictures in the middle of the box of parameters
  const auto middle = known.random_parameters(0.5, 0.5);
  auto       start  = solver.make_vector();
  known.start_from_nearest(middle, start);
  solver.solve(middle[0], middle[1], start);
  function.set_parameters({middle.begin(), middle.end()});
  write_fields(run.folder,
               solver.get_mapping(),
               solver.get_dof_handler(),
               start,
               ComparisonPostprocessor<2>(function));
  // columns: x y reference surrogate difference
  draw_maps(run.folder,
            "surrogate",
            {{"surrogate", "$4"}, {"|surrogate - finite elements|", "abs($5)"}},
            ColorScale::linear,
            run.pcout);
  run.finish();
}

int
main(int argc, char **argv)
{
  return run_application<WarmStartParameters>(
    argc, argv, purpose, "warm_start", solve_and_learn);
}
