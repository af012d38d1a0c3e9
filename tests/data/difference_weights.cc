// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Weights of difference formulas: the known ones, exactness for polynomials on
// random abscissas, the order for a smooth function, errors.

#include <derl/data/sources.h>

#include <random>

#include "../check.h"

namespace test_difference_weights
{
using namespace dealii;
using namespace derl;

double
distance(const std::vector<double> &a, const std::vector<double> &b)
{
  if (a.size() != b.size())
    return 1e300;
  double result = 0;
  for (unsigned int i = 0; i < a.size(); ++i)
    result = std::max(result, std::abs(a[i] - b[i]));
  return result;
}



double
apply(const std::vector<double>                   &abscissas,
      const double                                 at,
      const unsigned int                           derivative,
      const std::function<double(const double x)> &function)
{
  const std::vector<double> weights =
    difference_weights(abscissas, at, derivative);
  double sum = 0;
  for (unsigned int i = 0; i < weights.size(); ++i)
    sum += weights[i] * function(abscissas[i]);
  return sum;
}



void
check_known_formulas()
{
  // tables 1 to 3 of the paper that the header names
  check("central, first, order 2",
        distance(difference_weights({-1, 0, 1}, 0, 1), {-.5, 0, .5}),
        1e-15);
  check("central, first, order 4",
        distance(difference_weights({-2, -1, 0, 1, 2}, 0, 1),
                 {1. / 12, -2. / 3, 0, 2. / 3, -1. / 12}),
        1e-15);
  check(
    "central, third, order 2",
    distance(difference_weights({-2, -1, 0, 1, 2}, 0, 3), {-.5, 1, 0, -1, .5}),
    1e-15);
  check("one-sided, first, order 2",
        distance(difference_weights({0, 1, 2}, 0, 1), {-1.5, 2, -.5}),
        1e-15);
  check("backward, unordered",
        distance(difference_weights({0, -2, -1}, 0, 1), {1.5, .5, -2}),
        1e-15);
  check("staggered, first, order 4",
        distance(difference_weights({-1.5, -.5, .5, 1.5}, 0, 1),
                 {1. / 24, -9. / 8, 9. / 8, -1. / 24}),
        1e-14);
  check("interpolation",
        distance(difference_weights({1, 3}, 2.5, 0), {.25, .75}),
        1e-15);
  check("a single value", distance(difference_weights({7}, 2, 0), {1}), 0.);
}



/**
 * n abscissas of any kind are exact up to the degree n - 1, and not beyond.
 */
void
check_polynomials()
{
  std::mt19937                           generator(1);
  std::uniform_real_distribution<double> uniform(0.2, 1.);
  double                                 error = 0, beyond = 1e300;
  for (unsigned int n = 1; n <= 7; ++n)
    for (unsigned int derivative = 0; derivative < std::min(n, 5u);
         ++derivative)
      {
        std::vector<double> abscissas(1, uniform(generator));
        while (abscissas.size() < n)
          abscissas.push_back(abscissas.back() + uniform(generator));
        std::shuffle(abscissas.begin(), abscissas.end(), generator);
        const double at = uniform(generator);
        for (unsigned int degree = 0; degree <= n; ++degree)
          {
            double exact = 1;
            for (unsigned int k = 0; k < derivative; ++k)
              exact *= degree - static_cast<double>(k);
            exact *=
              degree < derivative ? 0. : std::pow(at, degree - derivative);
            double     size  = 1;
            const auto power = [&](const double x) {
              size = std::max(size, std::abs(std::pow(x, degree)));
              return std::pow(x, degree);
            };
            const double difference =
              std::abs(apply(abscissas, at, derivative, power) - exact);
            if (degree < n)
              error = std::max(error, difference / size);
            else
              beyond = std::min(beyond, difference);
          }
      }
  check("polynomials", error, 1e-10);
  check("the next degree is not exact", beyond > 1e-4);
}



void
check_order()
{
  const auto error =
    [](const double h, const unsigned int n, const unsigned int derivative) {
      // unequal steps back from the place
      std::vector<double> abscissas;
      for (unsigned int i = 0; i < n; ++i)
        abscissas.push_back(1. - h * i * (1. + 0.1 * i));
      const auto exponential = [](const double x) { return std::exp(x); };
      return std::abs(apply(abscissas, 1., derivative, exponential) -
                      std::exp(1.));
    };
  for (unsigned int derivative = 1; derivative <= 3; ++derivative)
    for (unsigned int n = derivative + 1; n <= derivative + 3; ++n)
      deallog << "derivative " << derivative << ", " << n << " levels, order "
              << std::lround(std::log2(error(0.02, n, derivative) /
                                       error(0.01, n, derivative)))
              << std::endl;
}



DERL_TEST(difference_weights)
{
  initlog();
  check_known_formulas();
  check_polynomials();
  check_order();
  expect_error("too few", []() { difference_weights({0, 1}, 0, 2); });
  expect_error("none", []() { difference_weights({}, 0, 0); });
  expect_error("twice", []() { difference_weights({0, 1, 0}, 0, 1); });
  expect_error("infinite", []() { difference_weights({0, INFINITY}, 0, 1); });
}
} // namespace test_difference_weights
