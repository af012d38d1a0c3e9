// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_allen_cahn_terms_h
#define derl_applications_allen_cahn_terms_h

#include <derl/program/training_run.h>

#include <string>

#include "allen_cahn_parameters.h"
#include "allen_cahn_solver.h"

namespace derl
{
  /**
   * Take the samples that @p parameters describe, only the derivatives that
   * some term needs, and add the terms to @p trainer. Returns a description of
   * the samples for the model's provenance. Collective.
   *
   * @param errors becomes the relative error of the gradients at the samples,
   *   or nothing if there are none.
   */
  template <int dim>
  std::string
  add_terms(const MPI_Comm             &communicator,
            const AllenCahnParameters  &parameters,
            const AllenCahnSolver<dim> &solver,
            const Comparison<dim>      &problem,
            Trainer                    &trainer,
            Figures                    &errors);
} // namespace derl

#endif
