// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_suite_h
#define derl_applications_suite_h

#include <derl/coupling/errors.h>

#include <derl/program/program.h>

#include <string>
#include <utility>
#include <vector>

#include "defaults_parameters.h"
#include "reference_solver.h"

namespace derl
{
  /**
   * Solve @p problem for all parameters to learn from, sample the solutions,
   * and add the terms of @p parameters. There are the samples
   * - "interior": derivatives in the cells; of problems in time not those of
   *   the initial values,
   * - "boundary" and "free": at the boundary, where values are known and where
   *   they are not; values are always those of the finite element solution,
   * - "initial": in the cells at the initial time.
   *
   * The solver is that of one of the @p groups of ranks of @p communicator.
   * Returns a description for the model's provenance. Collective.
   */
  template <int dim>
  std::string
  add_terms(const DefaultsParameters &parameters,
            const Problem<dim>       &problem,
            const MPI_Comm           &communicator,
            const ParameterGroups    &groups,
            ReferenceSolver<dim>     &solver,
            Trainer                  &trainer);

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
} // namespace derl

#endif
