// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_flow_solver_h
#define derl_applications_flow_solver_h

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/index_set.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/fe_system.h>
#include <deal.II/fe/mapping_q.h>

#include <deal.II/lac/affine_constraints.h>
#include <deal.II/lac/trilinos_sparse_matrix.h>
#include <deal.II/lac/trilinos_vector.h>

#include <iostream>
#include <string>
#include <vector>

#include "flow_benchmark.h"

namespace derl
{
  /**
   * The options of FlowSolver.
   */
  struct FlowSolverParameters
  {
    unsigned int velocity_degree           = 4;
    unsigned int mapping_degree            = 5;
    unsigned int n_global_refinements      = 0;
    unsigned int n_adaptive_refinements    = 2;
    double       refinement_fraction       = 0.3;
    double       newton_absolute_tolerance = 1e-12;
    unsigned int n_max_newton_steps        = 20;

    /**
     * Declare all options in the current subsection of @p prm and bind them to
     * the members of this object, which must outlive the parsing of @p prm.
     */
    void
    declare_parameters(dealii::ParameterHandler &prm);

    /**
     * Throw an exception if an option makes no sense.
     */
    void
    check() const;
  };



  /**
   * A finite element solver for the benchmark of flow_benchmark.h: Taylor-Hood
   * elements of degrees k and k-1 with a mapping of higher degree on a
   * distributed mesh, refined where the velocity's gradient jumps most;
   * Newton's method with a direct solver.
   *
   * Find u, p with u given at inflow, walls and cylinder and R(u,p)[v,q] = 0
   * for all v that vanish there, and all q:
   * @f[
   *   R(u,p)[v,q] = \nu(\nabla u,\nabla v) + ((u\cdot\nabla)u, v)
   *                 - (p, \nabla\cdot v) - (\nabla\cdot u, q) .
   * @f]
   * At the outflow this means $\nu\partial_n u - p n = 0$ ("do nothing"). With
   * v = 1 on the cylinder R is the force on it, up to the sign, and converges
   * twice as fast as an integral of the stress.
   */
  class FlowSolver
  {
  public:
    using VectorType = dealii::TrilinosWrappers::MPI::Vector;

    /**
     * Check and copy @p parameters. One short line per Newton step goes to
     * @p progress; by default nothing is written. Collective over
     * @p communicator.
     */
    FlowSolver(const MPI_Comm                    communicator,
               const FlowSolverParameters       &parameters,
               const dealii::ConditionalOStream &progress =
                 dealii::ConditionalOStream(std::cout, false));

    /**
     * Make the mesh and solve, afresh at every call. Collective; throws the
     * same exception on all ranks if Newton's method does not converge. Ranks
     * without cells are legal.
     */
    void
    solve();

    /**
     * The degrees of freedom of the solution: two velocities, one pressure.
     * Valid after solve().
     */
    const dealii::DoFHandler<2> &
    get_dof_handler() const;

    /**
     * The solution, with ghost values on the locally relevant degrees of
     * freedom. Valid after solve().
     */
    const VectorType &
    get_solution() const;

    /**
     * The mapping of the cells.
     */
    const dealii::Mapping<2> &
    get_mapping() const;

    /**
     * Drag and lift from the residual R, the pressure difference from the
     * pressure at the two points, which are vertices of the mesh. Collective.
     */
    flow_benchmark::Coefficients
    coefficients_from_residual() const;

    /**
     * Drag and lift from the stress at the faces on the cylinder; the pressure
     * difference is the same. Collective.
     */
    flow_benchmark::Coefficients
    coefficients_from_stress() const;

  private:
    void
    make_mesh();

    void
    setup_system();

    /**
     * Refine by the Kelly estimator of the velocity, set up the new system and
     * interpolate the solution to it.
     */
    void
    refine_mesh();

    /**
     * Assemble R at the solution with the given constraints, and on request
     * its derivative.
     */
    void
    assemble(const dealii::AffineConstraints<double> &constraints,
             VectorType                              &residual,
             dealii::TrilinosWrappers::SparseMatrix  *jacobian) const;

    /**
     * Newton's method from the current solution.
     */
    void
    solve_nonlinear_system(const unsigned int mesh);

    double
    pressure_difference() const;

    const MPI_Comm             communicator;
    const FlowSolverParameters parameters;
    dealii::ConditionalOStream progress;

    dealii::parallel::distributed::Triangulation<2> triangulation;
    const dealii::FESystem<2>                       fe;
    const dealii::MappingQ<2>                       mapping;
    dealii::DoFHandler<2>                           dof_handler;

    dealii::IndexSet locally_owned_dofs;
    dealii::IndexSet locally_relevant_dofs;
    /** Hanging nodes; these and boundary values; these and zeros there. */
    dealii::AffineConstraints<double> hanging_nodes;
    dealii::AffineConstraints<double> boundary_values;
    dealii::AffineConstraints<double> zero_boundary_values;

    dealii::TrilinosWrappers::SparseMatrix jacobian;
    VectorType                             solution;
  };
} // namespace derl

#endif
