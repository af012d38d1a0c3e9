// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_pendulum_measures_h
#define derl_applications_pendulum_measures_h

#include <derl/data/samples.h>

#include <derl/network/surrogate.h>

#include <derl/program/program.h>

#include <deal.II/base/mpi.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "solver.h"

namespace derl
{
  /**
   * Gives u, u_t and u_tt of a learned pendulum for this rank's initial states
   * at the given times, one trajectory after the other. Collective.
   */
  using Prediction = std::function<Samples(const States              &states,
                                           const std::vector<double> &times)>;

  /**
   * That of a surrogate for u(t, u0, v0).
   */
  Prediction
  predict_motion(const MPI_Comm &communicator, const Surrogate &surrogate);

  /**
   * Errors of this rank's trajectories in @p predicted, all at the same
   * @p times: of the angle, relative in L2, the mean over the trajectories and
   * the largest, and the mean where in_gap(); the mean error of the velocity;
   * the largest error of the angle; the root mean square of the equation's
   * residual; and the largest error of the energy, relative to that at the
   * beginning. Means of the errors' sizes over time are written to @p file
   * unless it is empty. Collective.
   */
  Figures
  trajectory_errors(const MPI_Comm            &communicator,
                    const Pendulum            &pendulum,
                    const Samples             &exact,
                    const Samples             &predicted,
                    const std::vector<double> &times,
                    const std::string         &file = "");

  /**
   * The error of (u_t, u_tt) at t = 0 as a vector field of the initial state,
   * on a grid of 250 x 250 states with angles up to @p max_angle: root mean
   * square and largest one, with names that begin with @p name. The grid is
   * written to @p file, if it is not empty, for gnuplot. Collective.
   */
  Figures
  field_errors(const MPI_Comm    &communicator,
               const Pendulum    &pendulum,
               const Prediction  &predict,
               const double       max_angle,
               const std::string &name,
               const std::string &file = "");

  /**
   * Measure the reference, by its distance to a more accurate one, and what a
   * @p predict says of motions from training and test states; with field errors
   * within and beyond the angles of training. Writes errors.csv and field.dat
   * into @p folder. Collective.
   */
  std::vector<std::pair<std::string, Figures>>
  measure(const MPI_Comm    &communicator,
          const Pendulum    &pendulum,
          const Prediction  &predict,
          const std::string &folder);
} // namespace derl

#endif
