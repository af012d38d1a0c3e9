// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The motion of a damped pendulum for any initial values, learned from the rates
// and sensitivities of some trajectories; then a second network learns it from
// the first one's derivatives, at points on no trajectory.

#include <derl/derl.h>

#include <iostream>

using namespace dealii;

int
main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const ConditionalOStream         out(std::cout, true);

  // u' = v, v' = -sin u - v / 2; sensitivities need the Jacobian
  const derl::DifferentialEquations pendulum = {
    2,
    [](const double, const Vector<double> &y, Vector<double> &rate) {
      rate[0] = y[1];
      rate[1] = -std::sin(y[0]) - y[1] / 2;
    },
    [](const double, const Vector<double> &y, FullMatrix<double> &jacobian) {
      jacobian(0, 1) = 1;
      jacobian(1, 0) = -std::cos(y[0]);
      jacobian(1, 1) = -0.5;
    }};
  const std::vector<std::string> coordinates = {"t", "a", "b"}, components = {"u", "v"};
  const derl::FieldNames         names(coordinates, components);
  const auto trajectories = [&](const unsigned int n, const unsigned int seed,
                                const std::vector<double> &times,
                                const std::vector<std::string> &columns) {
    std::vector<std::vector<double>> starts;
    for (const Point<2> &start : derl::random_points<2>({-1.5, -1.5}, {1.5, 1.5}, n, seed))
      starts.push_back({start[0], start[1]});
    return std::make_shared<const derl::Samples>(
      derl::sample_trajectories(pendulum, starts, times, names.parse(columns)));
  };
  std::vector<double> times;
  for (double t = 0; t < 4.01; t += 0.2)
    times.push_back(t);

  // the teacher learns derivatives, and values at the beginning only
  const std::vector<std::string> derivatives = {"u_t", "v_t", "u_a", "u_b", "v_a", "v_b"};
  derl::TrainingParameters       parameters;
  parameters.stopping.max_iterations = 1500;
  parameters.log_interval            = 500;
  const auto teacher = std::make_shared<derl::Surrogate>(
    derl::NetworkParameters(), coordinates, components);
  derl::Trainer trainer(*teacher, parameters, MPI_COMM_SELF, out);
  trainer.add_term("motion", trajectories(40, 1, times, derivatives), derl::match(derivatives));
  trainer.add_term("start", trajectories(200, 2, {0.}, components), derl::match(components));
  trainer.train();

  // the student has the teacher and no trajectory but the starting values
  std::vector<double> points;
  for (const Point<3> &p : derl::random_points<3>({0, -1.4, -1.4}, {4, 1.4, 1.4}, 2000, 3))
    points.insert(points.end(), p.begin_raw(), p.end_raw());
  derl::NetworkParameters options;
  options.hidden     = {30, 30};
  options.activation = "silu";
  derl::Surrogate student(options, coordinates, components);
  derl::Trainer   second(student, parameters, MPI_COMM_SELF, out);
  second.add_term("teacher", std::make_shared<const derl::Samples>(
    derl::sample_teachers(MPI_COMM_SELF, {{teacher, {}}}, points, derivatives)),
    derl::match(derivatives));
  second.add_term("start", trajectories(200, 2, {0.}, components), derl::match(components));
  second.train();

  // both along trajectories that neither has seen
  const auto unseen         = trajectories(20, 4, times, components);
  const auto relative_error = [&](const derl::Surrogate &surrogate) {
    double error = 0., norm = 0.;
    for (const auto &column : derl::mismatch(MPI_COMM_SELF, surrogate, *unseen).columns)
      {
        error += column.rms * column.rms;
        norm += column.observed_rms * column.observed_rms;
      }
    return std::sqrt(error / norm);
  };
  out << "relative error of the teacher along unseen trajectories: " << relative_error(*teacher)
      << std::endl
      << "relative error of the student along unseen trajectories: " << relative_error(student)
      << std::endl;
}
