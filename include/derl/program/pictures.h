// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_program_pictures_h
#define derl_program_pictures_h

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/mpi.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/mapping.h>

#include <deal.II/lac/trilinos_vector.h>

#include <deal.II/numerics/data_postprocessor.h>

#include <string>
#include <vector>

namespace derl
{
  /**
   * Write fields.pvtu with its pieces, all fields of the postprocessor, into
   * @p folder, and in two dimensions fields.dat for draw_maps(). Collective.
   */
  template <int dim>
  void
  write_fields(const std::string                           &folder,
               const dealii::Mapping<dim>                  &mapping,
               const dealii::DoFHandler<dim>               &dof_handler,
               const dealii::TrilinosWrappers::MPI::Vector &solution,
               const dealii::DataPostprocessor<dim>        &postprocessor);

  /**
   * A map of a quantity in a picture: what stands above it, and the quantity as
   * a gnuplot expression of the columns of fields.dat, which are x, y and the
   * fields of the postprocessor; "abs($3)" is the size of the first field.
   */
  struct FieldMap
  {
    std::string title;
    std::string quantity;
  };

  /**
   * Colours by a linear scale for each map, or by one logarithmic scale for all
   * maps, over four powers of ten.
   */
  enum class ColorScale
  {
    linear,
    logarithmic
  };

  /**
   * Draw name.png from fields.dat in @p folder: maps side by side, or in one
   * column if the domain is more than twice as wide as high. Collective.
   */
  void
  draw_maps(const MPI_Comm                   &communicator,
            const std::string                &folder,
            const std::string                &name,
            const std::vector<FieldMap>      &maps,
            const ColorScale                  scale,
            const dealii::ConditionalOStream &progress);

  /**
   * Write a gnuplot script to the file @p name in @p folder and run it there;
   * if that fails, a line tells why there is no picture. Collective.
   */
  void
  draw_picture(const MPI_Comm                   &communicator,
               const std::string                &folder,
               const std::string                &name,
               const std::string                &script,
               const dealii::ConditionalOStream &progress);

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
