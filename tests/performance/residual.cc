// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// What a residual of twelve jet entries and two rows (the momentum equations in
// the plane) costs per point, differentiated by Sacado and by hand, beside the
// kernel's part of the same evaluation. Times are those of the thread; one
// core.

#include <derl/equations/sacado_residual.h>

#include <derl/network/jet_plan.h>
#include <derl/network/surrogate.h>

#include <deal.II/base/mpi.h>

#include <cstdio>

#include "../../source/base/random.h"
#include "measure.h"

using namespace dealii;
using namespace derl;

constexpr unsigned int n_points  = 4096;
constexpr double       viscosity = 0.01;



std::shared_ptr<const Residual>
by_sacado()
{
  return residual(
    {"u",
     "u_x",
     "u_y",
     "u_xx",
     "u_yy",
     "v",
     "v_x",
     "v_y",
     "v_xx",
     "v_yy",
     "p_x",
     "p_y"},
    [](const auto &jet, const auto &, const auto &) {
      const auto &[u, u_x, u_y, u_xx, u_yy, v, v_x, v_y, v_xx, v_yy, p_x, p_y] =
        jet;
      return rows(u * u_x + v * u_y + p_x - viscosity * (u_xx + u_yy),
                  u * v_x + v * v_y + p_y - viscosity * (v_xx + v_yy));
    });
}



std::shared_ptr<const Residual>
by_hand()
{
  return residual_with_derivatives<2>(
    {"u",
     "u_x",
     "u_y",
     "u_xx",
     "u_yy",
     "v",
     "v_x",
     "v_y",
     "v_xx",
     "v_yy",
     "p_x",
     "p_y"},
    [](const auto &jet, const auto &, const auto &, auto &derivatives) {
      const auto &[u, u_x, u_y, u_xx, u_yy, v, v_x, v_y, v_xx, v_yy, p_x, p_y] =
        jet;
      derivatives[0] = {
        {u_x, u, v, -viscosity, -viscosity, u_y, 0, 0, 0, 0, 1, 0}};
      derivatives[1] = {
        {v_x, 0, 0, 0, 0, v_y, u, v, -viscosity, -viscosity, 0, 1}};
      return std::array<double, 2>{
        {u * u_x + v * u_y + p_x - viscosity * (u_xx + u_yy),
         u * v_x + v * v_y + p_y - viscosity * (v_xx + v_yy)}};
    });
}



void
print(const std::string &name, const Timing &timing)
{
  std::printf("%-44s %8.1f ns per point, %6.0f flops' time %8.2fx\n",
              name.c_str(),
              1e9 * timing.seconds / n_points,
              timing.seconds * timing.peak / n_points,
              timing.disturbance);
}



int
main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);

  NetworkParameters network;
  network.hidden = {20, 20, 20};
  const Surrogate surrogate(network, {"x", "y"}, {"u", "v", "p"});
  RandomStream    random(1);

  std::printf("peak %.1f GFLOP/s (double), 3x20 network, last column: median / "
              "undisturbed time\n",
              1e-9 * fma_rate());
  for (const bool is_sacado : {true, false})
    {
      const auto              residual = is_sacado ? by_sacado() : by_hand();
      const Residual::Binding binding  = residual->bind(surrogate.names(), {});
      std::vector<std::vector<double>> jets(binding.entries.size()),
        rows(2, std::vector<double>(n_points)),
        derivatives(binding.pattern.size(), std::vector<double>(n_points));
      Residual::Batch       batch{n_points, {}, {}, nullptr, 0};
      std::vector<double *> row_arrays, derivative_arrays;
      for (auto &jet : jets)
        {
          for (unsigned int k = 0; k < n_points; ++k)
            jet.push_back(random.uniform());
          batch.jets.push_back(jet.data());
        }
      for (auto &row : rows)
        row_arrays.push_back(row.data());
      for (auto &derivative : derivatives)
        derivative_arrays.push_back(derivative.data());
      print(is_sacado ? "residual, 12 entries and 2 rows, by Sacado"
                      : "the same with derivatives by hand",
            measure([&]() {
              residual->linearize(batch, row_arrays, derivative_arrays);
            }));
    }

  // the network's jets of these entries, and their adjoint
  DerivativeSet      set(2, {{2, 0}, {0, 2}});
  const JetPlan      plan = surrogate.make_plan(set);
  JetPlan::Workspace workspace(plan);
  plan.set_parameters(surrogate.parameters, workspace);
  std::vector<double> points;
  for (unsigned int i = 0; i < 2 * n_points; ++i)
    points.push_back(random.uniform());
  Vector<double> gradient(surrogate.parameters.size());
  print("kernel: jets and gradient of u, v, p", measure([&]() {
          plan.add_gradient(
            ArrayView<const double>(points.data(), points.size()),
            workspace,
            [&](const unsigned int,
                const JetBlock &jets,
                const JetBlock &adjoints) {
              for (unsigned int c = 0; c < 3; ++c)
                for (unsigned int d = 0; d < set.size(); ++d)
                  std::copy_n(jets(c, d), jets.n_points(), adjoints(c, d));
            },
            gradient);
        }));
}
