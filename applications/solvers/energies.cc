// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <solvers/energies.h>

#include <derl/equations/sacado_residual.h>

#include <derl/network/evaluator.h>

namespace derl
{
  using namespace dealii;

  std::map<std::string, std::shared_ptr<const Residual>>
  energy_residuals(const double damping)
  {
    return {
      {"Hamilton",
       residual({"H_q", "H_p"},
                {"velocity", "acceleration"},
                [damping](const auto &H, const auto &rate, const auto &z) {
                  return rows(H[1] - rate[0], H[0] + damping * z[1] + rate[1]);
                })},
      {"Lagrange",
       residual({"L_q", "L_qv", "L_vv"},
                {"acceleration"},
                [damping](const auto &L, const auto &a, const auto &z) {
                  return rows(L[2] * a[0] + L[1] * z[1] - L[0] +
                              damping * z[1]);
                })},
      {"mass",
       residual({"L_vv"}, [](const auto &L, const auto &, const auto &) {
         return rows(L[0] - 1.);
       })}};
  }



  Samples
  states_with_rates(const Samples &trajectories)
  {
    Samples samples(2, {}, trajectories.origin(), {"velocity", "acceleration"});
    for (unsigned int i = 0; i < trajectories.size(); ++i)
      {
        const double *const u = trajectories.observations(i);
        samples.add(ArrayView<const double>(u, 2),
                    {},
                    1.,
                    ArrayView<const double>(u + 1, 2));
      }
    return samples;
  }



  Samples
  state_at_rest(const MPI_Comm &communicator)
  {
    Samples samples(2, {{0, {0, 0}}}, "state at rest");
    if (Utilities::MPI::this_mpi_process(communicator) == 0)
      samples.add(std::vector<double>{0., 0.}, std::vector<double>{0.}, 1.);
    return samples;
  }



  DifferentialEquations
  implied_equations(const Surrogate &surrogate, const double damping)
  {
    const bool has_H     = surrogate.components[0] == "H";
    const auto evaluator = std::make_shared<const Evaluator>(
      surrogate,
      has_H ? std::vector<std::string>{"H_q", "H_p"}
            : std::vector<std::string>{"L_q", "L_qv", "L_vv"});
    const auto workspace = std::make_shared<Evaluator::Workspace>(*evaluator);
    return {2,
            [=](const double, const Vector<double> &z, Vector<double> &rate) {
              std::array<double, 3> d;
              evaluator->evaluate(ArrayView<const double>(z.begin(), 2),
                                  *workspace,
                                  ArrayView<double>(d.data(), has_H ? 2 : 3));
              rate[0] = has_H ? d[1] : z[1];
              rate[1] = has_H ? -d[0] - damping * z[1]
                              : (d[0] - (d[1] + damping) * z[1]) / d[2];
            }};
  }
} // namespace derl
