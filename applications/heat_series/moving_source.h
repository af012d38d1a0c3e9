// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_heat_series_moving_source_h
#define derl_applications_heat_series_moving_source_h

#include <deal.II/base/numbers.h>

#include <solvers/exact_solution.h>

#include <cmath>

namespace derl
{
  /**
   * The formula of MovingSource.
   */
  struct HotSpot
  {
    template <typename Coordinates, typename Number>
    std::array<Number, 1>
    operator()(const Coordinates &x,
               const Number      &t,
               const std::vector<double> &) const
    {
      using std::cos;
      using std::exp;
      using std::sin;
      const Number a = x[0] - 0.5 * cos(dealii::numbers::PI * t);
      const Number b = x[1] - 0.5 * sin(dealii::numbers::PI * t);
      return {{Number(exp((a * a + b * b) / (-2. * width * width)))}};
    }

    double width;
  };



  /**
   * A hot spot that goes round the origin, u = exp(-|x - c(t)|^2 / (2 w^2))
   * with c(t) = (cos(pi t), sin(pi t)) / 2, and the source f that makes it the
   * solution of u_t - kappa Laplace(u) = f. Time is that of the Function.
   */
  class MovingSource : public FormulaSolution<2, HotSpot>
  {
  public:
    MovingSource(const double width, const double diffusivity)
      : FormulaSolution<2, HotSpot>(HotSpot{width})
      , diffusivity(diffusivity)
    {
    }

    double
    source(const dealii::Point<2> &x) const
    {
      return rate(x) - diffusivity * trace(hessian(x));
    }

  private:
    const double diffusivity;
  };
} // namespace derl

#endif
