// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_optimization_finite_point_h
#define derl_optimization_finite_point_h

#include <deal.II/lac/vector.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace derl
{
  /**
   * The value of an objective at @p x as optimizers see it. Saturated units
   * give a finite value and gradient even where parameters are infinite; such
   * a point must not be accepted.
   */
  inline double
  value_at(const dealii::Vector<double> &x, const double value)
  {
    return std::all_of(x.begin(),
                       x.end(),
                       [](const double entry) { return std::isfinite(entry); })
             ? value
             : std::numeric_limits<double>::quiet_NaN();
  }
} // namespace derl

#endif
