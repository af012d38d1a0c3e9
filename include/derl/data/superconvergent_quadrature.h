// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_superconvergent_quadrature_h
#define derl_data_superconvergent_quadrature_h

#include <deal.II/base/quadrature.h>

#include <deal.II/fe/fe.h>

namespace derl
{
  /**
   * The points in a cell at which the raw gradient of a finite element solution
   * converges one order faster than elsewhere on meshes that are uniform or
   * nearly so, as a quadrature: for continuous elements of degree p on
   * hypercubes, and systems of them, the Gauss points, p per direction (see
   * L.B. Wahlbin, "Superconvergence in Galerkin Finite Element Methods",
   * Springer 1995).
   *
   * Throws for other elements. On simplices there is no point where the whole
   * gradient is superconvergent (at Gauss points of edges the derivative along
   * them is), discontinuous elements depend on the flux; take recovered
   * derivatives, which are accurate everywhere. Not collective.
   */
  template <int dim>
  dealii::Quadrature<dim>
  superconvergent_quadrature(const dealii::FiniteElement<dim> &fe);
} // namespace derl

#endif
