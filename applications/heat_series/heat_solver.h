// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_heat_series_heat_solver_h
#define derl_applications_heat_series_heat_solver_h

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/index_set.h>
#include <deal.II/base/parameter_handler.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/mapping_q.h>

#include <deal.II/lac/affine_constraints.h>
#include <deal.II/lac/trilinos_sparse_matrix.h>
#include <deal.II/lac/trilinos_vector.h>

#include <deque>
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
   * the backward difference formula of order up to three (BDF). The first
   * steps are short and of lower order, then steps grow by 1.3 each, which
   * is below the limit 1.534 for the stability of BDF3 (R. D. Grigorieff,
   * Numer. Math. 42 (1983) 359). All functions are collective.
   */
  class HeatSolver
  {
  public:
    static constexpr unsigned int dim = 2;
    using VectorType                  = dealii::TrilinosWrappers::MPI::Vector;

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
     * What observers may see: time, length of the last step (zero at the
     * start), the solution, and the time derivative that the difference
     * formula gives, both with ghost elements. At the start there is no time
     * derivative.
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

    const VectorType &
    solution() const
    {
      return ghosted_solution;
    }

    const VectorType &
    rate() const
    {
      return ghosted_rate;
    }

    const MovingSource &
    exact_solution() const
    {
      return exact;
    }

    const dealii::MappingQ<dim> &
    get_mapping() const
    {
      return mapping;
    }

    const dealii::DoFHandler<dim> &
    get_dof_handler() const
    {
      return dof_handler;
    }

    unsigned int
    n_steps() const
    {
      return step_lengths.size();
    }

  private:
    void
    choose_steps();

    void
    setup_system();

    void
    change_mesh();

    /**
     * Step to the current time, times[0].
     */
    void
    solve_step();

    const MPI_Comm                   communicator;
    const HeatSolverParameters       parameters;
    const dealii::ConditionalOStream progress;

    dealii::parallel::distributed::Triangulation<dim> triangulation;
    const dealii::FE_Q<dim>                           fe;
    const dealii::MappingQ<dim>                       mapping;
    dealii::DoFHandler<dim>                           dof_handler;
    MovingSource                                      exact;

    dealii::IndexSet                       owned, relevant;
    dealii::AffineConstraints<double>      constraints;
    dealii::TrilinosWrappers::SparseMatrix matrix;
    VectorType                             right_hand_side;
    VectorType                             ghosted_solution, ghosted_rate;

    std::vector<double> step_lengths;
    double              last_step = 0.;
    /** Times and solutions, the newest first; without ghost elements. */
    std::deque<double>     times;
    std::deque<VectorType> levels;
  };
} // namespace derl

#endif
