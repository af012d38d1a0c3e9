// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "solver.h"

#include <derl/equations/sacado_residual.h>

#include <deal.II/base/numbers.h>

#include <cmath>
#include <functional>
#include <utility>

namespace derl
{
  using namespace dealii;

  const double Pendulum::max_angle = numbers::PI / 4.;



  Pendulum::Pendulum(const double damping)
    : stiffness(9.81 / 10.)
    , damping(damping)
  {
  }



  double
  Pendulum::acceleration(const double angle, const double velocity) const
  {
    return -stiffness * std::sin(angle) - damping * velocity;
  }



  double
  Pendulum::energy(const double angle, const double velocity) const
  {
    // 1 - cos u without cancellation
    return velocity * velocity / 2. +
           2. * stiffness * std::pow(std::sin(angle / 2.), 2);
  }



  std::shared_ptr<const Residual>
  Pendulum::residual() const
  {
    return derl::residual(
      {"u", "u_t", "u_tt"},
      [p = *this](const auto &jet, const auto &, const auto &) {
        const auto &[u, u_t, u_tt] = jet;
        return rows(u_tt + p.stiffness * sin(u) + p.damping * u_t);
      });
  }



  std::shared_ptr<const Residual>
  Pendulum::linearized_residual() const
  {
    return derl::residual(
      {"u", "u_u0", "u_t_u0", "u_tt_u0", "u_v0", "u_t_v0", "u_tt_v0"},
      [p = *this](const auto &jet, const auto &, const auto &) {
        const auto &[u, a, a_t, a_tt, b, b_t, b_tt] = jet;
        return rows(a_tt + p.stiffness * cos(u) * a + p.damping * a_t,
                    b_tt + p.stiffness * cos(u) * b + p.damping * b_t);
      });
  }



  DifferentialEquations
  Pendulum::equations() const
  {
    return {
      2,
      [p = *this](const double, const Vector<double> &y, Vector<double> &rate) {
        rate[0] = y[1];
        rate[1] = p.acceleration(y[0], y[1]);
      },
      [p = *this](
        const double, const Vector<double> &y, FullMatrix<double> &jacobian) {
        jacobian(0, 0) = 0.;
        jacobian(0, 1) = 1.;
        jacobian(1, 0) = -p.stiffness * std::cos(y[0]);
        jacobian(1, 1) = -p.damping;
      }};
  }



  namespace
  {
    /**
     * Initial states, of those of arXiv 2505.01391, from a number on: NumPy's
     * legacy generator drew all 50 angles, then all velocities.
     */
    States
    published_states(const unsigned int begin, const unsigned int n)
    {
      const auto random = random_points<2>({-1., -1.}, {1., 1.}, 50, 30);
      const auto number = [&random](const unsigned int i) {
        return random[i / 2][i % 2];
      };
      States states;
      for (unsigned int i = begin; i < begin + n; ++i)
        states.push_back({Pendulum::max_angle * number(i),
                          Pendulum::max_velocity * number(50 + i)});
      return states;
    }
  } // namespace



  States
  training_states()
  {
    return published_states(0, 30);
  }



  States
  test_states()
  {
    return published_states(40, 10);
  }



  bool
  in_gap(const double time)
  {
    return time > 3.75 - 1e-10 && time < 6.25 + 1e-10;
  }



  std::vector<double>
  regular_times(const unsigned int n)
  {
    std::vector<double> times;
    for (unsigned int i = 0; i < n; ++i)
      times.push_back(Pendulum::final_time * i / (n - 1));
    return times;
  }



  Samples
  sample_motion(const DifferentialEquations &equations,
                const States                &states,
                const std::vector<double>   &times,
                const double                 tolerance)
  {
    // the velocity is the rate of the angle
    const FieldNames motion({"t", "u0", "v0"}, {"angle", "velocity"});
    const FieldNames names({"t", "u0", "v0"}, {"u"});
    auto             from = motion.parse({"angle", "angle_t", "velocity_t"});
    auto             to   = names.parse({"u", "u_t", "u_tt"});
    if (equations.jacobian)
      {
        for (const char *name :
             {"angle_u0", "angle_v0", "velocity_u0", "velocity_v0"})
          from.push_back(motion.parse(name));
        for (const char *name : {"u_u0", "u_v0", "u_t_u0", "u_t_v0"})
          to.push_back(names.parse(name));
      }
    const Samples solution =
      sample_trajectories(equations, states, times, from, tolerance);
    Samples samples(3, to, solution.origin());
    for (unsigned int i = 0; i < solution.size(); ++i)
      samples.add(ArrayView<const double>(solution.point(i), 3),
                  ArrayView<const double>(solution.observations(i), to.size()),
                  solution.weight(i));
    return samples;
  }



  namespace
  {
    /**
     * The samples at the times for which @p is_wanted.
     */
    Samples
    at_times(const Samples                             &samples,
             const std::function<bool(const double t)> &is_wanted)
    {
      std::vector<unsigned int> indices;
      for (unsigned int i = 0; i < samples.size(); ++i)
        if (is_wanted(samples.point(i)[0]))
          indices.push_back(i);
      return samples.subset(indices);
    }
  } // namespace



  void
  MotionSamples::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Times",
                      n_times,
                      "As many, from 0 to 10, along each trajectory.",
                      Patterns::Integer(2));
    prm.add_parameter("Starts",
                      n_starts,
                      "As many states on each trajectory, at equal distances "
                      "in time, count as initial states: what follows is a "
                      "trajectory from there.",
                      Patterns::Integer(1));
    prm.add_parameter(
      "Reflection", reflection, "Take -u as well, the motion from -u0, -v0.");
    prm.add_parameter("Gap", gap, "Leave out the times from 3.75 to 6.25.");
    prm.add_parameter("Further initial states",
                      n_further_states,
                      "Random ones in the samples 'initial', beside those of "
                      "the trajectories (with a gap, also their states at the "
                      "time 6.26).",
                      Patterns::Integer(0));
    prm.add_parameter("Copies of initial states",
                      n_copies,
                      "How often the states of the trajectories are in the "
                      "samples 'initial': of these, too, each mini-batch has "
                      "its share.",
                      Patterns::Integer(1));
  }



  Samples
  MotionSamples::trajectories(const MPI_Comm &communicator,
                              const Pendulum &pendulum) const
  {
    States states = share_of_rank(communicator, training_states());
    if (reflection)
      for (unsigned int i = 0, n = states.size(); i < n; ++i)
        states.push_back({-states[i][0], -states[i][1]});
    const auto equations = pendulum.equations();
    const auto times     = regular_times(n_times);
    const auto is_known  = [this](const double t) {
      return !(gap && in_gap(t));
    };
    const Samples trajectories = sample_motion(equations, states, times);
    Samples       samples      = at_times(trajectories, is_known);
    for (unsigned int k = 1; k < n_starts; ++k)
      {
        const unsigned int begin = k * n_times / n_starts;
        if (!is_known(times[begin]))
          continue;
        States later;
        for (unsigned int i = begin; i < trajectories.size(); i += n_times)
          {
            const double *const u = trajectories.observations(i);
            later.push_back({u[0], u[1]});
          }
        samples.append(at_times(
          sample_motion(equations, later, {times.begin(), times.end() - begin}),
          [&](const double t) { return is_known(times[begin] + t); }));
      }
    return samples;
  }



  Samples
  MotionSamples::initial(const MPI_Comm &communicator,
                         const Pendulum &pendulum) const
  {
    const auto   equations = pendulum.equations();
    const States states    = share_of_rank(communicator, training_states());
    Samples      known     = sample_motion(equations, states, {0.});
    if (gap)
      known.append(at_times(sample_motion(equations, states, {0., 6.26}),
                            [](const double t) { return t > 0.; }));

    const Point<2> corner(Pendulum::max_angle, Pendulum::max_velocity);
    States         further;
    for (const Point<2> &x :
         share_of_rank(communicator,
                       random_points<2>(-corner, corner, n_further_states, 1)))
      further.push_back({x[0], x[1]});
    Samples samples = sample_motion(equations, further, {0.});
    for (unsigned int i = 0; i < n_copies; ++i)
      samples.append(known);
    return samples;
  }



  Samples
  MotionSamples::random(const MPI_Comm &communicator) const
  {
    const Point<3> upper(
      Pendulum::final_time, Pendulum::max_angle, Pendulum::max_velocity);
    const Point<3> lower(0., -upper[1], -upper[2]);
    Samples        samples(3, {}, "random points");
    for (const Point<3> &x :
         share_of_rank(communicator, random_points<3>(lower, upper, 2000, 2)))
      samples.add(ArrayView<const double>(x.begin_raw(), 3), {}, 1.);
    return samples;
  }
} // namespace derl
