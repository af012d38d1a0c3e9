// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Estimators that read the solution beyond a cell must read vectors of all
// kinds alike; those that cannot be read there, or meshes that are too coarse,
// are errors on all ranks.

#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_renumbering.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/fe/mapping_q.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/la_parallel_block_vector.h>
#include <deal.II/lac/petsc_block_vector.h>
#include <deal.II/lac/petsc_vector.h>
#include <deal.II/lac/trilinos_parallel_block_vector.h>
#include <deal.II/lac/trilinos_vector.h>

#include "estimator_tests.h"

namespace test_estimator_vectors
{
/**
 * The same samples from vectors of all kinds. Plain vectors have contiguous
 * locally owned ranges, as some kinds need it, and block vectors do in each
 * block.
 */
class AllVectors
{
public:
  AllVectors(const Triangulation<2> &triangulation,
             const Estimator         estimator,
             const bool              with_blocks)
    : name_of_estimator(to_string(estimator) + ", ")
    , mapping(1)
    , dof_handler(triangulation)
    , quadrature(1)
    , request(::request<2>(estimator, {1, 2}))
    , expected(2, {}, "")
  {
    dof_handler.distribute_dofs(FESystem<2>(FE_Q<2>(1), 2));
    if (with_blocks)
      DoFRenumbering::component_wise(dof_handler);
    DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
    owned = dof_handler.locally_owned_dofs();
    TrilinosWrappers::MPI::Vector interpolated(owned, MPI_COMM_WORLD);
    VectorTools::interpolate(
      mapping, dof_handler, Polynomial<2>({2, 3}), interpolated);
    solution.reinit(owned, relevant, MPI_COMM_WORLD);
    solution = interpolated;
    expected = sample(mapping, dof_handler, solution, quadrature, request);

    const types::global_dof_index n = dof_handler.n_dofs() / 2;
    if (with_blocks)
      for (const types::global_dof_index begin : {0u, n})
        {
          owned_blocks.push_back(owned.get_view(begin, begin + n));
          relevant_blocks.push_back(relevant.get_view(begin, begin + n));
        }
  }

  template <typename Vector>
  void
  compare(const std::string &name, const Vector &vector) const
  {
    const Samples samples =
      sample(mapping, dof_handler, vector, quadrature, request);
    double difference = samples.size() == expected.size() ? 0. : 1e300;
    for (unsigned int i = 0; i < samples.size(); ++i)
      for (unsigned int c = 0; c < samples.columns().size(); ++c)
        difference = std::max(
          difference,
          std::abs(samples.observations(i)[c] - expected.observations(i)[c]));
    check(name_of_estimator + name, difference, 1e-14);
  }

  template <typename Vector>
  void
  test(const std::string &name, Vector &ghosted, Vector &without_ghosts) const
  {
    for (const auto i : owned)
      without_ghosts(i) = solution(i);
    without_ghosts.compress(VectorOperation::insert);
    ghosted = without_ghosts;
    compare(name, ghosted);
    expect_error(name_of_estimator + name + " without ghosts",
                 [&]() { compare(name, without_ghosts); });
  }

  const std::string             name_of_estimator;
  const MappingQ<2>             mapping;
  DoFHandler<2>                 dof_handler;
  const QGauss<2>               quadrature;
  const SampleRequest<2>        request;
  TrilinosWrappers::MPI::Vector solution;
  Samples                       expected;
  IndexSet                      owned, relevant;
  std::vector<IndexSet>         owned_blocks, relevant_blocks;
};



void
check_vectors(const Estimator estimator)
{
  parallel::distributed::Triangulation<2> square(MPI_COMM_WORLD);
  GridGenerator::hyper_cube(square, -1, 1);
  square.refine_global(3);
  {
    const AllVectors              v(square, estimator, false);
    TrilinosWrappers::MPI::Vector trilinos(v.owned, v.relevant, MPI_COMM_WORLD),
      trilinos_without(v.owned, MPI_COMM_WORLD);
    v.test("Trilinos", trilinos, trilinos_without);
    PETScWrappers::MPI::Vector petsc(v.owned, v.relevant, MPI_COMM_WORLD),
      petsc_without(v.owned, MPI_COMM_WORLD);
    v.test("PETSc", petsc, petsc_without);
  }
  {
    const AllVectors                   v(square, estimator, true);
    TrilinosWrappers::MPI::BlockVector trilinos(
      v.owned_blocks, v.relevant_blocks, MPI_COMM_WORLD),
      trilinos_without(v.owned_blocks, MPI_COMM_WORLD);
    v.test("Trilinos, blocks", trilinos, trilinos_without);
    PETScWrappers::MPI::BlockVector petsc(
      v.owned_blocks, v.relevant_blocks, MPI_COMM_WORLD),
      petsc_without(v.owned_blocks, MPI_COMM_WORLD);
    v.test("PETSc, blocks", petsc, petsc_without);
    LinearAlgebra::distributed::BlockVector<double> ghosted(
      v.owned_blocks, v.relevant_blocks, MPI_COMM_WORLD);
    for (const auto i : v.owned)
      ghosted(i) = v.solution(i);
    ghosted.update_ghost_values();
    v.compare("deal.II, blocks", ghosted);
  }
}



void
check_errors()
{
  parallel::distributed::Triangulation<2> square(MPI_COMM_WORLD);
  GridGenerator::hyper_cube(square, -1, 1);
  square.refine_global(3);
  const MappingQ<2> mapping(1);
  DoFHandler<2>     dof_handler(square);
  dof_handler.distribute_dofs(FE_Q<2>(1));
  IndexSet active;
  DoFTools::extract_locally_active_dofs(dof_handler, active);
  VectorType solution(dof_handler.locally_owned_dofs(), active, MPI_COMM_WORLD);
  solution.update_ghost_values();
  expect_error("values of own cells only", [&]() {
    sample(mapping,
           dof_handler,
           solution,
           QGauss<2>(1),
           request<2>(Estimator::recovered, {1}));
  });

  Triangulation<2> cells;
  GridGenerator::hyper_cube(cells);
  cells.refine_global(1);
  DoFHandler<2> four_cells(cells);
  four_cells.distribute_dofs(FE_Q<2>(1));
  Vector<double> values(four_cells.n_dofs());
  sample(mapping,
         four_cells,
         values,
         QGauss<2>(1),
         request<2>(Estimator::recovered, {1}));
  expect_error("too few nodes", [&]() {
    sample(mapping,
           four_cells,
           values,
           QGauss<2>(1),
           request<2>(Estimator::recovered, {1, 2, 3}));
  });
}



DERL_TEST(estimator_vectors)
{
  initlog();

  check_vectors(Estimator::recovered);
  check_vectors(Estimator::difference);
  check_errors();
}
} // namespace test_estimator_vectors
