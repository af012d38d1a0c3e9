// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Objectives with known minima that the tests of the optimizers share.

#ifndef derl_tests_optimization_test_functions_h
#define derl_tests_optimization_test_functions_h

#include <deal.II/lac/vector.h>

#include <derl/base/objective_function.h>

#include <cmath>
#include <functional>
#include <utility>

/**
 * An objective made of a function that returns the value and writes the
 * gradient; counts its evaluations and remembers the last point.
 */
class FunctionObjective : public derl::ObjectiveFunction
{
public:
  using Function = std::function<double(const dealii::Vector<double> &,
                                        dealii::Vector<double> &)>;

  FunctionObjective(const unsigned int n, Function function)
    : n(n)
    , function(std::move(function))
  {
  }

  unsigned int
  n_parameters() const override
  {
    return n;
  }

  double
  value_and_gradient(const dealii::Vector<double> &x,
                     dealii::Vector<double>       &gradient) override
  {
    ++n_evaluations;
    last_x = x;
    gradient.reinit(n);
    return function(x, gradient);
  }

  unsigned int           n_evaluations = 0;
  dealii::Vector<double> last_x;

private:
  const unsigned int n;
  const Function     function;
};



/**
 * A convex quadratic with eigenvalues from 1 to @p condition in a rotated basis
 * (a reflection), minimal with value 0 at (1, ..., 1).
 */
inline FunctionObjective
quadratic(const unsigned int n, const double condition)
{
  return {n, [=](const dealii::Vector<double> &x, dealii::Vector<double> &g) {
            const auto reflect = [n](dealii::Vector<double> &v) {
              double sum = 0.;
              for (unsigned int i = 0; i < n; ++i)
                sum += v[i];
              v.add(-2. * sum / n);
            };
            dealii::Vector<double> e = x;
            e.add(-1.);
            reflect(e);
            double value = 0.;
            for (unsigned int i = 0; i < n; ++i)
              {
                g[i] = std::pow(condition, double(i) / (n - 1)) * e[i];
                value += 0.5 * g[i] * e[i];
              }
            reflect(g);
            return value;
          }};
}



/**
 * The chained function of Rosenbrock, minimal with value 0 at (1, ..., 1); the
 * well-known one for n = 2.
 */
inline FunctionObjective
rosenbrock(const unsigned int n)
{
  return {n, [n](const dealii::Vector<double> &x, dealii::Vector<double> &g) {
            double value = 0.;
            for (unsigned int i = 0; i + 1 < n; ++i)
              {
                const double a = x[i + 1] - x[i] * x[i], b = 1. - x[i];
                value += 100. * a * a + b * b;
                g[i] += -400. * a * x[i] - 2. * b;
                g[i + 1] += 200. * a;
              }
            return value;
          }};
}



/**
 * The usual start (-1.2, 1, -1.2, 1, ...) for rosenbrock().
 */
inline dealii::Vector<double>
rosenbrock_start(const unsigned int n)
{
  dealii::Vector<double> x(n);
  for (unsigned int i = 0; i < n; ++i)
    x[i] = i % 2 == 0 ? -1.2 : 1.;
  return x;
}

#endif
