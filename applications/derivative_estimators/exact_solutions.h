// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_exact_solutions_h
#define derl_applications_exact_solutions_h

#include <deal.II/base/function.h>

#include <memory>
#include <string>

namespace derl
{
  /**
   * The solution of Poisson's equation that the study compares with, with
   * gradient and Hessian:
   * - "waves": sin(pi x_1 + 0.4) sin(pi x_2 + 0.7). The phases keep it from
   *   having the symmetries of the meshes, and from vanishing at the boundary.
   * - "peak": exp(-10 |x - c|^2), c = (0.3, -0.2), which is flat in most of the
   *   domain. It is a mild case of the peak problem of W.F. Mitchell, "A
   *   collection of 2D elliptic problems for testing adaptive grid refinement
   *   algorithms", Appl. Math. Comput. 220 (2013) 350-364.
   */
  std::unique_ptr<dealii::Function<2>>
  exact_solution(const std::string &name);
} // namespace derl

#endif
