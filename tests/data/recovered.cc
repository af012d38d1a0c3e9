// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Recovered derivatives: polynomials of one degree more than the element's are
// exact everywhere on all kinds of meshes, values on ranks are those of a
// serial run, orders of convergence. Variances of raw derivatives follow from
// recovered ones.

#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/fully_distributed_tria.h>
#include <deal.II/distributed/shared_tria.h>
#include <deal.II/distributed/tria.h>

#include <deal.II/fe/fe_dgp.h>
#include <deal.II/fe/fe_dgq.h>
#include <deal.II/fe/fe_nothing.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_simplex_p.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/fe/mapping_fe.h>
#include <deal.II/fe/mapping_q.h>

#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/grid_tools.h>

#include <numeric>

#include "estimator_tests.h"
#include "sample_sets.h"

namespace test_recovered
{
template <int dim>
SampleRequest<dim>
recovered(const std::vector<unsigned int> &orders)
{
  return request<dim>(Estimator::recovered, orders);
}



/**
 * A component of degree p has a polynomial of degree p+1. The values at hanging
 * nodes are the polynomial's.
 */
template <int dim>
void
check_exactness(const std::string               &name,
                const Triangulation<dim>        &triangulation,
                const Mapping<dim>              &mapping,
                const FiniteElement<dim>        &fe,
                const std::vector<unsigned int> &degrees,
                const double                     tolerance)
{
  DoFHandler<dim> dof_handler(triangulation);
  dof_handler.distribute_dofs(fe);
  const Polynomial<dim> polynomial(degrees);
  const VectorType      solution =
    interpolate<dim>(mapping, dof_handler, polynomial);
  const auto reference = triangulation.get_reference_cells()[0];
  const auto quadrature =
    reference.template get_gauss_type_quadrature<dim>(fe.degree);
  // constants in a corner determine no second derivatives
  std::vector<unsigned int> orders = {0};
  while (orders.size() <=
         std::min(3u, *std::min_element(degrees.begin(), degrees.end())))
    orders.push_back(orders.size());
  const Samples samples =
    sample(mapping, dof_handler, solution, quadrature, recovered<dim>(orders));
  for (const unsigned int order : orders)
    check(name + ", order " + std::to_string(order),
          error_of_order<dim>(samples, polynomial, order),
          tolerance * std::pow(10., order));

  if constexpr (dim > 1)
    {
      const auto face_quadrature =
        reference.face_reference_cell(0)
          .template get_gauss_type_quadrature<dim - 1>(fe.degree);
      const Samples at_boundary = sample_boundary(
        mapping, dof_handler, solution, face_quadrature, recovered<dim>({1}));
      check(name + ", boundary",
            error_of_order<dim>(at_boundary, polynomial, 1),
            tolerance * 100);
    }
}



template <int dim>
void
make_distorted(Triangulation<dim> &triangulation)
{
  Triangulation<dim> regular, distorted;
  GridGenerator::hyper_cube(regular, -1, 1);
  regular.refine_global(3);
  GridTools::distort_random(0.25, regular, true, 7);
  GridGenerator::flatten_triangulation(regular, distorted);
  triangulation.copy_triangulation(distorted);
}



void
check_meshes()
{
  {
    parallel::shared::Triangulation<1> line(MPI_COMM_WORLD);
    GridGenerator::subdivided_hyper_cube(line, 5, -1, 1);
    check_exactness<1>("1d, P1", line, MappingQ<1>(1), FE_Q<1>(1), {2}, 1e-12);
    check_exactness<1>("1d, P3", line, MappingQ<1>(1), FE_Q<1>(3), {4}, 1e-11);
  }
  {
    parallel::distributed::Triangulation<2> square(MPI_COMM_WORLD);
    GridGenerator::hyper_cube(square, -1, 1);
    square.refine_global(3);
    refine_part(square);
    refine_part(square);
    const MappingQ<2> mapping(1);
    check_exactness<2>("2d, Q1", square, mapping, FE_Q<2>(1), {2}, 1e-12);
    check_exactness<2>("2d, Q3", square, mapping, FE_Q<2>(3), {4}, 1e-11);
    check_exactness<2>(
      "2d, discontinuous", square, mapping, FE_DGQ<2>(1), {2}, 1e-12);
    check_exactness<2>(
      "2d, Q2-Q1 and constants",
      square,
      mapping,
      FESystem<2>(FE_Q<2>(2), 2, FE_Q<2>(1), 1, FE_DGQ<2>(0), 1),
      {3, 3, 2, 1},
      1e-11);
    check_exactness<2>(
      "2d, a system in a system",
      square,
      mapping,
      FESystem<2>(FESystem<2>(FE_Q<2>(2), 2, FE_Q<2>(1), 1), 1, FE_Q<2>(1), 1),
      {3, 3, 2, 2},
      1e-11);
  }
  {
    parallel::distributed::Triangulation<2> square(MPI_COMM_WORLD);
    make_distorted(square);
    const MappingQ<2> mapping(1);
    check_exactness<2>("distorted", square, mapping, FE_Q<2>(2), {3}, 1e-11);
  }
  {
    // stretched by 10^4, and turned
    parallel::distributed::Triangulation<2> square(MPI_COMM_WORLD);
    GridGenerator::subdivided_hyper_rectangle(
      square, {8, 8}, Point<2>(0, 0), Point<2>(1, 1e-4));
    GridTools::rotate(0.5, square);
    const MappingQ<2> mapping(1);
    check_exactness<2>("stretched", square, mapping, FE_Q<2>(1), {1}, 1e-9);
  }
  {
    parallel::distributed::Triangulation<2> ball(MPI_COMM_WORLD);
    GridGenerator::hyper_ball(ball);
    ball.refine_global(2);
    refine_part(ball);
    check_exactness<2>("curved", ball, MappingQ<2>(3), FE_Q<2>(2), {3}, 1e-11);
  }
  {
    parallel::distributed::Triangulation<3> cube(MPI_COMM_WORLD);
    GridGenerator::hyper_cube(cube, -1, 1);
    cube.refine_global(2);
    refine_part(cube);
    const MappingQ<3> mapping(1);
    check_exactness<3>("3d, Q1", cube, mapping, FE_Q<3>(1), {2}, 1e-12);
  }
  {
    Triangulation<2> serial;
    GridGenerator::subdivided_hyper_cube_with_simplices(serial, 5, -1, 1);
    GridTools::partition_triangulation_zorder(
      Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD), serial);
    parallel::fullydistributed::Triangulation<2> triangles(MPI_COMM_WORLD);
    triangles.create_triangulation(
      TriangulationDescription::Utilities::
        create_description_from_triangulation(serial, MPI_COMM_WORLD));
    const MappingFE<2> mapping(FE_SimplexP<2>(1));
    check_exactness<2>(
      "triangles, P1", triangles, mapping, FE_SimplexP<2>(1), {2}, 1e-12);
    check_exactness<2>(
      "triangles, P2", triangles, mapping, FE_SimplexP<2>(2), {3}, 1e-11);
  }
  {
    Triangulation<3> serial;
    GridGenerator::subdivided_hyper_cube_with_simplices(serial, 2, -1, 1);
    GridTools::partition_triangulation_zorder(
      Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD), serial);
    parallel::fullydistributed::Triangulation<3> tetrahedra(MPI_COMM_WORLD);
    tetrahedra.create_triangulation(
      TriangulationDescription::Utilities::
        create_description_from_triangulation(serial, MPI_COMM_WORLD));
    const MappingFE<3> mapping(FE_SimplexP<3>(1));
    check_exactness<3>(
      "tetrahedra", tetrahedra, mapping, FE_SimplexP<3>(2), {3}, 1e-11);
  }
}



/**
 * An element without nodes represents polynomials of its own degree.
 */
void
check_without_nodes()
{
  Triangulation<2> square;
  GridGenerator::hyper_cube(square, -1, 1);
  square.refine_global(3);
  const FESystem<2> fe(FE_Q<2>(2), 1, FE_DGP<2>(1), 1);
  DoFHandler<2>     dof_handler(square);
  dof_handler.distribute_dofs(fe);
  const Polynomial<2>       polynomial({2, 1});
  Vector<double>            solution(dof_handler.n_dofs());
  AffineConstraints<double> none;
  none.close();
  VectorTools::project(dof_handler, none, QGauss<2>(4), polynomial, solution);
  const MappingQ<2> mapping(1);
  for (const unsigned int order : {0, 1})
    check(
      "without nodes, order " + std::to_string(order),
      error_of_order<2>(
        sample(
          mapping, dof_handler, solution, QGauss<2>(2), recovered<2>({order})),
        polynomial,
        order),
      1e-8);
}



/**
 * The domain of a solution may end inside of the mesh, and degrees may vary.
 */
void
check_hp()
{
  parallel::distributed::Triangulation<2> square(MPI_COMM_WORLD);
  GridGenerator::hyper_cube(square, -1, 1);
  square.refine_global(3);
  const hp::FECollection<2> fes(FE_Nothing<2>(), FE_Q<2>(1), FE_Q<2>(2));
  DoFHandler<2>             dof_handler(square);
  for (const auto &cell : dof_handler.active_cell_iterators())
    if (cell->is_locally_owned())
      cell->set_active_fe_index(cell->center()[0] < -0.5 ? 0
                                : cell->center()[1] < 0  ? 1
                                                         : 2);
  dof_handler.distribute_dofs(fes);
  const Polynomial<2> polynomial({2});
  IndexSet            relevant;
  DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
  VectorType solution(
    dof_handler.locally_owned_dofs(), relevant, MPI_COMM_WORLD);
  const hp::MappingCollection<2> mappings{MappingQ<2>(1)};
  VectorTools::interpolate(mappings, dof_handler, polynomial, solution);
  solution.update_ghost_values();
  SampleRequest<2> request = recovered<2>({0, 1, 2});
  request.cells = [](const auto &cell) { return cell->active_fe_index() > 0; };
  const Samples samples =
    sample(mappings,
           dof_handler,
           Snapshot<VectorType>(solution),
           hp::QCollection<2>(QGauss<2>(1), QGauss<2>(1), QGauss<2>(2)),
           request);
  for (const unsigned int order : {0, 1, 2})
    check("hp, order " + std::to_string(order),
          error_of_order<2>(samples, polynomial, order),
          1e-10);
}



/**
 * Components that exist in a part of the mesh only: neither the zeros elsewhere
 * nor what lies beyond the interface must get into any estimate.
 */
void
check_interface()
{
  parallel::distributed::Triangulation<2> square(MPI_COMM_WORLD);
  GridGenerator::hyper_cube(square, -1, 1);
  square.refine_global(3);
  refine_part(square);
  const FESystem<2> left(FE_Q<2>(2), 1, FE_Nothing<2>(), 1);
  const FESystem<2> right(FE_Nothing<2>(), 1, FE_Q<2>(1), 1);
  DoFHandler<2>     dof_handler(square);
  for (const auto &cell : dof_handler.active_cell_iterators())
    if (cell->is_locally_owned())
      cell->set_active_fe_index(cell->center()[0] < 0 ? 0 : 1);
  // a system in a system, whose first two components have two parts
  dof_handler.distribute_dofs(hp::FECollection<2>(
    FESystem<2>(left, 1, FE_Q<2>(1), 1), FESystem<2>(right, 1, FE_Q<2>(1), 1)));
  const MappingQ<2>   mapping(1);
  const Polynomial<2> polynomial({2, 1, 1});
  const VectorType solution = interpolate<2>(mapping, dof_handler, polynomial);

  const auto sample_components = [&](const Estimator          estimator,
                                     const std::vector<bool> &selected) {
    SampleRequest<2> interface_request = request<2>(estimator, {0, 1});
    interface_request.components       = ComponentMask(selected);
    return sample(
      mapping, dof_handler, solution, QGauss<2>(2), interface_request);
  };
  // one after the other: each name belongs to an estimator of its own
  for (const EstimatorDescription &each : all_estimators())
    for (unsigned int c = 0; c < 2; ++c)
      {
        const std::string name = to_string(estimator_of_name(each.name));
        const Samples     samples =
          sample_components(each.estimator, {c == 0, c == 1, true});
        check(name + " is said to be the origin",
              samples.origin().find(name) != std::string::npos);
        double area = 0, error = 0;
        for (unsigned int i = 0; i < samples.size(); ++i)
          {
            const Point<2> x(samples.point(i)[0], samples.point(i)[1]);
            area += samples.weight(i);
            for (unsigned int k = 0; k < samples.columns().size(); ++k)
              {
                const auto [selected, derivative] = samples.columns()[k];
                error =
                  std::max(error,
                           std::abs(samples.observations(i)[k] -
                                    polynomial.derivative(
                                      x, selected == 0 ? c : 2, derivative)));
              }
          }
        const std::string what =
          "interface, " + name + ", component " + std::to_string(c);
        check(what + ", area",
              std::abs(Utilities::MPI::sum(area, MPI_COMM_WORLD) - 2.),
              1e-12);
        check(what, error, 1e-10);
      }
  expect_error("no such estimator", []() { estimator_of_name("smoothed"); });
  expect_error("interface, components that meet nowhere", [&]() {
    sample_components(Estimator::raw, {true, true, false});
  });
}



template <int dim>
Samples
sample_sines(const MPI_Comm    &communicator,
             const unsigned int degree,
             const unsigned int n_refinements,
             const bool         adaptive)
{
  parallel::distributed::Triangulation<dim> triangulation(communicator);
  GridGenerator::hyper_cube(triangulation, -1, 1);
  triangulation.refine_global(n_refinements);
  if (adaptive)
    refine_part(triangulation);
  const MappingQ<dim> mapping(1);
  DoFHandler<dim>     dof_handler(triangulation);
  dof_handler.distribute_dofs(FE_Q<dim>(degree));
  return sample(mapping,
                dof_handler,
                interpolate<dim>(mapping, dof_handler, Sines<dim>(), true),
                QGauss<dim>(degree),
                degree == 1 ? recovered<dim>({0, 1, 2})
                            : recovered<dim>({0, 1, 2, 3}));
}



/**
 * On any number of ranks samples are those of a single one.
 */
template <int dim>
void
check_ranks(const unsigned int degree)
{
  check_partition<dim>(std::to_string(dim) + "d, Q" + std::to_string(degree),
                       sample_sines<dim>(MPI_COMM_SELF, degree, 2, true),
                       sample_sines<dim>(MPI_COMM_WORLD, degree, 2, true),
                       1e-13);
}



void
check_orders()
{
  const Sines<2> sines;
  for (unsigned int degree = 1; degree <= 3; ++degree)
    {
      const Samples coarse = sample_sines<2>(MPI_COMM_WORLD, degree, 3, false);
      const Samples fine   = sample_sines<2>(MPI_COMM_WORLD, degree, 4, false);
      for (unsigned int order = 1; order <= std::min(3u, degree + 1); ++order)
        {
          const double e0 = Utilities::MPI::max(
            error_of_order<2>(coarse, sines, order), MPI_COMM_WORLD);
          const double e1 = Utilities::MPI::max(
            error_of_order<2>(fine, sines, order), MPI_COMM_WORLD);
          // that of an interpolant: one more than its own for the gradient
          const double expected = degree + 2. - order;
          check("Q" + std::to_string(degree) + ", derivatives of order " +
                  std::to_string(order) + ", convergence",
                std::log2(e0 / e1) > expected - 0.25);
        }
    }
}



/**
 * Where recovered derivatives are much better than raw ones, the factors of the
 * latter are those from their true errors.
 */
void
check_raw_variances()
{
  parallel::distributed::Triangulation<2> square(MPI_COMM_WORLD);
  make_distorted(square);
  const MappingQ<2> mapping(1);
  DoFHandler<2>     dof_handler(square);
  dof_handler.distribute_dofs(FE_Q<2>(2));
  const Sines<2>   sines;
  const VectorType solution = interpolate<2>(mapping, dof_handler, sines);
  SampleRequest<2> raw      = request<2>(Estimator::raw, {1});
  const Samples    samples =
    sample(mapping, dof_handler, solution, QGauss<2>(3), raw);
  raw.use_variances = false;
  const Samples plain =
    sample(mapping, dof_handler, solution, QGauss<2>(3), raw);
  check("raw, observations without variances",
        difference(rows_of(samples), rows_of(plain)),
        0.);
  check("raw, factors only with variances",
        samples.has_factors() && !plain.has_factors());
  // as at the first of many time steps, which must be like the others
  const Samples of_zero =
    sample(mapping,
           dof_handler,
           interpolate<2>(mapping, dof_handler, Functions::ZeroFunction<2>()),
           QGauss<2>(3),
           request<2>(Estimator::raw, {1}));
  check("raw, factors of zero are one",
        of_zero.has_factors() &&
          std::all_of(of_zero.factors(0),
                      of_zero.factors(0) + 2 * of_zero.size(),
                      [](const double f) { return f == 1.; }));

  for (unsigned int c = 0; c < 2; ++c)
    {
      std::vector<double> squares, weights;
      for (unsigned int i = 0; i < samples.size(); ++i)
        {
          const Point<2> x(samples.point(i)[0], samples.point(i)[1]);
          squares.push_back(
            std::pow(samples.observations(i)[c] -
                       sines.derivative(x, 0, samples.columns()[c].derivative),
                     2));
          weights.push_back(samples.weight(i));
        }
      const auto mean = [&](const std::vector<double> &numbers) {
        return Utilities::MPI::sum(
                 std::inner_product(
                   numbers.begin(), numbers.end(), weights.begin(), 0.),
                 MPI_COMM_WORLD) /
               4.;
      };
      std::vector<double> factors, deviations;
      const double        mean_square = mean(squares);
      for (const double square : squares)
        factors.push_back(1. / (square / mean_square + 0.1));
      const double mean_factor = mean(factors);
      for (unsigned int i = 0; i < samples.size(); ++i)
        deviations.push_back(
          std::abs(samples.factors(i)[c] / (factors[i] / mean_factor) - 1.));
      check("raw, factors from errors", mean(deviations), 0.1);
    }
}



DERL_TEST(recovered)
{
  initlog();

  check_meshes();
  check_without_nodes();
  check_hp();
  check_interface();
  check_ranks<2>(1);
  check_ranks<2>(3);
  check_ranks<3>(1);
  check_ranks<3>(2);
  check_orders();
  check_raw_variances();
}
} // namespace test_recovered
