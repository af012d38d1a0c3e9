// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <common/pictures.h>
#include <common/training_run.h>

#include <cmath>

namespace derl
{
  using namespace dealii;

  void
  run_training(const MPI_Comm           &communicator,
               const CommandLine        &command_line,
               const std::string        &folder,
               const Surrogate          &surrogate,
               Trainer                  &trainer,
               Summary                  &summary,
               const ConditionalOStream &progress)
  {
    trainer.write_log_to(folder + "/training.csv");
    trainer.write_checkpoints_to(folder + "/checkpoint.derl",
                                 folder + "/model.json");
    if (command_line.restart)
      trainer.restart();
    trainer.stop_on_signals();
    const TrainingResult result = trainer.train();

    summary.n_samples        = trainer.objective().n_samples();
    summary.terms            = result.terms;
    summary.optimizer        = surrogate.provenance.optimizer;
    summary.stop_reason      = to_string(result.optimization.reason);
    summary.iterations       = result.optimization.iterations;
    summary.evaluations      = result.optimization.evaluations;
    summary.kept_iteration   = result.kept_iteration;
    summary.seconds_training = result.seconds;
    draw_loss(communicator,
              folder,
              result.terms.size() + (std::isfinite(result.validation) ? 1 : 0),
              progress);
  }



  void
  finish_run(const MPI_Comm           &communicator,
             const std::string        &folder,
             const Summary            &summary,
             const ConditionalOStream &progress)
  {
    write_summary(communicator, folder, summary);
    progress << "Results are in " << folder << std::endl;
    if (summary.stop_reason == to_string(StopReason::signal))
      progress << "Training was stopped by a signal. To go on, run the same "
                  "command with --restart."
               << std::endl;
  }
} // namespace derl
