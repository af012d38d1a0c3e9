// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <deal.II/base/timer.h>

#include <cmath>

#include "training_observers.h"

namespace derl
{
  using namespace dealii;

  std::optional<StopReason>
  observe_all(const std::vector<TrainingObserver *> &observers,
              const IterationState                  &state)
  {
    std::optional<StopReason> first;
    for (TrainingObserver *const observer : observers)
      {
        const std::optional<StopReason> reason = observer->observe(state);
        if (!first)
          first = reason;
      }
    return first;
  }



  BestKeeper::BestKeeper(BestParameters &best,
                         Validation     &validation,
                         const bool      in_batches)
    : best(best)
    , validation(validation)
    , in_batches(in_batches)
  {
  }



  std::optional<StopReason>
  BestKeeper::observe(const IterationState &state)
  {
    if (validation.is_active())
      return validation.observe(state, best);
    if (in_batches)
      best.replace(state.value, state);
    else
      best.offer(state.value, state);
    return {};
  }



  void
  BestKeeper::forget(const IterationState &state)
  {
    best.forget(state);
    validation.forget();
  }



  void
  BestKeeper::finish(const IterationState &state)
  {
    if (validation.is_active())
      validation.observe_last(state, best);
    else
      observe(state);
  }



  SignalWatch::SignalWatch(const MPI_Comm           &communicator,
                           const ConditionalOStream &progress,
                           const bool                is_active)
    : communicator(communicator)
    , progress(progress)
  {
    if (is_active)
      catcher.emplace();
  }



  std::optional<StopReason>
  SignalWatch::observe(const IterationState &)
  {
    if (!catcher.has_value())
      return {};
    const std::string signal = catcher->caught(communicator);
    caught                   = !signal.empty();
    if (!caught)
      return {};
    progress << "Caught " << signal << ": training stops." << std::endl;
    return StopReason::signal;
  }



  void
  SignalWatch::finish(const IterationState &)
  {
    catcher.reset();
  }



  bool
  SignalWatch::has_caught() const
  {
    return caught;
  }



  CheckpointSchedule::CheckpointSchedule(
    const MPI_Comm                                    &communicator,
    const double                                       interval,
    const unsigned int                                 iterations,
    const SignalWatch                                 &signals,
    const std::function<void(const IterationState &)> &save)
    : communicator(communicator)
    , interval(interval)
    , iterations(iterations)
    , signals(signals)
    , save(save)
  {
  }



  std::optional<StopReason>
  CheckpointSchedule::observe(const IterationState &state)
  {
    if (!has_begun)
      {
        has_begun       = true;
        first_iteration = state.iteration;
        last_seconds    = state.seconds;
      }
    // the clock is the same on all ranks, and so is the decision
    const bool is_due =
      state.iteration > first_iteration &&
      ((interval > 0. && state.seconds - last_seconds >= interval) ||
       (iterations > 0 && state.iteration % iterations == 0));
    if (std::isfinite(state.value) && (is_due || signals.has_caught()))
      {
        // a checkpoint that takes longer than the interval must not make the
        // next iteration due; the clock runs on meanwhile
        const Timer timer;
        save(state);
        last_seconds = state.seconds + Utilities::MPI::broadcast(
                                         communicator, timer.wall_time());
      }
    return {};
  }



  UserObserver::UserObserver(
    SumOfSquares                                      &objective,
    const std::function<void(const IterationState &)> &function)
    : objective(objective)
    , function(function)
  {
  }



  std::optional<StopReason>
  UserObserver::observe(const IterationState &state)
  {
    objective.stop_clock();
    function(state);
    objective.start_clock();
    return {};
  }
} // namespace derl
