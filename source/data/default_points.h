// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_default_points_h
#define derl_data_default_points_h

#include <derl/data/sampling.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/hp/q_collection.h>

#include <vector>

namespace derl
{
  namespace internal
  {
    /**
     * For each element of a DoFHandler the Gauss points for samples of the
     * selected components, in its cells or on their faces: on hypercubes as
     * many per direction as the largest degree, where the gradient is
     * superconvergent (see superconvergent_quadrature()); on simplices those of
     * one degree more. Throws for other cells. Not collective.
     */
    template <int dim, int part_dim>
    dealii::hp::QCollection<part_dim>
    gauss_points(const dealii::DoFHandler<dim> &dof_handler,
                 const dealii::ComponentMask   &components);



    /**
     * The points in cells at which a solution is sampled if the library chooses
     * them, in this order: Gauss points, as many random points that may hold a
     * network between them, of which a few are enough for smooth solutions, and
     * random points to judge it by. Gauss points and those that judge have the
     * volume of the cell as the sum of their weights each; of those that hold,
     * the few have. Random points are drawn uniformly, for each cell the same
     * on whichever rank it is.
     */
    template <int dim>
    struct DefaultPoints
    {
      enum Kind
      {
        gauss,
        holding,
        holding_more,
        judging
      };

      /**
       * Throws as gauss_points() does.
       */
      DefaultPoints(const dealii::DoFHandler<dim> &dof_handler,
                    const dealii::ComponentMask   &components);

      /**
       * What point @p q of a quadrature of the collection is.
       */
      Kind
      kind(const unsigned int quadrature, const unsigned int q) const;

      /**
       * The number of points that hold over that of the few, in the cells of a
       * quadrature.
       */
      double
      many_over_few(const unsigned int quadrature) const;

      dealii::hp::QCollection<dim> quadratures;

      /** Which of the quadratures to take in a cell. */
      static unsigned int
      index(const typename SampleRequest<dim>::Cell &cell);

    private:
      /** Of each element. */
      std::vector<unsigned int> n_gauss;

      /** The number of those that are enough for smooth solutions. */
      static unsigned int
      few(const unsigned int n_gauss);
    };
  } // namespace internal
} // namespace derl

#endif
