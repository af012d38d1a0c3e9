// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_source_training_loss_trend_h
#define derl_source_training_loss_trend_h

#include <vector>

#include "training_observers.h"

namespace derl
{
  /**
   * Whether the objective was still falling when the run ended: its mean over
   * the last tenth of the iterations beside that over the tenth before. Means
   * over a tenth say something of the objective even where each value is that
   * of a mini-batch.
   */
  class LossTrend : public TrainingObserver
  {
  public:
    std::optional<StopReason>
    observe(const IterationState &state) override;

    void
    forget(const IterationState &state) override;

    /**
     * The relative decrease from one tenth to the next; 0 if there were too few
     * iterations to tell.
     */
    double
    decrease() const;

  private:
    /** Means over equally many iterations each, between some and twice as many
     * of them, and the part of the next one. */
    std::vector<double> means;
    unsigned int        block_size = 1;
    double              sum        = 0.;
    unsigned int        n_in_sum   = 0;
  };
} // namespace derl

#endif
