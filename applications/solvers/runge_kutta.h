// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_solvers_runge_kutta_h
#define derl_applications_solvers_runge_kutta_h

#include <deal.II/base/time_stepping.h>

#include <functional>
#include <limits>

namespace derl
{
  /**
   * Let @p y, the values of y' = f(t, y) at @p begin, become those at @p end,
   * by @p n_steps equal steps of one of deal.II's explicit Runge-Kutta methods.
   *
   * Returns an estimate of the error: the sum over the steps of the $l_2$ norm
   * of the difference to the embedded method, whose order is one less, so that
   * it is larger than the error of smooth solutions; zero for methods without
   * one. Collective if the vectors are distributed.
   */
  template <typename VectorType>
  double
  advance_by_runge_kutta(
    const dealii::TimeStepping::runge_kutta_method method,
    const std::function<VectorType(const double t, const VectorType &y)> &f,
    const double                                                          begin,
    const double                                                          end,
    const unsigned int n_steps,
    VectorType        &y)
  {
    using namespace dealii::TimeStepping;
    const double length = (end - begin) / n_steps;
    double       error  = 0.;
    if (method >= HEUN_EULER && method <= CASH_KARP)
      {
        // any error is small enough, and no other length is allowed
        const double largest = std::numeric_limits<double>::max();
        EmbeddedExplicitRungeKutta<VectorType> stepping(
          method, 1., 1., length, length, largest, 0.);
        for (unsigned int i = 0; i < n_steps; ++i)
          {
            stepping.evolve_one_time_step(f, begin + i * length, length, y);
            error += stepping.get_status().error_norm;
          }
      }
    else
      {
        ExplicitRungeKutta<VectorType> stepping(method);
        for (unsigned int i = 0; i < n_steps; ++i)
          stepping.evolve_one_time_step(f, begin + i * length, length, y);
      }
    return error;
  }
} // namespace derl

#endif
