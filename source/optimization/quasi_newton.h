// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_optimization_quasi_newton_h
#define derl_optimization_quasi_newton_h

#include <deal.II/lac/vector.h>

#include <derl/optimization/optimizer.h>
#include <derl/optimization/optimizers.h>

#include "../base/checkpoint.h"

namespace derl
{
  /**
   * What an accepted step shows of the curvature of the objective.
   */
  struct SecantPair
  {
    /** Multiple of the previous direction that was taken. */
    double step;

    /** Change of the parameters, step times direction. */
    const dealii::Vector<double> &s;

    /** Change of the gradient. */
    const dealii::Vector<double> &y;

    /** The inner products y's and y'y. */
    double ys, yy;

    /** The gradients before and after the step. */
    const dealii::Vector<double> &old_gradient, &gradient;

    /**
     * Whether y's is positive beyond round-off, as every update that is to
     * stay positive definite needs it.
     */
    bool
    has_positive_curvature() const;
  };



  /**
   * An approximation of the inverse Hessian that learns from secant pairs.
   */
  class InverseHessian
  {
  public:
    virtual ~InverseHessian() = default;

    /**
     * Forget everything: the following direction is that of steepest descent.
     */
    virtual void
    restart() = 0;

    /**
     * Learn from @p pair and replace @p direction, which holds the direction
     * of the step on entry, by minus the approximation times the new gradient.
     * Returns false if nothing is known of the curvature yet; the direction is
     * then minus the gradient, without a natural length. May be collective.
     */
    virtual bool
    update(const SecantPair &pair, dealii::Vector<double> &direction) = 0;

    /**
     * Write or read the approximation. Collective.
     */
    virtual void
    exchange(CheckpointArchive &archive) = 0;
  };



  /**
   * The loop of all quasi-Newton methods with line search: search, accept,
   * update the inverse Hessian, repeat.
   *
   * The first step goes along steepest descent with the trial length
   * min(1, 1/|g|_1), all others begin with the trial length @p trial_step. If a
   * search
   * fails, the inverse Hessian is restarted and steepest descent tried with the
   * last known scale y's/y'y; the run ends if that fails too, or if a search
   * fails again before the value has dropped by a tenth since the restart. If
   * the criteria have no rule for stagnation, that of max_fruitless_steps with
   * the noise level of the line search as tolerance is used: the approximate
   * Wolfe condition accepts steps without decrease, which only move
   * within round-off. The reason is then that of a failed search.
   *
   * @p method is the name in checkpoints. Other arguments, result and
   * collectivity as in Optimizer::minimize().
   */
  OptimizationResult
  minimize_with_line_search(ObjectiveFunction         &objective,
                            dealii::Vector<double>    &x,
                            const StoppingCriteria    &criteria,
                            const Optimizer::Observer &observer,
                            const LineSearch          &line_search,
                            InverseHessian            &inverse_hessian,
                            const double               trial_step,
                            const std::string         &method,
                            CheckpointReader          *restart);

  /** Accepted steps without a decrease after which a run ends. */
  constexpr unsigned int max_fruitless_steps = 200;

  /** Number of vectors that minimize_with_line_search() allocates. */
  constexpr unsigned int n_vectors_with_line_search = 6;
} // namespace derl

#endif
