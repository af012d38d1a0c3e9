// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_diffusion_solver_h
#define derl_applications_diffusion_solver_h

#include <solvers/finite_element_solver.h>

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

    NewtonOptions newton;
    LinearOptions linear;

    DiffusionSolverParameters();

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
  class DiffusionSolver : public FiniteElementSolver<2>
  {
  public:
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
     * The value of a finite element function in the centre of the square.
     */
    double
    centre(const VectorType &solution) const;

    /**
     * The exact solution's value there.
     */
    static double
    exact_centre(const double log_source, const double exponent);

  private:
    /**
     * Solve for the present parameters.
     */
    void
    solve_on_mesh() override;

    /**
     * The residual at @p u and its derivative.
     */
    void
    integrate(const dealii::FEValues<2>  &fe_values,
              const VectorType           &u,
              dealii::FullMatrix<double> &matrix,
              dealii::Vector<double>     &residual) const;

    const DiffusionSolverParameters parameters;

    double    log_source = 0.;
    double    exponent   = 0.;
    NewtonLog log;
  };
} // namespace derl

#endif
