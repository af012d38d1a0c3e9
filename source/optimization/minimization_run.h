// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_optimization_minimization_run_h
#define derl_optimization_minimization_run_h

#include <derl/optimization/optimizer.h>

#include <functional>
#include <optional>
#include <string>

#include "../base/checkpoint.h"

namespace derl
{
  /**
   * The book-keeping that all optimizers share: counts, clock, observer and
   * stopping criteria of one call of Optimizer::minimize().
   */
  class MinimizationRun
  {
  public:
    /**
     * Writes or reads all variables of an optimizer, besides @p x, that the
     * iterations after report() depend on. Value and gradient at @p x are not
     * among them, as they are evaluated again after a restart.
     */
    using State = std::function<void(CheckpointArchive &)>;

    /**
     * Starts the objective's clock. @p x is the accepted point at all times.
     * All arguments must outlive the object.
     *
     * With @p restart, @p x, the counts, the clock and the variables of
     * @p state are read from there. The optimizer then evaluates the objective
     * at @p x and reports it, as it does with a start; neither is counted
     * twice, so that iteration() afterwards is that of the checkpoint.
     *
     * @p method is what a checkpoint must have been made with.
     */
    MinimizationRun(ObjectiveFunction         &objective,
                    dealii::Vector<double>    &x,
                    const StoppingCriteria    &criteria,
                    const Optimizer::Observer &observer,
                    const std::string         &method,
                    const State               &state,
                    CheckpointReader          *restart);

    /** Evaluate the objective and count it. Collective. */
    double
    evaluate(const dealii::Vector<double> &x, dealii::Vector<double> &gradient);

    /** Count evaluations that were made elsewhere, not at an accepted point. */
    void
    add_evaluations(const unsigned int n);

    /** Whether the value and the norm of the gradient are finite. */
    static bool
    is_finite(const double value, const dealii::Vector<double> &gradient);

    /** The iteration to report first: 0, or that of the checkpoint. */
    unsigned int
    first_iteration() const;

    /** Number of accepted steps so far. */
    unsigned int
    iteration() const;

    /**
     * Tell the observer that the objective has just been evaluated at @p x, an
     * accepted point; the first call is iteration 0. Returns the reason to
     * stop, if there is one. Values of mini-batches (@p is_sample true) do not
     * stop a run by their smallness or stagnation, since they say little of
     * the whole.
     */
    std::optional<StopReason>
    report(const double                  value,
           const dealii::Vector<double> &gradient,
           const double                  step_length,
           const bool                    is_sample = false);

    /**
     * Whether the objective has become another one since the last call, see
     * ObjectiveFunction::revision(): value and gradient at @p x must then be
     * evaluated anew, and stagnation is a matter of new values.
     */
    bool
    objective_has_changed();

    /**
     * The result for @p x, an accepted point. Evaluates there once more if the
     * last evaluation was made elsewhere, or of another objective; @p gradient
     * is scratch space then. Collective.
     */
    OptimizationResult
    finish(const StopReason reason, dealii::Vector<double> &gradient);

  private:
    /** Seconds on the clock of the run. */
    double
    seconds() const;

    void
    save(CheckpointWriter &writer) const;

    void
    load(CheckpointReader &reader, dealii::Vector<double> &x);

    ObjectiveFunction            &objective;
    const dealii::Vector<double> &x;
    const StoppingCriteria       &criteria;
    const Optimizer::Observer    &observer;
    const std::string             method;
    const State                  &state;

    /** Seconds before a restart. */
    double       seconds_before;
    unsigned int n_restored;
    unsigned int n_reports;
    unsigned int n_evaluations;
    unsigned int revision;
    bool         evaluated_at_accepted_point;
    double       last_value;
    double       last_gradient_norm;

    /** The last value that was lower enough, and its iteration. */
    double       lowest_value;
    unsigned int lowest_iteration;
  };
} // namespace derl

#endif
