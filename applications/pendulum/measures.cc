// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "measures.h"

#include <derl/base/collective.h>

#include <derl/data/sources.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <sstream>

namespace derl
{
  using namespace dealii;

  Prediction
  predict_motion(const MPI_Comm &communicator, const Surrogate &surrogate)
  {
    const Teacher teacher = {std::make_shared<const Surrogate>(surrogate),
                             [](const auto &) { return true; }};
    return [=](const States &states, const std::vector<double> &times) {
      std::vector<double> points;
      for (const std::vector<double> &state : states)
        for (const double t : times)
          points.insert(points.end(), {t, state[0], state[1]});
      return sample_teachers(
        communicator, {teacher}, points, {"u", "u_t", "u_tt"});
    };
  }



  Figures
  trajectory_errors(const MPI_Comm            &communicator,
                    const Pendulum            &pendulum,
                    const Samples             &exact,
                    const Samples             &predicted,
                    const std::vector<double> &times,
                    const std::string         &file)
  {
    const unsigned int n = times.size();
    // number of trajectories; sums of relative errors of angle, velocity, and
    // the angle in the gap; of squared residuals
    std::vector<double> sums(5), largest(3), curves(2 * n);
    for (unsigned int begin = 0; begin < exact.size(); begin += n)
      {
        double squares[3] = {}, norms[3] = {};
        for (unsigned int i = 0; i < n; ++i)
          {
            const double *const e = exact.observations(begin + i);
            const double *const u = predicted.observations(begin + i);
            for (unsigned int c = 0; c < 2; ++c)
              {
                squares[c] += std::pow(u[c] - e[c], 2);
                norms[c] += e[c] * e[c];
                curves[2 * i + c] += std::abs(u[c] - e[c]);
              }
            if (in_gap(times[i]))
              {
                squares[2] += std::pow(u[0] - e[0], 2);
                norms[2] += e[0] * e[0];
              }
            sums[4] += std::pow(u[2] - pendulum.acceleration(u[0], u[1]), 2);
            const double *const start = exact.observations(begin);
            const double energy_error = std::abs(pendulum.energy(u[0], u[1]) -
                                                 pendulum.energy(e[0], e[1])) /
                                        pendulum.energy(start[0], start[1]);
            largest[1] = std::max(largest[1], std::abs(u[0] - e[0]));
            largest[2] = std::max(largest[2], energy_error);
          }
        sums[0] += 1.;
        for (unsigned int c = 0; c < 3; ++c)
          sums[1 + c] += std::sqrt(squares[c] / norms[c]);
        largest[0] = std::max(largest[0], std::sqrt(squares[0] / norms[0]));
      }
    Utilities::MPI::sum(sums, communicator, sums);
    Utilities::MPI::sum(curves, communicator, curves);
    Utilities::MPI::max(largest, communicator, largest);

    std::ostringstream text;
    text << "t,angle,velocity\n";
    for (unsigned int i = 0; i < n; ++i)
      text << times[i] << ',' << curves[2 * i] / sums[0] << ','
           << curves[2 * i + 1] / sums[0] << '\n';
    if (!file.empty())
      write_file(communicator, file, text.str());
    return {{"relative_l2_error", sums[1] / sums[0]},
            {"largest_relative_l2_error", largest[0]},
            {"relative_rate_error", sums[2] / sums[0]},
            {"relative_gap_error", sums[3] / sums[0]},
            {"max_error", largest[1]},
            {"residual_rms", std::sqrt(sums[4] / (sums[0] * n))},
            {"energy_error", largest[2]}};
  }



  Figures
  field_errors(const MPI_Comm    &communicator,
               const Pendulum    &pendulum,
               const Prediction  &predict,
               const double       max_angle,
               const std::string &name,
               const std::string &file)
  {
    // all on the first rank, which writes it
    const unsigned int n = 250;
    States             grid;
    if (Utilities::MPI::this_mpi_process(communicator) == 0)
      for (unsigned int i = 0; i < n * n; ++i)
        grid.push_back(
          {max_angle * (2. * (i % n) / (n - 1) - 1.),
           Pendulum::max_velocity * (2. * (i / n) / (n - 1) - 1.)});
    const Samples      predicted = predict(grid, {0.});
    double             sum = 0., largest = 0.;
    std::ostringstream text;
    for (unsigned int i = 0; i < grid.size(); ++i)
      {
        const double *const u = predicted.observations(i);
        const double        error =
          std::hypot(u[1] - grid[i][1],
                     u[2] - pendulum.acceleration(grid[i][0], grid[i][1]));
        sum += error * error;
        largest = std::max(largest, error);
        text << grid[i][0] << ' ' << grid[i][1] << ' ' << error
             << (i % n + 1 < n ? "\n" : "\n\n");
      }
    if (!file.empty())
      write_file(communicator, file, text.str());
    return {
      {name + "_rms", std::sqrt(Utilities::MPI::sum(sum, communicator)) / n},
      {name + "_max", Utilities::MPI::max(largest, communicator)}};
  }



  std::vector<std::pair<std::string, Figures>>
  measure(const MPI_Comm    &communicator,
          const Pendulum    &pendulum,
          const Prediction  &predict,
          const std::string &folder)
  {
    const unsigned int n         = 1001;
    auto               equations = pendulum.equations();
    equations.jacobian = {}; // no sensitivities
    const auto         times     = regular_times(n);
    const States       tests     = share_of_rank(communicator, test_states());
    const States       trained = share_of_rank(communicator, training_states());
    const auto         errors_of = [&](const Samples     &exact,
                               const Samples     &predicted,
                               const std::string &file = "") {
      return trajectory_errors(
        communicator, pendulum, exact, predicted, times, file);
    };
    const Samples reference = sample_motion(equations, tests, times);
    Figures       figures =
      errors_of(reference, predict(tests, times), folder + "/errors.csv");
    for (const Figures &more : {field_errors(communicator,
                                             pendulum,
                                             predict,
                                             2. * Pendulum::max_angle,
                                             "field",
                                             folder + "/field.dat"),
                                field_errors(communicator,
                                             pendulum,
                                             predict,
                                             Pendulum::max_angle,
                                             "trained_field")})
      figures.insert(figures.end(), more.begin(), more.end());

    // a step of the reference is at most that between two times
    const Samples fine =
      sample_motion(equations, tests, regular_times(2 * n - 1), 1e-14);
    std::vector<unsigned int> at_same_times;
    for (unsigned int i = 0; i < reference.size(); ++i)
      at_same_times.push_back(2 * i - i / n);
    return {{"reference", errors_of(fine.subset(at_same_times), reference)},
            {"training",
             errors_of(sample_motion(equations, trained, times),
                       predict(trained, times))},
            {"surrogate", figures}};
  }
} // namespace derl
