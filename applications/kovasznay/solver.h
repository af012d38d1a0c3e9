// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_kovasznay_solver_h
#define derl_applications_kovasznay_solver_h

#include <derl/network/surrogate.h>

#include <derl/program/program.h>

#include <solvers/exact_solution.h>
#include <solvers/flow_solver.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace derl
{
  /**
   * The flow behind a grid of L. I. G. Kovasznay, "Laminar flow behind a
   * two-dimensional grid", Proc. Camb. Phil. Soc. 44 (1948) 58-62, with the
   * Reynolds number Re = 1 / nu,
   * @f[
   *   u = 1 - e^{\lambda x} \cos 2\pi y, \quad
   *   v = \frac{\lambda}{2\pi} e^{\lambda x} \sin 2\pi y, \quad
   *   p = c - \tfrac12 e^{2\lambda x}, \quad
   *   \lambda = \tfrac12 Re - \sqrt{\tfrac14 Re^2 + 4\pi^2} ,
   * @f]
   * in the square (-1, 1) x (-1/2, 3/2), where the pressure has the mean value
   * zero.
   */
  struct KovasznayFlow
  {
    explicit KovasznayFlow(const double reynolds_number);

    const double                            viscosity;
    const double                            lambda;
    const std::shared_ptr<ExactSolution<2>> exact;
    const dealii::Point<2>                  lower{-1., -0.5};
    const dealii::Point<2>                  upper{1., 1.5};
    /** "continuity" and "momentum", see flow_equations(). */
    const std::map<std::string, std::shared_ptr<const Residual>> equations;
    /** The vorticity of u and v minus the exact one, relative to the root mean
     * square of the latter. */
    const std::shared_ptr<const Residual> vorticity_error;

    /**
     * Give the pressure of @p surrogate the mean value zero, as FlowSolver does
     * with that of its solution.
     */
    void
    normalize_pressure(Surrogate &surrogate) const;
  };



  /**
   * Solves for this flow with the velocity given on the boundary.
   */
  class KovasznaySolver : public FlowSolver
  {
  public:
    /**
     * Make the mesh and solve. The flow must outlive the solver.
     */
    KovasznaySolver(const MPI_Comm                    communicator,
                    const KovasznayFlow              &flow,
                    const FlowSolverParameters       &parameters,
                    const dealii::ConditionalOStream &progress =
                      dealii::ConditionalOStream(std::cout, false));

    /**
     * Figures of "reference" and "surrogate" against the exact flow, in this
     * order:
     * - relative_l2_error of all components together, and with _u, _v and _p
     *   those of each,
     * - velocity_gradient_error, pressure_gradient_error: in the relative H1
     *   seminorm,
     * - vorticity_error, relative in L2,
     * - divergence_rms, and residual_rms, that of momentum.
     *
     * All are taken at the same points, Gauss points in the quarters of each
     * cell. Collective.
     */
    std::vector<std::pair<std::string, Figures>>
    measure(const Surrogate &surrogate) const;

  private:
    const KovasznayFlow &flow;
  };
} // namespace derl

#endif
