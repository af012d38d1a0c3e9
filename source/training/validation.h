// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_training_validation_h
#define derl_training_validation_h

#include <derl/training/trainer.h>

#include <limits>
#include <optional>

#include "../base/checkpoint.h"
#include "best_parameters.h"

namespace derl
{
  /**
   * Judges the parameters of a training run by the value of the objective on
   * samples that take no part in it: those that only judge (check_column), as
   * sample() has some in each cell if it chooses the points, and those that are
   * held out. See SumOfSquares::held_out_value().
   *
   * Of parameters that differ by less than a thousandth in that value the later
   * ones are kept: a value that consists of errors of the observations for the
   * most part has no more information, while the loss still falls.
   *
   * All functions are collective.
   */
  class Validation
  {
  public:
    /**
     * @param objective that is minimised; must outlive this object.
     */
    Validation(SumOfSquares &objective, const ValidationParameters &parameters);

    /**
     * Whether there are samples to judge by.
     */
    bool
    is_active() const;

    /**
     * Prepare for a run, and hold samples out.
     */
    void
    start();

    /**
     * Restart the checks, because the objective has changed.
     */
    void
    forget();

    /**
     * Look at an accepted point; if it is time, check it and offer it to
     * @p best. Returns the request to stop if patience is exhausted.
     */
    std::optional<StopReason>
    observe(const IterationState &state, BestParameters &best);

    /**
     * Look at the last point of a run, and check it if that was not done.
     */
    void
    observe_last(const IterationState &state, BestParameters &best);

    /**
     * Write the state of the checks to a checkpoint, or read it. A run that
     * continues from there observes its last point once more, which changes
     * nothing.
     */
    void
    exchange(CheckpointArchive &archive);

    /**
     * The value on the held-out samples at the last check.
     */
    double
    last_value() const;

  private:
    /** Check a point, unless that was done at its iteration. */
    void
    check_once(const IterationState &state, BestParameters &best);

    SumOfSquares              &objective;
    const ValidationParameters parameters;

    /** Values, and whether there is a last one yet. */
    bool   is_checked = false;
    double last       = std::numeric_limits<double>::max();
    double lowest     = std::numeric_limits<double>::max();

    unsigned int last_iteration = 0;
    unsigned int n_checks       = 0;

    /** The last value that was lower than all before by a thousandth, and the
     * number of its check. */
    double       progress       = std::numeric_limits<double>::max();
    unsigned int progress_check = 0;
  };
} // namespace derl

#endif
