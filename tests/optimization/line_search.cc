// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The line search must accept strong Wolfe points only, survive values that are
// not finite, and go on where differences of values are round-off.

#include <derl/optimization/optimizers.h>

#include <limits>

#include "../tests.h"
#include "test_functions.h"

namespace test_line_search
{
using namespace dealii;
using derl::LineSearch;
using derl::LineSearchResult;

const double nan_value = std::numeric_limits<double>::quiet_NaN();
const double infinity  = std::numeric_limits<double>::infinity();

/**
 * A function of one variable given by its value and derivative.
 */
FunctionObjective
line(const std::function<std::pair<double, double>(const double)> &f)
{
  return {1, [f](const Vector<double> &x, Vector<double> &g) {
            const auto [value, slope] = f(x[0]);
            g[0]                      = slope;
            return value;
          }};
}



/**
 * Search from 0 in the direction @p d and say what came out.
 */
void
search(const std::string            &name,
       FunctionObjective             objective,
       const double                  first_step,
       const LineSearch::Parameters &parameters = LineSearch::Parameters(),
       const double                  d          = 1.)
{
  Vector<double> x(1), direction(1), gradient(1), x_new(1), gradient_new(1);
  direction[0]            = d;
  const double value      = objective.value_and_gradient(x, gradient);
  objective.n_evaluations = 0;

  const LineSearchResult found = LineSearch(parameters)
                                   .search(objective,
                                           x,
                                           direction,
                                           value,
                                           gradient,
                                           first_step,
                                           x_new,
                                           gradient_new);

  deallog << name << ": ";
  if (!found.success)
    deallog << "no success";
  else
    {
      const double slope = gradient[0] * d, new_slope = gradient_new[0] * d;
      deallog << (std::isfinite(found.value) &&
                      found.value <= value + parameters.sufficient_decrease *
                                               found.step * slope
                    ? "decrease, "
                    : "NO DECREASE, ")
              << (new_slope <=
                      (2. * parameters.sufficient_decrease - 1.) * slope
                    ? "approximate decrease, "
                    : "no approximate decrease, ")
              << (std::abs(new_slope) <= parameters.curvature * std::abs(slope)
                    ? "curvature"
                    : "NO CURVATURE");
      Vector<double> again(1);
      if (x_new[0] != found.step * d || objective.last_x[0] != x_new[0] ||
          found.value != objective.value_and_gradient(x_new, again) ||
          again[0] != gradient_new[0])
        deallog << ", BUT DATA OF ANOTHER POINT";
      --objective.n_evaluations;
    }
  if (found.evaluations != objective.n_evaluations ||
      found.evaluations > parameters.max_evaluations + 1)
    deallog << ", WRONG COUNT";
  deallog << std::endl;
}



DERL_TEST(line_search)
{
  initlog();

  LineSearch::Parameters defaults;

  const auto parabola = [](const double a) {
    return std::make_pair((a - 1.) * (a - 1.), 2. * (a - 1.));
  };
  LineSearch::Parameters strict;
  strict.curvature = 0.01;
  for (const double first_step : {1e-8, 1e-2, 1., 1e2, 1e8})
    {
      search("parabola", line(parabola), first_step);
      search("parabola, strict", line(parabola), first_step, strict);
    }
  search("parabola, backwards",
         line([](const double a) {
           return std::make_pair((a + 1.) * (a + 1.), 2. * (a + 1.));
         }),
         1e-3,
         defaults,
         -1.);
  search("quartic",
         line([](const double a) {
           return std::make_pair(100. * std::pow(a, 4) + std::pow(1. - a, 2),
                                 400. * std::pow(a, 3) - 2. * (1. - a));
         }),
         1.,
         strict);

  // A wall behind which nothing is defined
  for (const double beyond : {nan_value, infinity, -infinity})
    for (const double first_step : {1e-3, 2., 1e6})
      search("wall",
             line([beyond](const double a) {
               return a < 1. ? std::make_pair(1. / (1. - a) - 5. * a,
                                              1. / ((1. - a) * (1. - a)) - 5.)
                             : std::make_pair(beyond, -1.);
             }),
             first_step);
  search("gradient not finite",
         line([](const double a) {
           return a < 0.5 ? std::make_pair(-a + a * a, -1. + 2. * a)
                          : std::make_pair(-10., nan_value);
         }),
         1.);
  search("finite at the start only",
         line([](const double a) {
           return a == 0. ? std::make_pair(1., -1.)
                          : std::make_pair(nan_value, nan_value);
         }),
         1.);

  // A decrease that no Wolfe point was found for is better than nothing
  LineSearch::Parameters short_search;
  short_search.max_evaluations = 2;
  search("unbounded",
         line([](const double a) { return std::make_pair(-a, -1.); }),
         1.,
         short_search);

  search("upwards", line(parabola), 1., defaults, -1.);
  search("horizontal",
         line([](const double) { return std::make_pair(1., 0.); }),
         1.);
  search("start not finite",
         line([](const double a) {
           return std::make_pair(a == 0. ? nan_value : 1., -1.);
         }),
         1.);

  // A parabola below the round-off of its value: all other points seem higher.
  // The slope still tells the way.
  const auto buried = [&](const double a) {
    return std::make_pair(1. + (a == 0. ? 0. : 1e-13), 1e-16 * (a - 1.));
  };
  LineSearch::Parameters values_only;
  values_only.noise_level = 0.;
  search("noise, values only", line(buried), 1., values_only);
  for (const double first_step : {1e-3, 1.5, 1e3})
    {
      Vector<double> x(1), d(1), g(1), x_new(1), g_new(1);
      d[0]                    = 1.;
      FunctionObjective f     = line(buried);
      const double      value = f.value_and_gradient(x, g);
      const auto        found = LineSearch(defaults).search(
        f, x, d, value, g, first_step, x_new, g_new);
      const double c_1 = defaults.sufficient_decrease;
      deallog << "noise, slopes: "
              << (found.success && g_new[0] <= (2. * c_1 - 1.) * g[0] &&
                      std::abs(g_new[0]) <= defaults.curvature * std::abs(g[0])
                    ? "ok"
                    : "FAILED")
              << std::endl;
    }

  // Exceptions of the objective are not the line search's
  try
    {
      search("exception",
             line([](const double a) {
               AssertThrow(a == 0., ExcMessage("from the objective"));
               return std::make_pair(0., -1.);
             }),
             1.);
      deallog << "exception lost" << std::endl;
    }
  catch (const ExceptionBase &)
    {
      deallog << "exception passed on" << std::endl;
    }
}
} // namespace test_line_search
