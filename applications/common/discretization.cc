// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/grid_tools.h>

#include <deal.II/lac/trilinos_sparsity_pattern.h>

#include <deal.II/numerics/vector_tools.h>

#include <common/discretization.h>

namespace derl
{
  using namespace dealii;

  template <int dim>
  void
  make_distorted_cube(const unsigned int                         n_refinements,
                      const double                               distortion,
                      parallel::distributed::Triangulation<dim> &triangulation)
  {
    Triangulation<dim> refined, distorted;
    GridGenerator::hyper_cube(refined, -1., 1.);
    refined.refine_global(n_refinements);
    GridTools::distort_random(distortion, refined);
    GridGenerator::flatten_triangulation(refined, distorted);
    triangulation.copy_triangulation(distorted);
  }



  template <int dim>
  IndexSet
  locally_relevant_dofs(const DoFHandler<dim> &dof_handler)
  {
    IndexSet relevant;
    DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
    return relevant;
  }



  template <int dim>
  void
  make_constraints(const Mapping<dim>        &mapping,
                   const DoFHandler<dim>     &dof_handler,
                   const Function<dim>       &boundary_values,
                   AffineConstraints<double> &constraints)
  {
    constraints.clear();
    constraints.reinit(locally_relevant_dofs(dof_handler));
    DoFTools::make_hanging_node_constraints(dof_handler, constraints);
    VectorTools::interpolate_boundary_values(
      mapping, dof_handler, 0, boundary_values, constraints);
    constraints.close();
  }



  template <int dim>
  void
  reinit_matrix(const DoFHandler<dim>           &dof_handler,
                const AffineConstraints<double> &constraints,
                TrilinosWrappers::SparseMatrix  &matrix)
  {
    const MPI_Comm  communicator = dof_handler.get_communicator();
    const IndexSet &owned        = dof_handler.locally_owned_dofs();
    TrilinosWrappers::SparsityPattern pattern(
      owned, owned, locally_relevant_dofs(dof_handler), communicator);
    DoFTools::make_sparsity_pattern(
      dof_handler,
      pattern,
      constraints,
      false,
      Utilities::MPI::this_mpi_process(communicator));
    pattern.compress();
    matrix.reinit(pattern);
  }



#define DERL_INSTANTIATE(dim)                                        \
  template void make_distorted_cube(                                 \
    const unsigned int,                                              \
    const double,                                                    \
    parallel::distributed::Triangulation<dim> &);                    \
  template IndexSet locally_relevant_dofs(const DoFHandler<dim> &);  \
  template void     make_constraints(const Mapping<dim> &,           \
                                     const DoFHandler<dim> &,        \
                                     const Function<dim> &,          \
                                     AffineConstraints<double> &);   \
  template void     reinit_matrix(const DoFHandler<dim> &,           \
                                  const AffineConstraints<double> &, \
                                  TrilinosWrappers::SparseMatrix &);

  DERL_INSTANTIATE(2)
  DERL_INSTANTIATE(3)
} // namespace derl
