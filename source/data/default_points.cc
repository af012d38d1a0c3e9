// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "default_points.h"

#include <deal.II/base/exceptions.h>
#include <deal.II/base/quadrature_lib.h>

#include <deal.II/grid/reference_cell.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "../base/random.h"

namespace derl
{
  namespace internal
  {
    using namespace dealii;

    namespace
    {
      /** So many sets of random points that no lattice of them is left in a
       * uniform mesh. */
      constexpr unsigned int n_variants = 64;

      constexpr unsigned int n_judging = 2;



      /**
       * Uniformly distributed in the reference cell.
       */
      template <int dim>
      Point<dim>
      random_point(const ReferenceCell &cell, RandomStream &random)
      {
        Point<dim> x;
        if (cell.is_hyper_cube())
          for (unsigned int d = 0; d < dim; ++d)
            x[d] = random.uniform();
        else
          {
            // the shares of dim + 1 exponentially distributed numbers in their
            // sum are uniform in the simplex
            double sum = -std::log1p(-random.uniform());
            for (unsigned int d = 0; d < dim; ++d)
              {
                x[d] = -std::log1p(-random.uniform());
                sum += x[d];
              }
            x /= sum;
          }
        return x;
      }



      /**
       * The largest degree of the base elements of selected components.
       */
      template <int dim>
      unsigned int
      largest_degree(const FiniteElement<dim> &fe,
                     const ComponentMask      &components)
      {
        unsigned int degree = 1;
        for (unsigned int c = 0; c < fe.n_components(); ++c)
          if (components[c])
            degree = std::max(
              degree,
              fe.base_element(fe.component_to_base_index(c).first).degree);
        return degree;
      }
    } // namespace



    template <int dim, int part_dim>
    hp::QCollection<part_dim>
    gauss_points(const DoFHandler<dim> &dof_handler,
                 const ComponentMask   &components)
    {
      hp::QCollection<part_dim> result;
      for (unsigned int i = 0; i < dof_handler.get_fe_collection().size(); ++i)
        {
          const FiniteElement<dim> &fe     = dof_handler.get_fe(i);
          const unsigned int        degree = largest_degree(fe, components);
          const ReferenceCell       cell   = fe.reference_cell();
          if (cell.is_hyper_cube())
            result.push_back(QGauss<part_dim>(degree));
          else
            {
              AssertThrow(cell.is_simplex(),
                          ExcMessage("Points are chosen in hypercubes and "
                                     "simplices only, not in a " +
                                     cell.to_string() +
                                     ". Give a quadrature."));
              if constexpr (part_dim > 0)
                result.push_back(
                  QGaussSimplex<part_dim>(std::min(degree + 1, 4U)));
            }
        }
      return result;
    }



    template <int dim>
    DefaultPoints<dim>::DefaultPoints(const DoFHandler<dim> &dof_handler,
                                      const ComponentMask   &components)
    {
      const hp::QCollection<dim> all_gauss =
        gauss_points<dim, dim>(dof_handler, components);
      RandomStream random(1);
      for (unsigned int i = 0; i < all_gauss.size(); ++i)
        {
          const ReferenceCell cell = dof_handler.get_fe(i).reference_cell();
          n_gauss.push_back(all_gauss[i].size());
          for (unsigned int v = 0; v < n_variants; ++v)
            {
              std::vector<Point<dim>> points  = all_gauss[i].get_points();
              std::vector<double>     weights = all_gauss[i].get_weights();
              const auto add = [&](const unsigned int n, const double weight) {
                for (unsigned int q = 0; q < n; ++q)
                  {
                    points.push_back(random_point<dim>(cell, random));
                    weights.push_back(weight * cell.volume());
                  }
              };
              add(n_gauss[i], 1. / few(n_gauss[i]));
              add(n_judging, 1. / n_judging);
              quadratures.push_back(Quadrature<dim>(points, weights));
            }
        }
    }



    template <int dim>
    typename DefaultPoints<dim>::Kind
    DefaultPoints<dim>::kind(const unsigned int quadrature,
                             const unsigned int q) const
    {
      const unsigned int n = n_gauss[quadrature / n_variants];
      return q < n            ? gauss
             : q < n + few(n) ? holding
             : q < 2 * n      ? holding_more
                              : judging;
    }



    template <int dim>
    double
    DefaultPoints<dim>::many_over_few(const unsigned int quadrature) const
    {
      const unsigned int n = n_gauss[quadrature / n_variants];
      return double(n) / few(n);
    }



    template <int dim>
    unsigned int
    DefaultPoints<dim>::few(const unsigned int n_gauss)
    {
      // they cost a quarter of the time of an iteration
      return std::max(1U, n_gauss / 4);
    }



    template <int dim>
    unsigned int
    DefaultPoints<dim>::index(const typename SampleRequest<dim>::Cell &cell)
    {
      return cell->active_fe_index() * n_variants +
             std::uint64_t(cell_number(cell->id())) % n_variants;
    }



#define DERL_INSTANTIATE(dim)                                   \
  template hp::QCollection<dim> gauss_points<dim, dim>(         \
    const DoFHandler<dim> &, const ComponentMask &);            \
  template hp::QCollection<dim - 1> gauss_points<dim, dim - 1>( \
    const DoFHandler<dim> &, const ComponentMask &);            \
  template struct DefaultPoints<dim>;

    DERL_INSTANTIATE(1)
    DERL_INSTANTIATE(2)
    DERL_INSTANTIATE(3)
  } // namespace internal
} // namespace derl
