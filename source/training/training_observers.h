// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_source_training_training_observers_h
#define derl_source_training_training_observers_h

#include <derl/objective/sum_of_squares.h>

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/mpi.h>

#include <functional>
#include <optional>
#include <vector>

#include "../base/signals.h"
#include "best_parameters.h"
#include "validation.h"

namespace derl
{
  /**
   * Something that follows a training run. The functions are called on all
   * ranks with the same numbers, may be collective, and return the same on all
   * ranks.
   */
  class TrainingObserver
  {
  public:
    virtual ~TrainingObserver() = default;

    /**
     * Look at the start of the run, or at the point that was accepted last.
     * Returns a reason if the run shall end here.
     */
    virtual std::optional<StopReason>
    observe(const IterationState &state) = 0;

    /**
     * The objective has become another one after the point that was observed
     * last: its values cannot be compared with those before.
     */
    virtual void
    forget(const IterationState &)
    {
    }

    /**
     * Look at the point at which the run has ended. It may have been observed
     * before; its value is that on all samples.
     */
    virtual void
    finish(const IterationState &)
    {
    }
  };



  /**
   * Let all observers look at a point, in their order. Returns the first reason
   * to end the run.
   */
  std::optional<StopReason>
  observe_all(const std::vector<TrainingObserver *> &observers,
              const IterationState                  &state);



  /**
   * Keeps the best parameters: those with the lowest value on the held-out
   * samples, or else of the objective. Mini-batches without held-out samples
   * say little of the whole, so that the latest parameters are taken for the
   * best.
   */
  class BestKeeper : public TrainingObserver
  {
  public:
    BestKeeper(BestParameters &best,
               Validation     &validation,
               const bool      in_batches);

    std::optional<StopReason>
    observe(const IterationState &state) override;

    void
    forget(const IterationState &state) override;

    void
    finish(const IterationState &state) override;

  private:
    BestParameters &best;
    Validation     &validation;
    const bool      in_batches;
  };



  /**
   * Ends the run after the iteration in which a rank caught a signal.
   */
  class SignalWatch : public TrainingObserver
  {
  public:
    /**
     * @param is_active whether to catch signals at all.
     */
    SignalWatch(const MPI_Comm                   &communicator,
                const dealii::ConditionalOStream &progress,
                const bool                        is_active);

    std::optional<StopReason>
    observe(const IterationState &state) override;

    void
    finish(const IterationState &state) override;

    /**
     * Whether a signal had been caught at the last observation.
     */
    bool
    has_caught() const;

  private:
    const MPI_Comm               communicator;
    dealii::ConditionalOStream   progress;
    std::optional<SignalCatcher> catcher;
    bool                         caught = false;
  };



  /**
   * Lets checkpoints be written when they are due, and at a signal. The
   * interval counts from the end of the last write.
   */
  class CheckpointSchedule : public TrainingObserver
  {
  public:
    /**
     * @param interval seconds between checkpoints, 0 for none.
     * @param iterations number of iterations between them, 0 for none.
     * @param signals must have observed a point before this object does.
     * @param save writes a checkpoint; collective.
     */
    CheckpointSchedule(const MPI_Comm    &communicator,
                       const double       interval,
                       const unsigned int iterations,
                       const SignalWatch &signals,
                       const std::function<void(const IterationState &)> &save);

    std::optional<StopReason>
    observe(const IterationState &state) override;

  private:
    const MPI_Comm                                    communicator;
    const double                                      interval;
    const unsigned int                                iterations;
    const SignalWatch                                &signals;
    const std::function<void(const IterationState &)> save;

    bool         has_begun       = false;
    unsigned int first_iteration = 0;
    double       last_seconds    = 0.;
  };



  /**
   * Calls the user's observer while the clock of the objective stands still.
   */
  class UserObserver : public TrainingObserver
  {
  public:
    UserObserver(SumOfSquares                                      &objective,
                 const std::function<void(const IterationState &)> &function);

    std::optional<StopReason>
    observe(const IterationState &state) override;

  private:
    SumOfSquares                                     &objective;
    const std::function<void(const IterationState &)> function;
  };
} // namespace derl

#endif
