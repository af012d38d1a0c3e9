// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_allen_cahn_solver_h
#define derl_applications_allen_cahn_solver_h

#include <solvers/finite_element_solver.h>

#include <cmath>
#include <string>
#include <vector>

#include "manufactured_solution.h"

namespace derl
{
  /**
   * The options of AllenCahnSolver, the same in all dimensions.
   */
  struct AllenCahnSolverParameters
  {
    double              lambda                 = 0.01;
    double              reaction               = 1.;
    std::vector<double> continuation_lambdas   = {1., 0.1};
    unsigned int        fe_degree              = 2;
    unsigned int        n_global_refinements   = 5;
    unsigned int        n_adaptive_refinements = 0;
    double              distortion             = 0.;
    NewtonOptions       newton;
    std::string         linear_solver = "MINRES+AMG";
    LinearOptions       linear;

    AllenCahnSolverParameters();

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
   * A finite element solver for the equation of allen_cahn() with its
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
  class AllenCahnSolver : public FiniteElementSolver<dim>
  {
  public:
    using typename FiniteElementSolver<dim>::VectorType;

    /**
     * One line of the Newton log.
     */
    struct LoggedStep : NewtonStep
    {
      LoggedStep(const NewtonStep  &step,
                 const unsigned int mesh,
                 const double       lambda)
        : NewtonStep(step)
        , mesh(mesh)
        , lambda(lambda)
      {
      }

      /// Number of the mesh, 0 being the globally refined one.
      unsigned int mesh;
      double       lambda;
    };

    /**
     * Check and copy @p parameters. One short line per Newton step goes to
     * @p progress; by default nothing is written. Collective over
     * @p mpi_communicator.
     */
    AllenCahnSolver(const MPI_Comm                    mpi_communicator,
                    const AllenCahnSolverParameters  &parameters,
                    const dealii::ConditionalOStream &progress =
                      dealii::ConditionalOStream(std::cout, false));

    /**
     * Make the mesh and solve, once.
     * Collective; throws the same exception on all ranks if Newton's method or
     * the linear solver does not converge. Ranks without cells are legal.
     */
    void
    solve();

    /**
     * On the first mesh solve for the list of values of $\lambda$, then for
     * that of the problem.
     */
    void
    solve_on_mesh() override;

    /**
     * All Newton steps of solve(); the same on all ranks.
     */
    const std::vector<LoggedStep> &
    get_newton_log() const
    {
      return newton_log;
    }

    /**
     * Number of active cells on all ranks.
     */
    dealii::types::global_cell_index
    n_cells() const
    {
      return this->mesh.n_global_active_cells();
    }

    /**
     * Edge length of the smallest cell on any rank, before the mesh was
     * distorted. Valid after solve().
     */
    double
    h() const
    {
      const unsigned int n_coarse =
        parameters.distortion == 0. ? 0 : parameters.n_global_refinements;
      return std::ldexp(
        2., 1 - static_cast<int>(n_coarse + this->mesh.n_global_levels()));
    }

  private:
    /**
     * Solve from the present solution.
     */
    void
    solve_for(const double lambda);

    const AllenCahnSolverParameters parameters;
    std::vector<LoggedStep>         newton_log;
  };
} // namespace derl

#endif
