// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_columns_h
#define derl_data_columns_h

#include <derl/data/samples.h>

#include <vector>

namespace derl
{
  /**
   * The samples with other numbers of components: component c of @p samples
   * becomes component @p components[c]. So solutions that count their
   * components from 0 can become parts of one surrogate. Not collective.
   */
  Samples
  relabel_components(const Samples                   &samples,
                     const std::vector<unsigned int> &components);

  /**
   * The samples in a space of more coordinates: coordinate d of @p samples
   * becomes coordinate @p coordinates[d] of a point whose other coordinates are
   * those of @p point, for example a parameter. Not collective.
   */
  Samples
  relabel_coordinates(const Samples                   &samples,
                      const std::vector<unsigned int> &coordinates,
                      const std::vector<double>       &point);

  /**
   * One table with the columns of several, in their order, which were sampled
   * at the same points, such as solutions on several DoFHandlers of one mesh
   * with one quadrature. Weights are those of the first. Throws if points
   * differ by more than @p tolerance times the largest coordinate, or if a
   * column appears twice. Not collective: wrap it in run_agreed() where tables
   * may be wrong on some ranks only.
   */
  Samples
  join_columns(const std::vector<const Samples *> &tables,
               const double                        tolerance = 1e-10);
} // namespace derl

#endif
