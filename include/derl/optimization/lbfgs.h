// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_optimization_lbfgs_h
#define derl_optimization_lbfgs_h

#include <derl/optimization/line_search.h>
#include <derl/optimization/optimizer.h>

namespace derl
{
  /**
   * The limited-memory BFGS method: the inverse Hessian is kept as the last few
   * secant pairs and applied by the two-loop recursion, starting from
   * (y's/y'y) I with the newest pair (J. Nocedal, Math. Comp. 35 (1980),
   * 773-782; J. Nocedal and S. Wright, Numerical Optimization, 2nd ed., Alg.
   * 7.4 and 7.5).
   *
   * Either with the strong Wolfe line search, or with a fixed step. The latter
   * follows the semantics of torch.optim.LBFGS without line search, in double
   * precision: the step length is the given one, only the very first is
   * multiplied by min(1, 1/|g|_1); a pair is stored if y's > 1e-10; updates
   * are counted in epochs, which end early if a step or a change of the value
   * becomes smaller than 1e-9. A run ends when max_iterations / (updates per
   * epoch), rounded up, epochs are used up, when max|g| <= 1e-7, or when the
   * slope along the direction is above -1e-9: no later epoch could move then,
   * and the reason is "gradient small".
   */
  class LBFGS : public Optimizer
  {
  public:
    /** What it is called in parameter files. */
    static constexpr char method_name[] = "L-BFGS";

    struct Parameters
    {
      /** Number of secant pairs to keep. */
      unsigned int history_size = 100;

      /** "strong Wolfe" or "fixed step". */
      std::string step_rule = "strong Wolfe";

      /** Step length of the rule "fixed step". */
      double fixed_step = 0.1;

      /** Updates per epoch of the rule "fixed step". */
      unsigned int updates_per_epoch = 20;

      /** Parameters of the rule "strong Wolfe". */
      LineSearch::Parameters line_search;

      /** Declare the members in the current section of @p prm. */
      void
      declare_parameters(dealii::ParameterHandler &prm);

      /** Throw ExcMessage if a member is outside its range. */
      void
      check() const;
    };

    explicit LBFGS(const Parameters &parameters);

    virtual std::string
    name() const override;

    virtual OptimizationResult
    minimize(ObjectiveFunction      &objective,
             dealii::Vector<double> &x,
             const StoppingCriteria &criteria,
             const Observer         &observer,
             CheckpointReader       *restart = nullptr) override;

    virtual double
    memory_consumption(const unsigned int n_parameters) const override;

  private:
    OptimizationResult
    minimize_with_fixed_step(ObjectiveFunction      &objective,
                             dealii::Vector<double> &x,
                             const StoppingCriteria &criteria,
                             const Observer         &observer,
                             CheckpointReader       *restart);

    const Parameters parameters;
  };
} // namespace derl

#endif
