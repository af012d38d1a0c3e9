// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Projected and averaged derivatives: polynomials of the element's degree are
// exact, the projection is the best approximation, orders of convergence,
// values on ranks are those of a serial run. Superconvergent points.

#include <derl/data/sources.h>

#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/fe/fe_dgp.h>
#include <deal.II/fe/fe_dgq.h>
#include <deal.II/fe/fe_enriched.h>
#include <deal.II/fe/fe_p1nc.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_simplex_p.h>
#include <deal.II/fe/fe_simplex_p_bubbles.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/fe/mapping_fe.h>
#include <deal.II/fe/mapping_q.h>

#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/grid_tools.h>

#include "estimator_tests.h"

namespace test_projected
{
template <int dim>
void
check_exactness(const std::string               &what,
                const Triangulation<dim>        &triangulation,
                const Mapping<dim>              &mapping,
                const FiniteElement<dim>        &fe,
                const std::vector<unsigned int> &degrees)
{
  DoFHandler<dim> dof_handler(triangulation);
  dof_handler.distribute_dofs(fe);
  const Polynomial<dim> polynomial(degrees);
  const VectorType      solution =
    interpolate<dim>(mapping, dof_handler, polynomial);
  const auto quadrature =
    fe.reference_cell().template get_gauss_type_quadrature<dim>(2);
  const auto face_quadrature =
    fe.reference_cell()
      .face_reference_cell(0)
      .template get_gauss_type_quadrature<dim - 1>(2);
  for (const Estimator estimator : {Estimator::projected, Estimator::averaged})
    {
      const Samples samples = sample(mapping,
                                     dof_handler,
                                     solution,
                                     quadrature,
                                     request<dim>(estimator, {0, 1, 2, 3}));
      for (const unsigned int order : {0, 1, 2, 3})
        check(what + ", " + to_string(estimator) + ", order " +
                std::to_string(order),
              error_of_order<dim>(samples, polynomial, order),
              1e-11 * std::pow(10., order));
      check(what + ", " + to_string(estimator) + ", boundary",
            error_of_order<dim>(sample_boundary(mapping,
                                                dof_handler,
                                                solution,
                                                face_quadrature,
                                                request<dim>(estimator, {1})),
                                polynomial,
                                1),
            1e-10);
    }
}



void
check_meshes()
{
  parallel::distributed::Triangulation<2> square(MPI_COMM_WORLD);
  GridGenerator::hyper_cube(square, -1, 1);
  square.refine_global(2);
  refine_part(square);
  refine_part(square);
  check_exactness<2>("2d, Q2-Q1 and discontinuous",
                     square,
                     MappingQ<2>(1),
                     FESystem<2>(FE_Q<2>(2), 2, FE_Q<2>(1), 1, FE_DGQ<2>(2), 1),
                     {2, 2, 1, 2});
  parallel::distributed::Triangulation<3> cube(MPI_COMM_WORLD);
  GridGenerator::hyper_cube(cube, -1, 1);
  cube.refine_global(1);
  refine_part(cube);
  check_exactness<3>("3d, Q2", cube, MappingQ<3>(1), FE_Q<3>(2), {2});

  // mapped by quadratic functions, although straight
  check_exactness<2>(
    "2d, mapping of degree 2", square, MappingQ<2>(2), FE_Q<2>(2), {2});

  Triangulation<2> triangles;
  GridGenerator::subdivided_hyper_cube_with_simplices(triangles, 3, -1, 1);
  check_exactness<2>("triangles",
                     triangles,
                     MappingFE<2>(FE_SimplexP<2>(1)),
                     FE_SimplexP<2>(2),
                     {2});
  check_exactness<2>("triangles with bubbles",
                     triangles,
                     MappingFE<2>(FE_SimplexP<2>(1)),
                     FE_SimplexP_Bubbles<2>(2),
                     {2});
}



/**
 * A mesh that each rank holds as a whole, with subdomains as programs without a
 * distributed mesh have them: all cells must be in the projection.
 */
void
check_subdomains()
{
  Triangulation<2> square;
  GridGenerator::hyper_cube(square, -1, 1);
  square.refine_global(2);
  GridTools::partition_triangulation_zorder(3, square);
  const FE_Q<2> fe(2);
  DoFHandler<2> dof_handler(square);
  dof_handler.distribute_dofs(fe);
  const MappingQ<2>   mapping(1);
  const Polynomial<2> polynomial({2});
  Vector<double>      solution(dof_handler.n_dofs());
  VectorTools::interpolate(mapping, dof_handler, polynomial, solution);
  for (const Estimator estimator : {Estimator::projected, Estimator::averaged})
    {
      SampleRequest<2> in_parts = request<2>(estimator, {0, 1, 2});
      in_parts.communicator     = MPI_COMM_WORLD;
      const Samples samples =
        sample(mapping, dof_handler, solution, QGauss<2>(2), in_parts);
      for (const unsigned int order : {1, 2})
        check("subdomains, " + to_string(estimator) + ", order " +
                std::to_string(order),
              error_of_order<2>(samples, polynomial, order),
              1e-10);
    }
}



/**
 * Elements that deal.II does not interpolate to: one that needs the points for
 * its gradients, and one whose components belong to no part of it.
 */
void
check_unusual_element(const FiniteElement<2> &fe)
{
  Triangulation<2> square;
  GridGenerator::hyper_cube(square, -1, 1);
  square.refine_global(2);
  DoFHandler<2> dof_handler(square);
  dof_handler.distribute_dofs(fe);
  const MappingQ<2>         mapping(1);
  const Polynomial<2>       polynomial({fe.degree});
  Vector<double>            solution(dof_handler.n_dofs());
  AffineConstraints<double> none;
  none.close();
  VectorTools::project(
    mapping, dof_handler, none, QGauss<2>(4), polynomial, solution);
  for (const Estimator estimator : {Estimator::projected, Estimator::averaged})
    check(fe.get_name() + ", " + to_string(estimator),
          error_of_order<2>(sample(mapping,
                                   dof_handler,
                                   solution,
                                   QGauss<2>(2),
                                   request<2>(estimator, {1})),
                            polynomial,
                            1),
          1e-6);
}



Samples
sample_sines(const MPI_Comm    &communicator,
             const Estimator    estimator,
             const unsigned int degree,
             const unsigned int n_refinements,
             const bool         adaptive)
{
  parallel::distributed::Triangulation<2> triangulation(communicator);
  GridGenerator::hyper_cube(triangulation, -1, 1);
  triangulation.refine_global(n_refinements);
  if (adaptive)
    refine_part(triangulation);
  const MappingQ<2> mapping(1);
  DoFHandler<2>     dof_handler(triangulation);
  dof_handler.distribute_dofs(FE_Q<2>(degree));
  SampleRequest<2> orders = request<2>(estimator, {0, 1, 2, 3});
  // those of raw derivatives need a recovery, which has fewer orders
  orders.use_variances = estimator != Estimator::raw;
  return sample(mapping,
                dof_handler,
                interpolate<2>(mapping, dof_handler, Sines<2>(), true),
                QGauss<2>(degree + 1),
                orders);
}



double
mean_square_error(const Samples &samples)
{
  const Sines<2> sines;
  double         sum = 0;
  for (unsigned int i = 0; i < samples.size(); ++i)
    for (unsigned int c = 0; c < samples.columns().size(); ++c)
      if (order(samples.columns()[c].derivative) == 1)
        sum += samples.weight(i) *
               std::pow(samples.observations(i)[c] -
                          sines.derivative(
                            Point<2>(samples.point(i)[0], samples.point(i)[1]),
                            0,
                            samples.columns()[c].derivative),
                        2);
  return Utilities::MPI::sum(sum, MPI_COMM_WORLD);
}



void
check_sines()
{
  for (const Estimator estimator : {Estimator::projected, Estimator::averaged})
    for (unsigned int degree = 1; degree <= 3; ++degree)
      {
        const std::string title =
          to_string(estimator) + ", Q" + std::to_string(degree);
        check_partition<2>(
          title,
          sample_sines(MPI_COMM_SELF, estimator, degree, 2, true),
          sample_sines(MPI_COMM_WORLD, estimator, degree, 2, true),
          1e-10);
        const double coarse = mean_square_error(
          sample_sines(MPI_COMM_WORLD, estimator, degree, 3, false));
        const double fine = mean_square_error(
          sample_sines(MPI_COMM_WORLD, estimator, degree, 4, false));
        check(title + ", convergence",
              0.5 * std::log2(coarse / fine) > degree - 0.1);
        if (degree == 1 && estimator == Estimator::projected)
          check(title + ", better than raw",
                fine < mean_square_error(sample_sines(
                         MPI_COMM_WORLD, Estimator::raw, degree, 4, false)));
      }
}



void
check_superconvergent_points()
{
  check("Q3", superconvergent_quadrature(FE_Q<2>(3)) == QGauss<2>(3));
  check("system",
        superconvergent_quadrature(FESystem<3>(FE_Q<3>(2), 3)) == QGauss<3>(2));
  check("1d", superconvergent_quadrature(FE_Q<1>(1)) == QGauss<1>(1));
  expect_error("Q2-Q1", []() {
    superconvergent_quadrature(FESystem<2>(FE_Q<2>(2), 2, FE_Q<2>(1), 1));
  });
  expect_error("simplex",
               []() { superconvergent_quadrature(FE_SimplexP<2>(1)); });
  expect_error("discontinuous",
               []() { superconvergent_quadrature(FE_DGQ<2>(1)); });
}



DERL_TEST(projected)
{
  initlog();

  check_meshes();
  check_subdomains();
  check_unusual_element(FE_P1NC());
  check_unusual_element(FE_Enriched<2>(FE_Q<2>(2)));
  check_sines();
  check_superconvergent_points();
}
} // namespace test_projected
