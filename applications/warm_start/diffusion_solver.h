// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_diffusion_solver_h
#define derl_applications_diffusion_solver_h

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

#include <vector>

namespace derl
{
  /**
   * The options of DiffusionSolver in a parameter file.
   */
  struct DiffusionSolverParameters
  {
    unsigned int fe_degree              = 2;
    unsigned int n_global_refinements   = 5;
    unsigned int n_boundary_refinements = 1;

    /** Newton's method stops when the l2 norm of the residual vector is below
     * this, from whatever start. */
    double       newton_tolerance   = 1e-9;
    unsigned int n_max_newton_steps = 100;

    /** relative to the right hand side */
    double       linear_tolerance        = 1e-8;
    unsigned int n_max_linear_iterations = 1000;

    /**
     * Declare the entries in the current subsection of @p prm.
     */
    void
    declare_parameters(dealii::ParameterHandler &prm);
  };



  /**
   * Stationary heat conduction in the unit square with a conductivity that
   * grows with the temperature, heated evenly and cooled at the boundary:
   * @f[
   *   -\nabla\cdot\left((1+u^2)^k \nabla u\right) = 10^s \text{ in } (0,1)^2,
   *   \qquad u = 0 \text{ on the boundary}.
   * @f]
   * The parameters are (s, k). Newton's method with backtracking: its first
   * step from zero is the solution with conductivity 1, which is far too hot,
   * and from there it comes down slowly, because the exponent makes the problem
   * nearly homogeneous of degree $2k+1$.
   *
   * Kirchhoff's transform $w=\int_0^u(1+\xi^2)^k\,d\xi$ makes the equation
   * linear, $-\Delta w=10^s$, so that the temperature in the centre is known
   * from the published 0.0736713533 for $-\Delta w=1$ (S. Timoshenko and J. N.
   * Goodier, Theory of Elasticity, the torsion of a square bar); see
   * exact_centre().
   *
   * All functions are collective.
   */
  class DiffusionSolver
  {
  public:
    static constexpr unsigned int dim = 2;
    using VectorType                  = dealii::TrilinosWrappers::MPI::Vector;

    /**
     * What a solve took.
     */
    struct NewtonLog
    {
      /** The l2 norm of the residual vector at the start and after each step.
       */
      std::vector<double> residual_norms;
      /** Steps that were shortened, and residuals computed for that. */
      unsigned int n_damped_steps      = 0;
      unsigned int n_residuals         = 0;
      unsigned int n_linear_iterations = 0;

      unsigned int
      n_steps() const
      {
        return residual_norms.size() - 1;
      }
    };

    /**
     * Make the mesh.
     */
    DiffusionSolver(const MPI_Comm                  &communicator,
                    const DiffusionSolverParameters &parameters);

    /**
     * Newton's method from @p solution, a vector of make_vector() with the
     * boundary values of the problem, which becomes the solution. Throws the
     * same exception on all ranks if it does not converge.
     */
    NewtonLog
    solve(const double log_source, const double exponent, VectorType &solution);

    /**
     * The derivatives of the solution by s and k: one linear solve each with
     * the Jacobian at the solution.
     */
    std::vector<VectorType>
    sensitivities(const double      log_source,
                  const double      exponent,
                  const VectorType &solution);

    /**
     * A vector of zeros with ghost elements.
     */
    VectorType
    make_vector() const;

    /**
     * The value of a finite element function in the centre of the square.
     */
    double
    centre(const VectorType &solution) const;

    /**
     * The exact solution's value there.
     */
    static double
    exact_centre(const double log_source, const double exponent);

    const dealii::Mapping<dim> &
    get_mapping() const
    {
      return mapping;
    }

    const dealii::DoFHandler<dim> &
    get_dof_handler() const
    {
      return dof_handler;
    }

    const dealii::AffineConstraints<double> &
    get_constraints() const
    {
      return constraints;
    }

  private:
    void
    make_mesh();

    void
    setup_system();

    /**
     * Assemble the residual vector at @p u and on request the Jacobian there.
     * @p by_exponent may be null; otherwise it becomes the derivative of the
     * residual by k.
     */
    void
    assemble(const double      log_source,
             const double      exponent,
             const VectorType &u,
             const bool        with_jacobian,
             VectorType       &residual,
             VectorType       *by_exponent = nullptr);

    /**
     * Solve with the Jacobian; return the number of iterations.
     */
    unsigned int
    solve_linear_system(const VectorType &right_hand_side, VectorType &update);

    VectorType
    make_owned_vector() const;

    const MPI_Comm                  communicator;
    const DiffusionSolverParameters parameters;

    dealii::parallel::distributed::Triangulation<dim> triangulation;
    const dealii::FE_Q<dim>                           fe;
    const dealii::MappingQ1<dim>                      mapping;
    dealii::DoFHandler<dim>                           dof_handler;
    dealii::IndexSet                                  locally_owned_dofs;
    dealii::IndexSet                                  locally_relevant_dofs;
    dealii::AffineConstraints<double>                 constraints;
    dealii::TrilinosWrappers::SparseMatrix            jacobian;
  };
} // namespace derl

#endif
