// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_flow_measures_h
#define derl_applications_flow_measures_h

#include <derl/coupling/surrogate_function.h>

#include <derl/program/program.h>

#include "cylinder_solver.h"
#include "flow_benchmark.h"

namespace derl
{
  /**
   * The benchmark's figures of a surrogate: from the stress that its
   * derivatives make at equidistant points of the circle, and its pressure at
   * the two points. Not collective.
   */
  flow_benchmark::Coefficients
  coefficients_from_stress(const SurrogateFunction<2> &surrogate);

  /**
   * Everything that is compared, with the names it has in summary.json:
   * - "published": drag, lift, pressure_difference of the benchmark,
   * - "reference": the same of the finite element solution from its stress;
   *   residual_drag, residual_lift by the more accurate way; and how well it
   *   satisfies the equations inside its cells, as L2 norms over the channel of
   *   the continuity equation (the divergence) and of the momentum (u . grad) u
   * + grad p - nu Laplace u,
   * - "surrogate": the same without the residual's,
   * - "difference": how far the finite element solution is from the surrogate,
   *   relative L2 norms for velocity and pressure and their gradients.
   *
   * The norms are all taken with the same Gauss points in the solver's cells.
   * Collective.
   */
  std::vector<std::pair<std::string, Figures>>
  compare(const CylinderSolver &solver, const Surrogate &surrogate);
} // namespace derl

#endif
