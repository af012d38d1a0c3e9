// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/grid_tools.h>
#include <deal.II/grid/manifold_lib.h>

#include <solvers/meshes.h>

namespace derl
{
  using namespace dealii;

  template <int dim>
  void
  make_distorted_cube(const unsigned int                         n_refinements,
                      const double                               distortion,
                      parallel::distributed::Triangulation<dim> &mesh)
  {
    Triangulation<dim> refined, distorted;
    GridGenerator::hyper_cube(refined, -1., 1.);
    refined.refine_global(n_refinements);
    GridTools::distort_random(distortion, refined);
    GridGenerator::flatten_triangulation(refined, distorted);
    mesh.copy_triangulation(distorted);
  }



  template <int dim>
  void
  make_cube(const unsigned int                         n_refinements,
            parallel::distributed::Triangulation<dim> &mesh,
            const double                               left,
            const double                               right)
  {
    GridGenerator::hyper_cube(mesh, left, right);
    mesh.refine_global(n_refinements);
  }



  void
  follow_circles(parallel::distributed::Triangulation<2> &mesh)
  {
    mesh.set_manifold(0, PolarManifold<2>(Point<2>()));
    TransfiniteInterpolationManifold<2> interpolation;
    interpolation.initialize(mesh);
    mesh.set_manifold(1, interpolation);
  }



  template void
  make_distorted_cube(const unsigned int,
                      const double,
                      parallel::distributed::Triangulation<2> &);
  template void
  make_distorted_cube(const unsigned int,
                      const double,
                      parallel::distributed::Triangulation<3> &);
  template void
  make_cube(const unsigned int,
            parallel::distributed::Triangulation<2> &,
            const double,
            const double);
  template void
  make_cube(const unsigned int,
            parallel::distributed::Triangulation<3> &,
            const double,
            const double);
} // namespace derl
