// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Differences of a finite element solution's values around the samples in its
// cells: polynomials are exact on all kinds of meshes, up to the boundary,
// orders of convergence, samples on ranks are those of a serial run, errors.

#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/fully_distributed_tria.h>
#include <deal.II/distributed/shared_tria.h>
#include <deal.II/distributed/tria.h>

#include <deal.II/fe/fe_nothing.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_raviart_thomas.h>
#include <deal.II/fe/fe_simplex_p.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/fe/mapping_fe.h>
#include <deal.II/fe/mapping_q.h>

#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/grid_tools.h>

#include "estimator_tests.h"

namespace test_differences_of_solutions
{
/**
 * Polynomials of degree two are exact for all formulas. The elements represent
 * them, on straight cells.
 */
template <int dim>
void
check_exactness(const std::string        &name,
                const Triangulation<dim> &triangulation,
                const Mapping<dim>       &mapping,
                const FiniteElement<dim> &fe,
                const unsigned int        n_points_1d,
                const double              tolerance)
{
  DoFHandler<dim> dof_handler(triangulation);
  dof_handler.distribute_dofs(fe);
  const Polynomial<dim> polynomial(
    std::vector<unsigned int>(fe.n_components(), 2));
  const VectorType solution =
    interpolate<dim>(mapping, dof_handler, polynomial);
  const auto reference = fe.reference_cell();
  const auto quadrature =
    reference.template get_gauss_type_quadrature<dim>(n_points_1d);
  for (const unsigned int accuracy : {2, 4})
    {
      SampleRequest<dim> in_cells =
        request<dim>(Estimator::difference, {0, 1, 2});
      in_cells.difference_accuracy = accuracy;
      const Samples samples =
        sample(mapping, dof_handler, solution, quadrature, in_cells);
      for (const unsigned int order : {0, 1, 2})
        check(name + ", accuracy " + std::to_string(accuracy) + ", order " +
                std::to_string(order),
              error_of_order<dim>(samples, polynomial, order),
              tolerance * std::pow(20., order));
    }
  if constexpr (dim > 1)
    {
      const auto face_quadrature =
        reference.face_reference_cell(0)
          .template get_gauss_type_quadrature<dim - 1>(n_points_1d);
      check(name + ", boundary",
            error_of_order<dim>(
              sample_boundary(mapping,
                              dof_handler,
                              solution,
                              face_quadrature,
                              request<dim>(Estimator::difference, {1})),
              polynomial,
              1),
            tolerance * 100);
    }
}



void
check_meshes()
{
  {
    parallel::shared::Triangulation<1> line(MPI_COMM_WORLD);
    GridGenerator::subdivided_hyper_cube(line, 7, -1, 1);
    check_exactness<1>("1d", line, MappingQ<1>(1), FE_Q<1>(2), 3, 1e-12);
  }
  parallel::distributed::Triangulation<2> square(MPI_COMM_WORLD);
  GridGenerator::hyper_cube(square, -1, 1);
  square.refine_global(3);
  refine_part(square);
  refine_part(square);
  check_exactness<2>("2d",
                     square,
                     MappingQ<2>(1),
                     FESystem<2>(FE_Q<2>(2), 1, FE_Q<2>(3), 1),
                     2,
                     1e-12);
  {
    // stretched, and turned
    parallel::distributed::Triangulation<2> stretched(MPI_COMM_WORLD);
    GridGenerator::subdivided_hyper_rectangle(
      stretched, {8, 8}, Point<2>(0, 0), Point<2>(1, 0.01));
    GridTools::rotate(0.5, stretched);
    check_exactness<2>(
      "stretched", stretched, MappingQ<2>(1), FE_Q<2>(2), 2, 1e-9);
  }
  {
    parallel::distributed::Triangulation<3> cube(MPI_COMM_WORLD);
    GridGenerator::hyper_cube(cube, -1, 1);
    cube.refine_global(1);
    refine_part(cube);
    check_exactness<3>("3d", cube, MappingQ<3>(1), FE_Q<3>(2), 2, 1e-12);
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
    check_exactness<2>("triangles",
                       triangles,
                       MappingFE<2>(FE_SimplexP<2>(1)),
                       FE_SimplexP<2>(2),
                       2,
                       1e-12);
  }
  {
    // more points on one rank than are worked on at the same time
    parallel::distributed::Triangulation<2> fine(MPI_COMM_WORLD);
    GridGenerator::subdivided_hyper_cube(fine, 26, -1, 1);
    check_exactness<2>(
      "many points", fine, MappingQ<2>(1), FE_Q<2>(2), 5, 1e-11);
  }
}



/**
 * The domain of a solution may end inside of the mesh.
 */
void
check_hp()
{
  parallel::distributed::Triangulation<2> square(MPI_COMM_WORLD);
  GridGenerator::hyper_cube(square, -1, 1);
  square.refine_global(3);
  DoFHandler<2> dof_handler(square);
  for (const auto &cell : dof_handler.active_cell_iterators())
    if (cell->is_locally_owned())
      cell->set_active_fe_index(cell->center()[0] < -0.3 ? 0 : 1);
  dof_handler.distribute_dofs(hp::FECollection<2>(FE_Nothing<2>(), FE_Q<2>(2)));
  IndexSet relevant;
  DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
  VectorType solution(
    dof_handler.locally_owned_dofs(), relevant, MPI_COMM_WORLD);
  const Polynomial<2> polynomial({2});
  const MappingQ<2>   mapping(1);
  VectorTools::interpolate(mapping, dof_handler, polynomial, solution);
  solution.update_ghost_values();
  SampleRequest<2> in_domain = request<2>(Estimator::difference, {1});
  in_domain.cells            = [](const auto &cell) {
    return cell->active_fe_index() == 1;
  };
  check("a part of the mesh",
        error_of_order<2>(sample(hp::MappingCollection<2>(mapping),
                                 dof_handler,
                                 Snapshot<VectorType>(solution),
                                 hp::QCollection<2>(QGauss<2>(1), QGauss<2>(2)),
                                 in_domain),
                          polynomial,
                          1),
        1e-11);
}



enum class Domain
{
  square,
  refined_square,
  disk,
  shell
};



template <int dim>
Samples
sample_sines(const MPI_Comm    &communicator,
             const Domain       domain,
             const unsigned int degree,
             const unsigned int n_refinements,
             const unsigned int n_points_1d,
             const bool         at_boundary = false)
{
  parallel::distributed::Triangulation<dim> triangulation(communicator);
  if (domain == Domain::disk)
    GridGenerator::hyper_ball(triangulation);
  else if (domain == Domain::shell)
    GridGenerator::hyper_shell(triangulation, Point<dim>(), 0.5, 1., 8);
  else
    GridGenerator::hyper_cube(triangulation, -1, 1);
  triangulation.refine_global(n_refinements);
  if (domain != Domain::square)
    refine_part(triangulation);
  const MappingQ<dim> mapping(
    domain == Domain::disk || domain == Domain::shell ? 3 : 1);
  DoFHandler<dim> dof_handler(triangulation);
  dof_handler.distribute_dofs(FE_Q<dim>(degree));
  const VectorType solution =
    interpolate<dim>(mapping, dof_handler, Sines<dim>(), true);
  const SampleRequest<dim> in_space =
    request<dim>(Estimator::difference, {0, 1, 2});
  if (at_boundary)
    return sample_boundary(
      mapping, dof_handler, solution, QGauss<dim - 1>(n_points_1d), in_space);
  return sample(
    mapping, dof_handler, solution, QGauss<dim>(n_points_1d), in_space);
}



/**
 * On any number of ranks samples are those of a single one. Odd numbers of
 * points have some where an axis is tangential to the boundary.
 */
void
check_ranks()
{
  const auto compare = [](const std::string &name, const auto &sample_on) {
    check_partition<2>(
      name, sample_on(MPI_COMM_SELF), sample_on(MPI_COMM_WORLD), 1e-12);
  };
  compare("refined square", [](const MPI_Comm &communicator) {
    return sample_sines<2>(communicator, Domain::refined_square, 2, 2, 2);
  });
  for (const bool at_boundary : {false, true})
    {
      const std::string where = at_boundary ? ", boundary" : "";
      compare("disk" + where, [&](const MPI_Comm &communicator) {
        return sample_sines<2>(
          communicator, Domain::disk, 2, 2, 3, at_boundary);
      });
      compare("shell" + where, [&](const MPI_Comm &communicator) {
        return sample_sines<2>(
          communicator, Domain::shell, 2, 1, 3, at_boundary);
      });
    }
  check_partition<3>(
    "cube",
    sample_sines<3>(MPI_COMM_SELF, Domain::refined_square, 1, 2, 1),
    sample_sines<3>(MPI_COMM_WORLD, Domain::refined_square, 1, 2, 1),
    1e-12);
}



/**
 * Where cells are alike, differences have the order of the solution's values,
 * derivatives of any order, until that of the formula is less. At curved
 * boundaries smaller steps see the derivatives in a cell.
 */
void
check_orders()
{
  const Sines<2> sines;
  // of the derivatives of orders one and two
  const auto orders = [&](const Domain domain, const unsigned int degree) {
    std::array<std::vector<double>, 2> errors;
    for (const unsigned int n_refinements : {3, 4})
      {
        const Samples samples = sample_sines<2>(
          MPI_COMM_WORLD, domain, degree, n_refinements, degree + 1);
        for (const unsigned int k : {1, 2})
          errors[k - 1].push_back(Utilities::MPI::max(
            error_of_order<2>(samples, sines, k), MPI_COMM_WORLD));
      }
    return std::array<double, 2>{{std::log2(errors[0][0] / errors[0][1]),
                                  std::log2(errors[1][0] / errors[1][1])}};
  };
  for (const unsigned int degree : {1, 2, 3})
    {
      const std::string name   = "Q" + std::to_string(degree);
      const auto        square = orders(Domain::square, degree);
      for (const unsigned int k : {1, 2})
        check(name + ", derivatives of order " + std::to_string(k) +
                ", convergence",
              square[k - 1] > degree + 1 - 0.4);
      check(name + ", disk, convergence",
            orders(Domain::disk, degree)[0] > degree - 0.3);
    }
}



/**
 * Each rank has the whole mesh and samples a part of it.
 */
void
check_serial_mesh()
{
  Triangulation<2> square;
  GridGenerator::hyper_cube(square, -1, 1);
  square.refine_global(3);
  const MappingQ<2> mapping(1);
  DoFHandler<2>     dof_handler(square);
  dof_handler.distribute_dofs(FE_Q<2>(2));
  const Polynomial<2> polynomial({2});
  Vector<double>      solution(dof_handler.n_dofs());
  VectorTools::interpolate(mapping, dof_handler, polynomial, solution);
  SampleRequest<2> shared = request<2>(Estimator::difference, {1, 2});
  shared.communicator     = MPI_COMM_WORLD;
  const Samples samples =
    sample(mapping, dof_handler, solution, QGauss<2>(2), shared);
  check("serial mesh",
        error_of_order<2>(samples, polynomial, 2) < 1e-9 &&
          Utilities::MPI::sum(samples.size(), MPI_COMM_WORLD) == 256);

  const auto sample_with = [&](const double step, const unsigned int accuracy) {
    shared.difference_step     = step;
    shared.difference_accuracy = accuracy;
    sample(mapping, dof_handler, solution, QGauss<2>(2), shared);
  };
  expect_error("step", [&]() { sample_with(0., 4); });
  expect_error("accuracy", [&]() { sample_with(1., 3); });
  shared.difference_step     = 1.;
  shared.difference_accuracy = 4;
  expect_error("two mappings", [&]() {
    sample(hp::MappingCollection<2>(mapping, mapping),
           dof_handler,
           Snapshot<Vector<double>>(solution),
           hp::QCollection<2>(QGauss<2>(2)),
           shared);
  });
  dof_handler.distribute_dofs(FE_RaviartThomas<2>(1));
  solution.reinit(dof_handler.n_dofs());
  expect_error("Raviart-Thomas", [&]() {
    sample(mapping, dof_handler, solution, QGauss<2>(2), shared);
  });
}



DERL_TEST(differences_of_solutions)
{
  initlog();

  check_meshes();
  check_hp();
  check_ranks();
  check_orders();
  check_serial_mesh();
}
} // namespace test_differences_of_solutions
