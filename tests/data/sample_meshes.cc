// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A finite element solution must give the same set of samples on any kind of
// mesh in any number of parts as on a serial one: hanging nodes, hp, simplices,
// mixed and curved cells, vector-valued elements, in 1d, 2d and 3d.

#include <derl/data/sampling.h>

#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/fully_distributed_tria.h>
#include <deal.II/distributed/shared_tria.h>
#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_raviart_thomas.h>
#include <deal.II/fe/fe_simplex_p.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/fe/fe_wedge_p.h>
#include <deal.II/fe/mapping_fe.h>
#include <deal.II/fe/mapping_q.h>

#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/grid_tools.h>
#include <deal.II/grid/tria_description.h>

#include <deal.II/lac/la_parallel_vector.h>
#include <deal.II/lac/vector.h>

#include <deal.II/numerics/vector_tools.h>

#include "sample_sets.h"

namespace test_sample_meshes
{
using namespace dealii;
using namespace derl;

/**
 * Smooth, and in no finite element space: inside a cell the derivatives depend
 * on the mesh.
 */
template <int dim>
class Wave : public Function<dim>
{
public:
  explicit Wave(const unsigned int n_components)
    : Function<dim>(n_components)
  {
  }

  double
  value(const Point<dim> &p, const unsigned int component) const override
  {
    double phase = 0.3 + component;
    for (unsigned int d = 0; d < dim; ++d)
      phase += (1.3 + d) * p[d];
    return std::sin(phase);
  }
};



/**
 * A discretization: what the mesh is, and how it is used.
 */
template <int dim>
struct Discretization
{
  std::string                               name;
  std::function<void(Triangulation<dim> &)> make_mesh;
  hp::FECollection<dim>                     fes;
  hp::MappingCollection<dim>                mappings;
  hp::QCollection<dim>                      quadratures;
  hp::QCollection<dim - 1>                  face_quadratures;
  std::vector<unsigned int>                 orders = {0, 1};
  std::vector<std::string>                  kinds;
  double                                    volume = 1.;
  std::function<ComponentMask()> components = []() { return ComponentMask(); };
  /** by the reference cell if there are several, or by place */
  std::function<unsigned int(const Point<dim> &, const ReferenceCell &)>
    active_fe_index;
};



template <int dim>
struct Sets
{
  SampleSet cells, faces;
};



/**
 * The samples of a discretization on a mesh.
 */
template <int dim, typename VectorType>
Sets<dim>
sample_on(const Triangulation<dim>  &triangulation,
          const Discretization<dim> &discretization,
          const MPI_Comm            &communicator)
{
  DoFHandler<dim> dof_handler(triangulation);
  if (discretization.active_fe_index)
    for (const auto &cell : dof_handler.active_cell_iterators())
      if (cell->is_locally_owned())
        cell->set_active_fe_index(discretization.active_fe_index(
          cell->center(), cell->reference_cell()));
  dof_handler.distribute_dofs(discretization.fes);

  VectorType solution;
  if constexpr (std::is_same<VectorType, Vector<double>>::value)
    solution.reinit(dof_handler.n_dofs());
  else
    {
      IndexSet relevant;
      DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
      solution.reinit(dof_handler.locally_owned_dofs(),
                      relevant,
                      triangulation.get_communicator());
    }
  VectorTools::interpolate(discretization.mappings,
                           dof_handler,
                           Wave<dim>(discretization.fes.n_components()),
                           solution);
  solution.update_ghost_values();

  SampleRequest<dim> request(discretization.orders);
  request.components   = discretization.components();
  request.communicator = communicator;
  const Snapshot<VectorType> snapshot(solution);
  const Samples              in_cells = sample(discretization.mappings,
                                  dof_handler,
                                  snapshot,
                                  discretization.quadratures,
                                  request);
  const Samples              on_faces = sample_boundary(discretization.mappings,
                                           dof_handler,
                                           snapshot,
                                           discretization.face_quadratures,
                                           request);
  // a serial mesh without communicator: each rank has all
  if (dynamic_cast<const parallel::TriangulationBase<dim> *>(&triangulation) ==
        nullptr &&
      communicator == MPI_COMM_NULL)
    return {rows_of(in_cells), rows_of(on_faces)};
  return {all_rows_of(in_cells), all_rows_of(on_faces)};
}



/**
 * Sample on a serial mesh, and compare with the other kinds.
 */
template <int dim>
void
check_kinds(const Discretization<dim> &discretization)
{
  deallog << dim << "d, " << discretization.name << std::endl;
  Triangulation<dim> serial(
    Triangulation<dim>::limit_level_difference_at_vertices);
  discretization.make_mesh(serial);
  const Sets<dim> expected =
    sample_on<dim, Vector<double>>(serial, discretization, MPI_COMM_NULL);
  check("  size",
        std::abs(sum_of_weights(expected.cells, dim) - discretization.volume),
        1e-3);

  const auto compare = [&](const std::string &kind, const Sets<dim> &sets) {
    check("  " + kind, difference(sets.cells, expected.cells), 1e-10);
    check("  " + kind + ", boundary",
          difference(sets.faces, expected.faces),
          1e-10);
  };
  const auto sample_parallel = [&](const auto &triangulation) {
    return sample_on<dim, LinearAlgebra::distributed::Vector<double>>(
      triangulation, discretization, MPI_COMM_NULL);
  };
  for (const std::string &kind : discretization.kinds)
    if (kind == "serial")
      compare(
        kind,
        sample_on<dim, Vector<double>>(serial, discretization, MPI_COMM_WORLD));
    else if (kind == "shared" || kind == "shared with artificial cells")
      {
        parallel::shared::Triangulation<dim> triangulation(
          MPI_COMM_WORLD,
          Triangulation<dim>::limit_level_difference_at_vertices,
          kind != "shared",
          parallel::shared::Triangulation<dim>::partition_zorder);
        discretization.make_mesh(triangulation);
        compare(kind, sample_parallel(triangulation));
      }
    else if (kind == "fully distributed")
      {
        GridTools::partition_triangulation_zorder(
          Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD), serial);
        parallel::fullydistributed::Triangulation<dim> triangulation(
          MPI_COMM_WORLD);
        for (const auto id : serial.get_manifold_ids())
          if (id != numbers::flat_manifold_id)
            triangulation.set_manifold(id, serial.get_manifold(id));
        triangulation.create_triangulation(
          TriangulationDescription::Utilities::
            create_description_from_triangulation(serial, MPI_COMM_WORLD));
        compare(kind, sample_parallel(triangulation));
      }
    else if constexpr (dim > 1)
      {
        parallel::distributed::Triangulation<dim> triangulation(
          MPI_COMM_WORLD,
          Triangulation<dim>::limit_level_difference_at_vertices);
        discretization.make_mesh(triangulation);
        compare(kind, sample_parallel(triangulation));
      }
}



const std::vector<std::string> whole     = {"serial",
                                            "shared",
                                            "shared with artificial cells"};
const std::vector<std::string> simplices = {"serial",
                                            "shared",
                                            "fully distributed"};
const std::vector<std::string> all_kinds = {"serial",
                                            "shared",
                                            "shared with artificial cells",
                                            "distributed",
                                            "fully distributed"};

/**
 * Refine the unit cube, once more in a part of it.
 */
template <int dim>
void
refine_in_part(Triangulation<dim> &triangulation, const unsigned int n)
{
  triangulation.refine_global(n);
  // Where each rank holds the whole mesh, it must flag all cells.
  const bool is_distributed =
    dynamic_cast<const parallel::DistributedTriangulationBase<dim> *>(
      &triangulation) != nullptr;
  for (const auto &cell : triangulation.active_cell_iterators())
    if ((cell->is_locally_owned() || !is_distributed) &&
        cell->center()[0] < 0.4 && cell->center()[dim - 1] < 0.6)
      cell->set_refine_flag();
  triangulation.execute_coarsening_and_refinement();
}



template <int dim>
void
make_graded_cube(Triangulation<dim> &triangulation)
{
  GridGenerator::hyper_cube(triangulation);
  refine_in_part(triangulation, dim == 1 ? 3 : 2);
}



/**
 * Cubes with hanging nodes: scalar, hp, and vector-valued elements.
 */
template <int dim>
void
check_cubes()
{
  std::vector<std::string> kinds = all_kinds;
  if (dim == 1)
    kinds.erase(kinds.begin() + 3);
  const MappingQ<dim> mapping(1);

  Discretization<dim> scalar;
  scalar.name             = "hanging nodes";
  scalar.make_mesh        = make_graded_cube<dim>;
  scalar.fes              = hp::FECollection<dim>(FE_Q<dim>(3));
  scalar.mappings         = hp::MappingCollection<dim>(mapping);
  scalar.quadratures      = hp::QCollection<dim>(QGauss<dim>(2));
  scalar.face_quadratures = hp::QCollection<dim - 1>(QGauss<dim - 1>(2));
  scalar.orders           = {0, 1, 2};
  scalar.kinds            = kinds;
  check_kinds(scalar);

  Discretization<dim> hp = scalar;
  hp.name                = "hp";
  hp.fes                 = hp::FECollection<dim>(FE_Q<dim>(1), FE_Q<dim>(2));
  hp.quadratures         = hp::QCollection<dim>(QGauss<dim>(1), QGauss<dim>(2));
  hp.face_quadratures =
    hp::QCollection<dim - 1>(QGauss<dim - 1>(1), QGauss<dim - 1>(2));
  hp.orders          = {0, 1};
  hp.active_fe_index = [](const Point<dim> &x, const ReferenceCell &) {
    return x[0] < 0.6 ? 0u : 1u;
  };
  check_kinds(hp);

  if constexpr (dim > 1)
    {
      const FESystem<dim> fe(FE_RaviartThomas<dim>(0), 1, FE_Q<dim>(1), 1);
      Discretization<dim> vectors = scalar;
      vectors.name                = "Raviart-Thomas";
      vectors.fes                 = hp::FECollection<dim>(fe);
      vectors.orders              = {0, 1};
      vectors.components          = [&]() {
        return fe.component_mask(FEValuesExtractors::Vector(0));
      };
      // Interpolation is not defined at hanging nodes of such elements.
      vectors.make_mesh = [](Triangulation<dim> &triangulation) {
        GridGenerator::hyper_cube(triangulation);
        triangulation.refine_global(2);
      };
      check_kinds(vectors);
    }
}



template <int dim>
void
check_curved()
{
  Discretization<dim> shell;
  shell.name      = "curved";
  shell.make_mesh = [](Triangulation<dim> &triangulation) {
    GridGenerator::hyper_shell(
      triangulation, Point<dim>(), 0.5, 1., dim == 2 ? 8 : 6);
    refine_in_part(triangulation, 1);
  };
  shell.fes              = hp::FECollection<dim>(FE_Q<dim>(2));
  shell.mappings         = hp::MappingCollection<dim>(MappingQ<dim>(3));
  shell.quadratures      = hp::QCollection<dim>(QGauss<dim>(3));
  shell.face_quadratures = hp::QCollection<dim - 1>(QGauss<dim - 1>(3));
  shell.kinds            = all_kinds;
  shell.volume = dim == 2 ? numbers::PI * 0.75 : numbers::PI * 4. / 3. * 0.875;
  check_kinds(shell);
}



template <int dim>
void
check_simplices()
{
  Discretization<dim> simplex;
  simplex.name      = "simplices";
  simplex.make_mesh = [](Triangulation<dim> &triangulation) {
    GridGenerator::subdivided_hyper_cube_with_simplices(triangulation, 3);
  };
  simplex.fes = hp::FECollection<dim>(FE_SimplexP<dim>(2));
  simplex.mappings =
    hp::MappingCollection<dim>(MappingFE<dim>(FE_SimplexP<dim>(1)));
  simplex.quadratures = hp::QCollection<dim>(QGaussSimplex<dim>(3));
  simplex.face_quadratures =
    hp::QCollection<dim - 1>(QGaussSimplex<dim - 1>(3));
  simplex.kinds = simplices;
  check_kinds(simplex);

  // Squares beside triangles, by pieces of different elements
  if constexpr (dim == 2)
    {
      Discretization<2> mixed = simplex;
      mixed.name              = "squares and triangles";
      mixed.make_mesh         = [](Triangulation<2> &triangulation) {
        std::vector<Point<2>>    vertices;
        std::vector<CellData<2>> cells;
        for (unsigned int i = 0; i <= 4; ++i)
          for (unsigned int j = 0; j <= 4; ++j)
            vertices.emplace_back(0.25 * i, 0.25 * j);
        const auto add = [&](const std::vector<unsigned int> &corners) {
          cells.emplace_back(corners.size());
          cells.back().vertices = corners;
        };
        for (unsigned int i = 0; i < 4; ++i)
          for (unsigned int j = 0; j < 4; ++j)
            {
              const unsigned int v = 5 * i + j;
              if (i < 2)
                add({v, v + 5, v + 1, v + 6});
              else
                {
                  add({v, v + 5, v + 1});
                  add({v + 6, v + 1, v + 5});
                }
            }
        triangulation.create_triangulation(vertices, cells, SubCellData());
      };
      mixed.fes      = hp::FECollection<2>(FE_SimplexP<2>(2), FE_Q<2>(2));
      mixed.mappings = hp::MappingCollection<2>(MappingFE<2>(FE_SimplexP<2>(1)),
                                                MappingFE<2>(FE_Q<2>(1)));
      mixed.quadratures = hp::QCollection<2>(QGaussSimplex<2>(2), QGauss<2>(2));
      mixed.face_quadratures = hp::QCollection<1>(QGauss<1>(2), QGauss<1>(2));
      mixed.active_fe_index  = [](const Point<2> &, const ReferenceCell &cell) {
        return cell == ReferenceCells::Triangle ? 0u : 1u;
      };
      mixed.kinds = {"serial", "shared"};
      check_kinds(mixed);
    }
}



/**
 * Wedges have faces of two kinds, for which one quadrature is not enough.
 */
void
check_wedges()
{
  Triangulation<3> triangulation;
  GridGenerator::reference_cell(triangulation, ReferenceCells::Wedge);
  DoFHandler<3>      dof_handler(triangulation);
  const FE_WedgeP<3> fe(1);
  const MappingFE<3> mapping(fe);
  dof_handler.distribute_dofs(fe);
  Vector<double> solution(dof_handler.n_dofs());
  solution = 1.;
  check(
    "a wedge",
    std::abs(sum_of_weights(
               rows_of(sample(
                 mapping, dof_handler, solution, QGaussWedge<3>(2), {jet_values})),
               3) -
             0.5),
    1e-12);
  expect_error("faces of a wedge", [&]() {
    sample_boundary(mapping, dof_handler, solution, QGauss<2>(2), {jet_values});
  });
}



/**
 * What deal.II does not notice in release mode.
 */
void
check_misfits()
{
  Triangulation<2> triangulation;
  GridGenerator::hyper_cube(triangulation);
  DoFHandler<2> dof_handler(triangulation);
  dof_handler.distribute_dofs(
    FESystem<2>(FE_Q<2>(2), 1, FE_RaviartThomas<2>(1), 1));
  const Vector<double> solution(dof_handler.n_dofs());
  expect_error("third derivatives, Raviart-Thomas", [&]() {
    sample(
      MappingQ<2>(1), dof_handler, solution, QGauss<2>(2), {jet_third_derivatives});
  });

  Triangulation<2> triangle;
  GridGenerator::reference_cell(triangle, ReferenceCells::Triangle);
  dof_handler.reinit(triangle);
  const FE_SimplexP<2> fe(1);
  dof_handler.distribute_dofs(fe);
  const Vector<double> values_there(dof_handler.n_dofs());
  SampleRequest<2>     request     = {jet_values};
  const auto           sample_with = [&](const Mapping<2>    &mapping,
                               const Quadrature<2> &quadrature) {
    sample(mapping, dof_handler, values_there, quadrature, request);
  };
  expect_error("a triangle, a mapping for squares",
               [&]() { sample_with(MappingQ<2>(1), QGaussSimplex<2>(2)); });
  expect_error("a triangle, a quadrature for squares",
               [&]() { sample_with(MappingFE<2>(fe), QGauss<2>(2)); });
  request.quadrature_index = [](const auto &) { return 1; };
  expect_error("a triangle, no quadrature",
               [&]() { sample_with(MappingFE<2>(fe), QGaussSimplex<2>(2)); });
}



DERL_TEST(sample_meshes)
{
  initlog();

  check_cubes<1>();
  check_cubes<2>();
  check_cubes<3>();
  check_curved<2>();
  check_curved<3>();
  check_simplices<2>();
  check_simplices<3>();
  check_wedges();
  check_misfits();
}
} // namespace test_sample_meshes
