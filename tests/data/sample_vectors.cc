// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Every kind of vector must give the same samples, with components, cells,
// boundary ids, quadratures, time and rates as the request and snapshot say; a
// vector that cannot be read everywhere, or a request that selects nothing, is
// an error on all ranks.

#include <derl/data/sampling.h>

#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_renumbering.h>
#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/fe/mapping_q.h>

#include <deal.II/grid/filtered_iterator.h>
#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/block_vector.h>
#include <deal.II/lac/la_parallel_block_vector.h>
#include <deal.II/lac/la_parallel_vector.h>
#include <deal.II/lac/petsc_block_vector.h>
#include <deal.II/lac/petsc_vector.h>
#include <deal.II/lac/trilinos_parallel_block_vector.h>
#include <deal.II/lac/trilinos_vector.h>
#include <deal.II/lac/vector.h>

#include <limits>

#include "sample_sets.h"

namespace test_sample_vectors
{
using namespace dealii;
using namespace derl;

/**
 * A refined square with two materials and numbered sides, and two components,
 * in two blocks by choice. Without, each rank owns one range of indices, as
 * PETSc wants it.
 */
struct Problem
{
  Problem(const bool in_blocks)
    : triangulation(MPI_COMM_WORLD)
    , dof_handler(triangulation)
    , fe(FE_Q<2>(2), 2)
    , mapping(1)
  {
    GridGenerator::hyper_cube(triangulation, -1., 1., true);
    triangulation.refine_global(2);
    for (const auto &cell : triangulation.active_cell_iterators())
      if (cell->is_locally_owned() && cell->center()[0] < 0.)
        cell->set_refine_flag();
    triangulation.execute_coarsening_and_refinement();
    for (const auto &cell : triangulation.active_cell_iterators())
      if (!cell->is_artificial())
        cell->set_material_id(cell->center()[1] > 0. ? 7 : 2);

    dof_handler.distribute_dofs(fe);
    if (in_blocks)
      DoFRenumbering::component_wise(dof_handler);
    const auto sizes = DoFTools::count_dofs_per_fe_component(dof_handler);
    IndexSet   all_relevant;
    DoFTools::extract_locally_relevant_dofs(dof_handler, all_relevant);
    owned    = dof_handler.locally_owned_dofs();
    relevant = all_relevant;
    for (unsigned int b = 0, begin = 0; b < 2; begin += sizes[b++])
      {
        owned_blocks.push_back(owned.get_view(begin, begin + sizes[b]));
        relevant_blocks.push_back(relevant.get_view(begin, begin + sizes[b]));
      }
  }

  /**
   * Some numbers.
   */
  template <typename VectorType>
  void
  fill(VectorType &vector) const
  {
    for (const auto i : vector.locally_owned_elements())
      vector(i) = std::sin(1. + 0.1 * i);
    vector.compress(VectorOperation::insert);
  }

  template <typename VectorType>
  SampleSet
  rows(const VectorType &vector) const
  {
    return all_rows_of(
      sample(mapping, dof_handler, vector, QGauss<2>(2), {0, 1}));
  }

  parallel::distributed::Triangulation<2> triangulation;
  DoFHandler<2>                           dof_handler;
  const FESystem<2>                       fe;
  const MappingQ<2>                       mapping;
  IndexSet                                owned, relevant;
  std::vector<IndexSet>                   owned_blocks, relevant_blocks;
};



/**
 * A vector with ghost elements gives what is expected. One without, and one
 * that has the elements of owned cells but one, are errors.
 */
template <typename VectorType, typename Sets>
void
check_ghosted(const std::string &name,
              const Problem     &problem,
              const SampleSet   &expected,
              const Sets        &owned,
              const Sets        &relevant,
              const Sets        &insufficient)
{
  const auto assigned = [&](const Sets &set) {
    VectorType without(owned, MPI_COMM_WORLD);
    problem.fill(without);
    if constexpr (std::is_same<
                    VectorType,
                    LinearAlgebra::distributed::Vector<double>>::value ||
                  std::is_same<
                    VectorType,
                    LinearAlgebra::distributed::BlockVector<double>>::value)
      {
        VectorType result(owned, set, MPI_COMM_WORLD);
        result.copy_locally_owned_data_from(without);
        result.update_ghost_values();
        return result;
      }
    else
      {
        VectorType result(owned, set, MPI_COMM_WORLD);
        result = without;
        return result;
      }
  };
  check(name, difference(problem.rows(assigned(relevant)), expected), 1e-13);
  if (Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD) == 1)
    return;
  VectorType without(owned, MPI_COMM_WORLD);
  problem.fill(without);
  expect_error("  without ghosts", [&]() { problem.rows(without); });
  expect_error("  too few ghosts",
               [&]() { problem.rows(assigned(insufficient)); });
}



/**
 * The relevant degrees of freedom but one that a cell of the last rank needs.
 */
IndexSet
too_few(const Problem &problem)
{
  IndexSet result = problem.relevant;
  if (Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) + 1 ==
      Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD))
    {
      IndexSet active;
      DoFTools::extract_locally_active_dofs(problem.dof_handler, active);
      active.subtract_set(problem.owned);
      if (active.n_elements() > 0)
        {
          IndexSet one(active.size());
          one.add_index(active.nth_index_in_set(0));
          result.subtract_set(one);
        }
    }
  return result;
}



/**
 * The samples of a vector that each rank has as a whole.
 */
SampleSet
expected_rows(const Problem &problem)
{
  Vector<double> vector(problem.dof_handler.n_dofs());
  problem.fill(vector);
  return problem.rows(vector);
}



void
check_vectors(const Problem &problem)
{
  const SampleSet expected     = expected_rows(problem);
  const IndexSet  insufficient = too_few(problem);
  check_ghosted<TrilinosWrappers::MPI::Vector>("Trilinos",
                                               problem,
                                               expected,
                                               problem.owned,
                                               problem.relevant,
                                               insufficient);
  check_ghosted<PETScWrappers::MPI::Vector>(
    "PETSc", problem, expected, problem.owned, problem.relevant, insufficient);
  check_ghosted<LinearAlgebra::distributed::Vector<double>>("deal.II",
                                                            problem,
                                                            expected,
                                                            problem.owned,
                                                            problem.relevant,
                                                            insufficient);
}



void
check_block_vectors(const Problem &problem)
{
  const SampleSet     expected = expected_rows(problem);
  Vector<double>      vector(problem.dof_handler.n_dofs());
  BlockVector<double> blocks(std::vector<types::global_dof_index>{
    problem.owned_blocks[0].size(), problem.owned_blocks[1].size()});
  problem.fill(vector);
  blocks = vector;
  check("BlockVector", difference(problem.rows(blocks), expected), 1e-13);

  const IndexSet              few     = too_few(problem);
  const auto                  n       = problem.owned_blocks[0].size();
  const std::vector<IndexSet> too_few = {few.get_view(0, n),
                                         few.get_view(n, few.size())};
  check_ghosted<TrilinosWrappers::MPI::BlockVector>("Trilinos blocks",
                                                    problem,
                                                    expected,
                                                    problem.owned_blocks,
                                                    problem.relevant_blocks,
                                                    too_few);
  check_ghosted<PETScWrappers::MPI::BlockVector>("PETSc blocks",
                                                 problem,
                                                 expected,
                                                 problem.owned_blocks,
                                                 problem.relevant_blocks,
                                                 too_few);
  check_ghosted<LinearAlgebra::distributed::BlockVector<double>>(
    "deal.II blocks",
    problem,
    expected,
    problem.owned_blocks,
    problem.relevant_blocks,
    too_few);
}



void
check_requests(const Problem &problem)
{
  Vector<double> vector(problem.dof_handler.n_dofs());
  problem.fill(vector);
  const QGauss<2> quadrature(2);
  const auto      rows = [&](const SampleRequest<2> &request) {
    return all_rows_of(sample(
      problem.mapping, problem.dof_handler, vector, quadrature, request));
  };
  const auto boundary_rows = [&](const SampleRequest<2> &request) {
    return all_rows_of(sample_boundary(
      problem.mapping, problem.dof_handler, vector, QGauss<1>(2), request));
  };

  // component 1 alone has the columns of component 1, counted from 0
  const SampleSet  all = rows({0, 1});
  SampleRequest<2> second({0, 1});
  second.components = problem.fe.component_mask(FEValuesExtractors::Scalar(1));
  const Samples of_second =
    sample(problem.mapping, problem.dof_handler, vector, quadrature, second);
  check("columns of a component",
        of_second.columns() == jet_entries_of_orders(2, 1, {0, 1}));
  SampleSet expected = all;
  for (auto &row : expected)
    row.erase(row.begin() + 3, row.begin() + 6);
  sort_rows(expected);
  check("a component", difference(all_rows_of(of_second), expected), 1e-13);

  // cells
  SampleRequest<2> upper({0, 1});
  upper.cells = IteratorFilters::MaterialIdEqualTo(7);
  expected.clear();
  for (const auto &row : all)
    if (row[1] > 0.)
      expected.push_back(row);
  check("material", difference(rows(upper), expected), 1e-13);
  SampleRequest<2> first_rank({0, 1});
  first_rank.cells       = IteratorFilters::SubdomainEqualTo(0);
  const Samples of_first = sample(
    problem.mapping, problem.dof_handler, vector, quadrature, first_rank);
  check("subdomain",
        (of_first.size() > 0) ==
          (Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0));

  // boundary: 0 is the left side, 1 the right one, as deal.II colours a cube
  SampleRequest<2> sides({0});
  sides.boundary_ids       = {0, 1};
  const SampleSet on_sides = boundary_rows(sides);
  check("boundary ids",
        std::all_of(on_sides.begin(),
                    on_sides.end(),
                    [](const auto &row) {
                      return std::abs(std::abs(row[0]) - 1.) < 1e-14;
                    }) &&
          std::abs(sum_of_weights(on_sides, 2) - 4.) < 1e-12);

  // another quadrature for one material
  SampleRequest<2> chosen({0});
  chosen.quadrature_index = [](const auto &cell) {
    return cell->material_id() == 7 ? 1u : 0u;
  };
  const SampleSet by_material =
    all_rows_of(sample(hp::MappingCollection<2>(problem.mapping),
                       problem.dof_handler,
                       Snapshot<Vector<double>>(vector),
                       hp::QCollection<2>(QGauss<2>(1), QGauss<2>(3)),
                       chosen));
  const auto n_upper =
    std::count_if(by_material.begin(), by_material.end(), [](const auto &row) {
      return row[1] > 0;
    });
  check("quadrature by material",
        unsigned(n_upper) ==
            9 * problem.triangulation.n_global_active_cells() / 2 &&
          std::abs(sum_of_weights(by_material, 2) - 4.) < 1e-12);

  // what a term with an equation needs
  check("points only",
        rows(std::vector<unsigned int>()).size() == rows({0}).size());

  // errors
  expect_error("no such id", [&]() {
    SampleRequest<2> request({0});
    request.boundary_ids = {1, 9};
    boundary_rows(request);
  });
  expect_error("no such material", [&]() {
    SampleRequest<2> request({0});
    request.cells = IteratorFilters::MaterialIdEqualTo(5);
    rows(request);
  });
  expect_error("no such material at the boundary", [&]() {
    SampleRequest<2> request({0});
    request.cells = IteratorFilters::MaterialIdEqualTo(5);
    boundary_rows(request);
  });
  expect_error("mask of three", [&]() {
    SampleRequest<2> request({0});
    request.components = ComponentMask(3, true);
    rows(request);
  });
  expect_error("mask of nothing", [&]() {
    SampleRequest<2> request({0});
    request.components = ComponentMask(2, false);
    rows(request);
  });
  expect_error("communicator of a distributed mesh", [&]() {
    SampleRequest<2> request({0});
    request.communicator = MPI_COMM_WORLD;
    rows(request);
  });
  expect_error("no degrees of freedom", [&]() {
    const DoFHandler<2> empty(problem.triangulation);
    sample(problem.mapping, empty, Vector<double>(), quadrature, {0});
  });
  expect_error("another DoFHandler", [&]() {
    DoFHandler<2> other(problem.triangulation);
    other.distribute_dofs(FESystem<2>(FE_Q<2>(1), 2));
    try
      {
        sample(problem.mapping, other, vector, quadrature, {0});
      }
    catch (const AgreedError &error)
      {
        const std::string message = error.what();
        throw AgreedError(message.substr(message.find("they do")));
      }
  });
  expect_error("not a number", [&]() {
    Vector<double> bad = vector;
    bad                = std::numeric_limits<double>::quiet_NaN();
    try
      {
        sample(problem.mapping, problem.dof_handler, bad, quadrature, {0});
      }
    catch (const AgreedError &error)
      {
        const std::string message = error.what();
        throw AgreedError(message.substr(0, message.find(" at point")));
      }
  });
}



/**
 * A solution at a time, for a parameter, with its derivatives by both.
 */
void
check_snapshots(const Problem &problem)
{
  Vector<double> u(problem.dof_handler.n_dofs()), rate(u), sensitivity(u);
  problem.fill(u);
  rate.equ(-2., u);
  sensitivity.equ(3., u);
  SampleRequest<2> request({0, 1, 2});
  request.components = problem.fe.component_mask(FEValuesExtractors::Scalar(0));
  const Samples samples =
    sample(problem.mapping,
           problem.dof_handler,
           Snapshot<Vector<double>>(
             u, {0.5, 8.}, {{{1, 0}, &rate}, {{0, 1}, &sensitivity}}),
           QGauss<2>(2),
           request);
  check("coordinates",
        samples.n_coordinates() == 4 &&
          (samples.size() == 0 ||
           (samples.point(0)[2] == 0.5 && samples.point(0)[3] == 8.)));
  // of the second derivatives those by time and parameter twice are unknown
  check("columns", samples.columns().size() == 1 + 4 + 3 + 2 + 2);
  const auto column = [&](const MultiIndex &derivative) {
    return samples.column_of({0, derivative});
  };
  double error = 0;
  for (unsigned int i = 0; i < samples.size(); ++i)
    {
      const double *const row = samples.observations(i);
      const auto          compare =
        [&](const MultiIndex &a, const MultiIndex &b, const double factor) {
          error =
            std::max(error, std::abs(row[column(a)] - factor * row[column(b)]));
        };
      compare({0, 0, 1, 0}, {0, 0, 0, 0}, -2.);
      compare({1, 0, 1, 0}, {1, 0, 0, 0}, -2.);
      compare({0, 1, 0, 1}, {0, 1, 0, 0}, 3.);
      compare({0, 0, 0, 1}, {0, 0, 0, 0}, 3.);
    }
  check("rate and sensitivity", error, 1e-12);
  // nobody passes a rate for nothing
  expect_error("a rate that is not asked for", [&]() {
    sample(problem.mapping,
           problem.dof_handler,
           Snapshot<Vector<double>>(u, {0.5, 8.}, {{{1, 0}, &rate}}),
           QGauss<2>(2),
           {0});
  });
  expect_error("a second rate for first derivatives", [&]() {
    sample(problem.mapping,
           problem.dof_handler,
           Snapshot<Vector<double>>(
             u, {0.5, 8.}, {{{1, 0}, &rate}, {{1, 1}, &rate}}),
           QGauss<2>(2),
           {0, 1});
  });
  expect_error("two rates", [&]() {
    sample(
      problem.mapping,
      problem.dof_handler,
      Snapshot<Vector<double>>(u, {0.5}, {{{1}, &rate}, {{1}, &sensitivity}}),
      QGauss<2>(2),
      {1});
  });
  expect_error("a derivative of no coordinate", [&]() {
    sample(problem.mapping,
           problem.dof_handler,
           Snapshot<Vector<double>>(u, {0.5}, {{{1, 0}, &rate}}),
           QGauss<2>(2),
           {1});
  });
}



DERL_TEST(sample_vectors)
{
  initlog();

  check_vectors(Problem(false));
  const Problem problem(true);
  check_block_vectors(problem);
  check_requests(problem);
  check_snapshots(problem);
}
} // namespace test_sample_vectors
