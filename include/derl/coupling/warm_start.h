// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_coupling_warm_start_h
#define derl_coupling_warm_start_h

#include <deal.II/base/function.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/mapping.h>

#include <deal.II/lac/affine_constraints.h>

namespace derl
{
  /**
   * Make a finite element function of a surrogate, or of any other function,
   * to start a nonlinear or iterative solver with: interpolate it, and let the
   * constraints have their say at hanging nodes and Dirichlet boundaries. With
   * the constraints of the solution (not with the homogeneous ones of an
   * update), Newton's method then begins with the right boundary values.
   *
   * Collective over the mesh's communicator. Throws AgreedError if the function
   * throws on a rank or is not finite somewhere, if an element has no support
   * points to interpolate at (FE_DGP, FE_RaviartThomas), or if the vector's
   * parallel distribution is not that of the degrees of freedom.
   *
   * @param function with as many components as the element.
   * @param vector with locally owned elements only, or with ghost elements as
   *   well, which are then updated.
   */
  template <int dim, typename VectorType>
  void
  warm_start(const dealii::Mapping<dim>              &mapping,
             const dealii::DoFHandler<dim>           &dof_handler,
             const dealii::AffineConstraints<double> &constraints,
             const dealii::Function<dim>             &function,
             VectorType                              &vector);
} // namespace derl

#endif
