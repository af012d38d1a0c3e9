// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_pictures_h
#define derl_applications_pictures_h

#include <derl/coupling/comparison_postprocessor.h>

#include <deal.II/base/conditional_ostream.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/mapping.h>

#include <deal.II/lac/trilinos_vector.h>

#include <string>

namespace derl
{
  /**
   * Write fields.pvtu with its pieces, all fields of the postprocessor, into
   * @p folder, and in two dimensions errors.png, a map of the errors of
   * reference and surrogate. Collective.
   */
  template <int dim>
  void
  write_fields(const std::string                           &folder,
               const dealii::Mapping<dim>                  &mapping,
               const dealii::DoFHandler<dim>               &dof_handler,
               const dealii::TrilinosWrappers::MPI::Vector &solution,
               const ComparisonPostprocessor<dim>          &postprocessor,
               const dealii::ConditionalOStream            &progress);

  /**
   * Draw loss.png from training.csv in @p folder: the loss and its
   * @p n_terms terms over the iterations. Collective.
   */
  void
  draw_loss(const MPI_Comm                   &communicator,
            const std::string                &folder,
            const unsigned int                n_terms,
            const dealii::ConditionalOStream &progress);
} // namespace derl

#endif
