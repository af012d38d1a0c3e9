// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/optimization/optimizers.h>

#include <cmath>
#include <deque>

#include "../base/choices.h"
#include "minimization_run.h"
#include "quasi_newton.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * The inverse Hessian of the limited-memory BFGS method.
     */
    class LimitedMemoryMatrix : public InverseHessian
    {
    public:
      LimitedMemoryMatrix(const unsigned int n, const unsigned int history_size)
        : n(n)
        , history_size(history_size)
        , scale(1.)
      {
      }

      virtual void
      restart() override
      {
        pairs.clear();
        scale = 1.;
      }

      virtual bool
      update(const SecantPair &pair, Vector<double> &direction) override
      {
        if (pair.has_positive_curvature())
          add(pair.s, pair.y, pair.ys, pair.yy);
        compute_direction(pair.gradient, direction);
        return !pairs.empty();
      }

      virtual void
      exchange(CheckpointArchive &archive) override
      {
        unsigned int n_pairs = pairs.size();
        archive("L-BFGS/pairs", n_pairs);
        if (n_pairs > history_size)
          throw AgreedError("The checkpoint has " + std::to_string(n_pairs) +
                            " secant pairs, more than the history size of " +
                            std::to_string(history_size) + ".");
        pairs.resize(n_pairs);
        for (unsigned int i = 0; i < n_pairs; ++i)
          {
            const std::string number = std::to_string(i);
            if (archive.is_reading())
              {
                pairs[i].s.reinit(n);
                pairs[i].y.reinit(n);
              }
            archive("L-BFGS/s " + number, pairs[i].s);
            archive("L-BFGS/y " + number, pairs[i].y);
            archive("L-BFGS/ys " + number, pairs[i].ys);
          }
        archive("L-BFGS/scale", scale);
      }

      void
      add(const Vector<double> &s,
          const Vector<double> &y,
          const double          ys,
          const double          yy)
      {
        if (pairs.size() == history_size)
          {
            // Reuse the memory of the oldest pair
            pairs.push_back(std::move(pairs.front()));
            pairs.pop_front();
          }
        else
          pairs.emplace_back();
        pairs.back().s  = s;
        pairs.back().y  = y;
        pairs.back().ys = ys;
        scale           = ys / yy;
      }

      void
      compute_direction(const Vector<double> &gradient,
                        Vector<double>       &direction)
      {
        direction.equ(-1., gradient);
        for (auto pair = pairs.rbegin(); pair != pairs.rend(); ++pair)
          {
            pair->alpha = (pair->s * direction) / pair->ys;
            direction.add(-pair->alpha, pair->y);
          }
        direction *= scale;
        for (const auto &pair : pairs)
          direction.add(pair.alpha - (pair.y * direction) / pair.ys, pair.s);
      }

    private:
      struct Pair
      {
        Vector<double> s, y;
        double         ys, alpha;
      };

      const unsigned int n;
      const unsigned int history_size;
      std::deque<Pair>   pairs;
      double             scale;
    };



    enum class StepRule
    {
      strong_wolfe,
      fixed_step
    };

    const Choices<StepRule> &
    step_rules()
    {
      static const Choices<StepRule> table(
        "step rule",
        {{"strong Wolfe", StepRule::strong_wolfe},
         {"fixed step", StepRule::fixed_step}});
      return table;
    }
  } // namespace



  void
  LBFGS::Parameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("History size",
                      history_size,
                      "Number of secant pairs to keep.",
                      Patterns::Integer(1));
    prm.add_parameter("Step rule",
                      step_rule,
                      "'strong Wolfe' for a line search, 'fixed step' for the "
                      "semantics of torch.optim.LBFGS without line search.",
                      step_rules().pattern());
    prm.add_parameter("Fixed step",
                      fixed_step,
                      "Step length of the rule 'fixed step'.",
                      Patterns::Double(0.));
    prm.add_parameter("Updates per epoch",
                      updates_per_epoch,
                      "Updates in an epoch of the rule 'fixed step'. The "
                      "number of epochs is that of the iterations divided by "
                      "this.",
                      Patterns::Integer(1));
    prm.enter_subsection("Line search");
    line_search.declare_parameters(prm);
    prm.leave_subsection();
  }



  void
  LBFGS::Parameters::check() const
  {
    AssertThrow(history_size > 0,
                ExcMessage("The L-BFGS method needs a history of at least one "
                           "pair."));
    step_rules().at(step_rule);
    AssertThrow(fixed_step > 0. && std::isfinite(fixed_step),
                ExcMessage("The fixed step of the L-BFGS method must be "
                           "positive."));
    AssertThrow(updates_per_epoch > 0,
                ExcMessage("An epoch of the L-BFGS method must have at least "
                           "one update."));
    line_search.check();
  }



  LBFGS::LBFGS(const Parameters &parameters)
    : parameters(parameters)
  {
    parameters.check();
  }



  std::string
  LBFGS::name() const
  {
    return method_name;
  }



  double
  LBFGS::memory_consumption(const unsigned int n_parameters) const
  {
    return (2. * parameters.history_size + n_vectors_with_line_search) *
           n_parameters * sizeof(double);
  }



  OptimizationResult
  LBFGS::minimize(ObjectiveFunction      &objective,
                  Vector<double>         &x,
                  const StoppingCriteria &criteria,
                  const Observer         &observer,
                  CheckpointReader       *restart)
  {
    if (step_rules().at(parameters.step_rule) == StepRule::fixed_step)
      return minimize_with_fixed_step(
        objective, x, criteria, observer, restart);

    LimitedMemoryMatrix inverse_hessian(x.size(), parameters.history_size);
    return minimize_with_line_search(objective,
                                     x,
                                     criteria,
                                     observer,
                                     LineSearch(parameters.line_search),
                                     inverse_hessian,
                                     1.,
                                     name() + ", " + parameters.step_rule,
                                     restart);
  }



  OptimizationResult
  LBFGS::minimize_with_fixed_step(ObjectiveFunction      &objective,
                                  Vector<double>         &x,
                                  const StoppingCriteria &criteria,
                                  const Observer         &observer,
                                  CheckpointReader       *restart)
  {
    // Names and values as in torch.optim.LBFGS
    const double tolerance_grad   = 1e-7;
    const double tolerance_change = 1e-9;
    const double tolerance_ys     = 1e-10;

    const unsigned int  n = x.size();
    Vector<double>      gradient(n), direction(n), x_new(n), old_gradient(n);
    Vector<double>      s(n), y(n);
    LimitedMemoryMatrix inverse_hessian(n, parameters.history_size);

    double       step = 0., change = 0.;
    unsigned int epoch = 0, n_updates_in_epoch = 0;

    const MinimizationRun::State state = [&](CheckpointArchive &archive) {
      archive("L-BFGS/direction", direction);
      archive("L-BFGS/step", step);
      archive("L-BFGS/change", change);
      archive("L-BFGS/old gradient", old_gradient);
      archive("L-BFGS/epoch", epoch);
      archive("L-BFGS/updates in epoch", n_updates_in_epoch);
      inverse_hessian.exchange(archive);
    };
    MinimizationRun run(objective,
                        x,
                        criteria,
                        observer,
                        name() + ", " + parameters.step_rule,
                        state,
                        restart);

    double value = run.evaluate(x, gradient);
    if (const auto reason = run.report(value, gradient, step))
      return run.finish(*reason, gradient);

    const unsigned int n_epochs =
      (criteria.max_iterations - 1) / parameters.updates_per_epoch + 1;

    while (true)
      {
        if (run.iteration() == 0)
          {
            direction.equ(-1., gradient);
            step =
              std::min(1., 1. / gradient.l1_norm()) * parameters.fixed_step;
          }
        else
          {
            s.equ(step, direction);
            ++n_updates_in_epoch;
            if (n_updates_in_epoch == parameters.updates_per_epoch ||
                s.linfty_norm() <= tolerance_change ||
                change < tolerance_change)
              {
                ++epoch;
                n_updates_in_epoch = 0;
              }
            if (epoch >= n_epochs)
              return run.finish(StopReason::iteration_limit, gradient);

            y = gradient;
            y -= old_gradient;
            const double ys = y * s;
            if (ys > tolerance_ys)
              inverse_hessian.add(s, y, ys, y * y);
            inverse_hessian.compute_direction(gradient, direction);
            step = parameters.fixed_step;
          }

        if (gradient.linfty_norm() <= tolerance_grad ||
            gradient * direction > -tolerance_change)
          return run.finish(StopReason::gradient_small, gradient);

        s.equ(step, direction);
        x_new = x;
        x_new += s;
        const double new_value = run.evaluate(x_new, old_gradient);
        if (!MinimizationRun::is_finite(new_value, old_gradient))
          return run.finish(StopReason::non_finite_value, gradient);

        x.swap(x_new);
        gradient.swap(old_gradient);
        change = std::abs(new_value - value);
        value  = new_value;
        if (const auto reason = run.report(value, gradient, step))
          return run.finish(*reason, gradient);
      }
  }
} // namespace derl
