// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_heat_series_moving_source_h
#define derl_applications_heat_series_moving_source_h

#include <deal.II/base/function.h>
#include <deal.II/base/numbers.h>
#include <deal.II/base/point.h>

#include <cmath>

namespace derl
{
  /**
   * A hot spot that goes round the origin, u = exp(-|x - c(t)|^2 / (2 w^2))
   * with c(t) = (cos(pi t), sin(pi t)) / 2, and the source f that makes it the
   * solution of u_t - kappa Laplace(u) = f. Time is that of the Function.
   */
  class MovingSource : public dealii::Function<2>
  {
  public:
    MovingSource(const double width, const double diffusivity)
      : width(width)
      , diffusivity(diffusivity)
    {
    }

    double
    value(const dealii::Point<2> &x, const unsigned int = 0) const override
    {
      return std::exp(-distance(x).norm_square() / (2. * width * width));
    }

    dealii::Tensor<1, 2>
    gradient(const dealii::Point<2> &x, const unsigned int = 0) const override
    {
      return -value(x) / (width * width) * distance(x);
    }

    double
    rate(const dealii::Point<2> &x) const
    {
      const double         angle = dealii::numbers::PI * get_time();
      dealii::Tensor<1, 2> velocity;
      velocity[0] = -0.5 * dealii::numbers::PI * std::sin(angle);
      velocity[1] = 0.5 * dealii::numbers::PI * std::cos(angle);
      return -(velocity * gradient(x));
    }

    double
    source(const dealii::Point<2> &x) const
    {
      const double w2 = width * width;
      const double laplacian =
        value(x) / w2 * (distance(x).norm_square() / w2 - 2.);
      return rate(x) - diffusivity * laplacian;
    }

  private:
    dealii::Tensor<1, 2>
    distance(const dealii::Point<2> &x) const
    {
      const double angle = dealii::numbers::PI * get_time();
      return x - dealii::Point<2>(0.5 * std::cos(angle), 0.5 * std::sin(angle));
    }

    const double width;
    const double diffusivity;
  };
} // namespace derl

#endif
