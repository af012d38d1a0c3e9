// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_coupling_warm_start_h
#define derl_coupling_warm_start_h

#include <deal.II/base/function.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/mapping.h>

#include <deal.II/hp/mapping_collection.h>

#include <deal.II/lac/affine_constraints.h>

namespace derl
{
  /**
   * Make a finite element function of a surrogate, or of any other function,
   * to start a nonlinear or iterative solver with, and let the constraints
   * have their say at hanging nodes and Dirichlet boundaries. With the
   * constraints of the solution (not with the homogeneous ones of an update),
   * Newton's method then begins with the right boundary values.
   *
   * The function is interpolated where the element has support points. Base
   * elements without (FE_DGP, FE_RaviartThomas, FE_Nedelec, ...) become the L2
   * projection of their components, among the functions that satisfy the
   * constraints; the others in the same FESystem are interpolated all the same.
   * The mesh may be of hypercubes, simplices or both, and the DoFHandler have
   * an hp::FECollection.
   *
   * Collective over the mesh's communicator. Throws AgreedError if the function
   * throws on a rank or is not finite somewhere, if an element has neither
   * support points nor shape functions in cells (FE_FaceP), or if the vector's
   * parallel distribution is not that of the degrees of freedom.
   *
   * @param mappings one for all cells, or one for each index of elements.
   * @param function with as many components as the element. It must not
   *   communicate.
   * @param vector a vector or block vector of deal.II, Trilinos or PETSc, with
   *   locally owned elements only, or with ghost elements as well, which are
   *   then updated.
   */
  template <int dim, typename VectorType>
  void
  warm_start(const dealii::hp::MappingCollection<dim> &mappings,
             const dealii::DoFHandler<dim>            &dof_handler,
             const dealii::AffineConstraints<double>  &constraints,
             const dealii::Function<dim>              &function,
             VectorType                               &vector);

  /**
   * The same for one mapping.
   */
  template <int dim, typename VectorType>
  void
  warm_start(const dealii::Mapping<dim>              &mapping,
             const dealii::DoFHandler<dim>           &dof_handler,
             const dealii::AffineConstraints<double> &constraints,
             const dealii::Function<dim>             &function,
             VectorType                              &vector)
  {
    warm_start(dealii::hp::MappingCollection<dim>(mapping),
               dof_handler,
               constraints,
               function,
               vector);
  }
} // namespace derl

#endif
