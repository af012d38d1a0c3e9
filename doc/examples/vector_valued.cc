// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Velocity and pressure of a flow, a solution with an FESystem, become one network
// with three outputs. Derivatives of all components have names.

#include <derl/derl.h>

#include <deal.II/base/flow_function.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/fe/mapping_q1.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/numerics/vector_tools.h>

#include <iostream>
#include <memory>

using namespace dealii;

int
main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const ConditionalOStream         out(std::cout, true);

  // in place of a solver: Kovasznay's flow in Taylor-Hood elements
  const Functions::Kovasznay exact(40.);
  Triangulation<2>           mesh;
  GridGenerator::hyper_cube(mesh, -0.5, 0.5);
  mesh.refine_global(4);
  const MappingQ1<2> mapping;
  const FESystem<2>  fe(FE_Q<2>(2), 2, FE_Q<2>(1), 1);
  DoFHandler<2>      dof_handler(mesh);
  dof_handler.distribute_dofs(fe);
  Vector<double> solution(dof_handler.n_dofs());
  VectorTools::interpolate(mapping, dof_handler, exact, solution);

  // samples have columns for all components; terms name those that they match
  const auto inside = std::make_shared<const derl::Samples>(
    derl::sample(mapping, dof_handler, solution, {derl::jet_gradients}));
  const auto boundary = std::make_shared<const derl::Samples>(
    derl::sample_boundary(mapping, dof_handler, solution, {derl::jet_values}));

  derl::Surrogate          surrogate(derl::NetworkParameters(), {"x", "y"}, {"u", "v", "p"});
  derl::TrainingParameters parameters;
  parameters.stopping.max_iterations = 1000;
  derl::Trainer trainer(surrogate, parameters, MPI_COMM_SELF, out);
  trainer.add_term("velocity", inside, derl::match({"u_x", "u_y", "v_x", "v_y"}));
  trainer.add_term("pressure", inside, derl::match({"p_x", "p_y"}), 0.1);
  trainer.add_term("boundary", boundary, derl::match({"u", "v", "p"}));
  trainer.train();

  // errors of both by the same quadrature, of the velocity
  const derl::SurrogateFunction<2> flow(surrogate);
  const ComponentMask              velocity = fe.component_mask(FEValuesExtractors::Vector(0));
  const derl::ErrorIntegrator<2>   errors(mapping, dof_handler, exact, 2, 3, velocity);
  out << "relative error of the velocity's gradient, finite elements: "
      << errors.measure(solution).relative_h1_seminorm_error << std::endl
      << "relative error of the velocity's gradient, surrogate: "
      << errors.measure(flow).relative_h1_seminorm_error << std::endl;
  const Point<2> x(0.3, -0.2);
  out << "divergence at " << x << ": " << flow.gradient(x, 0)[0] + flow.gradient(x, 1)[1]
      << std::endl;
}
