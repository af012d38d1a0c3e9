// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Burgers' equation with viscosity 0.01/pi by its residual alone: once with fixed
// points, once with points that are drawn again every 200 iterations where the
// residual is large (C. Wu et al., "A comprehensive study of non-adaptive and
// residual-based adaptive sampling for physics-informed neural networks", Comput.
// Methods Appl. Mech. Engrg. 403 (2023) 115671: density proportional to the
// residual over its mean plus one).
//
//   adaptive [iterations, 3000 by default]

#include <derl/derl.h>
#include <derl/equations/sacado_residual.h>

#include <cstdio>
#include <iostream>
#include <memory>

using namespace dealii;

constexpr double       viscosity = 0.01 / numbers::PI;
constexpr unsigned int n_points = 2000, n_candidates = 20000, interval = 200;

// u of u_t + u u_x = viscosity u_xx, u(x, 0) = -sin(pi x), by Cole and Hopf
double
exact(const double x, const double t)
{
  if (t == 0.)
    return -std::sin(numbers::PI * x);
  // nothing comes from farther than the speed of one and diffusion reach
  const double width = 4 * viscosity * t, range = t + 6 * std::sqrt(width);
  double       numerator = 0., denominator = 0.;
  for (int i = -300; i <= 300; ++i)
    {
      const double eta = range * i / 300, y = numbers::PI * (x - eta);
      const double weight =
        std::exp(-eta * eta / width - (std::cos(y) + 1.) / (2 * numbers::PI * viscosity));
      numerator -= std::sin(y) * weight;
      denominator += weight;
    }
  return numerator / denominator;
}

// values or, without an order, points only
std::shared_ptr<const derl::Samples>
samples(const std::vector<Point<2>> &points, const std::vector<unsigned int> &orders)
{
  const ScalarFunctionFromFunctionObject<2> u(
    [](const Point<2> &p) { return exact(p[0], p[1]); });
  return std::make_shared<const derl::Samples>(
    derl::sample_function(MPI_COMM_SELF, u, points, orders));
}

std::vector<Point<2>>
uniform(const unsigned int n, const unsigned int seed)
{
  return derl::random_points<2>({-1, 0}, {1, 1}, n, seed);
}

// as many of the candidates as there are points, by chance
std::vector<Point<2>>
where_residual_is_large(const derl::Surrogate &surrogate, const unsigned int seed)
{
  const auto                 candidates = uniform(n_candidates, seed);
  const derl::Evaluator      evaluator(surrogate, {"u", "u_x", "u_t", "u_xx"});
  derl::Evaluator::Workspace workspace(evaluator);
  std::vector<double>        points, u(4 * n_candidates), sizes;
  for (const Point<2> &x : candidates)
    points.insert(points.end(), x.begin_raw(), x.end_raw());
  evaluator.evaluate(make_array_view(std::as_const(points)), workspace, make_array_view(u));
  double mean = 0.;
  for (const double *j = u.data(); j != u.data() + u.size(); j += 4)
    {
      sizes.push_back(std::abs(j[2] + j[0] * j[1] - viscosity * j[3]));
      mean += sizes.back() / n_candidates;
    }
  std::vector<Point<2>> result;
  double                sum = 0., next = derl::random_points<2>({0, 0}, {1, 1}, 1, seed)[0][0];
  for (unsigned int i = 0; i < n_candidates; ++i)
    for (sum += (sizes[i] / mean + 1.) / 2. * n_points / n_candidates; sum > next; next += 1.)
      result.push_back(candidates[i]);
  return result;
}

int
main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const ConditionalOStream         out(std::cout, true);

  derl::Samples edges(2, derl::jet_entries_of_orders(2, 1, {0}), "initial and boundary values");
  for (double s = 0.; s < 1.0005; s += 0.005)
    {
      edges.add(std::vector<double>{-1., s}, std::vector<double>{0.}, 1.);
      edges.add(std::vector<double>{1., s}, std::vector<double>{0.}, 1.);
      edges.add(std::vector<double>{2 * s - 1., 0.},
                std::vector<double>{exact(2 * s - 1., 0.)}, 1.);
    }
  const auto values   = std::make_shared<const derl::Samples>(std::move(edges));
  const auto unseen   = samples(uniform(5000, 99), {derl::jet_values});
  const auto equation = derl::residual({"u", "u_x", "u_t", "u_xx"},
    [](const auto &jet, const auto & /*columns*/, const auto & /*point*/) {
      return derl::rows(jet[2] + jet[0] * jet[1] - viscosity * jet[3]);
    });

  for (const bool is_adaptive : {false, true})
    {
      derl::Surrogate          surrogate(derl::NetworkParameters(), {"x", "t"}, {"u"});
      derl::TrainingParameters parameters;
      parameters.optimizer.method               = "self-scaled Broyden";
      parameters.stopping.max_iterations        = argc > 1 ? std::stoi(argv[1]) : 3000;
      parameters.stopping.max_seconds           = 0.;
      parameters.stopping.stagnation_iterations = 0;
      parameters.log_interval                   = 1000;
      derl::Trainer trainer(surrogate, parameters, MPI_COMM_SELF, out);
      trainer.add_term("equation", samples(uniform(n_points, 1), {}), equation);
      trainer.add_term("values", values, derl::match({"u"}), 10.);
      trainer.observe([&](const derl::IterationState &state) {
        if (state.iteration == 0 || state.iteration % interval != 0)
          return;
        derl::Surrogate now(surrogate);
        now.parameters = state.x;
        if (is_adaptive)
          trainer.replace_samples(
            "equation", samples(where_residual_is_large(now, state.iteration), {}));
        if (state.iteration % 1000 != 0)
          return;
        const auto u = derl::mismatch(MPI_COMM_SELF, now, *unseen).columns[0];
        std::printf("%s points, %5u iterations, %6.1f s: relative error %.1e\n",
                    is_adaptive ? "adaptive" : "fixed", state.iteration, state.seconds,
                    u.rms / u.observed_rms);
      });
      trainer.train();
    }
}
