// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_optimization_line_search_h
#define derl_optimization_line_search_h

#include <deal.II/base/parameter_handler.h>

#include <deal.II/lac/vector.h>

#include <derl/base/objective_function.h>

namespace derl
{
  /**
   * What a LineSearch found.
   */
  struct LineSearchResult
  {
    /** Whether a better point was found; all else is void if not. */
    bool success;

    /** Accepted multiple of the direction. */
    double step;

    /** Value of the objective at the new point. */
    double value;

    /** Number of evaluations made. */
    unsigned int evaluations;
  };



  /**
   * A line search for the strong Wolfe conditions
   * \f{align*}{
   *   f(a) &\le f(0) + c_1 a f'(0), & |f'(a)| &\le c_2 |f'(0)|,
   * \f}
   * where \f$f(a)\f$ is the objective at \f$x + a d\f$. Brackets and
   * interpolates with dealii::LineMinimization::line_search().
   *
   * Two things are added to it. Points where the value or the slope is not
   * finite count as infinitely high. And where \f$|f(a) - f(0)|\f$ is not above
   * noise_level times \f$|f(0)|\f$, the difference of the values is mostly
   * round-off once residuals cancel to many digits, while slopes keep their
   * relative accuracy; there \f$f(a)\f$ is replaced by the trapezoidal rule
   * \f$f(0) + a (f'(0) + f'(a)) / 2\f$. The first condition then reads
   * \f$f'(a) \le (2 c_1 - 1) f'(0)\f$, the approximate Wolfe condition of
   * W. W. Hager and H. Zhang, SIAM J. Optim. 16 (2005), 170-192.
   */
  class LineSearch
  {
  public:
    struct Parameters
    {
      /** \f$c_1\f$, between 0 and 1/2. */
      double sufficient_decrease = 1e-4;

      /** \f$c_2\f$, between \f$c_1\f$ and 1. */
      double curvature = 0.9;

      /** Relative size of differences of values that are not trusted. */
      double noise_level = 1e-6;

      /** Evaluations after which a search is given up. */
      unsigned int max_evaluations = 20;

      /** Declare the members in the current section of @p prm. */
      void
      declare_parameters(dealii::ParameterHandler &prm);

      /** Throw ExcMessage if a member is outside its range. */
      void
      check() const;
    };

    explicit LineSearch(const Parameters &parameters);

    /**
     * Search from @p x along @p direction, beginning with the step
     * @p first_step; @p value and @p gradient belong to @p x. On success
     * @p x_new and @p gradient_new hold the new point and its gradient, and the
     * last evaluation of the objective was made there.
     *
     * The Wolfe conditions hold at the new point, or else, if no such point was
     * found within the allowed number of evaluations, the first of them by more
     * than the noise level. There is no success if the direction does not
     * descend or if the objective is finite nowhere that was tried.
     * Collective over the communicator of the objective.
     */
    LineSearchResult
    search(ObjectiveFunction            &objective,
           const dealii::Vector<double> &x,
           const dealii::Vector<double> &direction,
           const double                  value,
           const dealii::Vector<double> &gradient,
           const double                  first_step,
           dealii::Vector<double>       &x_new,
           dealii::Vector<double>       &gradient_new) const;

    /** See Parameters. */
    double
    noise_level() const;

  private:
    const Parameters parameters;
  };
} // namespace derl

#endif
