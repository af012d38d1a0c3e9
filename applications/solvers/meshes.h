// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_solvers_meshes_h
#define derl_applications_solvers_meshes_h

#include <deal.II/distributed/tria.h>

namespace derl
{
  /**
   * Make the cube [-1, 1]^dim with 2^n cells per direction, n being
   * @p n_refinements, and interior vertices moved in random directions by the
   * fraction @p distortion of the shortest edge. These cells are the coarse
   * mesh: a distributed mesh keeps only its coarse vertices when it is refined
   * or distributed anew, and a rank knows only some of the finer ones.
   * Collective.
   */
  template <int dim>
  void
  make_distorted_cube(const unsigned int n_refinements,
                      const double       distortion,
                      dealii::parallel::distributed::Triangulation<dim> &mesh);

  /**
   * Make the cube [left, right]^dim, and refine it. Collective.
   */
  template <int dim>
  void
  make_cube(const unsigned int                                 n_refinements,
            dealii::parallel::distributed::Triangulation<dim> &mesh,
            const double                                       left  = -1.,
            const double                                       right = 1.);

  /**
   * Let the inner cells of a two-dimensional @p mesh follow its curved faces:
   * those with the manifold id 0 become circles around the origin, all others
   * are interpolated between them. Refined cells are then images of a smooth
   * mapping, which those of deal.II's generators are not (step-65).
   */
  void
  follow_circles(dealii::parallel::distributed::Triangulation<2> &mesh);
} // namespace derl

#endif
