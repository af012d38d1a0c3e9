// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Trajectories are references: values, rates and sensitivities must be those of
// closed forms, as close as the tolerance promises, and an end of the solution
// must be an error, not a number.

#include <derl/base/jet_entry.h>

#include <derl/data/sources.h>

#include <cmath>

#include "../check.h"

namespace test_trajectories
{
using namespace dealii;
using namespace derl;

/**
 * y' = t y (1 - y): y = 1 / (1 + (1/y0 - 1) exp(-t^2/2)).
 */
DifferentialEquations
logistic()
{
  return {1,
          [](const double t, const Vector<double> &y, Vector<double> &rate) {
            rate[0] = t * y[0] * (1 - y[0]);
          },
          [](const double t, const Vector<double> &y, FullMatrix<double> &j) {
            j(0, 0) = t * (1 - 2 * y[0]);
          }};
}



/**
 * A damped oscillator, u' = v, v' = -u - v/5.
 */
DifferentialEquations
oscillator()
{
  return {2,
          [](const double, const Vector<double> &y, Vector<double> &rate) {
            rate[0] = y[1];
            rate[1] = -y[0] - y[1] / 5;
          },
          [](const double, const Vector<double> &, FullMatrix<double> &j) {
            j(0, 0) = 0;
            j(0, 1) = 1;
            j(1, 0) = -1;
            j(1, 1) = -1. / 5;
          }};
}



const std::vector<double> times = {0., 0.1, 0.75, 2.};

/**
 * The largest error of the logistic equation's columns.
 */
std::vector<double>
errors_of_logistic(const double tolerance)
{
  const std::vector<double> initial_values = {0.1, 0.7};
  const Samples             samples        = sample_trajectories(
    logistic(),
    {{initial_values[0]}, {initial_values[1]}},
    times,
    FieldNames({"t", "a"}, {"y"}).parse({"y", "y_t", "y_a", "y_ta"}),
    tolerance);
  std::vector<double> errors(4, 0.);
  for (unsigned int i = 0; i < samples.size(); ++i)
    {
      const double t       = samples.point(i)[0];
      const double a       = samples.point(i)[1];
      const double e       = std::exp(-t * t / 2);
      const double y       = 1 / (1 + (1 / a - 1) * e);
      const double ya      = y * y * e / (a * a);
      const double exact[] = {y, t * y * (1 - y), ya, t * (1 - 2 * y) * ya};
      for (unsigned int c = 0; c < 4; ++c)
        errors[c] =
          std::max(errors[c], std::abs(samples.observations(i)[c] - exact[c]));
    }
  check("points and times",
        samples.size() == 2 * times.size() && samples.point(6)[0] == 0.75 &&
          samples.point(6)[1] == 0.7 && samples.weight(6) == 1.);
  return errors;
}



void
check_closed_forms()
{
  const std::vector<std::string> names = {"y", "y_t", "y_a", "y_ta"};
  std::vector<double>            before(4, 1e-3);
  for (const double tolerance : {1e-6, 1e-8, 1e-10, 1e-12})
    {
      const std::vector<double> errors = errors_of_logistic(tolerance);
      for (unsigned int c = 0; c < 4; ++c)
        {
          check(names[c], errors[c], 30 * tolerance);
          check("falls with the tolerance", errors[c], before[c] / 10);
        }
      before = errors;
    }

  // dy/dy0 is the matrix of the flow: its columns are solutions
  const FieldNames names_of_oscillator({"t", "a", "b"}, {"u", "v"});
  const Samples    samples = sample_trajectories(
    oscillator(),
    {{0.3, -2.}},
    times,
    names_of_oscillator.parse(
      {"u", "v", "u_a", "u_b", "v_a", "v_b", "v_t", "v_ta", "v_tb"}));
  double difference = 0.;
  double error      = 0.;
  for (unsigned int i = 0; i < samples.size(); ++i)
    {
      const double *const y = samples.observations(i);
      difference            = std::max({difference,
                                        std::abs(0.3 * y[2] - 2 * y[3] - y[0]),
                                        std::abs(0.3 * y[4] - 2 * y[5] - y[1]),
                                        std::abs(0.3 * y[7] - 2 * y[8] - y[6])});
      // Liouville: the determinant of the flow
      error = std::max(error,
                       std::abs(y[2] * y[5] - y[3] * y[4] -
                                std::exp(-samples.point(i)[0] / 5)));
    }
  check("linear in the initial values", difference, 1e-9);
  check("volume", error, 1e-9);

  const Samples in_time = sample_trajectories(
    oscillator(),
    {{0.3, -2.}},
    times,
    FieldNames({"t"}, {"u", "v"}).parse(std::vector<std::string>{"u", "v_t"}));
  check("time is the only coordinate",
        in_time.n_coordinates() == 1 &&
          std::abs(in_time.observations(3)[0] - samples.observations(3)[0]) <
            1e-9 &&
          std::abs(in_time.observations(3)[1] - samples.observations(3)[6]) <
            1e-9);
}



void
check_errors()
{
  const DifferentialEquations blow_up = {
    1, [](const double, const Vector<double> &y, Vector<double> &rate) {
      rate[0] = y[0] * y[0];
    }};
  expect_error("the solution ends at t = 1", [&]() {
    sample_trajectories(blow_up, {{1.}}, {0., 2.}, {{0, {0}}});
  });
  expect_error("no Jacobian", [&]() {
    sample_trajectories(blow_up, {{1.}}, {0., 0.5}, {{0, {0, 1}}});
  });
  expect_error("second derivative", [&]() {
    sample_trajectories(blow_up, {{1.}}, {0., 0.5}, {{0, {2}}});
  });
  expect_error("times that go back", [&]() {
    sample_trajectories(blow_up, {{1.}}, {0.5, 0.}, {{0, {0}}});
  });
  expect_error("two initial values", [&]() {
    sample_trajectories(blow_up, {{1., 2.}}, {0., 0.5}, {{0, {0}}});
  });
  check("no trajectories",
        sample_trajectories(blow_up, {}, {0., 0.5}, {{0, {0}}}).size() == 0);
}



DERL_TEST(trajectories)
{
  initlog();
  check_closed_forms();
  check_errors();
}
} // namespace test_trajectories
