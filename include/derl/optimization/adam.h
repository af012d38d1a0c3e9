// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_optimization_adam_h
#define derl_optimization_adam_h

#include <derl/optimization/optimizer.h>

namespace derl
{
  /**
   * The Adam method (D. P. Kingma and J. Ba, arXiv:1412.6980, Alg. 1), for full
   * batches and for objectives that can be split into mini-batches.
   *
   * An iteration is a step, an epoch is one step for each mini-batch. After
   * each step the mini-batch of the next step is evaluated at the new point;
   * its value and gradient are what the observer sees. With mini-batches
   * neither a small value nor a small gradient ends a run, and one evaluation
   * with all samples is made at the end.
   *
   * The step length may follow a schedule, which counts iterations.
   */
  class Adam : public Optimizer
  {
  public:
    /** What it is called in parameter files. */
    static constexpr char method_name[] = "Adam";

    struct Parameters
    {
      /** Step length before the schedule makes it shorter. */
      double learning_rate = 1e-3;

      /** "constant", "step", "exponential" or "cosine". */
      std::string schedule = "constant";

      /**
       * Iterations in which the step length falls by decay_factor: at their
       * end and again and again (step), evenly and again and again
       * (exponential), or along half a cosine and never again (cosine). 0 for
       * the maximal number of iterations.
       */
      unsigned int schedule_length = 0;

      /** Factor on the step length after schedule_length iterations. */
      double decay_factor = 0.01;

      /**
       * Number of iterations over which the step length grows linearly from 0
       * to what the schedule says.
       */
      unsigned int warm_up = 0;

      /**
       * Gradients with a larger Euclidean norm are shortened to this; 0 for
       * never.
       */
      double gradient_clipping = 0.;

      /** Decay of the mean of the gradient. */
      double beta_1 = 0.9;

      /** Decay of the mean of the squared gradient. */
      double beta_2 = 0.999;

      /** Added to the root of the mean squared gradient. */
      double epsilon = 1e-8;

      /** Declare the members in the current section of @p prm. */
      void
      declare_parameters(dealii::ParameterHandler &prm);

      /** Throw ExcMessage if a member is outside its range. */
      void
      check() const;

      /**
       * The step length of the iteration after @p iteration others in a run of
       * at most @p max_iterations.
       */
      double
      step_length(const unsigned int iteration,
                  const unsigned int max_iterations) const;
    };

    explicit Adam(const Parameters &parameters);

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
    const Parameters parameters;
  };
} // namespace derl

#endif
