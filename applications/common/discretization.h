// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_discretization_h
#define derl_applications_discretization_h

#include <deal.II/base/function.h>
#include <deal.II/base/index_set.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/mapping.h>

#include <deal.II/lac/affine_constraints.h>
#include <deal.II/lac/trilinos_sparse_matrix.h>

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
  make_distorted_cube(
    const unsigned int                                 n_refinements,
    const double                                       distortion,
    dealii::parallel::distributed::Triangulation<dim> &triangulation);

  /**
   * The degrees of freedom of a rank's own and ghost cells.
   */
  template <int dim>
  dealii::IndexSet
  locally_relevant_dofs(const dealii::DoFHandler<dim> &dof_handler);

  /**
   * The constraints of a continuous space: hanging nodes, and the values of a
   * function at the boundary with the id 0. Collective.
   */
  template <int dim>
  void
  make_constraints(const dealii::Mapping<dim>        &mapping,
                   const dealii::DoFHandler<dim>     &dof_handler,
                   const dealii::Function<dim>       &boundary_values,
                   dealii::AffineConstraints<double> &constraints);

  /**
   * Make room for the matrix of a discretization with these constraints.
   * Collective.
   */
  template <int dim>
  void
  reinit_matrix(const dealii::DoFHandler<dim>           &dof_handler,
                const dealii::AffineConstraints<double> &constraints,
                dealii::TrilinosWrappers::SparseMatrix  &matrix);
} // namespace derl

#endif
