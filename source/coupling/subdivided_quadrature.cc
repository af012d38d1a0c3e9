// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "subdivided_quadrature.h"

#include <deal.II/base/exceptions.h>
#include <deal.II/base/quadrature_lib.h>

#include <array>
#include <string>
#include <vector>

namespace derl
{
  namespace internal
  {
    using namespace dealii;

    namespace
    {
      template <int dim>
      Quadrature<dim>
      on_simplex(const unsigned int n_subdivisions, const unsigned int n_points)
      {
        // the formulas that do not depend on the numbering of vertices
        const unsigned int max_n_points = dim == 2 ? 7 : 5;
        AssertThrow(n_points <= max_n_points,
                    ExcMessage("There are at most " +
                               std::to_string(max_n_points) +
                               " Gauss points per direction on simplices."));
        unsigned int n = 1;
        while (n < n_subdivisions)
          n *= 2;
        return QIteratedSimplex<dim>(QWitherdenVincentSimplex<dim>(n_points),
                                     n);
      }
    } // namespace



    template <int dim>
    Quadrature<dim>
    subdivided_quadrature(const ReferenceCell &cell,
                          const unsigned int   n_subdivisions,
                          const unsigned int   n_points)
    {
      if (cell.is_hyper_cube())
        return QIterated<dim>(QGauss<1>(n_points), n_subdivisions);
      if constexpr (dim > 1)
        {
          const Quadrature<dim> simplex =
            on_simplex<dim>(n_subdivisions, n_points);
          if (cell.is_simplex())
            return simplex;
          if constexpr (dim == 3)
            {
              const std::vector<std::array<unsigned int, 4>> tetrahedra =
                cell == ReferenceCells::Wedge
                  ? std::vector<std::array<unsigned int, 4>>{{{0, 1, 2, 3}},
                                                             {{1, 2, 3, 4}},
                                                             {{2, 3, 4, 5}}}
                  : std::vector<std::array<unsigned int, 4>>{{{0, 1, 2, 4}},
                                                             {{1, 3, 2, 4}}};
              std::vector<Point<3>> points;
              std::vector<double>   weights;
              for (const auto &vertices : tetrahedra)
                {
                  std::array<Point<3>, 4> corners;
                  for (unsigned int v = 0; v < 4; ++v)
                    corners[v] = cell.vertex<3>(vertices[v]);
                  const Quadrature<3> part =
                    QSimplex<3>(simplex).compute_affine_transformation(corners);
                  points.insert(points.end(),
                                part.get_points().begin(),
                                part.get_points().end());
                  weights.insert(weights.end(),
                                 part.get_weights().begin(),
                                 part.get_weights().end());
                }
              return Quadrature<3>(points, weights);
            }
        }
      AssertThrow(false,
                  ExcMessage("Errors cannot be measured on cells of the kind " +
                             cell.to_string() + "."));
      return Quadrature<dim>();
    }



    template Quadrature<1>
    subdivided_quadrature(const ReferenceCell &,
                          const unsigned int,
                          const unsigned int);
    template Quadrature<2>
    subdivided_quadrature(const ReferenceCell &,
                          const unsigned int,
                          const unsigned int);
    template Quadrature<3>
    subdivided_quadrature(const ReferenceCell &,
                          const unsigned int,
                          const unsigned int);
  } // namespace internal
} // namespace derl
