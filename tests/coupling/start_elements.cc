// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// warm_start() must represent what an element can represent, and otherwise be
// the best approximation among the functions that satisfy the constraints: for
// elements with and without support points, alone and in systems, at hanging
// nodes, on curved cells; and write to block vectors, on any number of ranks.

#include <derl/coupling/errors.h>
#include <derl/coupling/surrogate_function.h>

#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_renumbering.h>
#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_bdm.h>
#include <deal.II/fe/fe_bernstein.h>
#include <deal.II/fe/fe_dg_vector.h>
#include <deal.II/fe/fe_dgp.h>
#include <deal.II/fe/fe_dgp_monomial.h>
#include <deal.II/fe/fe_dgp_nonparametric.h>
#include <deal.II/fe/fe_dgq.h>
#include <deal.II/fe/fe_face.h>
#include <deal.II/fe/fe_nedelec.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_q_bubbles.h>
#include <deal.II/fe/fe_q_dg0.h>
#include <deal.II/fe/fe_q_hierarchical.h>
#include <deal.II/fe/fe_raviart_thomas.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/fe/mapping_q.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/block_vector.h>
#include <deal.II/lac/la_parallel_block_vector.h>
#include <deal.II/lac/la_parallel_vector.h>
#include <deal.II/lac/petsc_block_vector.h>
#include <deal.II/lac/trilinos_parallel_block_vector.h>
#include <deal.II/lac/trilinos_vector.h>

#include <algorithm>
#include <set>

#include "../check.h"
#include "polynomials.h"

namespace test_start_elements
{
using namespace derl;
using Trilinos = TrilinosWrappers::MPI::Vector;

template <int dim>
void
refine_in_part(Triangulation<dim> &triangulation, const unsigned int n)
{
  triangulation.refine_global(n);
  for (const auto &cell : triangulation.active_cell_iterators())
    if (cell->is_locally_owned() && cell->center()[0] < 0.4 &&
        cell->center()[dim - 1] < 0.6)
      cell->set_refine_flag();
  triangulation.execute_coarsening_and_refinement();
}



/**
 * Degrees of freedom with hanging nodes.
 */
template <int dim>
struct Space
{
  Space(const Triangulation<dim> &triangulation, const FiniteElement<dim> &fe)
    : dof_handler(triangulation)
  {
    dof_handler.distribute_dofs(fe);
    number();
  }

  void
  number()
  {
    DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
    constraints.reinit(relevant);
    DoFTools::make_hanging_node_constraints(dof_handler, constraints);
  }

  Trilinos
  ghosted() const
  {
    return Trilinos(dof_handler.locally_owned_dofs(), relevant, MPI_COMM_WORLD);
  }

  DoFHandler<dim>           dof_handler;
  IndexSet                  relevant;
  AffineConstraints<double> constraints;
};



/**
 * Power(degree) on cells that are parallelepipeds.
 */
template <int dim>
void
check_reproduction(const Triangulation<dim> &triangulation,
                   const FiniteElement<dim> &fe,
                   const unsigned int        degree)
{
  Space<dim> space(triangulation, fe);
  space.constraints.close();
  const MappingQ<dim> mapping(1);
  const Power<dim>    u(degree, fe.n_components());
  Trilinos            vector = space.ghosted();
  warm_start(mapping, space.dof_handler, space.constraints, u, vector);
  check(fe.get_name(),
        ErrorIntegrator<dim>(mapping, space.dof_handler, u, 1, 4)
          .measure(vector)
          .max_error,
        1e-9);
}



void
check_elements()
{
  {
    parallel::distributed::Triangulation<2> triangulation(MPI_COMM_WORLD);
    const Point<2>                          edges[] = {{1., 0.2}, {-0.1, 0.9}};
    GridGenerator::parallelogram(triangulation, edges);
    refine_in_part(triangulation, 2);
    const auto check = [&](const FiniteElement<2> &fe,
                           const unsigned int      degree) {
      check_reproduction(triangulation, fe, degree);
    };
    check(FE_Q<2>(2), 2);
    check(FE_DGQ<2>(1), 1);
    check(FE_Q_DG0<2>(1), 1);
    check(FE_Q_Bubbles<2>(1), 1);
    check(FE_Bernstein<2>(1), 1);
    check(FE_Q_Hierarchical<2>(2), 2);
    check(FE_DGP<2>(2), 2);
    check(FE_DGPMonomial<2>(2), 2);
    check(FE_DGPNonparametric<2>(1), 1);
    check(FE_RaviartThomas<2>(1), 1);
    check(FE_BDM<2>(1), 1);
    check(FE_Nedelec<2>(1), 1);
    check(FE_DGRaviartThomas<2>(1), 1);
    check(FESystem<2>(FE_Q<2>(2), 2, FE_DGP<2>(1), 1), 1);
    check(FESystem<2>(FE_DGP<2>(1), 1, FE_RaviartThomas<2>(1), 2), 1);
    check(FESystem<2>(FESystem<2>(FE_Q<2>(2), 2), 1, FE_Nedelec<2>(1), 1), 1);
  }
  {
    // ranks without cells
    parallel::distributed::Triangulation<2> triangulation(MPI_COMM_WORLD);
    GridGenerator::hyper_cube(triangulation);
    check_reproduction(
      triangulation, FESystem<2>(FE_Q<2>(1), 1, FE_DGP<2>(1), 1), 1);
  }
  {
    parallel::distributed::Triangulation<3> triangulation(MPI_COMM_WORLD);
    GridGenerator::hyper_cube(triangulation);
    refine_in_part(triangulation, 1);
    check_reproduction(
      triangulation, FESystem<3>(FE_Q<3>(2), 3, FE_DGP<3>(2), 1), 2);
  }
  {
    parallel::distributed::Triangulation<3> triangulation(MPI_COMM_WORLD);
    GridGenerator::hyper_cube(triangulation);
    triangulation.refine_global(1);
    check_reproduction(
      triangulation,
      FESystem<3>(FE_RaviartThomas<3>(1), 1, FE_Nedelec<3>(1), 1),
      1);
  }
}



/**
 * Prescribe all degrees of freedom at the boundary that are no hanging nodes.
 */
template <int dim>
void
fix_boundary(Space<dim> &space)
{
  std::vector<types::global_dof_index> indices;
  for (const auto &cell : space.dof_handler.active_cell_iterators())
    if (!cell->is_artificial())
      for (const unsigned int f : cell->face_indices())
        if (cell->at_boundary(f))
          {
            indices.resize(cell->get_fe().n_dofs_per_face(f));
            cell->face(f)->get_dof_indices(indices);
            for (const auto i : indices)
              if (!space.constraints.is_constrained(i))
                {
                  space.constraints.add_line(i);
                  space.constraints.set_inhomogeneity(i, 0.25);
                }
          }
}



/**
 * On a curved mesh, the difference of a function and its start must be
 * orthogonal to all functions that satisfy the homogeneous constraints; where
 * there are support points, the start has the function's values.
 */
void
check_best_approximation()
{
  parallel::distributed::Triangulation<2> triangulation(MPI_COMM_WORLD);
  GridGenerator::hyper_ball(triangulation);
  refine_in_part(triangulation, 1);
  const MappingQ<2> mapping(3);
  const FESystem<2> fe(
    FE_RaviartThomas<2>(1), 1, FE_Q<2>(2), 1, FE_DGP<2>(1), 1);
  Space<2> space(triangulation, fe);
  fix_boundary(space);
  space.constraints.close();
  const Power<2> u(5, 4);
  Trilinos       vector = space.ghosted();
  warm_start(mapping, space.dof_handler, space.constraints, u, vector);

  const IndexSet &owned = space.dof_handler.locally_owned_dofs();
  Trilinos        again(owned, MPI_COMM_WORLD), moments(again), sizes(again);
  for (const auto i : owned)
    again(i) = vector(i);
  again.compress(VectorOperation::insert);
  space.constraints.distribute(again);
  double error = 0;
  for (const auto i : owned)
    error = std::max(error, std::abs(again(i) - vector(i)));
  check("constraints", error, 1e-14);

  const QGauss<2>             quadrature(fe.degree + 1);
  FEValues<2>                 fe_values(mapping,
                        fe,
                        quadrature,
                        update_values | update_quadrature_points |
                          update_JxW_values);
  std::vector<Vector<double>> values(quadrature.size(), Vector<double>(4));
  std::vector<types::global_dof_index> indices(fe.n_dofs_per_cell());
  error = 0;
  for (const auto &cell : space.dof_handler.active_cell_iterators())
    if (cell->is_locally_owned())
      {
        fe_values.reinit(cell);
        cell->get_dof_indices(indices);
        fe_values.get_function_values(vector, values);
        Vector<double> moment(indices.size()), size(indices.size());
        for (unsigned int i = 0; i < indices.size(); ++i)
          if (fe.get_nonzero_components(i)[2])
            {
              const Point<2> x = mapping.transform_unit_to_real_cell(
                cell,
                fe.base_element(1).get_unit_support_points()
                  [fe.system_to_base_index(i).second]);
              if (!space.constraints.is_constrained(indices[i]))
                error =
                  std::max(error, std::abs(vector(indices[i]) - u.value(x, 2)));
            }
          else
            for (const unsigned int q : fe_values.quadrature_point_indices())
              for (unsigned int c = 0; c < 4; ++c)
                {
                  const double term =
                    fe_values.shape_value_component(i, q, c) *
                    fe_values.JxW(q) *
                    (values[q](c) - u.value(fe_values.quadrature_point(q), c));
                  moment(i) += term;
                  size(i) += std::abs(term);
                }
        space.constraints.distribute_local_to_global(moment, indices, moments);
        sizes.add(indices, size);
      }
  moments.compress(VectorOperation::add);
  sizes.compress(VectorOperation::add);
  check("interpolated", error, 1e-12);
  check("orthogonal", moments.linfty_norm(), 1e-11);
  check("  to a difference", sizes.linfty_norm() > 1e-3);
}



/**
 * Blocks of velocity and pressure, where each rank owns two ranges of degrees
 * of freedom.
 */
struct Blocks : public Space<2>
{
  explicit Blocks(const Triangulation<2> &triangulation)
    : Space<2>(triangulation, FESystem<2>(FE_Q<2>(2), 2, FE_DGP<2>(1), 1))
  {
    DoFRenumbering::component_wise(dof_handler, {0, 0, 1});
    number();
    constraints.close();
    sizes = DoFTools::count_dofs_per_fe_block(dof_handler, {0, 0, 1});
    for (unsigned int b = 0, begin = 0; b < 2; begin += sizes[b++])
      {
        owned.push_back(
          dof_handler.locally_owned_dofs().get_view(begin, begin + sizes[b]));
        with_ghosts.push_back(relevant.get_view(begin, begin + sizes[b]));
      }
  }

  /** What must be there when a vector is a start. */
  template <typename VectorType>
  void
  check(const std::string &name, VectorType without, VectorType with) const
  {
    const MappingQ<2> mapping(1);
    const Power<2>    u(1, 3);
    warm_start(mapping, dof_handler, constraints, u, without);
    warm_start(mapping, dof_handler, constraints, u, with);
    ::check(
      name,
      ErrorIntegrator<2>(mapping, dof_handler, u, 1, 3).measure(with).max_error,
      1e-10);
    double error = 0;
    for (const auto i : dof_handler.locally_owned_dofs())
      error = std::max(error, std::abs(without(i) - with(i)));
    ::check("  without ghosts", error, 0.);
  }

  std::vector<types::global_dof_index> sizes;
  std::vector<IndexSet>                owned, with_ghosts;
};



template <typename VectorType>
void
check_ghosted_blocks(const std::string &name, const Blocks &blocks)
{
  blocks.check(name,
               VectorType(blocks.owned, MPI_COMM_WORLD),
               VectorType(blocks.owned, blocks.with_ghosts, MPI_COMM_WORLD));
}



void
check_blocks()
{
  parallel::distributed::Triangulation<2> triangulation(MPI_COMM_WORLD);
  GridGenerator::hyper_cube(triangulation);
  refine_in_part(triangulation, 2);
  const Blocks blocks(triangulation);
  check_ghosted_blocks<TrilinosWrappers::MPI::BlockVector>("Trilinos blocks",
                                                           blocks);
  check_ghosted_blocks<PETScWrappers::MPI::BlockVector>("PETSc blocks", blocks);

  using Distributed = LinearAlgebra::distributed::BlockVector<double>;
  Distributed with_ghosts(blocks.owned, blocks.with_ghosts, MPI_COMM_WORLD);
  with_ghosts.update_ghost_values();
  blocks.check(
    "deal.II blocks", Distributed(blocks.owned, MPI_COMM_WORLD), with_ghosts);

  Triangulation<2> serial;
  GridGenerator::hyper_cube(serial);
  refine_in_part(serial, 2);
  const Blocks of_rank(serial);
  of_rank.check("BlockVector",
                BlockVector<double>(of_rank.sizes),
                BlockVector<double>(of_rank.sizes));

  expect_error("other blocks", [&]() {
    TrilinosWrappers::MPI::BlockVector vector(
      std::vector<IndexSet>(1, blocks.owned[0]), MPI_COMM_WORLD);
    warm_start(MappingQ<2>(1),
               blocks.dof_handler,
               blocks.constraints,
               Power<2>(1, 3),
               vector);
  });
  expect_error("elements on faces", [&]() {
    Space<2> faces(triangulation, FE_FaceP<2>(1));
    faces.constraints.close();
    Trilinos vector = faces.ghosted();
    warm_start(MappingQ<2>(1),
               faces.dof_handler,
               faces.constraints,
               Power<2>(1, 1),
               vector);
  });
  expect_error("ghosts missing", [&]() {
    TrilinosWrappers::MPI::BlockVector vector(blocks.owned, MPI_COMM_WORLD);
    const Power<2>                     u(1, 3);
    ErrorIntegrator<2>(MappingQ<2>(1), blocks.dof_handler, u, 1, 2)
      .measure(vector);
  });
}



DERL_TEST(start_elements)
{
  initlog();

  check_elements();
  check_best_approximation();
  check_blocks();
}
} // namespace test_start_elements
