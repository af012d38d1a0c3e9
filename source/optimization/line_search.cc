// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <deal.II/optimization/line_minimization.h>

#include <derl/optimization/optimizers.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "finite_point.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * Thrown by the function that is handed to LineMinimization to leave it
     * without a result; other exceptions are those of the objective and must
     * pass through.
     */
    struct GiveUp
    {
    };



    /**
     * LineMinimization::poly_fit() where its data are finite. Next to a point
     * that counts as infinitely high nothing can be interpolated, and the
     * bracket is shrunk towards the finite end: by a factor of ten as long as
     * that is the origin, since then the scale of the step is not known.
     */
    double
    interpolate(const double                     a_low,
                const double                     f_low,
                const double                     g_low,
                const double                     a_high,
                const double                     f_high,
                const double                     g_high,
                const FiniteSizeHistory<double> &a_record,
                const FiniteSizeHistory<double> &f_record,
                const FiniteSizeHistory<double> &g_record,
                const std::pair<double, double>  bounds)
    {
      if (!(bounds.first < bounds.second))
        throw GiveUp();
      if (std::isfinite(f_low) && std::isfinite(f_high))
        return LineMinimization::poly_fit<double>(a_low,
                                                  f_low,
                                                  g_low,
                                                  a_high,
                                                  f_high,
                                                  g_high,
                                                  a_record,
                                                  f_record,
                                                  g_record,
                                                  bounds);
      return a_low == 0. ? bounds.first : 0.5 * (bounds.first + bounds.second);
    }
  } // namespace



  void
  LineSearch::Parameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Sufficient decrease",
                      sufficient_decrease,
                      "Constant c_1 of the first Wolfe condition, between 0 "
                      "and 1/2.",
                      Patterns::Double(0., 0.5));
    prm.add_parameter("Curvature",
                      curvature,
                      "Constant c_2 of the second Wolfe condition, between "
                      "c_1 and 1.",
                      Patterns::Double(0., 1.));
    prm.add_parameter("Noise level",
                      noise_level,
                      "Relative changes of the objective below this are "
                      "computed from slopes, since round-off spoils the "
                      "difference of the values.",
                      Patterns::Double(0., 1.));
    prm.add_parameter("Maximal number of evaluations",
                      max_evaluations,
                      "Number of evaluations after which a search is given "
                      "up.",
                      Patterns::Integer(1));
  }



  void
  LineSearch::Parameters::check() const
  {
    AssertThrow(0. < sufficient_decrease && sufficient_decrease < 0.5,
                ExcMessage("The constant of sufficient decrease of a line "
                           "search must lie strictly between 0 and 1/2."));
    AssertThrow(sufficient_decrease < curvature && curvature < 1.,
                ExcMessage("The curvature constant of a line search must lie "
                           "strictly between the constant of sufficient "
                           "decrease and 1."));
    AssertThrow(0. <= noise_level && noise_level < 1.,
                ExcMessage("The noise level of a line search must be at least "
                           "0 and below 1."));
    AssertThrow(max_evaluations > 0,
                ExcMessage("A line search needs at least one evaluation."));
  }



  LineSearch::LineSearch(const Parameters &parameters)
    : parameters(parameters)
  {
    parameters.check();
  }



  double
  LineSearch::noise_level() const
  {
    return parameters.noise_level;
  }



  LineSearchResult
  LineSearch::search(ObjectiveFunction    &objective,
                     const Vector<double> &x,
                     const Vector<double> &direction,
                     const double          value,
                     const Vector<double> &gradient,
                     const double          first_step,
                     Vector<double>       &x_new,
                     Vector<double>       &gradient_new) const
  {
    const double infinity = std::numeric_limits<double>::infinity();

    // Not Vector::operator*, which asserts in debug mode that its result is
    // finite
    const auto slope_along_direction = [&](const Vector<double> &g) {
      return std::inner_product(g.begin(), g.end(), direction.begin(), 0.);
    };

    LineSearchResult result{false, 0., value, 0};

    const double slope = slope_along_direction(gradient);
    if (!std::isfinite(value) || !std::isfinite(slope) || !(slope < 0.) ||
        !(first_step > 0.) || !std::isfinite(first_step))
      return result;

    const double noise = parameters.noise_level * std::abs(value);

    const auto evaluate = [&](const double a) {
      ++result.evaluations;
      x_new = x;
      x_new.add(a, direction);
      return value_at(x_new, objective.value_and_gradient(x_new, gradient_new));
    };

    double best_step  = 0.;
    double best_value = infinity;
    double last_value = infinity;

    // The change of the value, not the value, in which small changes would be
    // lost again
    const auto change_and_slope = [&](const double a) {
      if (result.evaluations >= parameters.max_evaluations)
        throw GiveUp();

      last_value             = evaluate(a);
      const double new_slope = slope_along_direction(gradient_new);
      if (!std::isfinite(last_value) || !std::isfinite(new_slope))
        return std::make_pair(infinity, -slope);

      if (std::abs(last_value - value) <= noise)
        return std::make_pair(0.5 * a * (slope + new_slope), new_slope);

      if (last_value < best_value &&
          last_value <= value + parameters.sufficient_decrease * a * slope)
        {
          best_step  = a;
          best_value = last_value;
        }
      return std::make_pair(last_value - value, new_slope);
    };

    try
      {
        // The budget is watched by the function, so that leaving early can be
        // told from an exception of the objective
        result.step = LineMinimization::line_search<double>(
                        change_and_slope,
                        0.,
                        slope,
                        interpolate,
                        first_step,
                        parameters.curvature,
                        parameters.sufficient_decrease,
                        std::numeric_limits<double>::max(),
                        std::numeric_limits<unsigned int>::max())
                        .first;
        result.value   = last_value;
        result.success = true;
      }
    catch (const GiveUp &)
      {
        if (best_step > 0.)
          {
            result.value   = evaluate(best_step);
            result.step    = best_step;
            result.success = true;
          }
      }
    return result;
  }
} // namespace derl
