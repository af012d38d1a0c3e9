// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A reservoir of the samples of many time steps must stay within its bound,
// keep the same samples on any number of ranks, and integrate over space and
// time without bias, whatever the indicators; differences of time levels with
// unequal steps must have the order that is promised.

#include <derl/data/samples.h>
#include <derl/data/sources.h>

#include <deal.II/lac/vector.h>

#include <iomanip>

#include "held_out.h"
#include "sample_sets.h"

namespace test_time_series
{
using namespace dealii;
using namespace derl;

/**
 * Unequal steps from 0 to 1.
 */
std::vector<double>
step_ends(const unsigned int n)
{
  std::vector<double> result;
  for (unsigned int i = 0; i <= n; ++i)
    {
      const double s = double(i) / n;
      result.push_back(s + 0.1 * std::sin(2. * numbers::PI * s));
    }
  return result;
}



/**
 * This rank's share of samples of exp(x) (1 + t^2) at a time, with weights
 * such that they integrate over the square (-1, 1)^2 on average. If
 * @p last_rank_only, all are on one rank.
 */
Samples
samples_at(const double t, const unsigned int step, const bool last_rank_only)
{
  const auto         points  = random_points<2>({-1, -1}, {1, 1}, 500, step);
  const unsigned int rank    = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  Samples            samples(3, {{0, {0, 0, 0}}}, "a function");
  for (unsigned int i = 0; i < points.size(); ++i)
    if (last_rank_only ? rank + 1 == n_ranks : i % n_ranks == rank)
      {
        const double point[] = {points[i][0], points[i][1], t};
        const double value   = std::exp(point[0]) * (1. + t * t);
        samples.add(ArrayView<const double>(point, 3),
                    ArrayView<const double>(&value, 1),
                    4. / points.size());
      }
  return samples;
}



/**
 * An indicator that varies by a factor of ten.
 */
std::vector<double>
indicators(const Samples &samples)
{
  std::vector<double> result;
  for (unsigned int i = 0; i < samples.size(); ++i)
    result.push_back(samples.point(i)[1] > 0. ? 10. : 1.);
  return result;
}



double
integral(const SampleSet &rows)
{
  double sum = 0;
  for (const auto &row : rows)
    sum += row[3] * row[4];
  return sum;
}



void
check_reservoir(const bool error_driven)
{
  deallog << (error_driven ? "error-driven" : "random") << std::endl;
  const unsigned int n_max = 400, n_steps = 30;
  const auto         fill = [&](const unsigned int seed,
                        const bool         last_rank_only,
                        const unsigned int bound) {
    SampleReservoir           reservoir(MPI_COMM_WORLD, bound, seed);
    const std::vector<double> ends = step_ends(n_steps);
    for (unsigned int i = 1; i <= n_steps; ++i)
      {
        const Samples samples = samples_at(ends[i], i, last_rank_only);
        reservoir.add(samples,
                      ends[i] - ends[i - 1],
                      error_driven ? indicators(samples)
                                           : std::vector<double>());
      }
    return reservoir;
  };

  // everything fits in: the sum over all
  const SampleReservoir large = fill(1, false, 500 * n_steps);
  const SampleSet       all   = all_rows_of(large.samples());
  check("all stay", all.size() == 500 * n_steps);

  const SampleReservoir small = fill(1, false, n_max);
  const SampleSet       rows  = all_rows_of(small.samples());
  check("size", rows.size() == n_max && small.n_kept() == n_max);
  check("what was added", small.n_added() == 500 * n_steps);
  check("anywhere the same",
        difference(rows, all_rows_of(fill(1, true, n_max).samples())),
        1e-12);
  deallog << "first: " << rows[0][0] << ' ' << rows[0][1] << ' ' << rows[0][2]
          << std::endl;
  const double upper = std::count_if(
    rows.begin(), rows.end(), [](const auto &row) { return row[1] > 0.; });
  check("share of the upper half",
        std::abs(upper / n_max - (error_driven ? 10. / 11. : 0.5)),
        0.1);

  // the mean over many seeds, and the spread of it
  const unsigned int n_seeds = 100;
  double             first = 0., second = 0., volume = 0.;
  for (unsigned int seed = 0; seed < n_seeds; ++seed)
    {
      const SampleSet of_seed = all_rows_of(fill(seed, false, n_max).samples());
      const double    error   = integral(of_seed) / integral(all) - 1.;
      first += error / n_seeds;
      second += error * error / n_seeds;
      volume += sum_of_weights(of_seed, 3) / n_seeds;
    }
  check("no bias", std::abs(first), 4. * std::sqrt(second / n_seeds));
  check("small spread", std::sqrt(second), 3. / std::sqrt(n_max));
  check("volume", std::abs(volume / 4. - 1.), 0.02);
}



/**
 * What stays of the first step must be held out as often as anything else.
 */
void
check_hold_out()
{
  // a grid, so that what stays has the same bounding box
  Samples grid(2, {{0, {0, 0}}}, "a grid");
  if (Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
    for (const Point<2> &x : grid_points<2>({-1, -1}, {1, 1}, 24))
      grid.add(ArrayView<const double>(x.begin_raw(), 2),
               ArrayView<const double>(x.begin_raw(), 1),
               1.);
  SampleReservoir reservoir(MPI_COMM_WORLD, 300, 30);
  reservoir.add(grid, 1.);
  const auto held_out =
    hold_out(MPI_COMM_WORLD, reservoir.samples(), 0.5, 30).second;
  check("a half of the reservoir is held out",
        std::abs(all_rows_of(held_out).size() - 150.),
        4. * std::sqrt(300. * 0.25));
}



/**
 * Memory must not grow with the number of steps.
 */
void
check_memory()
{
  SampleReservoir reservoir(MPI_COMM_WORLD, 300, 1);
  std::size_t     after_ten = 0;
  for (unsigned int step = 1; step <= 400; ++step)
    {
      reservoir.add(samples_at(0.01 * step, step, false), 0.01);
      if (step == 10)
        after_ten = reservoir.memory_consumption();
    }
  check("bounded by 300 samples on one rank",
        double(reservoir.memory_consumption()),
        2. * 300 * 9 * sizeof(double) + 1000.);
  check("no growth",
        double(reservoir.memory_consumption()),
        2. * after_ten + 1000.);
  check("number", reservoir.n_kept() == 300 && reservoir.n_added() == 200000);
}



void
check_factors_and_errors()
{
  SampleReservoir reservoir(MPI_COMM_WORLD, 100, 1);
  expect_error("nothing added", [&]() { reservoir.samples(); });
  for (unsigned int step = 0; step < 4; ++step)
    {
      Samples             samples = samples_at(1., step, false);
      std::vector<double> factors;
      for (unsigned int i = 0; i < samples.size(); ++i)
        factors.push_back(2. + samples.point(i)[0]);
      samples.set_factors(factors);
      reservoir.add(samples, 1.);
    }
  const Samples samples = reservoir.samples();
  double        error   = 0;
  for (unsigned int i = 0; i < samples.size(); ++i)
    error = std::max(
      error, std::abs(samples.factors(i)[0] - 2. - samples.point(i)[0]));
  check("factors stay with their samples", error, 1e-15);

  expect_error("no room", []() { SampleReservoir(MPI_COMM_WORLD, 0, 1); });
  expect_error("factors",
               [&]() { reservoir.add(samples_at(1., 9, false), 1.); });
  expect_error("time weight", [&]() {
    SampleReservoir(MPI_COMM_WORLD, 9, 1).add(samples_at(1., 1, false), 0.);
  });
  expect_error("columns", [&]() {
    reservoir.add(Samples(3, {{0, {1, 0, 0}}}, "a derivative"), 1.);
  });
  expect_error("indicators", [&]() {
    const Samples       some = samples_at(1., 1, false);
    std::vector<double> bad(some.size(), -1.);
    SampleReservoir(MPI_COMM_WORLD, 9, 1).add(some, 1., bad);
  });
}



/**
 * Errors of the rate of a vector with the elements sin(t + i), with steps that
 * are halved, at the last, a middle and the first level.
 */
void
check_rates()
{
  for (const unsigned int n_levels : {3u, 4u, 5u})
    for (const unsigned int which : {0u, 1u, n_levels - 1})
      {
        std::vector<double> errors;
        for (const double step : {0.1, 0.05, 0.025})
          {
            std::vector<double>         times;
            std::vector<Vector<double>> levels;
            for (unsigned int l = 0; l < n_levels; ++l)
              {
                // unequal: 1, 1.5, 2, 2.5 of the smallest step
                times.push_back(1. - step * l * (1. + 0.25 * (l - 1.)));
                levels.emplace_back(3);
                for (unsigned int i = 0; i < 3; ++i)
                  levels[l](i) = std::sin(times[l] + i);
              }
            std::vector<const Vector<double> *> pointers;
            for (const auto &level : levels)
              pointers.push_back(&level);
            Vector<double> rate(3);
            time_derivative(times, pointers, times[which], rate);
            double error = 0;
            for (unsigned int i = 0; i < 3; ++i)
              error =
                std::max(error, std::abs(rate(i) - std::cos(times[which] + i)));
            errors.push_back(error);
          }
        deallog << n_levels << " levels, at level " << which << std::endl;
        check("  order",
              std::abs(std::log2(errors[1] / errors[2]) - (n_levels - 1)),
              0.35);
        check("  size", errors[0], n_levels == 3 ? 2e-2 : 5e-3);
      }
  const Vector<double> one(1);
  Vector<double>       rate(1);
  expect_error("a time without level", [&]() {
    time_derivative<Vector<double>>({0., 1.}, {&one}, 0., rate);
  });
  const Vector<double> two(2);
  expect_error("levels of different meshes", [&]() {
    time_derivative<Vector<double>>({0., 1.}, {&one, &two}, 0., rate);
  });
}



DERL_TEST(time_series)
{
  initlog();
  deallog << std::setprecision(8);

  check_reservoir(false);
  check_reservoir(true);
  check_hold_out();
  check_memory();
  check_factors_and_errors();
  check_rates();
}
} // namespace test_time_series
