// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "cylinder_solver.h"

#include <deal.II/base/function.h>

#include <deal.II/grid/grid_generator.h>

namespace derl
{
  using namespace dealii;
  using namespace flow_benchmark;

  namespace
  {
    /**
     * The parabola at the inflow.
     */
    class InflowVelocity : public Function<2>
    {
    public:
      InflowVelocity()
        : Function<2>(flow_benchmark::n_components)
      {
      }

      double
      value(const Point<2> &x, const unsigned int component) const override
      {
        return component == 0
                 ? 4. * largest_velocity * x[1] * (channel_height - x[1]) /
                     (channel_height * channel_height)
                 : 0.;
      }
    };



    FlowProblem
    benchmark()
    {
      static const InflowVelocity             parabola;
      static const Functions::ZeroFunction<2> zero(n_components);
      FlowProblem                             result;
      result.viscosity  = viscosity;
      result.velocities = {
        {inflow, &parabola}, {walls, &zero}, {cylinder, &zero}};
      return result;
    }
  } // namespace



  CylinderSolver::CylinderSolver(const MPI_Comm              communicator,
                                 const FlowSolverParameters &parameters,
                                 const ConditionalOStream   &progress)
    : FlowSolver(communicator, benchmark(), parameters, progress)
    , parameters(parameters)
  {
  }



  void
  CylinderSolver::solve()
  {
    GridGenerator::channel_with_cylinder(mesh, 0.03, 2, 2.0, true);
    mesh.refine_global(parameters.n_global_refinements);
    solve_adaptively(
      parameters.n_adaptive_refinements, parameters.refinement_fraction, 0.);
  }



  Coefficients
  CylinderSolver::coefficients(const Tensor<1, 2> &force) const
  {
    const auto points = pressure_points();
    return {force_scale * force[0],
            force_scale * force[1],
            value_at_vertex(solution, points[0], 2) -
              value_at_vertex(solution, points[1], 2)};
  }



  Coefficients
  CylinderSolver::coefficients_from_residual() const
  {
    return coefficients(force_from_residual(cylinder));
  }



  Coefficients
  CylinderSolver::coefficients_from_stress() const
  {
    return coefficients(force_from_stress(cylinder));
  }
} // namespace derl
