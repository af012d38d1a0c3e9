// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_allen_cahn_terms_h
#define derl_applications_allen_cahn_terms_h

#include <derl/coupling/surrogate_function.h>

#include <derl/training/trainer.h>

#include <string>
#include <vector>

#include "allen_cahn_parameters.h"
#include "allen_cahn_solver.h"

namespace derl
{
  /**
   * Take the samples that @p parameters describe, only the derivatives that
   * some term needs, and add the terms to @p trainer. Returns a description of
   * the samples for the model's provenance. Collective.
   */
  template <int dim>
  std::string
  add_terms(const MPI_Comm             &communicator,
            const AllenCahnParameters  &parameters,
            const AllenCahnSolver<dim> &solver,
            Trainer                    &trainer);

  /**
   * Errors in value and gradient against the exact solution: root mean squares
   * over a uniform grid, ends included, relative to those of the solution. In
   * the plane the grid is that of arXiv 2505.01391, 201 points per direction.
   * Collective; each rank looks at its share of the grid.
   */
  template <int dim>
  std::vector<double>
  errors_on_grid(const MPI_Comm               &communicator,
                 const SurrogateFunction<dim> &surrogate);
} // namespace derl

#endif
