// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_solvers_backward_differences_h
#define derl_applications_solvers_backward_differences_h

#include <derl/data/sources.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <vector>

namespace derl
{
  /**
   * The backward difference formulas (BDF) for steps of any lengths: the
   * derivative at the new time is that of the polynomial through the new value
   * and as many old ones as the order says,
   * @f[
   *   u_t(t_n) \approx w_0 u_n + \sum_{i=1}^k w_i u_{n-i} .
   * @f]
   * Fewer old values give a lower order: a start from initial values alone
   * needs short first steps. Orders up to 6 are zero-stable for equal steps,
   * order 3 for steps that grow by less than 1.534 each (R. D. Grigorieff,
   * Numer. Math. 42 (1983) 359-377).
   *
   * @code
   *   BackwardDifferences<VectorType> bdf(3);
   *   bdf.add_level(0., initial_values);
   *   while (bdf.time() < 1.)
   *     {
   *       bdf.begin_step(bdf.time() + length);
   *       // solve weight() * u + history() = f(time(), u) for u = values()
   *     }
   * @endcode
   *
   * Vectors have no ghost elements. Functions that return vectors are
   * collective if the vectors are distributed.
   */
  template <typename VectorType>
  class BackwardDifferences
  {
  public:
    explicit BackwardDifferences(const unsigned int order)
      : max_order(order)
    {
      AssertThrow(order > 0 && order <= 6,
                  dealii::ExcMessage("Backward difference formulas of the "
                                     "orders 1 to 6 are stable."));
    }

    /**
     * Append known values, the oldest first.
     */
    void
    add_level(const double time, const VectorType &values)
    {
      times.push_front(time);
      levels.push_front(values);
      // one more than the formula needs, for the error estimate
      if (levels.size() > max_order + 2)
        {
          times.pop_back();
          levels.pop_back();
        }
    }

    /**
     * Go on to @p time; values() are those of the step before until they are
     * replaced.
     */
    void
    begin_step(const double time)
    {
      add_level(time, VectorType(levels.front()));
    }

    double
    time() const
    {
      return times.front();
    }

    /**
     * The values at time().
     */
    VectorType &
    values()
    {
      return levels.front();
    }

    /**
     * The length of the last step.
     */
    double
    step_length() const
    {
      return times[0] - times[1];
    }

    /**
     * The order of the formula at time().
     */
    unsigned int
    order() const
    {
      return std::min<std::size_t>(max_order, levels.size() - 1);
    }

    /**
     * The weight $w_0$ of the new values.
     */
    double
    weight() const
    {
      return weights()[0];
    }

    /**
     * The sum over the old values.
     */
    VectorType
    history() const
    {
      const std::vector<double> w = weights();
      return combine(w, 1, order());
    }

    /**
     * The time derivative of the values.
     */
    VectorType
    rate() const
    {
      return combine(weights(), 0, order());
    }

    /**
     * Whether there are enough old values for the error estimate.
     */
    bool
    has_error_estimate() const
    {
      return levels.size() > max_order + 1;
    }

    /**
     * An estimate of the error that the last step added. For the predictor p,
     * the polynomial through k+1 old values, and with
     * $\omega=\prod_{i=1}^k(t_n-t_{n-i})$ the remainders of interpolation say
     * for the exact solution
     * @f[
     *   u - p(t_n) \approx (t_n-t_{n-k-1})\,\omega D, \qquad
     *   u_n - u \approx \omega D / w_0, \qquad D = u^{(k+1)}/(k+1)!,
     * @f]
     * the latter for f that depends little on u, so that
     * $u_n - u \approx (u_n - p(t_n)) / (1 + w_0 (t_n-t_{n-k-1}))$.
     */
    VectorType
    error_estimate() const
    {
      const unsigned int        k = order();
      const std::vector<double> old_times(times.begin() + 1, times.end());
      std::vector<double>       w = difference_weights(old_times, times[0], 0);
      w.insert(w.begin(), -1.);
      VectorType result = combine(w, 0, k + 1);
      result *= -1. / (1. + weight() * (times[0] - times[k + 1]));
      return result;
    }

    /**
     * All levels, the newest first, for their transfer to another mesh.
     */
    std::vector<VectorType *>
    all_levels()
    {
      std::vector<VectorType *> result;
      for (VectorType &level : levels)
        result.push_back(&level);
      return result;
    }

  private:
    std::vector<double>
    weights() const
    {
      return difference_weights(
        std::vector<double>(times.begin(), times.begin() + order() + 1),
        times[0],
        1);
    }

    /**
     * The sum of the levels from @p first to @p last with their weights.
     */
    VectorType
    combine(const std::vector<double> &w,
            const unsigned int         first,
            const unsigned int         last) const
    {
      VectorType result(levels[first]);
      result *= w[first];
      for (unsigned int i = first + 1; i <= last; ++i)
        result.add(w[i], levels[i]);
      return result;
    }

    const unsigned int     max_order;
    std::deque<double>     times;
    std::deque<VectorType> levels;
  };
} // namespace derl

#endif
