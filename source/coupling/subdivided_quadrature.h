// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_coupling_subdivided_quadrature_h
#define derl_coupling_subdivided_quadrature_h

#include <deal.II/base/quadrature.h>

#include <deal.II/grid/reference_cell.h>

namespace derl
{
  namespace internal
  {
    /**
     * Gauss points in the equal parts of a cell, exact for polynomials of
     * degree 2 n_points - 1 in each of them. The parts of hypercubes and
     * simplices are of their kind; wedges and pyramids are cut into
     * tetrahedra, which are subdivided. Simplices are halved repeatedly, so
     * that they have the next power of two of @p n_subdivisions parts per edge.
     *
     * Throws if deal.II has no formula of this degree for simplices.
     */
    template <int dim>
    dealii::Quadrature<dim>
    subdivided_quadrature(const dealii::ReferenceCell &cell,
                          const unsigned int           n_subdivisions,
                          const unsigned int           n_points);
  } // namespace internal
} // namespace derl

#endif
