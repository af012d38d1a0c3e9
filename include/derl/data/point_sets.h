// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_point_sets_h
#define derl_data_point_sets_h

#include <deal.II/base/point.h>

#include <vector>

namespace derl
{
  /**
   * @p n_points uniformly distributed points of the box, from a stream that
   * gives the same points as NumPy's legacy generator with this @p seed.
   */
  template <int dim>
  std::vector<dealii::Point<dim>>
  random_points(const dealii::Point<dim> &lower,
                const dealii::Point<dim> &upper,
                const unsigned int        n_points,
                const unsigned int        seed);

  /**
   * The interior points of a uniform grid with @p n points per direction;
   * the box's faces are one spacing away.
   */
  template <int dim>
  std::vector<dealii::Point<dim>>
  grid_points(const dealii::Point<dim> &lower,
              const dealii::Point<dim> &upper,
              const unsigned int        n);

  /**
   * A uniform grid with @p n points per direction, ends included, on each of
   * the box's 2 dim faces; points on edges and corners occur once per face.
   */
  template <int dim>
  std::vector<dealii::Point<dim>>
  boundary_grid_points(const dealii::Point<dim> &lower,
                       const dealii::Point<dim> &upper,
                       const unsigned int        n);
} // namespace derl

#endif
