// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Errors must be integrated exactly, and starts be exact, on simplices, mixed
// cells and hp elements as on hypercubes, on any number of ranks; cells without
// degrees of freedom do not count.

#include <derl/coupling/errors.h>
#include <derl/coupling/surrogate_function.h>

#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/fully_distributed_tria.h>
#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_dgq.h>
#include <deal.II/fe/fe_nothing.h>
#include <deal.II/fe/fe_pyramid_p.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_simplex_p.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/fe/fe_wedge_p.h>
#include <deal.II/fe/mapping_fe.h>
#include <deal.II/fe/mapping_q.h>

#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/grid_tools.h>
#include <deal.II/grid/tria_description.h>

#include <deal.II/lac/la_parallel_vector.h>

#include <deal.II/numerics/vector_tools.h>

#include <limits>

#include "../check.h"
#include "jet_residual.h"
#include "polynomials.h"

namespace test_mixed_meshes
{
using namespace derl;

/**
 * What is measured on a mesh.
 */
template <int dim>
struct Discretization
{
  std::string                name;
  hp::FECollection<dim>      fes;
  hp::MappingCollection<dim> mappings;
  /** functions of this degree are represented */
  unsigned int degree;
  /** the mean of (x_0^3 + 1)^2 */
  double mean_square;
  /** calls of the residual with four points in two, in three subdivisions, in
   * relation to none; 0: not the same factor for all cells */
  unsigned int factor_2, factor_3;
  std::function<unsigned int(
    const typename DoFHandler<dim>::active_cell_iterator &)>
    active_fe_index = [](const auto &) { return 0u; };
};



template <int dim>
void
check_mesh(const Triangulation<dim>  &triangulation,
           const Discretization<dim> &discretization)
{
  deallog << discretization.name << std::endl;
  DoFHandler<dim> dof_handler(triangulation);
  for (const auto &cell : dof_handler.active_cell_iterators())
    if (cell->is_locally_owned())
      cell->set_active_fe_index(discretization.active_fe_index(cell));
  dof_handler.distribute_dofs(discretization.fes);
  IndexSet relevant;
  DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
  AffineConstraints<double> constraints(relevant);
  DoFTools::make_hanging_node_constraints(dof_handler, constraints);
  constraints.close();
  const MPI_Comm     communicator = triangulation.get_communicator();
  const unsigned int n_components = discretization.fes.n_components();
  const auto         start        = [&](const Function<dim> &function) {
    LinearAlgebra::distributed::Vector<double> result(
      dof_handler.locally_owned_dofs(), relevant, communicator);
    result.update_ghost_values();
    warm_start(
      discretization.mappings, dof_handler, constraints, function, result);
    return result;
  };

  // what is represented, with its derivatives
  const Power<dim> exact(discretization.degree, n_components);
  unsigned int     n_calls = 0;
  const auto       jet_error =
    [&](const Point<dim>                           &x,
        const Vector<double>                       &values,
        const std::vector<Tensor<1, dim>>          &gradients,
        const std::vector<SymmetricTensor<2, dim>> &hessians) {
      ++n_calls;
      double sum = 0;
      for (unsigned int c = 0; c < n_components; ++c)
        sum += std::abs(values(c) - exact.value(x, c)) +
               (gradients[c] - exact.gradient(x, c)).norm() +
               (hessians[c] - exact.hessian(x, c)).norm();
      return sum;
    };
  const auto vector = start(exact);
  // of the surrogate no more is asked than names
  const std::vector<std::string> coordinates = {"x", "y", "z"};
  std::vector<std::string>       components;
  for (unsigned int c = 0; c < n_components; ++c)
    components.push_back("u" + std::to_string(c));
  NetworkParameters network;
  network.hidden = {1};
  const Surrogate surrogate(
    network, {coordinates.begin(), coordinates.begin() + dim}, components);
  const auto rms_of = [&](const typename JetResidual<dim>::Formula &formula,
                          const unsigned int n_subdivisions,
                          const unsigned int n_points) {
    n_calls = 0;
    return residual_rms(
             discretization.mappings,
             dof_handler,
             Snapshot(vector),
             surrogate,
             std::make_shared<const JetResidual<dim>>(n_components, formula),
             n_subdivisions,
             n_points)
      .reference;
  };
  const ErrorNorms errors =
    ErrorIntegrator<dim>(discretization.mappings, dof_handler, exact, 1, 3)
      .measure(vector);
  check("  exact",
        errors.relative_l2_error + errors.relative_h1_seminorm_error +
          errors.max_error + rms_of(jet_error, 1, 3),
        1e-9);
  const unsigned int n_calls_1 = n_calls;
  rms_of(jet_error, 2, 3);
  check("  halves", n_calls == discretization.factor_2 * n_calls_1);
  rms_of(jet_error, 3, 3);
  if (discretization.factor_3 > 0)
    check("  thirds or quarters",
          n_calls == discretization.factor_3 * n_calls_1);

  // the quadrature: exact for degree 6 without subdivision, also with
  for (const unsigned int n_subdivisions : {1, 2})
    check("  quadrature",
          std::abs(std::pow(rms_of(
                              [](const Point<dim> &x,
                                 const Vector<double> &,
                                 const std::vector<Tensor<1, dim>> &,
                                 const std::vector<SymmetricTensor<2, dim>> &) {
                                return x[0] * x[0] * x[0] + 1.;
                              },
                              n_subdivisions,
                              4),
                            2) -
                   discretization.mean_square),
          1e-12);

  // what is not represented, against deal.II, which has no good formula for
  // pyramids, and on one wedge an element of degree two
  const ReferenceCell kind = triangulation.begin()->reference_cell();
  if (!kind.is_hyper_cube() && !kind.is_simplex())
    return;
  const Power<dim>     other(discretization.degree + 1, n_components);
  const auto           approximation = start(other);
  hp::QCollection<dim> quadratures;
  for (unsigned int i = 0; i < discretization.fes.size(); ++i)
    quadratures.push_back(
      discretization.fes[i].n_dofs_per_cell() == 0
        ? Quadrature<dim>()
        : discretization.fes[i]
            .reference_cell()
            .template get_gauss_type_quadrature<dim>(
              discretization.fes[i].reference_cell() == ReferenceCells::Pyramid
                ? 2
                : 4));
  auto zero = approximation;
  zero      = 0.;
  zero.update_ghost_values();
  const auto norm = [&](const auto &of, const VectorTools::NormType &type) {
    Vector<double> cellwise(triangulation.n_active_cells());
    VectorTools::integrate_difference(discretization.mappings,
                                      dof_handler,
                                      of,
                                      other,
                                      cellwise,
                                      quadratures,
                                      type);
    // where there is no solution
    for (const auto &cell : dof_handler.active_cell_iterators())
      if (cell->is_locally_owned() && cell->get_fe().n_dofs_per_cell() == 0)
        cellwise(cell->active_cell_index()) = 0.;
    return VectorTools::compute_global_error(triangulation, cellwise, type);
  };
  const auto measure_other = [&](const auto &of) {
    return ErrorIntegrator<dim>(
             discretization.mappings, dof_handler, other, 1, 4)
      .measure(of);
  };
  const ErrorNorms others = measure_other(approximation);
  check("  L2",
        std::abs(others.relative_l2_error * norm(zero, VectorTools::L2_norm) /
                   norm(approximation, VectorTools::L2_norm) -
                 1.),
        1e-10);
  check("  H1",
        std::abs(others.relative_h1_seminorm_error *
                   norm(zero, VectorTools::H1_seminorm) /
                   norm(approximation, VectorTools::H1_seminorm) -
                 1.),
        1e-10);
  zero = std::numeric_limits<double>::quiet_NaN();
  zero.update_ghost_values();
  check("  not a number", std::isnan(measure_other(zero).max_error));
}



template <int dim>
void
check_simplices()
{
  Triangulation<dim> serial;
  GridGenerator::subdivided_hyper_cube_with_simplices(serial, 2);
  GridTools::partition_triangulation_zorder(
    Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD), serial);
  parallel::fullydistributed::Triangulation<dim> triangulation(MPI_COMM_WORLD);
  triangulation.create_triangulation(
    TriangulationDescription::Utilities::create_description_from_triangulation(
      serial, MPI_COMM_WORLD));
  check_mesh<dim>(
    triangulation,
    {std::to_string(dim) + "d simplices",
     hp::FECollection<dim>(
       FESystem<dim>(FE_SimplexP<dim>(2), 1, FE_SimplexDGP<dim>(2), 1)),
     hp::MappingCollection<dim>(MappingFE<dim>(FE_SimplexP<dim>(1))),
     2,
     1. / 7. + 0.5 + 1.,
     dim == 2 ? 4u : 8u,
     dim == 2 ? 16u : 64u});
}



/**
 * Each rank has the mesh.
 */
void
check_mixed()
{
  const hp::FECollection<2>      fes(FE_SimplexP<2>(2), FE_Q<2>(2));
  const hp::MappingCollection<2> mappings(MappingFE<2>(FE_SimplexP<2>(1)),
                                          MappingFE<2>(FE_Q<2>(1)));
  // the unit square, with a square to the left and two triangles to the right
  Triangulation<2>            triangulation;
  const std::vector<Point<2>> vertices = {
    {0., 0.}, {0.5, 0.}, {1., 0.}, {0., 1.}, {0.5, 1.}, {1., 1.}};
  std::vector<CellData<2>> cells(1, CellData<2>(4));
  cells[0].vertices = {0, 1, 3, 4};
  cells.insert(cells.end(), 2, CellData<2>(3));
  cells[1].vertices = {1, 2, 4};
  cells[2].vertices = {5, 4, 2};
  triangulation.create_triangulation(vertices, cells, SubCellData());
  check_mesh<2>(triangulation,
                {"squares and triangles",
                 fes,
                 mappings,
                 2,
                 1. / 7. + 0.5 + 1.,
                 4,
                 0,
                 [](const auto &cell) {
                   return cell->reference_cell().is_simplex() ? 0u : 1u;
                 }});

  // \int_0^1 x^n 2 (1 - x) / 2 dx = 1 / ((n + 1) (n + 2)) on a triangle of
  // area 1/2
  Triangulation<3> wedge;
  GridGenerator::reference_cell(wedge, ReferenceCells::Wedge);
  check_mesh<3>(wedge,
                {"a wedge",
                 hp::FECollection<3>(FE_WedgeP<3>(2)),
                 hp::MappingCollection<3>(MappingFE<3>(FE_WedgeP<3>(1))),
                 1,
                 2. / 56. + 2. * 2. / 20. + 1.,
                 8,
                 64});

  // the section at height z is (-1 + z, 1 - z)^2
  Triangulation<3> pyramid;
  GridGenerator::reference_cell(pyramid, ReferenceCells::Pyramid);
  check_mesh<3>(pyramid,
                {"a pyramid",
                 hp::FECollection<3>(FE_PyramidP<3>(1)),
                 hp::MappingCollection<3>(MappingFE<3>(FE_PyramidP<3>(1))),
                 1,
                 // \int 4 (1 - z)^8 / 7 dz over the volume 4 / 3
                 4. / 63. / (4. / 3.) + 1.,
                 8,
                 64});
}



/**
 * Elements with and without support points, of different degrees, and a hole.
 */
void
check_hp()
{
  parallel::distributed::Triangulation<2> triangulation(MPI_COMM_WORLD);
  GridGenerator::hyper_cube(triangulation);
  triangulation.refine_global(2);
  for (const auto &cell : triangulation.active_cell_iterators())
    if (cell->is_locally_owned() && cell->center()[1] < 0.5)
      cell->set_refine_flag();
  triangulation.execute_coarsening_and_refinement();
  Discretization<2> hp;
  hp.name = "hp";
  hp.fes =
    hp::FECollection<2>(FESystem<2>(FE_Q<2>(2), 1, FE_DGQLegendre<2>(1), 1),
                        FESystem<2>(FE_Q<2>(1), 1, FE_DGQLegendre<2>(2), 1),
                        FESystem<2>(FE_Nothing<2>(), 2));
  hp.mappings        = hp::MappingCollection<2>(MappingQ<2>(1));
  hp.degree          = 1;
  hp.mean_square     = 0.;
  hp.factor_2        = 4;
  hp.factor_3        = 9;
  hp.active_fe_index = [](const auto &cell) {
    return cell->center()[0] < 0.25 ? 0u : cell->center()[0] < 0.5 ? 1u : 2u;
  };
  // the mean over 0 < x < 1/2
  hp.mean_square = std::pow(0.5, 6) / 7. + std::pow(0.5, 3) / 2. + 1.;
  check_mesh<2>(triangulation, hp);
}



/**
 * Where a component does not exist, a zero says nothing about the solution.
 */
void
check_part_of_a_component()
{
  parallel::distributed::Triangulation<2> triangulation(MPI_COMM_WORLD);
  GridGenerator::hyper_cube(triangulation);
  triangulation.refine_global(2);
  DoFHandler<2> dof_handler(triangulation);
  for (const auto &cell : dof_handler.active_cell_iterators())
    if (cell->is_locally_owned())
      cell->set_active_fe_index(cell->center()[0] < 0.5 ? 0 : 1);
  dof_handler.distribute_dofs(
    hp::FECollection<2>(FESystem<2>(FE_Q<2>(2), 1, FE_Q<2>(1), 1),
                        FESystem<2>(FE_Q<2>(2), 1, FE_Nothing<2>(), 1)));
  IndexSet relevant;
  DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
  LinearAlgebra::distributed::Vector<double> ones(
    dof_handler.locally_owned_dofs(), relevant, MPI_COMM_WORLD);
  ones = 1.;
  ones.update_ghost_values();

  const Functions::ConstantFunction<2> twos(2., 2);
  const auto measure = [&](const std::vector<bool> &components) {
    return ErrorIntegrator<2>(
             MappingQ<2>(1), dof_handler, twos, 1, 2, ComponentMask(components))
      .measure(ones);
  };
  for (const auto &[name, components, largest] :
       {std::make_tuple("everywhere", std::vector<bool>{true, false}, 1.),
        std::make_tuple("in a half", std::vector<bool>{false, true}, 1.),
        std::make_tuple("both", std::vector<bool>{true, true}, std::sqrt(2.))})
    {
      const ErrorNorms errors = measure(components);
      deallog << "a component " << name << std::endl;
      check("  L2", std::abs(errors.relative_l2_error - 0.5), 1e-13);
      check("  maximum", std::abs(errors.max_error - largest), 1e-13);
    }

  NetworkParameters network;
  network.hidden = {1};
  check(
    "a residual of both",
    std::abs(residual_rms(
               hp::MappingCollection<2>(MappingQ<2>(1)),
               dof_handler,
               Snapshot(ones),
               Surrogate(network, {"x", "y"}, {"u", "v"}),
               std::make_shared<const JetResidual<2>>(
                 2, [](const Point<2> &x, const auto &...) { return x[0]; }),
               1,
               2)
               .reference -
             std::sqrt(1. / 12)),
    1e-13);

  for (const auto &cell : dof_handler.active_cell_iterators())
    if (cell->is_locally_owned())
      cell->set_active_fe_index(1);
  dof_handler.distribute_dofs(
    hp::FECollection<2>(dof_handler.get_fe(0), dof_handler.get_fe(1)));
  DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
  ones.reinit(dof_handler.locally_owned_dofs(), relevant, MPI_COMM_WORLD);
  ones.update_ghost_values();
  expect_error("in no cell", [&]() { measure({false, true}); });
}



DERL_TEST(mixed_meshes)
{
  initlog();

  check_simplices<2>();
  check_simplices<3>();
  check_mixed();
  check_hp();
  check_part_of_a_component();
}
} // namespace test_mixed_meshes
