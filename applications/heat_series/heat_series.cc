// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Follow a moving heat source on a mesh that changes, keep samples of all time
// steps in bounded memory, train one surrogate in space and time on them, and
// measure it beside the finite element solution.

#include <derl/base/collective.h>
#include <derl/base/file.h>

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/timer.h>

#include <common/command_line.h>
#include <common/training_run.h>

#include "frame.h"
#include "heat_samples.h"
#include "heat_series_parameters.h"
#include "space_time_errors.h"

using namespace dealii;
using namespace derl;

const std::string purpose = "Solves u_t - kappa Laplace(u) = f with a moving "
                            "source on an adaptive mesh, trains one "
                            "surrogate\nin (x, y, t) on samples of all time "
                            "steps, and compares both with the exact "
                            "solution.";

void
run(const MPI_Comm             &communicator,
    const CommandLine          &command_line,
    const HeatSeriesParameters &parameters)
{
  const ConditionalOStream pcout(
    std::cout, Utilities::MPI::this_mpi_process(communicator) == 0);
  const std::string &folder = parameters.output_folder;
  make_output_folder(communicator, folder);
  check_training_memory(
    communicator, parameters.network.architecture(3, 1), parameters.training);

  Summary summary;
  summary.problem     = "heat equation with a moving source";
  summary.n_ranks     = Utilities::MPI::n_mpi_processes(communicator);
  Surrogate surrogate = initial_surrogate(
    communicator, command_line, parameters.network, {"x", "y", "t"}, {"u"});
  summary.n_parameters = surrogate.architecture.n_parameters();
  summary.seed         = surrogate.provenance.seed;

  Timer      timer;
  HeatSolver solver(communicator, parameters.reference, pcout);
  if (command_line.evaluate.empty())
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
      summary.seconds_sampling  = sampling.wall_time();
      summary.seconds_reference = timer.wall_time() - summary.seconds_sampling;

      Trainer trainer(surrogate, parameters.training, communicator, pcout);
      samples.add_terms(trainer);
      pcout << "Of " << samples.n_seen() << " samples of " << solver.n_steps()
            << " steps, " << trainer.objective().n_samples() << " are used."
            << std::endl;
      surrogate.provenance.reference = "heat equation, finite elements, " +
                                       std::to_string(solver.n_steps()) +
                                       " steps";
      run_training(
        communicator, command_line, folder, surrogate, trainer, summary, pcout);
    }

  // The meshes of all steps are gone: they come back when the solver runs
  // again, and both solutions are measured there.
  timer.restart();
  SpaceTimeErrors errors(communicator, surrogate, folder + "/errors.csv");
  unsigned int    frame = 0;
  solver.run([&]() {
    errors.add(solver);
    const double interval =
      parameters.reference.final_time / parameters.n_frames;
    if (parameters.n_frames > 0 &&
        solver.time() >= (frame + 1) * interval * (1. - 1e-10))
      write_frame(communicator,
                  folder + "/frame_" + std::to_string(++frame),
                  solver,
                  surrogate,
                  pcout);
  });
  summary.seconds_evaluation = timer.wall_time();
  summary.figures            = {{"reference", errors.of_reference()},
                                {"surrogate", errors.of_surrogate()}};
  errors.print(pcout);
  surrogate.provenance.errors = errors.of_surrogate();
  if (command_line.evaluate.empty())
    save(communicator, folder + "/model.json", surrogate);
  finish_run(communicator, folder, summary, pcout);
}



int
main(int argc, char **argv)
{
  return run_program(argc, argv, [&](const MPI_Comm &communicator) {
    const CommandLine    command_line(argc, argv);
    HeatSeriesParameters parameters;
    ParameterHandler     prm;
    parameters.declare_parameters(prm);
    if (command_line.parameter_file.empty())
      return explain(
        communicator, command_line, purpose, "heat_series.prm", prm);
    read_parameters(communicator, command_line, prm);
    parameters.training.check();
    run(communicator, command_line, parameters);
  });
}
