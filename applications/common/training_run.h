// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_training_run_h
#define derl_applications_training_run_h

#include <derl/network/surrogate.h>

#include <derl/training/trainer.h>

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/mpi.h>

#include <common/command_line.h>
#include <common/summary.h>

#include <string>

namespace derl
{
  /**
   * Train @p surrogate, for which @p trainer was made, as all applications do:
   * with training.csv, checkpoints and the best model so far in @p folder, from
   * a checkpoint if the command line asks for it, and until a signal at the
   * latest; then draw loss.png. What is known of the training afterwards is put
   * into @p summary. Collective.
   */
  void
  run_training(const MPI_Comm                   &communicator,
               const CommandLine                &command_line,
               const std::string                &folder,
               const Surrogate                  &surrogate,
               Trainer                          &trainer,
               Summary                          &summary,
               const dealii::ConditionalOStream &progress);

  /**
   * The end of a run: write the summary, and say where results are, and how to
   * go on if training was stopped by a signal. Collective.
   */
  void
  finish_run(const MPI_Comm                   &communicator,
             const std::string                &folder,
             const Summary                    &summary,
             const dealii::ConditionalOStream &progress);
} // namespace derl

#endif
