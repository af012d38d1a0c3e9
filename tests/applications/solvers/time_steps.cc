// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Time steps must have their orders, for steps of changing lengths, too, and
// estimate their errors.

#include <deal.II/lac/vector.h>

#include <solvers/backward_differences.h>
#include <solvers/runge_kutta.h>

#include <array>
#include <cmath>
#include <string>

#include "../../check.h"

namespace test_time_steps
{
using namespace dealii;
using namespace derl;

using VectorType = Vector<double>;

/**
 * y' = A y + f, stiff and with the solution (cos t, exp(-t)).
 */
constexpr double stiffness = 50.;

VectorType
exact(const double t)
{
  return VectorType({std::cos(t), std::exp(-t)});
}



struct Result
{
  double value;
  double rate;
  /** Estimated over true error of the last step, from exact old values. */
  double estimate;
};



/**
 * Solve y' = -stiffness (y - exact) + exact' until t = 1 by n steps, every
 * second of which is longer by a half.
 */
Result
solve_stiff(const unsigned int order, const unsigned int n)
{
  BackwardDifferences<VectorType> bdf(order);
  const double                    length = 1. / (1.25 * n);
  // exact values before the start
  for (int i = -static_cast<int>(order); i <= 0; ++i)
    bdf.add_level(i * length, exact(i * length));
  const auto rate_of = [](const double t) {
    return VectorType({-std::sin(t), -std::exp(-t)});
  };
  for (unsigned int i = 0; i < n; ++i)
    {
      bdf.begin_step(bdf.time() + (i % 2 == 0 ? 1. : 1.5) * length);
      // (weight + stiffness) y = stiffness exact + exact' - history
      VectorType y = rate_of(bdf.time());
      y.add(stiffness, exact(bdf.time()));
      y -= bdf.history();
      y /= bdf.weight() + stiffness;
      bdf.values() = y;
    }
  VectorType error = exact(bdf.time());
  error -= bdf.values();
  VectorType rate_error = rate_of(bdf.time());
  rate_error -= bdf.rate();

  // one step of y' = f(t) from exact values
  BackwardDifferences<VectorType> single(order);
  double                          t = 0.3;
  for (unsigned int i = 0; i <= order; ++i)
    {
      single.add_level(t, exact(t));
      t += (i % 2 == 0 ? 1.5 : 1.) * length;
    }
  check("not enough values", !single.has_error_estimate());
  single.begin_step(t);
  VectorType y = rate_of(t);
  y -= single.history();
  y /= single.weight();
  single.values() = y;
  y -= exact(t);
  check("enough values", single.has_error_estimate());
  const VectorType estimate = single.error_estimate();
  return {error.l2_norm(), rate_error.l2_norm(), estimate[1] / y[1]};
}



void
check_backward_differences()
{
  for (unsigned int order = 1; order <= 4; ++order)
    {
      const Result coarse = solve_stiff(order, 64),
                   fine   = solve_stiff(order, 128);
      deallog << "BDF" << order << ": order "
              << std::lround(std::log2(coarse.value / fine.value))
              << ", of the rate "
              << std::lround(std::log2(coarse.rate / fine.rate)) << std::endl;
      check("  estimate", std::abs(fine.estimate - 1.), 0.05);
      check("  estimate converges",
            std::abs(fine.estimate - 1.) <
              0.6 * std::abs(coarse.estimate - 1.));
    }
  expect_error("order 7", []() { BackwardDifferences<VectorType> bdf(7); });

  // from one value the order grows with the number of values
  BackwardDifferences<VectorType> bdf(3);
  bdf.add_level(0., exact(0.));
  for (unsigned int i = 1; i <= 5; ++i)
    {
      bdf.begin_step(0.1 * i);
      check("order of a step", bdf.order() == std::min(i, 3u));
    }
  check("number of levels", bdf.all_levels().size() == 5);
  check("length of a step", std::abs(bdf.step_length() - 0.1), 1e-14);
}



void
check_runge_kutta()
{
  using namespace TimeStepping;
  // a pendulum with the energy of its separatrix: phi = 4 atan(exp(t)) - pi
  const std::function<VectorType(const double, const VectorType &)> pendulum =
    [](const double, const VectorType &y) {
      return VectorType({y[1], -std::sin(y[0])});
    };
  const std::vector<std::pair<runge_kutta_method, std::string>> methods = {
    {FORWARD_EULER, "Euler"},
    {RK_THIRD_ORDER, "third order"},
    {RK_CLASSIC_FOURTH_ORDER, "classical"},
    {HEUN_EULER, "Heun and Euler"},
    {BOGACKI_SHAMPINE, "Bogacki and Shampine"},
    {DOPRI, "Dormand and Prince"}};
  for (const auto &[method, name] : methods)
    {
      std::array<double, 2> errors, estimates;
      for (const unsigned int k : {0, 1})
        {
          VectorType y({0., 2.});
          estimates[k] = advance_by_runge_kutta<VectorType>(
            method, pendulum, 0., 2., 20u << k, y);
          errors[k] =
            std::abs(y[0] - (4. * std::atan(std::exp(2.)) - numbers::PI));
        }
      deallog << name << ": order "
              << std::lround(std::log2(errors[0] / errors[1])) << std::endl;
      if (estimates[1] > 0.)
        {
          deallog << "  order of the estimate "
                  << std::lround(std::log2(estimates[0] / estimates[1]))
                  << std::endl;
          check("  estimate", errors[1] < estimates[1]);
        }
    }
}



DERL_TEST(time_steps)
{
  initlog();
  check_backward_differences();
  check_runge_kutta();
}
} // namespace test_time_steps
