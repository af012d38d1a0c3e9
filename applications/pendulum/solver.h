// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_pendulum_solver_h
#define derl_applications_pendulum_solver_h

#include <derl/data/samples.h>
#include <derl/data/sources.h>

#include <derl/equations/residual.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>
#include <deal.II/base/utilities.h>

#include <memory>
#include <vector>

namespace derl
{
  /**
   * The pendulum u'' + (g/l) sin u + (b/m) u' = 0 with g = 9.81, l = 10 and
   * m = 1, for initial angles and velocities in a box and until a time as in
   * arXiv 2505.01391.
   */
  struct Pendulum
  {
    /**
     * @param damping the coefficient b.
     */
    explicit Pendulum(const double damping);

    double
    acceleration(const double angle, const double velocity) const;

    /**
     * Kinetic and potential energy over m l^2.
     */
    double
    energy(const double angle, const double velocity) const;

    /**
     * The residual of the equation, and its derivatives with respect to u0 and
     * v0.
     */
    std::shared_ptr<const Residual>
    residual() const;

    std::shared_ptr<const Residual>
    linearized_residual() const;

    /**
     * Those of (angle, velocity), with their Jacobian.
     */
    DifferentialEquations
    equations() const;

    /** g/l */
    const double stiffness;
    /** b/m */
    const double damping;

    static const double     max_angle;
    static constexpr double max_velocity = 1.5;
    static constexpr double final_time   = 10.;
  };

  /**
   * Initial states, each an angle and a velocity.
   */
  using States = std::vector<std::vector<double>>;

  /**
   * Of the 50 initial states of arXiv 2505.01391 the first 30, for training,
   * and the last 10, for tests. The others were for choosing options there.
   */
  States
  training_states();

  States
  test_states();

  /**
   * This rank's part of what all ranks have.
   */
  template <typename T>
  std::vector<T>
  share_of_rank(const MPI_Comm &communicator, const std::vector<T> &all)
  {
    const auto part = dealii::Utilities::create_evenly_distributed_partitioning(
      dealii::Utilities::MPI::this_mpi_process(communicator),
      dealii::Utilities::MPI::n_mpi_processes(communicator),
      all.size());
    std::vector<T> mine;
    for (const auto i : part)
      mine.push_back(all[i]);
    return mine;
  }

  /**
   * @p n times from 0 to the final one.
   */
  std::vector<double>
  regular_times(const unsigned int n);

  /**
   * Samples of u, u_t and u_tt, and, if the equations have a Jacobian, u_u0,
   * u_v0, u_t_u0 and u_t_v0, in the coordinates t, u0, v0 along the solutions
   * of @p equations for angle and velocity, one trajectory after the other. Not
   * collective.
   *
   * @param tolerance for the error of a step of the Runge-Kutta method.
   */
  Samples
  sample_motion(const DifferentialEquations &equations,
                const States                &states,
                const std::vector<double>   &times,
                const double                 tolerance = 1e-13);

  /**
   * The choice of samples.
   */
  struct MotionSamples
  {
    void
    declare_parameters(dealii::ParameterHandler &prm);

    /**
     * Samples of trajectories that begin at the training states. Collective, as
     * the others: each rank gets its share.
     */
    Samples
    trajectories(const MPI_Comm &communicator, const Pendulum &pendulum) const;

    /**
     * At the time zero for training and further states; with a gap, also where
     * the training states are after it.
     */
    Samples
    initial(const MPI_Comm &communicator, const Pendulum &pendulum) const;

    /**
     * Random times and initial states, where nothing is observed.
     */
    Samples
    random(const MPI_Comm &communicator) const;

    unsigned int n_times          = 51;
    unsigned int n_starts         = 5;
    bool         reflection       = true;
    bool         gap              = false;
    unsigned int n_further_states = 500;
    unsigned int n_copies         = 1;
  };

  /**
   * Whether a time is between 3.75 and 6.25, where no samples are with the
   * option "Gap".
   */
  bool
  in_gap(const double time);
} // namespace derl

#endif
