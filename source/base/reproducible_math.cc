// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <deal.II/base/exceptions.h>
#include <deal.II/base/numbers.h>

#include <cmath>

#include "reproducible_math.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /** log 2 as a number of few digits, products of which with integers are
     * exact, and the rest. */
    constexpr double log_2_high = 0x1.62e42fep-1;
    constexpr double log_2_low  = 0x1.f473de6af278fp-30;



    double
    logarithm(const double x)
    {
      // x = m 2^e with m near 1; log m = 2 artanh((m - 1) / (m + 1))
      int    e;
      double m = std::frexp(x, &e);
      if (m < numbers::SQRT1_2)
        {
          m *= 2.;
          --e;
        }
      const double s   = (m - 1.) / (m + 1.);
      const double s2  = s * s;
      double       sum = 0.;
      for (int k = 23; k >= 3; k -= 2)
        sum = (sum + 1. / k) * s2;
      return e * log_2_high + (2. * s + (2. * s * sum + e * log_2_low));
    }



    double
    exponential(const double x)
    {
      // beyond these bounds the result overflows, or is zero
      if (!(x < 710.))
        return x >= 710. ? std::ldexp(1., 2000) : x;
      if (x < -750.)
        return 0.;
      const double k   = std::floor(x / (log_2_high + log_2_low) + 0.5);
      const double r   = (x - k * log_2_high) - k * log_2_low;
      double       sum = 0.;
      for (int i = 14; i >= 2; --i)
        sum = (1. + sum) * r / i;
      return std::ldexp(1. + (r + r * sum), static_cast<int>(k));
    }
  } // namespace



  double
  reproducible_power(const double x, const double y)
  {
    Assert(std::isfinite(x) && x >= 0., ExcInternalError());
    if (x == 0. && y >= 0.)
      return y > 0. ? 0. : 1.;
    return exponential(y * logarithm(x));
  }



  double
  reproducible_cosine(const double x)
  {
    Assert(x >= 0. && x <= numbers::PI, ExcInternalError());
    if (x > 0.5 * numbers::PI)
      return -reproducible_cosine(numbers::PI - x);
    // cos x = 1 - 2 sin^2(x/2), with the series of the sine
    const double y   = 0.5 * x;
    double       sum = 0.;
    for (int i = 17; i >= 3; i -= 2)
      sum = -(1. + sum) * y * y / (i * (i - 1));
    const double sine = y + y * sum;
    return 1. - 2. * sine * sine;
  }
} // namespace derl
