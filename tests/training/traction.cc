// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A traction condition on a curved boundary, with normals as columns of the
// samples, must improve the stress there that is learned from the gradients of
// a finite element function; against Lame's solution of a pressurised tube.

#include <derl/coupling/surrogate_function.h>

#include <derl/data/sampling.h>

#include <derl/equations/sacado_residual.h>

#include <derl/training/trainer.h>

#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_handler.h>
#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/fe/mapping_q.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/la_parallel_vector.h>

#include <deal.II/numerics/vector_tools.h>

#include <iostream>

#include "../check.h"

namespace test_traction
{
using namespace dealii;
using namespace derl;

// Both Lame coefficients are 1, the radii 1 and 2, the pressure inside 1; see
// S. P. Timoshenko and J. N. Goodier, Theory of Elasticity, section 28.
constexpr double hoop_stress = 1. / 3. + 4. / 3.;



class Displacement : public Function<2>
{
public:
  Displacement()
    : Function<2>(2)
  {
  }

  double
  value(const Point<2> &x, const unsigned int component) const override
  {
    const double r = x.norm();
    return (r / 12. + 2. / (3. * r)) * x[component] / r;
  }
};



/**
 * The pressure inside pushes outwards: along the inward normal of the hole.
 */
class Traction : public Function<2>
{
public:
  Traction()
    : Function<2>(2)
  {
  }

  double
  value(const Point<2> &x, const unsigned int component) const override
  {
    return x[component] / x.norm();
  }
};



std::shared_ptr<const Residual>
traction_condition()
{
  return residual({"u_x", "u_y", "v_x", "v_y"},
                  {"normal_x", "normal_y", "traction_x", "traction_y"},
                  [](const auto &jet, const auto &columns, const auto &) {
                    const auto &[u_x, u_y, v_x, v_y]               = jet;
                    const auto &[n_x, n_y, traction_x, traction_y] = columns;
                    return rows(
                      (3. * u_x + v_y) * n_x + (u_y + v_x) * n_y - traction_x,
                      (u_y + v_x) * n_x + (u_x + 3. * v_y) * n_y - traction_y);
                  });
}



DERL_TEST(traction)
{
  initlog();

  parallel::distributed::Triangulation<2> mesh(MPI_COMM_WORLD);
  GridGenerator::hyper_shell(mesh, Point<2>(), 1., 2., 8, true);
  mesh.refine_global(2);
  const FESystem<2> fe(FE_Q<2>(1), 2);
  const MappingQ<2> mapping(3);
  DoFHandler<2>     dof_handler(mesh);
  dof_handler.distribute_dofs(fe);
  IndexSet relevant;
  DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
  LinearAlgebra::distributed::Vector<double> solution(
    dof_handler.locally_owned_dofs(), relevant, MPI_COMM_WORLD);
  VectorTools::interpolate(mapping, dof_handler, Displacement(), solution);
  solution.update_ghost_values();

  const auto interior = std::make_shared<const Samples>(
    sample(mapping, dof_handler, solution, QGauss<2>(1), {jet_gradients}));
  SampleRequest<2> request = {jet_values};
  request.boundary_ids     = {0};
  request.normals          = true;
  request.auxiliary        = {
           {{"traction_x", "traction_y"}, std::make_shared<const Traction>()}};
  const auto inside = std::make_shared<const Samples>(
    sample_boundary(mapping, dof_handler, solution, QGauss<1>(2), request));

  // the normal points into the hole
  double error = 0;
  for (unsigned int i = 0; i < inside->size(); ++i)
    for (unsigned int d = 0; d < 2; ++d)
      error = std::max(
        {error,
         std::abs(inside->auxiliary(i)[d] +
                  inside->point(i)[d] /
                    std::hypot(inside->point(i)[0], inside->point(i)[1])),
         std::abs(inside->auxiliary(i)[2 + d] + inside->auxiliary(i)[d])});
  check("normals and traction", error, 1e-3);
  expect_error("normals in cells", [&]() {
    sample(mapping, dof_handler, solution, QGauss<2>(1), request);
  });

  double errors[2];
  for (const bool with_traction : {false, true})
    {
      NetworkParameters network;
      network.hidden = {12, 12};
      Surrogate          surrogate(network, {"x", "y"}, {"u", "v"});
      TrainingParameters parameters;
      parameters.stopping.max_iterations = 250;
      // the weight of the condition is for the units of the problem
      parameters.scaling = "none";
      Trainer trainer(surrogate,
                      parameters,
                      MPI_COMM_WORLD,
                      ConditionalOStream(std::cout, false));
      trainer.add_term(
        "gradient", interior, match({"u_x", "u_y", "v_x", "v_y"}));
      trainer.add_term("displacement", inside, match({"u", "v"}), 0.1);
      if (with_traction)
        trainer.add_term("traction", inside, traction_condition());
      trainer.train();

      // the hoop stress at the hole, sigma_yy on the x axis and so on
      const SurrogateFunction<2> function(surrogate);
      double                     square = 0;
      for (unsigned int i = 0; i < 64; ++i)
        {
          const double       phi = 2. * numbers::PI * i / 64;
          const Point<2>     x(std::cos(phi), std::sin(phi));
          const Tensor<1, 2> u = function.gradient(x, 0),
                             v = function.gradient(x, 1);
          const double stress  = (3. * u[0] + v[1]) * x[1] * x[1] -
                                2. * (u[1] + v[0]) * x[0] * x[1] +
                                (u[0] + 3. * v[1]) * x[0] * x[0];
          square += std::pow(stress / hoop_stress - 1., 2) / 64;
        }
      errors[with_traction] = std::sqrt(square);
    }
  check("the condition helps", errors[1] / errors[0], 0.5);
  check("the stress is learned", errors[1], 0.03);
}
} // namespace test_traction
