// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_program_pictures_h
#define derl_program_pictures_h

#include <deal.II/base/conditional_ostream.h>

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
   * Run a gnuplot script with the given arguments in @p folder: one of the
   * library's, which are installed in share/derl/gnuplot and say in their first
   * lines what they draw, or one with a path. Where @p progress is active, that
   * is on the first rank, when all have written what is to be drawn; a missing
   * picture is no reason to lose a run's results, and a line tells why there is
   * none and how to draw it later.
   */
  void
  draw_picture(const std::string                &folder,
               const std::string                &script,
               const std::vector<std::string>   &arguments,
               const dealii::ConditionalOStream &progress);

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
   * Draw name.png from fields.dat in @p folder, as draw_picture(): up to three
   * maps side by side, or in one column if the domain is more than twice as
   * wide as high.
   */
  void
  draw_maps(const std::string                &folder,
            const std::string                &name,
            const std::vector<FieldMap>      &maps,
            const ColorScale                  scale,
            const dealii::ConditionalOStream &progress);
} // namespace derl

#endif
