// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_suite_errors_h
#define derl_applications_suite_errors_h

#include <derl/coupling/errors.h>

#include <derl/network/surrogate.h>

#include <derl/program/results.h>

#include <deal.II/base/conditional_ostream.h>

#include <string>
#include <utility>
#include <vector>

#include "reference_solver.h"

namespace derl
{
  /**
   * Errors of the finite element solution ("reference") and of the surrogate
   * against the exact solution: relative_l2_error, relative_h1_seminorm_error
   * (both of the velocity alone if there is a pressure), max_error, and the
   * relative error of the problem's quantity, if it has one. Both are
   * integrated alike, in the parts of cut cells. With further coordinates,
   * root mean squares over the unseen parameters and times. The reference also
   * has n_cells and n_dofs. The solutions are added to @p assessment, too.
   * Collective.
   */
  template <int dim>
  std::vector<std::pair<std::string, Figures>>
  measure_errors(const Problem<dim>   &problem,
                 ReferenceSolver<dim> &solver,
                 const Surrogate      &surrogate,
                 Assessment<dim>      &assessment);

  /**
   * Show the errors of both, and their ratio.
   */
  void
  print_figures(const dealii::ConditionalOStream &out, const Summary &summary);
} // namespace derl

#endif
