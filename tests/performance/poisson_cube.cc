// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Poisson's equation on the unit cube from its residual alone, with the
// boundary values built in, and with a boundary term instead: error against
// time. poisson_cube_benchmark [seconds [seed]]  -Laplace(u) = f = 3 pi^2
// sin(pi x) sin(pi y) sin(pi z), which is 3 pi^2 times the solution, at 5000
// random points; tanh network 3-32-32-1, self-scaled Broyden, double precision.
// Each form is trained for the given seconds of the wall clock; beside it stand
// those of the processor, which do not count what else the machine does.

#include <derl/data/sources.h>
#include <derl/equations/sacado_residual.h>
#include <derl/network/evaluator.h>
#include <derl/training/trainer.h>

#include <deal.II/base/conditional_ostream.h>

#include <cstdio>
#include <iostream>

#include "measure.h"

using namespace dealii;
using namespace derl;



double
exact(const double *const x)
{
  return std::sin(numbers::PI * x[0]) * std::sin(numbers::PI * x[1]) *
         std::sin(numbers::PI * x[2]);
}



/**
 * Points with the right hand side as an auxiliary column.
 */
std::shared_ptr<const Samples>
interior_points(const unsigned int seed)
{
  const auto samples = std::make_shared<Samples>(
    3, std::vector<JetEntry>(), "random points", std::vector<std::string>{"f"});
  for (const Point<3> &x : random_points<3>({0, 0, 0}, {1, 1, 1}, 5000, seed))
    samples->add(make_array_view(x.begin_raw(), x.end_raw()),
                 {},
                 1.,
                 std::vector<double>{3 * numbers::PI * numbers::PI *
                                     exact(x.begin_raw())});
  return samples;
}



std::shared_ptr<const Samples>
boundary_points()
{
  const auto samples = std::make_shared<Samples>(
    3, jet_entries_of_orders(3, 1, {0}), "grid on the boundary");
  for (const Point<3> &x : boundary_grid_points<3>({0, 0, 0}, {1, 1, 1}, 15))
    samples->add(
      make_array_view(x.begin_raw(), x.end_raw()), std::vector<double>{0.}, 1.);
  return samples;
}



/**
 * The relative L2 error by Gauss-like midpoints of 30 intervals per direction.
 */
double
relative_error(const Surrogate &surrogate, const Vector<double> &parameters)
{
  Surrogate now  = surrogate;
  now.parameters = parameters;
  const Evaluator      evaluator(now, {"u"});
  Evaluator::Workspace workspace(evaluator);
  const unsigned int   n = 30;
  std::vector<double>  points, values(n * n * n);
  for (unsigned int i = 0; i < values.size(); ++i)
    for (const unsigned int j : {i % n, i / n % n, i / n / n})
      points.push_back((j + 0.5) / n);
  evaluator.evaluate(
    make_array_view(std::as_const(points)), workspace, make_array_view(values));
  double error = 0., size = 0.;
  for (unsigned int i = 0; i < values.size(); ++i)
    {
      const double u = exact(&points[3 * i]);
      error += (values[i] - u) * (values[i] - u);
      size += u * u;
    }
  return std::sqrt(error / size);
}



void
train(const bool built_in, const double seconds, const unsigned int seed)
{
  NetworkParameters network;
  network.hidden = {32, 32};
  network.seed   = seed;
  OutputMap map  = OutputMap::identity(1, 3);
  if (built_in)
    map.impose(0, ExactValues::on_box({0, 0, 0}, {1, 1, 1}));
  Surrogate surrogate(network, {"x", "y", "z"}, {"u"}, InputMap(), map);
  surrogate.scaling.input_shift = {0.5, 0.5, 0.5};
  surrogate.scaling.input_scale = {0.5, 0.5, 0.5};

  TrainingParameters parameters;
  parameters.optimizer.method        = "self-scaled Broyden";
  parameters.stopping.max_iterations = 10000000;
  parameters.stopping.max_seconds    = seconds;
  parameters.log_interval            = 1000000;
  const ConditionalOStream quiet(std::cout, false);
  Trainer trainer(surrogate, parameters, MPI_COMM_WORLD, quiet);
  trainer.add_term(
    "residual",
    interior_points(seed),
    residual({"u_xx", "u_yy", "u_zz"},
             {"f"},
             [](const auto &jet, const auto &column, const auto & /*point*/) {
               return rows(jet[0] + jet[1] + jet[2] + column[0]);
             }));
  if (!built_in)
    trainer.add_term("boundary", boundary_points(), match({"u"}), 1000.);

  std::printf("%s, seed %u\n%10s %10s %10s %12s %12s\n",
              built_in ? "boundary values built in" : "boundary term",
              seed,
              "processor",
              "wall clock",
              "iteration",
              "loss",
              "relative L2");
  const double start = thread_seconds();
  const auto   print = [&](const double          wall_clock,
                         const unsigned int    iteration,
                         const double          loss,
                         const Vector<double> &parameters) {
    std::printf("%10.1f %10.1f %10u %12.3e %12.3e\n",
                thread_seconds() - start,
                wall_clock,
                iteration,
                loss,
                relative_error(surrogate, parameters));
    std::fflush(stdout);
  };
  double next = 15.;
  trainer.observe([&](const IterationState &state) {
    if (thread_seconds() - start < next)
      return;
    print(state.seconds, state.iteration, state.value, state.x);
    next += next < 60. ? next : 60.;
  });
  const TrainingResult result = trainer.train();
  print(result.seconds,
        result.optimization.iterations,
        result.optimization.value,
        surrogate.parameters);
}



int
main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const double       seconds = argc > 1 ? std::stod(argv[1]) : 300.;
  const unsigned int seed    = argc > 2 ? std::stoul(argv[2]) : 30;
  for (const bool built_in : {true, false})
    train(built_in, seconds, seed);
}
