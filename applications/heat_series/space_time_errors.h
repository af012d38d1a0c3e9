// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_heat_series_space_time_errors_h
#define derl_applications_heat_series_space_time_errors_h

#include <derl/network/evaluator.h>

#include <derl/program/program.h>

#include <deal.II/base/conditional_ostream.h>

#include <array>
#include <fstream>
#include <string>

#include "heat_solver.h"

namespace derl
{
  /**
   * Measures the finite element solution and a surrogate in (x, y, t) against
   * the exact solution, by the same quadrature in space: Gauss points in the
   * four parts of each cell, so that a point that is special to the finite
   * element has no special weight. In time, each step counts with its length.
   */
  class SpaceTimeErrors
  {
  public:
    /**
     * Errors of each step go to the file @p path: the columns time,
     * reference_value, surrogate_value, reference_gradient,
     * surrogate_gradient, reference_rate, surrogate_rate are L2 norms over
     * the square, relative to those of the exact solution. Collective.
     */
    SpaceTimeErrors(const MPI_Comm    &communicator,
                    const Surrogate   &surrogate,
                    const std::string &path);

    /**
     * Measure the solver's current step; what is not the end of a step is
     * left out. Collective.
     */
    void
    add(const HeatSolver &solver);

    /**
     * Norms over space and time, relative to those of the exact solution:
     * relative_l2_error, relative_h1_seminorm_error, relative_rate_error, and
     * max_error at a point.
     */
    Figures
    of_reference() const;

    Figures
    of_surrogate() const;

    /**
     * Draw errors.png from errors.csv, which is in @p folder. Collective.
     */
    void
    draw(const std::string                &folder,
         const dealii::ConditionalOStream &progress) const;

  private:
    /** Squares: of value, gradient, time derivative. */
    using Squares = std::array<double, 3>;

    Figures
    figures(const Squares &errors, const double max_error) const;

    const MPI_Comm       communicator;
    const Evaluator      evaluator;
    Evaluator::Workspace workspace;
    std::ofstream        file;

    Squares reference = {}, learned = {}, exact = {};
    double  max_reference = 0., max_learned = 0.;
  };
} // namespace derl

#endif
