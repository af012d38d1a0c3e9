// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_training_best_parameters_h
#define derl_training_best_parameters_h

#include <derl/optimization/optimizer.h>

#include <deal.II/lac/vector.h>

#include "../base/checkpoint.h"

namespace derl
{
  /**
   * The best parameters of a training run so far, judged by any number:
   * lower is better. Not collective, but to be called in the same way by
   * all ranks.
   */
  class BestParameters
  {
  public:
    /**
     * Nothing has been found yet; @p start stands for it.
     */
    explicit BestParameters(const dealii::Vector<double> &start);

    /**
     * Keep the point of @p state if @p value is finite and lower than all
     * before; returns whether it is.
     */
    bool
    offer(const double value, const IterationState &state);

    /**
     * Keep the point of @p state if @p value is finite, whatever was found
     * before.
     */
    void
    replace(const double value, const IterationState &state);

    /**
     * Forget what was found before; the point of @p state stands for
     * it until another one is found.
     */
    void
    forget(const IterationState &state);

    /**
     * Whether any point has been kept.
     */
    bool
    is_found() const;

    /**
     * The value that was offered, and the point with its iteration.
     */
    double
    value() const;

    unsigned int
    iteration() const;

    const dealii::Vector<double> &
    parameters() const;

    /**
     * Write all that was found to a checkpoint, or read it.
     */
    void
    exchange(CheckpointArchive &archive);

  private:
    double                 lowest;
    unsigned int           iteration_of_lowest;
    dealii::Vector<double> x;
  };
} // namespace derl

#endif
