// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The points that the library chooses: how many of each kind, with the cells'
// volume each, the same on any number of ranks; random ones must count little
// where a solution is superconvergent, and fully where it is singular.

#include <derl/data/samples.h>
#include <derl/data/sampling.h>

#include <deal.II/base/function.h>
#include <deal.II/base/function_lib.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_simplex_p.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/fe/fe_wedge_p.h>
#include <deal.II/fe/mapping_fe.h>
#include <deal.II/fe/mapping_q1.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/trilinos_vector.h>

#include <deal.II/numerics/vector_tools.h>

#include <memory>

#include "../check.h"

namespace test_default_points
{
using namespace dealii;
using namespace derl;

/**
 * sin(2x + y + ...) in each component.
 */
template <int dim>
class Wave : public Function<dim>
{
public:
  Wave(const unsigned int n_components = 1)
    : Function<dim>(n_components)
  {
  }

  double
  value(const Point<dim> &x, const unsigned int component) const override
  {
    return std::sin(2. * x[0] + x[dim - 1] + component);
  }

  Tensor<1, dim>
  gradient(const Point<dim> &x, const unsigned int component) const override
  {
    Tensor<1, dim> direction;
    direction[0] = 2.;
    direction[dim - 1] += 1.;
    return std::cos(2. * x[0] + x[dim - 1] + component) * direction;
  }
};



/**
 * A mesh that every rank holds, and a function interpolated on it.
 */
template <int dim>
struct Discretization
{
  Discretization(const Triangulation<dim>     &mesh,
                 const hp::FECollection<dim>  &fes,
                 const Function<dim>          &function,
                 std::unique_ptr<Mapping<dim>> given_mapping =
                   std::make_unique<MappingQ1<dim>>())
    : mapping(std::move(given_mapping))
    , dof_handler(mesh)
    , request({jet_gradients})
  {
    for (const auto &cell : dof_handler.active_cell_iterators())
      cell->set_active_fe_index(cell->active_cell_index() % fes.size());
    dof_handler.distribute_dofs(fes);
    solution.reinit(dof_handler.n_dofs());
    hp::MappingCollection<dim> mappings;
    for (unsigned int i = 0; i < fes.size(); ++i)
      mappings.push_back(*mapping);
    VectorTools::interpolate(mappings, dof_handler, function, solution);
    request.communicator = MPI_COMM_WORLD;
  }

  std::unique_ptr<Mapping<dim>> mapping;
  DoFHandler<dim>               dof_handler;
  Vector<double>                solution;
  SampleRequest<dim>            request;
};



/**
 * Numbers over all ranks.
 */
void
describe(const std::string &name, const Samples &samples, const double volume)
{
  const auto [for_training, for_checks] = check_indices(samples);
  // Gauss points count more than others, if these count less
  double largest = 0., smallest = 1e300;
  for (const unsigned int i : for_training)
    if (samples.has_factors())
      {
        largest  = std::max(largest, samples.factors(i)[0]);
        smallest = std::min(smallest, samples.factors(i)[0]);
      }
  largest  = Utilities::MPI::max(largest, MPI_COMM_WORLD);
  smallest = Utilities::MPI::min(smallest, MPI_COMM_WORLD);

  std::vector<double> sums(6, 0.);
  for (const unsigned int i : for_training)
    {
      sums[0] += 1.;
      sums[1] += samples.weight(i);
      if (samples.has_factors())
        sums[2] += samples.weight(i) * samples.factors(i)[0];
    }
  for (const unsigned int i : for_checks)
    {
      sums[3] += 1.;
      sums[4] += samples.weight(i);
    }
  // which points they are, and what is observed there
  for (unsigned int i = 0; i < samples.size(); ++i)
    sums[5] +=
      std::sin(20. * samples.point(i)[0]) * (2. + samples.observations(i)[0]);
  Utilities::MPI::sum(sums, MPI_COMM_WORLD, sums);

  deallog << name << ": " << sums[0] << " samples for training, " << sums[3]
          << " that judge, checksum " << sums[5] << std::endl;
  check(
    "volumes",
    std::max(std::abs(sums[1] / volume - 2.), std::abs(sums[4] / volume - 1.)),
    1e-12);
  if (largest > 0.)
    {
      check("mean of the factors", std::abs(sums[2] / sums[1] - 1.), 1e-12);
      deallog << "random points count "
              << (smallest < 0.1 * largest   ? "little"
                  : smallest < 0.3 * largest ? "less"
                                             : "alike")
              << std::endl;
    }
}



/**
 * The estimated errors of the gradient of a function beside the true ones, at
 * the points of training: the factor between them is below a limit.
 */
void
check_estimated_errors(const Samples     &samples,
                       const Function<2> &function,
                       const double       limit)
{
  std::vector<double> sums(4, 0.);
  for (const unsigned int i : check_indices(samples).first)
    {
      const Tensor<1, 2> exact =
        function.gradient({samples.point(i)[0], samples.point(i)[1]});
      for (unsigned int d = 0; d < 2; ++d)
        {
          const double weight = samples.weight(i) * samples.factors(i)[d];
          sums[d] +=
            weight * std::pow(samples.observations(i)[d] - exact[d], 2);
          sums[2 + d] += weight;
        }
    }
  Utilities::MPI::sum(sums, MPI_COMM_WORLD, sums);
  double largest = 0.;
  for (unsigned int d = 0; d < 2; ++d)
    largest = std::max(largest,
                       std::abs(std::log(samples.estimated_errors()[d] /
                                         std::sqrt(sums[d] / sums[2 + d]))));
  check("estimated error over the true one", largest, std::log(limit));
}



template <int dim>
Samples
take(const Discretization<dim> &of)
{
  return sample(*of.mapping, of.dof_handler, of.solution, of.request);
}



void
check_kinds()
{
  for (const unsigned int degree : {1, 2, 3})
    {
      Triangulation<2> mesh;
      GridGenerator::hyper_cube(mesh, -1., 1.);
      mesh.refine_global(3);
      const Discretization<2> smooth(
        mesh, hp::FECollection<2>(FE_Q<2>(degree)), Wave<2>());
      const Samples samples = take(smooth);
      describe("smooth, degree " + std::to_string(degree), samples, 4.);
      check_estimated_errors(samples, Wave<2>(), 1.3);
    }
  {
    Triangulation<2> mesh;
    GridGenerator::hyper_L(mesh, -1., 1.);
    mesh.refine_global(3);
    const Discretization<2> singular(
      mesh, hp::FECollection<2>(FE_Q<2>(2)), Functions::LSingularityFunction());
    const Samples samples = take(singular);
    describe("singular", samples, 3.);
    check_estimated_errors(samples, Functions::LSingularityFunction(), 2.5);
  }
  {
    Triangulation<1> mesh;
    GridGenerator::hyper_cube(mesh);
    mesh.refine_global(4);
    describe(
      "1-D",
      take(Discretization<1>(mesh, hp::FECollection<1>(FE_Q<1>(2)), Wave<1>())),
      1.);
  }
  {
    Triangulation<3> mesh;
    GridGenerator::hyper_cube(mesh);
    mesh.refine_global(2);
    describe(
      "3-D",
      take(Discretization<3>(mesh, hp::FECollection<3>(FE_Q<3>(2)), Wave<3>())),
      1.);
  }
  {
    Triangulation<2> mesh;
    GridGenerator::subdivided_hyper_cube_with_simplices(mesh, 6);
    describe("simplices",
             take(Discretization<2>(
               mesh,
               hp::FECollection<2>(FE_SimplexP<2>(2)),
               Wave<2>(),
               std::make_unique<MappingFE<2>>(FE_SimplexP<2>(1)))),
             1.);
  }
  {
    Triangulation<2> mesh;
    GridGenerator::hyper_cube(mesh);
    mesh.refine_global(3);
    describe("two degrees",
             take(Discretization<2>(
               mesh, hp::FECollection<2>(FE_Q<2>(1), FE_Q<2>(3)), Wave<2>())),
             1.);
    Discretization<2> system(
      mesh,
      hp::FECollection<2>(FESystem<2>(FE_Q<2>(3), 1, FE_Q<2>(1), 1)),
      Wave<2>(2));
    describe("both components", take(system), 1.);
    system.request.components = ComponentMask(std::vector<bool>{false, true});
    describe("the one of lower degree", take(system), 1.);
  }
}



/**
 * Values at the boundary are at Gauss points; wedges are refused.
 */
void
check_limits()
{
  Triangulation<2> mesh;
  GridGenerator::hyper_cube(mesh);
  mesh.refine_global(2);
  Discretization<2> plain(mesh, hp::FECollection<2>(FE_Q<2>(2)), Wave<2>());
  plain.request.orders   = {jet_values};
  const Samples boundary = sample_boundary(
    *plain.mapping, plain.dof_handler, plain.solution, plain.request);
  check("no samples of the boundary judge",
        check_indices(boundary).second.empty());
  deallog << "at the boundary: "
          << Utilities::MPI::sum(boundary.size(), MPI_COMM_WORLD) << std::endl;

  Triangulation<3> wedge;
  GridGenerator::reference_cell(wedge, ReferenceCells::Wedge);
  const Discretization<3> refused(
    wedge,
    hp::FECollection<3>(FE_WedgeP<3>(1)),
    Wave<3>(),
    std::make_unique<MappingFE<3>>(FE_WedgeP<3>(1)));
  expect_error("wedges", [&]() { take(refused); });
}



/**
 * On a distributed mesh, where cells know their neighbours on other ranks.
 */
void
check_distributed()
{
  parallel::distributed::Triangulation<2> mesh(MPI_COMM_WORLD);
  GridGenerator::hyper_cube(mesh, -1., 1.);
  mesh.refine_global(3);
  DoFHandler<2> dof_handler(mesh);
  dof_handler.distribute_dofs(FE_Q<2>(2));
  IndexSet relevant;
  DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
  const IndexSet               &owned = dof_handler.locally_owned_dofs();
  TrilinosWrappers::MPI::Vector interpolated(owned, MPI_COMM_WORLD);
  VectorTools::interpolate(dof_handler, Wave<2>(), interpolated);
  TrilinosWrappers::MPI::Vector solution(owned, relevant, MPI_COMM_WORLD);
  solution = interpolated;
  describe("distributed",
           sample(MappingQ1<2>(), dof_handler, solution, {jet_gradients}),
           4.);
}



DERL_TEST(default_points)
{
  initlog();

  check_kinds();
  check_limits();
  check_distributed();
}
} // namespace test_default_points
