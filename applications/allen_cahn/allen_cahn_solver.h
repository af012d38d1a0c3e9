// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_allen_cahn_solver_h
#define derl_applications_allen_cahn_solver_h

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/index_set.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/mapping_q1.h>

#include <deal.II/lac/affine_constraints.h>
#include <deal.II/lac/trilinos_sparse_matrix.h>
#include <deal.II/lac/trilinos_vector.h>

#include <cmath>
#include <iostream>
#include <string>
#include <vector>

namespace derl
{
  /**
   * The options of AllenCahnSolver, the same in all dimensions.
   */
  struct AllenCahnSolverParameters
  {
    double              lambda                    = 0.01;
    double              reaction                  = 1.;
    std::vector<double> continuation_lambdas      = {1., 0.1};
    unsigned int        fe_degree                 = 2;
    unsigned int        n_global_refinements      = 5;
    unsigned int        n_adaptive_refinements    = 0;
    double              distortion                = 0.;
    double              newton_relative_tolerance = 1e-10;
    double              newton_absolute_tolerance = 1e-12;
    unsigned int        n_max_newton_steps        = 30;
    std::string         linear_solver             = "MINRES+AMG";
    double              linear_relative_tolerance = 1e-8;
    unsigned int        n_max_linear_iterations   = 1000;

    /**
     * Declare all options in the current subsection of @p prm and bind them to
     * the members of this object, which must outlive the parsing of @p prm.
     */
    void
    declare_parameters(dealii::ParameterHandler &prm);

    /**
     * Throw an exception if an option, or a combination of options, makes no
     * sense.
     */
    void
    check() const;
  };



  /**
   * A finite element solver for the problem of AllenCahn, with its
   * manufactured solution: continuous elements $Q_p$ on a distributed mesh of
   * $[-1,1]^d$, globally and then, if asked, adaptively refined; Newton's
   * method with line search.
   *
   * Multiplied by $-v$ and integrated by parts, the equation reads: find $u$
   * with $R(u)[v]=0$ for all $v$ that vanish on the boundary, where
   * @f[
   *   R(u)[v] = \lambda(\nabla u,\nabla v) + r(u - u^3, v) + (f, v), \qquad
   *   R'(u)[v,w] = \lambda(\nabla w,\nabla v) + r((1-3u^2) w, v).
   * @f]
   * With the reaction coefficient $r=0$ this is Poisson's equation. For $r=1$
   * the matrix of $R'(u)$ is symmetric, but indefinite once $\lambda$ is small
   * and $|u|>1/\sqrt 3$ somewhere. MINRES is therefore preconditioned by
   * algebraic multigrid for the positive definite matrix with $|1-3u^2|$ in
   * place of $1-3u^2$. The difference of the two is a bounded operator in
   * $L^2$, so that all but a number of eigenvalues independent of the mesh lie
   * close to one, as far as multigrid inverts that matrix well.
   *
   * For small $\lambda$ Newton's method may fail, or find another solution,
   * if it starts from zero. The first mesh is therefore solved for a list of
   * decreasing values of $\lambda$, each with its own forcing and started from
   * the solution before. At $\lambda=1$ the matrix is positive definite for
   * all $|u|\leq 1$.
   */
  template <int dim>
  class AllenCahnSolver
  {
  public:
    using Parameters = AllenCahnSolverParameters;
    using VectorType = dealii::TrilinosWrappers::MPI::Vector;

    /**
     * One line of the Newton log. Step 0 of each solve is its starting point.
     */
    struct NewtonStep
    {
      /// Number of the mesh, 0 being the globally refined one.
      unsigned int mesh;
      double       lambda;
      unsigned int step;
      /// The $l_2$ norm of the residual vector after the step.
      double residual_norm;
      /// The fraction of the Newton update that the line search accepted.
      double       step_length;
      unsigned int n_linear_iterations;
    };

    /**
     * Check and copy @p parameters. One short line per Newton step goes to
     * @p progress; by default nothing is written. Collective over
     * @p mpi_communicator.
     */
    AllenCahnSolver(const MPI_Comm                    mpi_communicator,
                    const Parameters                 &parameters,
                    const dealii::ConditionalOStream &progress =
                      dealii::ConditionalOStream(std::cout, false));

    /**
     * Make the mesh and solve, afresh at every call. Newton's method stops as
     * soon as the $l_2$ norm of the residual vector is below the absolute
     * tolerance, or below the relative tolerance times its norm at $u=0$.
     * Collective; throws the same exception on all ranks if Newton's method or
     * the linear solver does not converge. Ranks without cells are legal.
     */
    void
    solve();

    /**
     * The degrees of freedom of the solution. Valid after solve().
     */
    const dealii::DoFHandler<dim> &
    get_dof_handler() const
    {
      return dof_handler;
    }

    /**
     * The solution, with ghost values on the locally relevant degrees of
     * freedom. Valid after solve().
     */
    const VectorType &
    get_solution() const
    {
      return solution;
    }

    /**
     * The mapping of the cells.
     */
    const dealii::Mapping<dim> &
    get_mapping() const
    {
      return mapping;
    }

    /**
     * All Newton steps of the last call of solve(); the same on all ranks.
     */
    const std::vector<NewtonStep> &
    get_newton_log() const
    {
      return newton_log;
    }

    /**
     * Number of degrees of freedom on all ranks, constrained ones included.
     */
    dealii::types::global_dof_index
    n_dofs() const
    {
      return dof_handler.n_dofs();
    }

    /**
     * Number of active cells on all ranks.
     */
    dealii::types::global_cell_index
    n_cells() const
    {
      return triangulation.n_global_active_cells();
    }

    /**
     * Edge length of the smallest cell on any rank, before the mesh was
     * distorted. Valid after solve().
     */
    double
    h() const
    {
      return std::ldexp(2. / n_coarse_cells,
                        1 - static_cast<int>(triangulation.n_global_levels()));
    }

  private:
    /**
     * Make the globally refined mesh.
     */
    void
    make_mesh();

    void
    setup_system();

    /**
     * Refine and coarsen by the Kelly estimator, set up the new system and
     * interpolate the solution to it.
     */
    void
    refine_mesh();

    /**
     * Assemble the residual vector at @p u, which must be ghosted, and on
     * request the Jacobian there and, for MINRES, the matrix from which its
     * preconditioner is made.
     */
    void
    assemble(const VectorType &u,
             const double      lambda,
             const bool        with_matrices,
             VectorType       &residual);

    /**
     * Solve the linear system until the true $l_2$ norm of its residual has
     * fallen by the relative tolerance; return the number of iterations.
     */
    unsigned int
    solve_linear_system(const VectorType &right_hand_side, VectorType &update);

    /**
     * Newton's method from the current solution.
     */
    void
    solve_nonlinear_system(const unsigned int mesh, const double lambda);

    /**
     * Add the step to the log and write its line.
     */
    void
    log(const NewtonStep &step);

    const MPI_Comm             mpi_communicator;
    const Parameters           parameters;
    dealii::ConditionalOStream progress;

    dealii::parallel::distributed::Triangulation<dim> triangulation;
    /** Coarse cells per direction. */
    unsigned int                 n_coarse_cells = 1;
    const dealii::FE_Q<dim>      fe;
    const dealii::MappingQ1<dim> mapping;
    dealii::DoFHandler<dim>      dof_handler;

    dealii::IndexSet                  locally_owned_dofs;
    dealii::IndexSet                  locally_relevant_dofs;
    dealii::AffineConstraints<double> constraints;

    dealii::TrilinosWrappers::SparseMatrix jacobian;
    dealii::TrilinosWrappers::SparseMatrix preconditioner_matrix;
    VectorType                             solution;

    std::vector<NewtonStep> newton_log;
  };
} // namespace derl

#endif
