// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The Hamiltonian of a pendulum from observed rates of its state: a residual of
// first derivatives. Along the dynamics it implies, the true energy must not change.

#include <derl/derl.h>
#include <derl/equations/sacado_residual.h>

using namespace dealii;

int
main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const ConditionalOStream         out(std::cout, true);

  // what is observed: states (q, p) and their rates, here of an exact pendulum
  const auto states = std::make_shared<derl::Samples>(
    2, std::vector<derl::JetEntry>(), "rates", std::vector<std::string>{"q'", "p'"});
  for (const Point<2> &z : derl::random_points<2>({-1.5, -1.5}, {1.5, 1.5}, 500, 1))
    states->add(make_array_view(z.begin_raw(), z.end_raw()), {}, 1.,
                std::vector<double>{z[1], -std::sin(z[0])});
  const auto rest = std::make_shared<derl::Samples>(
    2, derl::jet_entries_of_orders(2, 1, {0}), "energy at rest");
  rest->add(std::vector<double>{0., 0.}, std::vector<double>{0.}, 1.);

  derl::Surrogate          surrogate(derl::NetworkParameters(), {"q", "p"}, {"H"});
  derl::TrainingParameters parameters;
  parameters.stopping.max_iterations = 1500;
  parameters.log_interval            = 500;
  derl::Trainer trainer(surrogate, parameters, MPI_COMM_SELF, out);
  trainer.add_term("dynamics", states,
    derl::residual({"H_q", "H_p"}, {"q'", "p'"},
      [](const auto &jet, const auto &rate, const auto & /*point*/) {
        return derl::rows(jet[1] - rate[0], jet[0] + rate[1]);
      }));
  trainer.add_term("energy at rest", rest, derl::match({"H"}));
  trainer.train();

  // 100 periods by the implicit midpoint rule
  const derl::SurrogateFunction<2> H(surrogate);
  const auto   energy = [](const Point<2> &z) { return z[1] * z[1] / 2 + 1 - std::cos(z[0]); };
  Point<2>     z(1., 0.);
  const double start = energy(z), step = 0.01, period = 6.69;
  double       drift = 0.;
  for (unsigned int i = 0; i < 100 * period / step; ++i)
    {
      Tensor<1, 2> change;
      for (double difference = 1.; difference > 1e-14;)
        {
          const Tensor<1, 2> gradient = H.gradient(z + change / 2), old = change;
          change     = Tensor<1, 2>({step * gradient[1], -step * gradient[0]});
          difference = (change - old).norm();
        }
      z += change;
      drift = std::max(drift, std::abs(energy(z) / start - 1));
    }
  out << "largest change of the energy in 100 periods: " << drift << std::endl;
}
