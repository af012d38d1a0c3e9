// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Derivatives from differences of values: their order in the step inside of a
// domain and at its boundary, finite element solutions at points of other
// ranks, errors.

#include <derl/data/sources.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/fe/mapping_q.h>

#include <deal.II/grid/grid_generator.h>

#include "estimator_tests.h"

namespace test_differences
{
/**
 * Points in the unit cube, some of them on its boundary, others for each rank;
 * the last one of several has none.
 */
template <int dim>
std::vector<Point<dim>>
some_points()
{
  const unsigned int rank = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  std::vector<Point<dim>> points;
  if (rank > 0 && rank + 1 == Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD))
    return points;
  for (unsigned int i = 0; i < 12; ++i)
    {
      Point<dim> x;
      for (unsigned int d = 0; d < dim; ++d)
        x[d] = 0.4 + 0.2 * std::sin(5. * i + 3. * d + rank);
      if (i % 3 == 1)
        x[i % dim] = (i % 2);
      if (i % 4 == 2)
        x[0] = x[dim - 1] = 0.;
      points.push_back(x);
    }
  return points;
}



template <int dim>
PointEvaluation<dim>
inside_unit_cube(const Function<dim> &function)
{
  const PointEvaluation<dim> everywhere = evaluate_at_points(function);
  return [everywhere](const std::vector<Point<dim>> &points) {
    PointValues result = everywhere(points);
    for (unsigned int i = 0; i < points.size(); ++i)
      for (unsigned int d = 0; d < dim; ++d)
        if (points[i][d] < 0 || points[i][d] > 1)
          {
            result.found[i]  = false;
            result.values[i] = 1e10;
          }
    return result;
  };
}



template <int dim>
void
check_orders(const bool bounded)
{
  const Sines<dim>           sines;
  const PointEvaluation<dim> evaluation =
    bounded ? inside_unit_cube<dim>(sines) : evaluate_at_points<dim>(sines);
  for (const unsigned int accuracy : {1, 2, 4})
    for (const unsigned int order : {0, 1, 2, 3})
      {
        const auto error = [&](const double step) {
          return Utilities::MPI::max(
            error_of_order<dim>(sample_differences(MPI_COMM_WORLD,
                                                   evaluation,
                                                   1,
                                                   some_points<dim>(),
                                                   {order},
                                                   step,
                                                   accuracy),
                                sines,
                                order),
            MPI_COMM_WORLD);
        };
        const double coarse = error(0.04), fine = error(0.02);
        check(std::to_string(dim) + "d, " + (bounded ? "bounded" : "free") +
                ", derivative " + std::to_string(order) + ", order " +
                std::to_string(accuracy),
              order == 0
                ? fine < 1e-15
                : fine < (accuracy == 1 ? 0.2 : 1e-2) &&
                    std::abs(std::log2(coarse / fine) - accuracy) < 0.5);
      }
}



void
check_solution()
{
  parallel::distributed::Triangulation<2> square(MPI_COMM_WORLD);
  GridGenerator::hyper_cube(square);
  square.refine_global(3);
  const MappingQ<2> mapping(1);
  DoFHandler<2>     dof_handler(square);
  dof_handler.distribute_dofs(FESystem<2>(FE_Q<2>(3), 2));
  const Polynomial<2> polynomial({3, 2});
  const VectorType solution = interpolate<2>(mapping, dof_handler, polynomial);
  const Samples    samples =
    sample_differences(MPI_COMM_WORLD,
                       evaluate_at_points<2>(mapping, dof_handler, solution),
                       2,
                       some_points<2>(),
                       {0, 1, 2, 3},
                       0.05);
  for (const unsigned int order : {0, 1, 2, 3})
    check("solution, derivative " + std::to_string(order),
          error_of_order<2>(samples, polynomial, order),
          1e-11 * std::pow(20., order));

  const auto sample_at = [&](const Point<2> &x, const double step) {
    const bool first = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0;
    sample_differences(MPI_COMM_WORLD,
                       evaluate_at_points<2>(mapping, dof_handler, solution),
                       2,
                       first ? std::vector<Point<2>>{x}
                             : std::vector<Point<2>>(),
                       {1},
                       step);
  };
  expect_error("outside", [&]() { sample_at(Point<2>(0.5, 1.5), 0.1); });
  expect_error("large step", [&]() { sample_at(Point<2>(0.5, 0.5), 0.3); });
  expect_error("no step", [&]() { sample_at(Point<2>(0.5, 0.5), 0.); });
}



DERL_TEST(differences)
{
  initlog();

  check_orders<1>(false);
  check_orders<2>(false);
  check_orders<2>(true);
  check_orders<3>(true);
  check_solution();

  const Sines<1> sines;
  expect_error("accuracy", [&]() {
    sample_differences(
      MPI_COMM_WORLD, evaluate_at_points<1>(sines), 1, {}, {1}, 0.1, 3);
  });
  expect_error("order", [&]() {
    sample_differences(
      MPI_COMM_WORLD, evaluate_at_points<1>(sines), 1, {}, {4}, 0.1, 2);
  });
  const std::vector<Point<1>> points = {Point<1>(0.5)};
  expect_error("components", [&]() {
    sample_differences(
      MPI_COMM_WORLD, evaluate_at_points<1>(sines), 2, points, {1}, 0.1);
  });
  // on one rank only, and there only beside the point
  const ScalarFunctionFromFunctionObject<1> partial([&](const Point<1> &x) {
    AssertThrow(x[0] == 0.5 ||
                  Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) > 0,
                ExcMessage("no value"));
    return x[0];
  });
  expect_error("a throwing function", [&]() {
    sample_differences(
      MPI_COMM_WORLD, evaluate_at_points<1>(partial), 1, points, {1}, 0.1);
  });
}
} // namespace test_differences
