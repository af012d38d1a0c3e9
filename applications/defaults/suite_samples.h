// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_suite_samples_h
#define derl_applications_suite_samples_h

#include <derl/data/samples.h>

#include <derl/training/trainer.h>

#include <map>
#include <memory>
#include <string>
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
   * Returns a description for the model's provenance. Collective.
   */
  template <int dim>
  std::string
  add_terms(const DefaultsParameters &parameters,
            const Problem<dim>       &problem,
            ReferenceSolver<dim>     &solver,
            Trainer                  &trainer);
} // namespace derl

#endif
