// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Samples of a finite element solution or of a function must hold the right
// derivatives in the right columns, with weights that add up to the domain's
// size, on the rank that owns the cell; bad numbers and requests are errors on
// all ranks.

#include <derl/data/sources.h>

#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/fe/mapping_q1.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/trilinos_vector.h>

#include <limits>

#include "estimator_tests.h"

namespace test_sampling
{
/**
 * Cubic polynomials, which elements of degree three represent exactly.
 */
template <int dim>
class Cubic : public Polynomial<dim>
{
public:
  explicit Cubic(const unsigned int n_components)
    : Polynomial<dim>(std::vector<unsigned int>(n_components, 3))
  {
  }
};



template <int dim>
Point<dim>
point_of(const Samples &samples, const unsigned int i)
{
  Point<dim> x;
  for (unsigned int d = 0; d < dim; ++d)
    x[d] = samples.point(i)[d];
  return x;
}



/**
 * The largest error of any observation.
 */
template <int dim>
double
observation_error(const Samples &samples, const KnownFunction<dim> &function)
{
  double error = 0;
  for (const unsigned int order : {0, 1, 2, 3})
    error = std::max(error, error_of_order<dim>(samples, function, order));
  return error;
}



double
sum_of_weights(const Samples &samples)
{
  double sum = 0;
  for (unsigned int i = 0; i < samples.size(); ++i)
    sum += samples.weight(i);
  return Utilities::MPI::sum(sum, MPI_COMM_WORLD);
}



template <int dim>
struct Problem
{
  Problem(const unsigned int n_components)
    : triangulation(MPI_COMM_WORLD)
    , fe(FE_Q<dim>(3), n_components)
    , dof_handler(triangulation)
    , function(n_components)
  {
    // hanging nodes in between
    GridGenerator::hyper_cube(triangulation, -1, 1);
    triangulation.refine_global(dim == 2 ? 3 : 2);
    for (const auto &cell : triangulation.active_cell_iterators())
      if (cell->is_locally_owned() && cell->center()[0] < 0 &&
          cell->center()[1] < -0.5)
        cell->set_refine_flag();
    triangulation.execute_coarsening_and_refinement();
    dof_handler.distribute_dofs(fe);
    DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
    TrilinosWrappers::MPI::Vector owned(dof_handler.locally_owned_dofs(),
                                        MPI_COMM_WORLD);
    VectorTools::interpolate(dof_handler, function, owned);
    trilinos.reinit(dof_handler.locally_owned_dofs(), relevant, MPI_COMM_WORLD);
    trilinos = owned;

    distributed.reinit(
      dof_handler.locally_owned_dofs(), relevant, MPI_COMM_WORLD);
    VectorTools::interpolate(dof_handler, function, distributed);
    distributed.update_ghost_values();
  }

  parallel::distributed::Triangulation<dim>  triangulation;
  const FESystem<dim>                        fe;
  DoFHandler<dim>                            dof_handler;
  const Cubic<dim>                           function;
  const MappingQ1<dim>                       mapping;
  IndexSet                                   relevant;
  TrilinosWrappers::MPI::Vector              trilinos;
  LinearAlgebra::distributed::Vector<double> distributed;
};



/**
 * Whether the samples are those of the locally owned cells in turn.
 */
template <int dim>
bool
lie_in_owned_cells(const Samples         &samples,
                   const DoFHandler<dim> &dof_handler,
                   const unsigned int     n_per_cell)
{
  unsigned int i = 0;
  for (const auto &cell : dof_handler.active_cell_iterators())
    if (cell->is_locally_owned())
      for (unsigned int q = 0; q < n_per_cell; ++q, ++i)
        if (i >= samples.size() ||
            !cell->point_inside(point_of<dim>(samples, i)))
          return false;
  return i == samples.size();
}



template <int dim, typename VectorType>
void
check_solution(const std::string  &name,
               const Problem<dim> &problem,
               const VectorType   &solution,
               const unsigned int  n_components)
{
  const QGauss<dim> quadrature(3);
  deallog << dim << "d, " << n_components << " components, " << name
          << std::endl;
  for (const auto &orders : std::vector<std::vector<unsigned int>>{
         {jet_values}, {jet_gradients}, {jet_hessians}, {2, 0, 3, 1}})
    {
      const Samples samples = sample(problem.mapping,
                                     problem.dof_handler,
                                     solution,
                                     quadrature,
                                     SampleRequest<dim>(orders));
      check("  columns",
            samples.columns() ==
                jet_entries_of_orders(dim, n_components, orders) &&
              samples.n_coordinates() == dim);
      // round-off in the values, divided by the cell size once per order
      check("  observations",
            observation_error(samples, problem.function),
            std::count(orders.begin(), orders.end(), 3u) > 0 ? 1e-8 : 1e-10);
      check("  volume",
            std::abs(sum_of_weights(samples) - std::pow(2., dim)),
            1e-12);
      check(
        "  on the owner",
        lie_in_owned_cells(samples, problem.dof_handler, quadrature.size()));
      check("  number",
            Utilities::MPI::sum(samples.size(), MPI_COMM_WORLD) ==
              problem.triangulation.n_global_active_cells() *
                quadrature.size());
    }

  const Samples samples = sample_boundary(problem.mapping,
                                          problem.dof_handler,
                                          solution,
                                          QGauss<dim - 1>(3),
                                          {0, 1, 2});
  check("  boundary observations",
        observation_error(samples, problem.function),
        1e-10);
  check("  boundary area",
        std::abs(sum_of_weights(samples) - 2 * dim * std::pow(2., dim - 1)),
        1e-12);
  double distance = 0;
  for (unsigned int i = 0; i < samples.size(); ++i)
    {
      double largest = 0;
      for (unsigned int d = 0; d < dim; ++d)
        largest = std::max(largest, std::abs(samples.point(i)[d]));
      distance = std::max(distance, std::abs(largest - 1.));
    }
  check("  boundary points", distance, 1e-14);

  SampleRequest<dim> request = {jet_values};
  request.weighting          = SampleWeighting::cell;
  check(
    "  cells of equal weight",
    std::abs(
      sum_of_weights(sample(
        problem.mapping, problem.dof_handler, solution, quadrature, request)) -
      problem.triangulation.n_global_active_cells()),
    1e-10);
}



template <int dim>
void
check_mesh_samples(const unsigned int n_components)
{
  Problem<dim> problem(n_components);
  check_solution("Trilinos", problem, problem.trilinos, n_components);
  check_solution("deal.II", problem, problem.distributed, n_components);

  const QGauss<dim> quadrature(2);
  const auto        sample_with = [&](const std::vector<unsigned int> &orders) {
    return sample_function(problem.mapping,
                           problem.dof_handler,
                           problem.function,
                           quadrature,
                           SampleRequest<dim>(orders));
  };
  const Samples samples = sample_with({1, 2});
  check("  function on the mesh",
        observation_error(samples, problem.function) == 0. &&
          lie_in_owned_cells(samples, problem.dof_handler, quadrature.size()));
  check(
    "  volume", std::abs(sum_of_weights(samples) - std::pow(2., dim)), 1e-12);

  expect_error("order", [&]() { sample_with({3}); });
  expect_error("order", [&]() {
    sample(problem.mapping,
           problem.dof_handler,
           problem.trilinos,
           quadrature,
           {0, 4});
  });

  // The last rank has a bad number inside of a cell, which no other rank sees
  const unsigned int rank = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  if (rank == Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD) - 1)
    for (const auto &cell : problem.dof_handler.active_cell_iterators())
      if (cell->is_locally_owned())
        {
          std::vector<types::global_dof_index> dofs(
            problem.fe.n_dofs_per_cell());
          cell->get_dof_indices(dofs);
          problem.distributed(dofs.back()) =
            std::numeric_limits<double>::quiet_NaN();
          break;
        }
  expect_error("bad solution", [&]() {
    try
      {
        sample(problem.mapping,
               problem.dof_handler,
               problem.distributed,
               quadrature,
               {0});
      }
    catch (const AgreedError &error)
      {
        // where the last rank begins depends on the number of ranks
        const std::string message = error.what();
        throw AgreedError(message.substr(0, message.find(" at point")));
      }
  });
}



/**
 * Each rank must keep a contiguous share, and the shares must be equal.
 */
void
check_share(const std::vector<Point<2>> &points)
{
  const Cubic<2> function(2);
  const Samples  samples =
    sample_function(MPI_COMM_WORLD, function, points, {0, 1, 2});
  check("function at points", observation_error(samples, function), 0.);
  check("weights", sum_of_weights(samples) == points.size());

  std::vector<double> all, expected;
  const auto          gathered =
    Utilities::MPI::all_gather(MPI_COMM_WORLD, samples.points());
  for (const auto &share : gathered)
    all.insert(all.end(), share.begin(), share.end());
  for (const Point<2> &point : points)
    expected.insert(expected.end(), {point[0], point[1]});
  check("contiguous shares", all == expected);
  check("equal shares",
        Utilities::MPI::max(samples.size(), MPI_COMM_WORLD) -
            Utilities::MPI::min(samples.size(), MPI_COMM_WORLD) <=
          1);
}



void
check_point_sets()
{
  // The first points of the published data set with this seed
  const auto random = random_points<2>({-1, -1}, {1, 1}, 1000, 30);
  deallog << random.size() << " random points: " << random[0] << ", "
          << random[1] << ", " << random[2] << std::endl;
  const auto in_box = random_points<3>({0, 2, -1}, {1, 4, -0.5}, 100, 1);
  check("box", std::all_of(in_box.begin(), in_box.end(), [](const Point<3> &x) {
          return x[0] >= 0 && x[0] < 1 && x[1] >= 2 && x[1] < 4 && x[2] >= -1 &&
                 x[2] < -0.5;
        }));

  const auto grid = grid_points<2>({-1, -1}, {1, 1}, 99);
  deallog << grid.size() << " grid points: " << grid[0] << ", " << grid[1]
          << ", " << grid[99] << " ... " << grid.back() << std::endl;
  const auto boundary = boundary_grid_points<2>({-1, -1}, {1, 1}, 101);
  deallog << boundary.size() << " boundary points: " << boundary[0] << ", "
          << boundary[1] << ", " << boundary[101] << ", " << boundary[202]
          << " ... " << boundary.back() << std::endl;
  check("on the boundary",
        std::all_of(boundary.begin(), boundary.end(), [](const Point<2> &x) {
          return std::max(std::abs(x[0]), std::abs(x[1])) == 1.;
        }));
  const auto in_3d = boundary_grid_points<3>({0, 0, 0}, {1, 2, 3}, 4);
  deallog << grid_points<3>({0, 0, 0}, {1, 2, 3}, 4).size() << " and "
          << in_3d.size() << " points in 3d" << std::endl;
  check("on the boundary, 3d",
        std::all_of(in_3d.begin(), in_3d.end(), [](const Point<3> &x) {
          return x[0] == 0 || x[0] == 1 || x[1] == 0 || x[1] == 2 ||
                 x[2] == 0 || x[2] == 3;
        }));
  expect_error("one point", []() {
    boundary_grid_points<2>({-1, -1}, {1, 1}, 1);
  });

  check_share(random);
  check_share({{0.5, 0.25}, {-0.5, 1.}});
  check_share({});
  expect_error("order", [&]() {
    sample_function(MPI_COMM_WORLD, Cubic<2>(1), random, {0, 3});
  });
}



void
check_table()
{
  const double nan = std::numeric_limits<double>::quiet_NaN(),
               inf = std::numeric_limits<double>::infinity();
  for (const auto &numbers :
       std::vector<std::vector<double>>{{nan, 0.5, 1., 1.},
                                        {0.25, -inf, 1., 1.},
                                        {0.25, 0.5, inf, 1.},
                                        {0.25, 0.5, 1., nan},
                                        {0.25, 0.5, 1., inf},
                                        {0.25, 0.5, 1., 0.},
                                        {0.25, 0.5, 1., -1.}})
    {
      Samples                   samples(2, {{0, {0, 1}}}, "measurements");
      const std::vector<double> good = {0., 0., 0., 1.};
      for (const auto &row : {good, numbers})
        samples.add(ArrayView<const double>(&row[0], 2),
                    ArrayView<const double>(&row[2], 1),
                    row[3]);
      expect_error("check", [&]() { samples.check(); });
    }

  const Samples samples(2, {{0, {0, 1}}, {1, {0, 0}}}, "measurements");
  check("columns",
        samples.column_of({0, {0, 1}}) == 0 &&
          samples.column_of({1, {0, 0}}) == 1);
  expect_error("component", [&]() { samples.column_of({1, {0, 1}}); });
  expect_error("derivative", [&]() { samples.column_of({0, {1, 0}}); });
  expect_error("coordinates", [&]() { samples.column_of({0, {0, 1, 0}}); });
}



DERL_TEST(sampling)
{
  initlog();

  check_mesh_samples<2>(1);
  check_mesh_samples<2>(2);
  check_mesh_samples<3>(1);
  check_mesh_samples<3>(2);
  check_point_sets();
  check_table();
}
} // namespace test_sampling
