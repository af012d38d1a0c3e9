// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_solvers_flow_solver_h
#define derl_applications_solvers_flow_solver_h

#include <deal.II/base/point.h>
#include <deal.II/base/tensor.h>

#include <solvers/finite_element_solver.h>

#include <functional>
#include <map>

namespace derl
{
  /**
   * A stationary flow of density 1,
   * @f[
   *   (u\cdot\nabla) u - \nu\Delta u + \nabla p = f, \qquad \nabla\cdot u = 0 .
   * @f]
   */
  struct FlowProblem
  {
    double viscosity = 1.;
    /** Without convection, these are Stokes' equations. */
    bool has_convection = true;
    /** The force f; none if empty. */
    std::function<dealii::Tensor<1, 2>(const dealii::Point<2> &)> force;
    /** Functions of three components by boundary ids; the first two are the
     * velocity there. They must outlive the solver. Elsewhere the condition is
     * $\nu\partial_n u - p n = 0$ ("do nothing"). */
    std::map<dealii::types::boundary_id, const dealii::Function<2> *>
      velocities;
    /** Whether the velocity is given everywhere. The pressure has the mean
     * value zero then. */
    bool is_enclosed = false;
  };



  /**
   * The discretization of a flow.
   */
  struct FlowSolverParameters
  {
    unsigned int  velocity_degree        = 4;
    unsigned int  mapping_degree         = 5;
    unsigned int  n_global_refinements   = 0;
    unsigned int  n_adaptive_refinements = 2;
    double        refinement_fraction    = 0.3;
    NewtonOptions newton;

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
   * Solves a FlowProblem in the plane with Taylor-Hood elements, of degree k
   * for the velocity and k-1 for the pressure, and Newton's method with a
   * direct solver: u, p with the given velocities and R(u,p)[v,q] = 0 for all q
   * and all v that vanish where they are given,
   * @f[
   *   R(u,p)[v,q] = \nu(\nabla u,\nabla v) + ((u\cdot\nabla)u, v)
   *                 - (p, \nabla\cdot v) - (\nabla\cdot u, q) - (f, v).
   * @f]
   */
  class FlowSolver : public FiniteElementSolver<2>
  {
  public:
    /**
     * Copy @p problem and @p parameters. One short line per Newton step goes to
     * @p progress; by default nothing is written.
     */
    FlowSolver(const MPI_Comm                    communicator,
               const FlowProblem                &problem,
               const FlowSolverParameters       &parameters,
               const dealii::ConditionalOStream &progress =
                 dealii::ConditionalOStream(std::cout, false));

    /**
     * Solve from the present velocity. Throws the same exception on all ranks
     * if Newton's method does not converge.
     */
    void
    solve_on_mesh() override;

    /**
     * The force of the fluid on a part of the boundary with given velocities,
     * from the residual: R with v = 1 there, up to the sign. It converges twice
     * as fast as force_from_stress().
     */
    dealii::Tensor<1, 2>
    force_from_residual(const dealii::types::boundary_id id) const;

    /**
     * The same from the stress at the faces.
     */
    dealii::Tensor<1, 2>
    force_from_stress(const dealii::types::boundary_id id) const;

  private:
    void
    integrate(const dealii::FEValues<2>  &fe_values,
              const VectorType           &u,
              dealii::FullMatrix<double> &matrix,
              dealii::Vector<double>     &residual) const;

    void
    normalize_pressure();

    const FlowProblem          problem;
    const FlowSolverParameters parameters;
  };



  /**
   * The force per area that a fluid with the given pressure and velocity
   * gradients [component] exerts on a wall with the normal @p normal, which
   * points into the fluid: (-p I + nu (grad u + grad u^T)) n.
   */
  template <typename Gradients>
  dealii::Tensor<1, 2>
  traction(const double                viscosity,
           const double                pressure,
           const Gradients            &gradients,
           const dealii::Tensor<1, 2> &normal)
  {
    dealii::Tensor<1, 2> result = -pressure * normal;
    for (unsigned int i = 0; i < 2; ++i)
      for (unsigned int j = 0; j < 2; ++j)
        result[i] +=
          viscosity * (gradients[i][j] + gradients[j][i]) * normal[j];
    return result;
  }
} // namespace derl

#endif
