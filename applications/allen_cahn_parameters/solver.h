// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_allen_cahn_parameters_solver_h
#define derl_applications_allen_cahn_parameters_solver_h

#include <derl/network/surrogate.h>

#include <derl/program/program.h>
#include <derl/program/training_run.h>

#include <deal.II/base/parameter_handler.h>

#include <solvers/finite_element_solver.h>

#include <array>
#include <string>
#include <vector>

#include "problem.h"

namespace derl
{
  /**
   * What the surrogate learns from.
   */
  struct ReferenceParameters
  {
    /** Of training parameters, the first ones; 0 for all. */
    unsigned int n_training    = 0;
    unsigned int degree        = 6;
    unsigned int n_refinements = 2;
    /** Of ranks, see ParameterGroups. */
    unsigned int n_groups         = 1;
    bool         with_derivatives = false;
    /** "reference" or "exact" */
    std::string  source            = "reference";
    unsigned int n_random_points   = 1000;
    unsigned int n_boundary_points = 201;

    /**
     * Declare the entries in the current subsection of @p prm.
     */
    void
    declare_parameters(dealii::ParameterHandler &prm);
  };



  /**
   * Finite element solutions of a parametric problem on a uniform mesh, and
   * their derivatives with respect to the parameters.
   *
   * With the weak form R(u, xi)[v] = 0 of AllenCahnEquation, the derivative w
   * of the solution with respect to a parameter satisfies
   * @f[
   *   R'(u)[v, w] = -\frac{\partial R}{\partial\xi}[v]
   *               = -\lambda_\xi (\nabla u, \nabla v) - (f_\xi, v):
   * @f]
   * a linear system with the matrix of Newton's method.
   */
  class ParametricSolver : public FiniteElementSolver<2>
  {
  public:
    /**
     * @param problem must outlive this object
     * @param parameters likewise
     */
    ParametricSolver(const MPI_Comm            &communicator,
                     const ParametricProblem   &problem,
                     const ReferenceParameters &parameters);

    /**
     * Solve for the present parameters of the problem, from zero: the result
     * does not depend on what was solved before.
     */
    void
    solve_on_mesh() override;

    /**
     * The derivatives of the solution with respect to the parameters, with
     * ghost elements.
     */
    std::vector<VectorType>
    differentiate();

    /**
     * Add samples for the present parameters to the tables "interior", with
     * derivatives of the given total orders and the column "f", and "boundary".
     */
    void
    sample(const std::vector<unsigned int> &orders, SampleTables &tables);

    /**
     * Relative errors of the solution, of the forcing that follows from it and
     * of the gradient, and the root mean square of the equation's residual, for
     * the present parameters: first of the present solution, then of the
     * surrogate.
     *
     * @param n_subdivisions see ErrorIntegrator
     */
    std::array<Figures, 2>
    measure(const Surrogate   &surrogate,
            const unsigned int n_subdivisions) const;

    /** What all solutions and derivatives took, and the latter of it. */
    double seconds                  = 0.;
    double seconds_to_differentiate = 0.;

  private:
    const ParametricProblem   &problem;
    const ReferenceParameters &parameters;
    LinearOptions              linear;
  };
} // namespace derl

#endif
