// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Auxiliary columns must hold what was asked for, through everything that is
// done to samples, and tables joined or relabelled must keep their numbers.

#include <derl/data/samples.h>
#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <deal.II/base/function_lib.h>
#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_handler.h>
#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/mapping_q.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/la_parallel_vector.h>

#include <deal.II/numerics/vector_tools.h>

#include <algorithm>

#include "../check.h"

namespace test_columns
{
using namespace dealii;
using namespace derl;

using VectorType = LinearAlgebra::distributed::Vector<double>;

/**
 * x + 2y, and x y.
 */
class Coefficients : public Function<2>
{
public:
  Coefficients()
    : Function<2>(2)
  {
  }

  double
  value(const Point<2> &x, const unsigned int component) const override
  {
    return component == 0 ? x[0] + 2 * x[1] : x[0] * x[1];
  }
};



/**
 * A solution on a disk by elements of the given degree.
 */
struct Field
{
  Field(const Triangulation<2> &mesh,
        const unsigned int      degree,
        const Function<2>      &function)
    : fe(degree)
    , dof_handler(mesh)
  {
    dof_handler.distribute_dofs(fe);
    IndexSet relevant;
    DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
    solution.reinit(dof_handler.locally_owned_dofs(), relevant, MPI_COMM_WORLD);
    VectorTools::interpolate(mapping, dof_handler, function, solution);
    solution.update_ghost_values();
  }

  const MappingQ<2> mapping{3};
  const FE_Q<2>     fe;
  DoFHandler<2>     dof_handler;
  VectorType        solution;
};



/**
 * Whether the auxiliary columns from @p first on are those of Coefficients at
 * the samples' points.
 */
void
check_coefficients(const std::string &what,
                   const Samples     &samples,
                   const unsigned int first)
{
  double error = 0;
  for (unsigned int i = 0; i < samples.size(); ++i)
    {
      const Point<2> x(samples.point(i)[0], samples.point(i)[1]);
      for (unsigned int c = 0; c < 2; ++c)
        error = std::max(error,
                         std::abs(samples.auxiliary(i)[first + c] -
                                  Coefficients().value(x, c)));
    }
  check(what, error, 1e-14);
}



DERL_TEST(columns)
{
  initlog();

  parallel::distributed::Triangulation<2> mesh(MPI_COMM_WORLD);
  GridGenerator::hyper_ball_balanced(mesh);
  mesh.refine_global(1);
  const Functions::CosineFunction<2>   cosine;
  const Functions::ConstantFunction<2> constant(3.);
  const Field velocity(mesh, 2, cosine), pressure(mesh, 1, constant);

  SampleRequest<2> request = {jet_values, jet_gradients};
  request.auxiliary        = {{{"k", "m"}, std::make_shared<Coefficients>()}};
  const Samples inside     = sample(velocity.mapping,
                                velocity.dof_handler,
                                velocity.solution,
                                QGauss<2>(2),
                                request);
  check("names",
        inside.auxiliary_names() == std::vector<std::string>{"k", "m"});
  check_coefficients("in cells", inside, 0);

  request.normals       = true;
  const Samples surface = sample_boundary(velocity.mapping,
                                          velocity.dof_handler,
                                          velocity.solution,
                                          QGauss<1>(3),
                                          request);
  double        error   = 0;
  for (unsigned int i = 0; i < surface.size(); ++i)
    for (unsigned int d = 0; d < 2; ++d)
      error = std::max(error,
                       std::abs(surface.auxiliary(i)[d] - surface.point(i)[d]));
  check("normals of the unit circle", error, 1e-3);
  check_coefficients("functions beside normals", surface, 2);
  check_coefficients("at given points",
                     sample_function<2>(MPI_COMM_WORLD,
                                        cosine,
                                        {{0.1, 0.2}, {-0.3, 0.4}, {0.5, 0.}},
                                        {jet_values},
                                        {request.auxiliary}),
                     0);

  // what is done to samples
  Samples twice = inside;
  twice.append(inside);
  check_coefficients("append", twice, 0);
  check_coefficients("noise", add_noise(MPI_COMM_WORLD, inside, 0.1, 30), 0);
  check_coefficients(
    "subset", stratified_subset(MPI_COMM_WORLD, inside, 20, 30), 0);
  SampleReservoir reservoir(MPI_COMM_WORLD, 30, 1);
  reservoir.add(inside, 1.);
  reservoir.add(inside, 1.);
  check_coefficients("reservoir", reservoir.samples(), 0);
  std::vector<double> squares;
  for (unsigned int i = 0; i < inside.size(); ++i)
    squares.push_back(std::pow(inside.auxiliary(i)[0], 2));
  Samples more = inside;
  more.add_auxiliary("k2", squares);
  check_coefficients("a further column", more, 0);
  error = 0;
  for (unsigned int i = 0; i < more.size(); ++i)
    error = std::max(error, std::abs(more.auxiliary(i)[2] - squares[i]));
  check("its numbers", error, 0.);

  // two solutions in one table
  const Samples of_pressure = relabel_components(sample(pressure.mapping,
                                                        pressure.dof_handler,
                                                        pressure.solution,
                                                        QGauss<2>(2),
                                                        {jet_values}),
                                                 {1});
  const Samples both        = join_columns({&inside, &of_pressure});
  check("joined columns",
        both.columns() ==
          std::vector<JetEntry>{
            {0, {0, 0}}, {0, {1, 0}}, {0, {0, 1}}, {1, {0, 0}}});
  error = 0;
  for (unsigned int i = 0; i < both.size(); ++i)
    {
      error = std::max({error,
                        std::abs(both.observations(i)[3] - 3.),
                        std::abs(both.weight(i) - inside.weight(i))});
      for (unsigned int c = 0; c < 3; ++c)
        error = std::max(
          error, std::abs(both.observations(i)[c] - inside.observations(i)[c]));
    }
  check("joined numbers", error, 1e-14);
  check_coefficients("auxiliary columns of the first", both, 0);

  // a parameter in front
  const Samples with_parameter =
    relabel_coordinates(inside, {1, 2}, {7., 0, 0});
  check("columns of three coordinates",
        with_parameter.columns()[1] == JetEntry{0, {0, 1, 0}} &&
          with_parameter.n_coordinates() == 3);
  error = 0;
  for (unsigned int i = 0; i < inside.size(); ++i)
    error =
      std::max({error,
                std::abs(with_parameter.point(i)[0] - 7.),
                std::abs(with_parameter.point(i)[1] - inside.point(i)[0]),
                std::abs(with_parameter.point(i)[2] - inside.point(i)[1])});
  check("points of three coordinates", error, 0.);

  const auto on_all = [&](const std::function<void()> &work) {
    return [=]() { run_collectively(MPI_COMM_WORLD, work); };
  };
  expect_error("too few names", [&]() {
    request.auxiliary[0].names = {"k"};
    request.normals            = false;
    sample(velocity.mapping,
           velocity.dof_handler,
           velocity.solution,
           QGauss<2>(2),
           request);
  });
  expect_error("name twice",
               on_all([&]() { more.add_auxiliary("k", squares); }));
  expect_error("other points", on_all([&]() {
                 join_columns({&inside, &surface});
               }));
  expect_error("column twice", on_all([&]() {
                 join_columns({&inside, &inside});
               }));
  expect_error("component twice", on_all([&]() {
                 relabel_components(both, {1, 1});
               }));
  expect_error("too few components",
               on_all([&]() { relabel_components(both, {2}); }));
  expect_error("coordinates", on_all([&]() {
                 relabel_coordinates(inside, {1, 3}, {0., 0., 0.});
               }));
  expect_error("other columns", on_all([&]() { twice.append(more); }));
}
} // namespace test_columns
