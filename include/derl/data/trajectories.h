// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_trajectories_h
#define derl_data_trajectories_h

#include <derl/data/samples.h>

#include <deal.II/lac/full_matrix.h>
#include <deal.II/lac/vector.h>

#include <functional>
#include <vector>

namespace derl
{
  /**
   * A system of ordinary differential equations y' = f(t, y).
   */
  struct DifferentialEquations
  {
    unsigned int n_components;

    /** Set @p rate to f(t, y). */
    std::function<void(const double                  t,
                       const dealii::Vector<double> &y,
                       dealii::Vector<double>       &rate)>
      rate;

    /**
     * Set entry (i, j) of @p jacobian to the derivative of f_i with respect to
     * y_j. Needed for sensitivities only.
     */
    std::function<void(const double                  t,
                       const dealii::Vector<double> &y,
                       dealii::FullMatrix<double>   &jacobian)>
      jacobian = {};
  };



  /**
   * Samples of solutions of differential equations at the given times. The
   * coordinates are t, or t and the initial values of all components: then a
   * surrogate learns the flow map, for any initial value between those that are
   * sampled. Which of the two is meant, the length of the derivatives in
   * @p columns tells. Columns may be
   *
   * * values;
   * * derivatives with respect to t, which are exact: f at the computed values;
   * * derivatives with respect to an initial value, or to one and t: the
   *   solution S of the variational equation S' = (df/dy) S with S = 1 at the
   *   beginning, and its rate.
   *
   * All weights are one. The solver is the method of Dormand and Prince with
   * the steps that deal.II's TimeStepping::EmbeddedExplicitRungeKutta chooses.
   * Not collective: each rank gives the initial values of its own trajectories,
   * or none. Throws if a column is of another kind, or where steps get too
   * small, because the equations are stiff or the solution ends there.
   *
   * @param initial_values of each trajectory, at the first of the @p times.
   * @param times ascending.
   * @param tolerance for the estimated error of a step (norm of all components
   *   and sensitivities).
   */
  Samples
  sample_trajectories(const DifferentialEquations            &equations,
                      const std::vector<std::vector<double>> &initial_values,
                      const std::vector<double>              &times,
                      const std::vector<JetEntry>            &columns,
                      const double tolerance = 1e-10);
} // namespace derl

#endif
