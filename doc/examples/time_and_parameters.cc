// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Heat in a rod for all times and for diffusivities between those of five runs: one
// network of (x, t, mu), which is evaluated for a diffusivity without a run.

#include <derl/derl.h>

#include <deal.II/base/quadrature_lib.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/mapping_q1.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/numerics/vector_tools.h>

#include <algorithm>
#include <iostream>
#include <memory>

using namespace dealii;

int
main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const ConditionalOStream         out(std::cout, true);

  Triangulation<1> mesh;
  GridGenerator::hyper_cube(mesh);
  mesh.refine_global(3);
  const MappingQ1<1> mapping;
  DoFHandler<1>      dof_handler(mesh);
  dof_handler.distribute_dofs(FE_Q<1>(2));
  // in place of a solver: u_t = mu u_xx, zero at both ends, and its rate u_t
  const auto exact = [](const double x, const double t, const double mu) {
    return std::exp(-numbers::PI * numbers::PI * mu * t) * std::sin(numbers::PI * x);
  };
  Vector<double> u(dof_handler.n_dofs()), rate(u);
  // samples know at which time and for which parameter they were taken
  using Snapshot = derl::Snapshot<Vector<double>>;
  std::vector<derl::Samples> inside, values;
  for (const double mu : {0.02, 0.04, 0.06, 0.08, 0.1})
    for (double t = 0.; t < 1.01; t += 0.1)
      {
        VectorTools::interpolate(
          dof_handler,
          ScalarFunctionFromFunctionObject<1>([&](const auto &x) { return exact(x[0], t, mu); }),
          u);
        rate.equ(-numbers::PI * numbers::PI * mu, u);
        const Snapshot only_u(u, {t, mu}), with_rate(u, {t, mu}, {{{1, 0}, &rate}});
        inside.push_back(derl::sample(mapping, dof_handler, with_rate, {derl::jet_gradients}));
        values.push_back(derl::sample_boundary(mapping, dof_handler, only_u, {derl::jet_values}));
        if (t == 0.)
          values.push_back(derl::sample(mapping, dof_handler, only_u, QGauss<1>(2), {derl::jet_values}));
      }
  const auto joined = [](const std::vector<derl::Samples> &tables) {
    const auto result = std::make_shared<derl::Samples>(tables[0]);
    std::for_each(tables.begin() + 1, tables.end(), [&](const auto &t) { result->append(t); });
    return result;
  };

  derl::Surrogate          surrogate(derl::NetworkParameters(), {"x", "t", "mu"}, {"u"});
  derl::TrainingParameters parameters;
  parameters.stopping.max_iterations = 500;
  derl::Trainer trainer(surrogate, parameters, MPI_COMM_SELF, out);
  trainer.add_term("inside", joined(inside), derl::match({"u_x", "u_t"}));
  trainer.add_term("start and ends", joined(values), derl::match({"u"}));
  trainer.train();

  // an unseen diffusivity, between two time steps
  derl::SurrogateFunction<1> function(surrogate);
  function.set_time(0.75);
  function.set_parameters({0.07});
  double error = 0.;
  for (double x = 0.05; x < 0.99; x += 0.05)
    error = std::max(error, std::abs(function.value(Point<1>(x)) - exact(x, 0.75, 0.07)));
  out << "largest error for an unseen diffusivity: " << error << std::endl;
}
