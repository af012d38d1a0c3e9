// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/data/sources.h>

#include <deal.II/base/exceptions.h>

#include "../base/random.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * All points of a tensor grid given by its abscissas in each direction.
     */
    template <int dim>
    std::vector<Point<dim>>
    tensor_grid(const std::array<std::vector<double>, dim> &abscissas)
    {
      std::vector<Point<dim>> points(1);
      for (unsigned int d = 0; d < dim; ++d)
        {
          std::vector<Point<dim>> extended;
          for (const Point<dim> &point : points)
            for (const double x : abscissas[d])
              {
                extended.push_back(point);
                extended.back()[d] = x;
              }
          points = extended;
        }
      return points;
    }
  } // namespace



  template <int dim>
  std::vector<Point<dim>>
  random_points(const Point<dim>  &lower,
                const Point<dim>  &upper,
                const unsigned int n_points,
                const unsigned int seed)
  {
    RandomStream            random(seed);
    std::vector<Point<dim>> points(n_points);
    for (Point<dim> &point : points)
      for (unsigned int d = 0; d < dim; ++d)
        point[d] = lower[d] + (upper[d] - lower[d]) * random.uniform();
    return points;
  }



  template <int dim>
  std::vector<Point<dim>>
  grid_points(const Point<dim>  &lower,
              const Point<dim>  &upper,
              const unsigned int n)
  {
    std::array<std::vector<double>, dim> abscissas;
    for (unsigned int d = 0; d < dim; ++d)
      for (unsigned int i = 1; i <= n; ++i)
        abscissas[d].push_back(lower[d] + (upper[d] - lower[d]) * i / (n + 1.));
    return tensor_grid<dim>(abscissas);
  }



  template <int dim>
  std::vector<Point<dim>>
  boundary_grid_points(const Point<dim>  &lower,
                       const Point<dim>  &upper,
                       const unsigned int n)
  {
    AssertThrow(n >= 2,
                ExcMessage("A grid on the boundary needs at least two points "
                           "per direction, the ends."));
    std::array<std::vector<double>, dim> abscissas;
    for (unsigned int d = 0; d < dim; ++d)
      for (unsigned int i = 0; i < n; ++i)
        abscissas[d].push_back(lower[d] + (upper[d] - lower[d]) * i / (n - 1.));
    std::vector<Point<dim>> points;
    for (unsigned int d = 0; d < dim; ++d)
      for (const Point<dim> *corner : {&lower, &upper})
        {
          auto face = abscissas;
          face[d]   = {(*corner)[d]};
          for (const Point<dim> &point : tensor_grid<dim>(face))
            points.push_back(point);
        }
    return points;
  }



#define DERL_INSTANTIATE(dim)                                         \
  template std::vector<Point<dim>> random_points(const Point<dim> &,  \
                                                 const Point<dim> &,  \
                                                 const unsigned int,  \
                                                 const unsigned int); \
  template std::vector<Point<dim>> grid_points(                       \
    const Point<dim> &, const Point<dim> &, const unsigned int);      \
  template std::vector<Point<dim>> boundary_grid_points(              \
    const Point<dim> &, const Point<dim> &, const unsigned int);

  DERL_INSTANTIATE(2)
  DERL_INSTANTIATE(3)
} // namespace derl
