// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Follow a moving heat source on a mesh that changes, keep samples of all time
// steps in bounded memory, train one surrogate in space and time on them, and
// measure it beside the finite element solution.

#include <derl/base/collective.h>

#include <derl/coupling/errors.h>

#include <derl/data/sampling.h>

#include <derl/program/program.h>
#include <derl/program/training_run.h>

#include <deal.II/base/quadrature_lib.h>
#include <deal.II/base/timer.h>

#include "heat_samples.h"
#include "heat_series_parameters.h"

using namespace dealii;
using namespace derl;

const std::string purpose = "Solves u_t - kappa Laplace(u) = f with a moving "
                            "source on an adaptive mesh, trains one "
                            "surrogate\nin (x, y, t) on samples of all time "
                            "steps, and compares both with the exact "
                            "solution.";

/**
 * Write the fields of solution, surrogate and exact solution at the solver's
 * current time into @p folder, with pictures: field.png, both solutions, and
 * errors.png. Collective.
 */
void
write_frame(const MPI_Comm           &communicator,
            const std::string        &folder,
            const HeatSolver         &solver,
            const Surrogate          &surrogate,
            const ConditionalOStream &progress)
{
  make_output_folder(communicator, folder);
  SurrogateFunction<2> function(surrogate, OutsideBox::ignore);
  function.set_time(solver.time());
  const MovingSource exact = solver.exact_solution();
  write_fields(folder,
               solver.get_mapping(),
               solver.get_dof_handler(),
               solver.get_solution(),
               ComparisonPostprocessor<2>(function, &exact));
  draw_maps(folder,
            "errors",
            {{"|finite element solution - exact|", "abs($6)"},
             {"|surrogate - exact|", "abs($7)"}},
            ColorScale::logarithmic,
            progress);
  draw_maps(folder,
            "field",
            {{"finite element solution", "$3"}, {"surrogate", "$4"}},
            ColorScale::linear,
            progress);
}



void
solve_and_learn(const MPI_Comm             &communicator,
                const CommandLine          &command_line,
                const HeatSeriesParameters &parameters)
{
  TrainingRun run(communicator,
                  command_line,
                  parameters,
                  "heat equation with a moving source",
                  {"x", "y", "t"},
                  {"u"});

  Timer      timer;
  HeatSolver solver(communicator, parameters.reference, run.pcout);
  if (run.trains())
    {
      HeatSamples samples(communicator, parameters);
      Timer       sampling(communicator, false);
      sampling.stop();
      sampling.reset();
      solver.run([&]() {
        sampling.start();
        samples.add(solver);
        sampling.stop();
      });
      run.summary.seconds_sampling = sampling.wall_time();
      run.summary.seconds_reference =
        timer.wall_time() - run.summary.seconds_sampling;

      run.train([&](Trainer &trainer) {
        samples.add_terms(trainer);
        run.pcout << "Of " << samples.n_seen() << " samples of "
                  << solver.n_steps()
                  << " steps, and of those at the initial time, "
                  << trainer.objective().n_samples() << " are used."
                  << std::endl;
        return "heat equation, finite elements, " +
               std::to_string(solver.n_steps()) + " steps";
      });
    }

  // The meshes of all steps are gone: they come back when the solver runs
  // again, and both solutions are measured there.
  timer.restart();
  SampleErrors  errors(communicator, run.surrogate);
  MovingSource  exact = solver.exact_solution();
  Assessment<2> assessment(run.surrogate);
  unsigned int  frame = 0;
  // in the parts of cells no point is special to the elements
  const QIterated<2> quadrature(QGauss<1>(parameters.reference.fe_degree + 1),
                                2);
  solver.run([&]() {
    if (solver.step_length() > 0.)
      {
        const Samples samples = sample(solver.get_mapping(),
                                       solver.get_dof_handler(),
                                       solver.snapshot(),
                                       quadrature,
                                       {jet_values, jet_gradients});
        errors.add(
          exact_samples(exact, samples), samples, solver.step_length());
      }
    const double interval =
      parameters.reference.final_time / parameters.n_frames;
    if (parameters.n_frames > 0 &&
        solver.time() >= (frame + 1) * interval * (1. - 1e-10))
      {
        write_frame(communicator,
                    run.folder + "/frame_" + std::to_string(++frame),
                    solver,
                    run.surrogate,
                    run.pcout);
        assessment.add(solver.get_mapping(),
                       solver.get_dof_handler(),
                       Snapshot(solver.get_solution(), {solver.time()}));
      }
  });
  if (frame > 0)
    run.judge(assessment.verdict());
  run.summary.seconds_evaluation = timer.wall_time();
  run.record(errors.figures());
  errors.write_times(run.folder, run.pcout);
  run.finish();
}

int
main(int argc, char **argv)
{
  return run_application<HeatSeriesParameters>(
    argc, argv, purpose, "heat_series", solve_and_learn);
}
