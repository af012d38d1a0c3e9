// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_cylinder_solver_h
#define derl_applications_cylinder_solver_h

#include <solvers/flow_solver.h>

#include "flow_benchmark.h"

namespace derl
{
  /**
   * The flow of flow_benchmark.h on a distributed mesh, refined where the
   * velocity's gradient jumps most.
   */
  class CylinderSolver : public FlowSolver
  {
  public:
    /**
     * Check and copy @p parameters. One short line per Newton step goes to
     * @p progress; by default nothing is written.
     */
    CylinderSolver(const MPI_Comm                    communicator,
                   const FlowSolverParameters       &parameters,
                   const dealii::ConditionalOStream &progress =
                     dealii::ConditionalOStream(std::cout, false));

    /**
     * Make the mesh and solve, once. Collective; throws the same exception on
     * all ranks if Newton's method does not converge.
     */
    void
    solve();

    /**
     * Drag and lift from the residual, the pressure difference from the
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
    flow_benchmark::Coefficients
    coefficients(const dealii::Tensor<1, 2> &force) const;

    const FlowSolverParameters parameters;
  };
} // namespace derl

#endif
