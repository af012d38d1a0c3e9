// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/optimization/quasi_newton.h>

#include <cmath>
#include <limits>
#include <numeric>

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
                            InverseHessian            &inverse_hessian)
  {
    MinimizationRun run(objective, x, criteria, observer);

    const unsigned int n = x.size();
    Vector<double>     gradient(n), direction(n), x_new(n), gradient_new(n);
    Vector<double>     s(n), y(n);

    double value = run.evaluate(x, gradient);
    if (const auto reason = run.report(value, gradient, 0., x))
      return run.finish(*reason, x, gradient);

    // The scale y's/y'y of the last step, as long as there is none a guess that
    // keeps the first change of each parameter below one
    double scale = std::min(1., 1. / gradient.l1_norm());

    double       lowest_value     = value;
    unsigned int lowest_iteration = 0;

    bool   has_failed       = false;
    double value_at_failure = 0.;

    const auto restart = [&]() {
      inverse_hessian.restart();
      direction.equ(-1., gradient);
    };
    restart();
    bool is_steepest_descent = true;

    while (true)
      {
        const auto found = line_search.search(objective,
                                              x,
                                              direction,
                                              value,
                                              gradient,
                                              is_steepest_descent ? scale : 1.,
                                              x_new,
                                              gradient_new);
        run.add_evaluations(found.evaluations);

        if (!found.success)
          {
            const bool is_stuck =
              has_failed &&
              !(value_at_failure - value > 0.1 * std::abs(value_at_failure));
            if (is_steepest_descent || is_stuck)
              return run.finish(StopReason::line_search_failed, x, gradient);

            has_failed       = true;
            value_at_failure = value;
            restart();
            is_steepest_descent = true;
            continue;
          }

        x.swap(x_new);
        gradient.swap(gradient_new);
        value = found.value;
        if (const auto reason = run.report(value, gradient, found.step, x))
          return run.finish(*reason, x, gradient);

        if (lowest_value - value >
            line_search.noise_level() * std::abs(lowest_value))
          {
            lowest_value     = value;
            lowest_iteration = run.iteration();
          }
        else if (run.iteration() - lowest_iteration >= max_fruitless_steps)
          return run.finish(StopReason::line_search_failed, x, gradient);

        s.equ(found.step, direction);
        y = gradient;
        y -= gradient_new;
        const SecantPair pair{
          found.step, s, y, y * s, y * y, gradient_new, gradient};
        if (pair.has_positive_curvature())
          scale = pair.ys / pair.yy;

        is_steepest_descent = !inverse_hessian.update(pair, direction);

        const double slope = std::inner_product(
          direction.begin(), direction.end(), gradient.begin(), 0.);
        if (!(slope < 0.) && !is_steepest_descent)
          {
            restart();
            is_steepest_descent = true;
          }
      }
  }
} // namespace derl
