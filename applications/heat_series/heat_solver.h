// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_heat_series_heat_solver_h
#define derl_applications_heat_series_heat_solver_h

#include <derl/data/sampling.h>

#include <solvers/linear_solver.h>

#include <functional>
#include <vector>

#include "moving_source.h"

namespace derl
{
  struct HeatSolverParameters
  {
    double       width       = 0.25;
    double       diffusivity = 0.1;
    double       final_time  = 1.;
    double       time_step   = 0.01;
    unsigned int bdf_order   = 3;

    unsigned int fe_degree                    = 2;
    unsigned int n_global_refinements         = 4;
    unsigned int n_extra_refinements          = 1;
    unsigned int n_steps_between_mesh_changes = 4;

    void
    declare_parameters(dealii::ParameterHandler &prm);
  };



  /**
   * Solves u_t - kappa Laplace(u) = f on the square (-1, 1)^2 with a
   * MovingSource, Q elements on a distributed mesh that follows the source, and
   * the backward difference formula of order up to three. The first steps are
   * short and of lower order, then steps grow by 1.3 each, which the formula
   * allows. All functions are collective.
   */
  class HeatSolver : public LinearSolver<2>
  {
  public:
    HeatSolver(const MPI_Comm                   &communicator,
               const HeatSolverParameters       &parameters,
               const dealii::ConditionalOStream &progress);

    /**
     * Solve, and call @p observer with the initial values and after each step.
     * Can be called again, with the same result.
     */
    void
    run(const std::function<void()> &observer);

    /**
     * What observers may see besides get_solution() and get_rate(): time, and
     * the length of the last step (zero at the start, where there is no time
     * derivative).
     */
    double
    time() const
    {
      return exact.get_time();
    }

    double
    step_length() const
    {
      return last_step;
    }

    /** The solution with its rate, which is none at the start. */
    Snapshot<VectorType>
    snapshot() const
    {
      return {get_solution(), {time()}, {{MultiIndex{1}, &get_rate()}}};
    }

    const MovingSource &
    exact_solution() const
    {
      return exact;
    }

    unsigned int
    n_steps() const
    {
      return step_lengths.size();
    }

  private:
    void
    choose_steps();

    /**
     * Let the mesh follow the solution; @p levels are interpolated to it.
     */
    void
    change_mesh(const std::vector<VectorType *> &levels);

    /**
     * Make a mesh that fits the initial values, and return them.
     */
    VectorType
    start();

    const HeatSolverParameters parameters;
    MovingSource               exact;
    std::vector<double>        step_lengths;
    double                     last_step = 0.;
  };
} // namespace derl

#endif
