// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The reference must be the pendulum's motion: closed forms with and without
// damping, for the published initial states; the residuals must be those of its
// equation, and errors be what they are called.

#include <derl/network/evaluator.h>

#include <boost/math/special_functions/ellint_1.hpp>
#include <boost/math/special_functions/jacobi_elliptic.hpp>
#include <measures.h>

#include <algorithm>
#include <cmath>


#include "../../check.h"

namespace test_solver
{
using namespace dealii;
using namespace derl;

/**
 * The angle of the pendulum without damping: sin(u/2) = k sn(w t + phase, k),
 * where the energy is 2 w^2 k^2.
 */
double
exact_angle(const double t, const double u0, const double v0)
{
  const Pendulum pendulum(0.);
  const double   w = std::sqrt(pendulum.stiffness);
  const double   k = std::sqrt(pendulum.energy(u0, v0) / 2.) / w;
  const double   phase =
    boost::math::ellint_1(k, std::atan2(2. * w * std::sin(u0 / 2.), v0));
  return 2. * std::asin(k * boost::math::jacobi_sn(k, w * t + phase));
}



/**
 * A derivative of the exact angle with respect to one of its arguments, by a
 * formula of order six.
 */
double
exact_derivative(const std::array<double, 3> &x, const unsigned int d)
{
  const double h    = 2e-3;
  const auto   pair = [&](const double shift) {
    std::array<double, 3> a(x), b(x);
    a[d] += shift;
    b[d] -= shift;
    return (exact_angle(a[0], a[1], a[2]) - exact_angle(b[0], b[1], b[2])) /
           (2. * shift);
  };
  return 1.5 * pair(h) - 0.6 * pair(2. * h) + 0.1 * pair(3. * h);
}



void
test_without_damping()
{
  const Pendulum      pendulum(0.);
  std::vector<double> largest(4, 0.);
  for (const States &states : {training_states(), test_states()})
    {
      const Samples samples =
        sample_motion(pendulum.equations(), states, regular_times(41));
      for (unsigned int i = 0; i < samples.size(); ++i)
        {
          const double *const u   = samples.observations(i);
          const double *const x   = samples.point(i);
          const auto          see = [&](const unsigned int k, const double e) {
            largest[k] = std::max(largest[k], std::abs(e));
          };
          see(0, u[0] - exact_angle(x[0], x[1], x[2]));
          see(1, u[1] - exact_derivative({{x[0], x[1], x[2]}}, 0));
          see(2, u[3] - exact_derivative({{x[0], x[1], x[2]}}, 1));
          see(3, u[4] - exact_derivative({{x[0], x[1], x[2]}}, 2));
        }
    }
  check("angle without damping", largest[0], 2e-12);
  check("u_t without damping", largest[1], 1e-8);
  check("u_u0 without damping", largest[2], 1e-8);
  check("u_v0 without damping", largest[3], 1e-8);
}



void
test_with_damping()
{
  // small motions are those of the damped oscillator
  const Pendulum pendulum(0.5);
  const double   u0 = 1e-5, v0 = -2e-5, r = pendulum.damping / 2.;
  const double   w        = std::sqrt(pendulum.stiffness - r * r);
  double         error[2] = {};
  const Samples  samples =
    sample_motion(pendulum.equations(), {{u0, v0}}, regular_times(41), 1e-17);
  for (unsigned int i = 0; i < samples.size(); ++i)
    {
      const double t = samples.point(i)[0];
      const double c = std::cos(w * t), s = std::sin(w * t) / w;
      const double exact = std::exp(-r * t) * (u0 * c + (v0 + r * u0) * s);
      error[0] =
        std::max(error[0], std::abs(samples.observations(i)[0] - exact) / u0);
      error[1] = std::max(
        error[1],
        std::abs(samples.observations(i)[6] - std::exp(-r * t) * (c - r * s)));
    }
  check("small angles with damping", error[0], 1e-9);
  check("u_t_v0 of small angles with damping", error[1], 1e-9);
}



/**
 * Of the published states two that are known to five digits.
 */
void
test_states_known()
{
  const States tests = test_states();
  check("numbers of states",
        training_states().size() == 30 && tests.size() == 10);
  check("the first test state",
        std::hypot(tests[0][0] + 0.40082, tests[0][1] + 0.62857),
        1e-5);
  check("the last test state",
        std::hypot(tests[9][0] + 0.74746, tests[9][1] + 0.91946),
        1e-5);
}



/**
 * The largest difference of the samples to the motion without damping.
 */
double
distance(const Samples &samples)
{
  double result = 0.;
  for (unsigned int i = 0; i < samples.size(); ++i)
    {
      const double *const x = samples.point(i);
      result                = std::max(
        result,
        std::abs(samples.observations(i)[0] - exact_angle(x[0], x[1], x[2])));
    }
  return result;
}



void
test_choices()
{
  const Pendulum pendulum(0.);
  MotionSamples  samples;
  const auto     expect = [&](const std::string &what, const unsigned int n) {
    const Samples trajectories = samples.trajectories(MPI_COMM_WORLD, pendulum);
    check(what + ": number",
          Utilities::MPI::sum(trajectories.size(), MPI_COMM_WORLD) == n);
    check(what + ": angle", distance(trajectories), 1e-11);
  };
  samples.reflection = false;
  samples.n_times    = 21;
  samples.n_starts   = 1;
  expect("one start", 30 * 21);
  samples.n_starts = 3; // at the times 0, 3.5 and 7
  expect("three starts", 30 * (21 + 14 + 7));
  samples.gap = true; // without 4, 4.5, ..., 6
  expect("a gap", 30 * (16 + 9 + 7));
  samples.reflection = true;
  expect("reflection", 60 * (16 + 9 + 7));

  samples.n_copies         = 2;
  samples.n_further_states = 7;
  const Samples initial    = samples.initial(MPI_COMM_WORLD, pendulum);
  check("initial: number",
        Utilities::MPI::sum(initial.size(), MPI_COMM_WORLD) == 7 + 2 * 60);
  check("initial: angle", distance(initial), 1e-11);
}



/**
 * What trajectory_errors() and field_errors() say of a known error.
 */
void
test_measures()
{
  const Pendulum pendulum(0.5);
  const auto     times  = regular_times(101);
  const double   factor = 1.001, shift = 0.01;
  Prediction     predict = [&](const States              &states,
                           const std::vector<double> &times) {
    const Samples exact = sample_motion(pendulum.equations(), states, times);
    Samples       result(3, exact.columns(), exact.origin());
    for (unsigned int i = 0; i < exact.size(); ++i)
      {
        std::vector<double> u(exact.observations(i), exact.observations(i) + 7);
        u[0] *= factor;
        u[2] += shift;
        result.add(ArrayView<const double>(exact.point(i), 3),
                   make_array_view(std::as_const(u)),
                   1.);
      }
    return result;
  };
  const States  states = share_of_rank(MPI_COMM_WORLD, test_states());
  const Figures errors =
    trajectory_errors(MPI_COMM_WORLD,
                      pendulum,
                      sample_motion(pendulum.equations(), states, times),
                      predict(states, times),
                      times);
  for (const auto &[name, value] : errors)
    if (name.find("l2_error") != std::string::npos ||
        name == "relative_gap_error")
      check(name, std::abs(value - (factor - 1.)), 1e-12);
    else if (name == "relative_rate_error")
      check(name, value, 1e-15);
    else if (name == "residual_rms") // shift + 0.981 (sin(1.001 u) - sin u)
      check(name, std::abs(value - shift), 1e-3 * M_PI / 4.);
  for (const auto &[name, value] :
       field_errors(MPI_COMM_WORLD, pendulum, predict, 1., "field"))
    check(name, std::abs(value - shift), 1e-12);
}



void
test_residuals()
{
  // derivatives of the equation's residual R by differences
  const Pendulum  pendulum(0.5);
  const Surrogate surrogate(NetworkParameters(), {"t", "u0", "v0"}, {"u"});
  const Evaluator evaluator(surrogate, {"u", "u_t", "u_tt"});
  const auto      R = [&](const std::vector<double> &x) {
    Evaluator::Workspace workspace(evaluator);
    std::vector<double>  u(3);
    evaluator.evaluate(make_array_view(x), workspace, make_array_view(u));
    return u[2] - pendulum.acceleration(u[0], u[1]);
  };
  const double h = 1e-4;
  auto samples   = std::make_shared<Samples>(3, std::vector<JetEntry>(), "");
  samples->add(std::vector<double>{2., 0.3, -1.}, {}, 1.);
  const double norm =
    std::hypot(R({2., 0.3 + h, -1.}) - R({2., 0.3 - h, -1.}),
               R({2., 0.3, -1. + h}) - R({2., 0.3, -1. - h})) /
    (2. * h);
  check("residual",
        std::abs(
          residual_rms(MPI_COMM_SELF, surrogate, samples, pendulum.residual()) -
          std::abs(R({2., 0.3, -1.}))),
        1e-14);
  check("linearized residual",
        std::abs(
          residual_rms(
            MPI_COMM_SELF, surrogate, samples, pendulum.linearized_residual()) /
            norm -
          1.),
        1e-6);
}



DERL_TEST(solver)
{
  initlog();
  test_without_damping();
  test_with_damping();
  test_states_known();
  test_choices();
  test_measures();
  test_residuals();
}
} // namespace test_solver
