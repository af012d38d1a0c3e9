// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_equations_allen_cahn_h
#define derl_equations_allen_cahn_h

#include <derl/equations/residual.h>

#include <memory>

namespace derl
{
  /**
   * The residual of the stationary Allen-Cahn equation,
   * @f[
   *   \lambda \Delta u + r (u^3 - u) - f \quad \text{in } [-1,1]^d, \qquad
   *   u = 0 \quad \text{on the boundary},
   * @f]
   * of the component u in the coordinates x, y and z, where f is the auxiliary
   * column "forcing". With $r=0$ the equation is Poisson's. Throws if @p lambda
   * is not positive.
   *
   * The equation and its coefficient are those of the experiment "Allen-Cahn"
   * in "Learning and Transferring Physical Models through Derivatives",
   * arXiv 2505.01391, where $d=2$, $\lambda=0.01$ and $r=1$.
   */
  template <int dim>
  std::shared_ptr<const Residual>
  allen_cahn(const double lambda, const double reaction = 1.);

} // namespace derl

#endif
