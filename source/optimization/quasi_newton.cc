// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <cmath>
#include <limits>
#include <numeric>

#include "minimization_run.h"
#include "quasi_newton.h"

namespace derl
{
  using namespace dealii;

  bool
  SecantPair::has_positive_curvature() const
  {
    return ys >
           std::numeric_limits<double>::epsilon() * s.l2_norm() * std::sqrt(yy);
  }



  OptimizationResult
  minimize_with_line_search(ObjectiveFunction         &objective,
                            Vector<double>            &x,
                            const StoppingCriteria    &criteria,
                            const Optimizer::Observer &observer,
                            const LineSearch          &line_search,
                            InverseHessian            &inverse_hessian,
                            const double               trial_step,
                            const std::string         &method,
                            CheckpointReader          *restart)
  {
    StoppingCriteria with_stagnation = criteria;
    const bool       is_own_rule     = criteria.stagnation_iterations == 0;
    if (is_own_rule)
      {
        with_stagnation.stagnation_iterations = max_fruitless_steps;
        with_stagnation.stagnation_tolerance  = line_search.noise_level();
      }

    const unsigned int n = x.size();
    Vector<double>     gradient(n), direction(n), x_new(n), old_gradient(n);
    Vector<double>     s(n), y(n);
    double             step = 0.;

    // Length of steps of steepest descent: y's/y'y of the last step
    double scale               = 0.;
    bool   is_steepest_descent = true;

    bool   has_failed       = false;
    double value_at_failure = 0.;

    const MinimizationRun::State state = [&](CheckpointArchive &archive) {
      archive("line search/direction", direction);
      archive("line search/step", step);
      archive("line search/old gradient", old_gradient);
      archive("line search/scale", scale);
      archive("line search/has failed", has_failed);
      archive("line search/value at failure", value_at_failure);
      inverse_hessian.exchange(archive);
    };
    MinimizationRun run(
      objective, x, with_stagnation, observer, method, state, restart);

    const auto finish = [&](const StopReason reason) {
      return run.finish(is_own_rule && reason == StopReason::stagnation
                          ? StopReason::line_search_failed
                          : reason,
                        gradient);
    };

    double value = run.evaluate(x, gradient);
    if (const auto reason = run.report(value, gradient, step))
      return finish(*reason);

    const auto use_steepest_descent = [&]() {
      inverse_hessian.restart();
      direction.equ(-1., gradient);
      is_steepest_descent = true;
    };

    // The gradient of another objective at the same point says nothing of the
    // curvature
    const auto evaluate_anew = [&]() {
      value      = run.evaluate(x, gradient);
      has_failed = false;
    };

    while (true)
      {
        const bool is_new = run.objective_has_changed();
        if (run.iteration() == 0)
          {
            if (is_new)
              evaluate_anew();
            // A guess that keeps the first change of each parameter below one
            scale = std::min(1., 1. / gradient.l1_norm());
            use_steepest_descent();
          }
        else
          {
            s.equ(step, direction);
            y = gradient;
            y -= old_gradient;
            const SecantPair pair{
              step, s, y, y * s, y * y, old_gradient, gradient};
            if (pair.has_positive_curvature())
              scale = pair.ys / pair.yy;

            is_steepest_descent = !inverse_hessian.update(pair, direction);
            if (is_new)
              {
                evaluate_anew();
                s = 0.;
                const SecantPair nothing{
                  step, s, s, 0., 0., gradient, gradient};
                is_steepest_descent =
                  !inverse_hessian.update(nothing, direction);
              }

            const double slope = std::inner_product(
              direction.begin(), direction.end(), gradient.begin(), 0.);
            if (!(slope < 0.) && !is_steepest_descent)
              use_steepest_descent();
          }

        const auto search = [&]() {
          const auto found =
            line_search.search(objective,
                               x,
                               direction,
                               value,
                               gradient,
                               is_steepest_descent ? scale : trial_step,
                               x_new,
                               old_gradient);
          run.add_evaluations(found.evaluations);
          return found;
        };
        auto found = search();
        if (!found.success)
          {
            const bool is_stuck =
              has_failed &&
              !(value_at_failure - value > 0.1 * std::abs(value_at_failure));
            if (is_steepest_descent || is_stuck)
              return finish(StopReason::line_search_failed);

            has_failed       = true;
            value_at_failure = value;
            use_steepest_descent();
            found = search();
            if (!found.success)
              return finish(StopReason::line_search_failed);
          }

        x.swap(x_new);
        gradient.swap(old_gradient);
        value = found.value;
        step  = found.step;
        if (const auto reason = run.report(value, gradient, step))
          return finish(*reason);
      }
  }
} // namespace derl
