// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A stratified subset must have the size asked for, be the same on any number
// of ranks, keep the sum of the weights, and integrate better than random
// choices do.

#include <derl/data/samples.h>
#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <deal.II/base/function.h>

#include <iomanip>
#include <set>

#include "../../source/base/communication.h"
#include "held_out.h"
#include "sample_sets.h"

namespace test_stratified_subset
{
using namespace dealii;
using namespace derl;

double
field(const Point<2> &x)
{
  return std::exp(x[0]) * std::sin(3. * x[1] + 1.);
}



/**
 * Add a sample of a function with a weight that varies by a factor of nine.
 */
void
add_sample(const Point<2> &x, Samples &samples)
{
  const double value = field(x);
  samples.add(ArrayView<const double>(x.begin_raw(), 2),
              ArrayView<const double>(&value, 1),
              1. + 4. * (1. + x[0] * x[1]));
}



/**
 * Samples at points; this rank has those whose number leaves it as remainder.
 */
Samples
samples_at(const std::vector<Point<2>> &points)
{
  const unsigned int rank    = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  Samples            samples(2, {{0, {0, 0}}}, "a function");
  for (unsigned int i = rank; i < points.size(); i += n_ranks)
    add_sample(points[i], samples);
  return samples;
}



/**
 * The sums of weights, and of weights times observations.
 */
std::pair<double, double>
sums(const SampleSet &rows)
{
  std::pair<double, double> result(0., 0.);
  for (const auto &row : rows)
    {
      result.first += row[2];
      result.second += row[2] * row[3];
    }
  return result;
}



/**
 * All samples in the hands of the last rank.
 */
Samples
samples_on_last_rank(const std::vector<Point<2>> &points)
{
  Samples    samples(2, {{0, {0, 0}}}, "a function");
  const bool is_last = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) + 1 ==
                       Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  if (is_last)
    for (const Point<2> &x : points)
      add_sample(x, samples);
  return samples;
}



SampleSet
subset_on_last_rank(const std::vector<Point<2>> &points,
                    const unsigned int           size)
{
  return all_rows_of(
    stratified_subset(MPI_COMM_WORLD, samples_on_last_rank(points), size, 30));
}



void
check_subsets()
{
  const auto      points  = random_points<2>({-1, -1}, {1, 1}, 3000, 3);
  const Samples   samples = samples_at(points);
  const SampleSet all     = all_rows_of(samples);

  std::set<std::pair<double, double>> places;
  for (const auto &row : all)
    places.emplace(row[0], row[1]);
  for (const unsigned int size : {1u, 2u, 7u, 300u, 2999u})
    {
      deallog << size << " of 3000" << std::endl;
      const auto      before = communication_count();
      const SampleSet rows =
        all_rows_of(stratified_subset(MPI_COMM_WORLD, samples, size, 30));
      check("  collectives",
            (communication_count() - before).collectives <= 70);
      check("  size", rows.size() == size);
      check("  from the samples",
            std::all_of(rows.begin(), rows.end(), [&](const auto &row) {
              return places.count({row[0], row[1]}) == 1;
            }));
      check("  sum of weights",
            std::abs(sums(rows).first - sums(all).first) / sums(all).first,
            1e-12);
      check("  wherever they are",
            difference(rows, subset_on_last_rank(points, size)),
            1e-10);
      deallog << "  first: " << rows[0][0] << ' ' << rows[0][1] << std::endl;
    }
  check(
    "all",
    difference(
      all_rows_of(stratified_subset(MPI_COMM_WORLD, samples, 5000, 30)), all),
    1e-14);
}



/**
 * Ranks that share few boxes, as those of a partitioned mesh do, must have
 * little to say to each other about a large subset.
 */
void
check_partitioned()
{
  const auto         points  = random_points<2>({-1, -1}, {1, 1}, 20000, 3);
  const unsigned int rank    = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  const Samples      on_last = samples_on_last_rank(points);
  Samples            samples(2, {{0, {0, 0}}}, "a function");
  for (const Point<2> &x : points)
    if (std::min(n_ranks - 1, unsigned((1. + x[0]) / 2. * n_ranks)) == rank)
      add_sample(x, samples);
  const auto      before = communication_count();
  const SampleSet rows =
    all_rows_of(stratified_subset(MPI_COMM_WORLD, samples, 8000, 30));
  const auto cost = communication_count() - before;
  check("partitioned: size", rows.size() == 8000);
  check(
    "  wherever they are",
    difference(
      rows, all_rows_of(stratified_subset(MPI_COMM_WORLD, on_last, 8000, 30))),
    1e-10);
  check("  bytes", double(cost.bytes), 8. * 8000);
  deallog << "  first: " << rows[0][0] << ' ' << rows[0][1] << std::endl;
}



/**
 * Weighted sums over subsets with many seeds: their mean must be the full sum,
 * their spread much smaller than that of independent choices. And a sample must
 * be chosen as often as its neighbours with the same weight.
 */
void
check_statistics()
{
  const auto    points   = random_points<2>({-1, -1}, {1, 1}, 1000, 3);
  const Samples samples  = samples_at(points);
  const auto    full     = sums(all_rows_of(samples));
  const double  mean     = full.second / full.first;
  double        variance = 0.;
  for (const auto &row : all_rows_of(samples))
    variance += row[2] * std::pow(row[3] - mean, 2) / full.first;

  const unsigned int  n_seeds = 200, size = 50;
  double              first = 0., second = 0.;
  std::vector<double> quarters(4, 0.), expected(4, 0.);
  const auto          quarter = [](const std::vector<double> &row) {
    return (row[0] > 0 ? 1 : 0) + (row[1] > 0 ? 2 : 0);
  };
  for (const auto &row : all_rows_of(samples))
    expected[quarter(row)] += 1. / points.size();
  for (unsigned int seed = 0; seed < n_seeds; ++seed)
    {
      const SampleSet rows =
        all_rows_of(stratified_subset(MPI_COMM_WORLD, samples, size, seed));
      const double error = sums(rows).second / full.first - mean;
      first += error / n_seeds;
      second += error * error / n_seeds;
      for (const auto &row : rows)
        quarters[quarter(row)] += 1. / (n_seeds * size);
    }
  check("no bias", std::abs(first), 4. * std::sqrt(second / n_seeds));
  check("a fifth of the variance of independent choices",
        second <= 0.2 * variance / size);
  for (unsigned int k = 0; k < 4; ++k)
    check("as many as there are", std::abs(quarters[k] - expected[k]), 0.005);
}



/**
 * What a subset leaves must be like all samples for the draws that follow with
 * the same seed: a hold-out, and a smaller subset.
 */
void
check_one_after_the_other()
{
  const unsigned int seed    = 30;
  const Samples      samples = samples_at(grid_points<2>({-1, -1}, {1, 1}, 96));
  for (const unsigned int size : {300u, 1000u, 3000u})
    {
      const Samples subset =
        stratified_subset(MPI_COMM_WORLD, samples, size, seed);
      const double n_held_out =
        all_rows_of(hold_out(MPI_COMM_WORLD, subset, 0.1, seed).second).size();
      check("a tenth of " + std::to_string(size) + " is held out",
            std::abs(n_held_out - 0.1 * size),
            4. * std::sqrt(0.09 * size));
    }

  const Samples few  = samples_at(random_points<2>({-1, -1}, {1, 1}, 500, 3));
  const auto    full = sums(all_rows_of(few));
  const unsigned int n_seeds = 400;
  double             first = 0., second = 0.;
  for (unsigned int s = 0; s < n_seeds; ++s)
    {
      const Samples half = stratified_subset(MPI_COMM_WORLD, few, 288, s);
      const double  error =
        sums(all_rows_of(stratified_subset(MPI_COMM_WORLD, half, 10, s)))
            .second /
          full.first -
        full.second / full.first;
      first += error / n_seeds;
      second += error * error / n_seeds;
    }
  check("no bias of a subset's subset",
        std::abs(first),
        4. * std::sqrt(second / n_seeds));
}



void
check_special_points()
{
  // many at the same point: no bisection tells them apart
  std::vector<Point<2>> points(40, Point<2>(0.25, 0.5));
  points.emplace_back(1., 1.);
  const SampleSet rows =
    all_rows_of(stratified_subset(MPI_COMM_WORLD, samples_at(points), 20, 30));
  check("equal points", rows.size() == 20);
  check(
    "their weights",
    std::abs(sums(rows).first - sums(all_rows_of(samples_at(points))).first),
    1e-12);

  // a graded set keeps its grading
  std::vector<Point<2>> graded;
  for (unsigned int i = 0; i < 4000; ++i)
    graded.emplace_back(std::pow(0.998, i), 0.);
  const SampleSet some =
    all_rows_of(stratified_subset(MPI_COMM_WORLD, samples_at(graded), 400, 30));
  check("grading",
        std::abs(std::count_if(some.begin(),
                               some.end(),
                               [](const auto &row) {
                                 return row[0] < std::pow(0.998, 2000);
                               }) -
                 200.),
        20.);

  // few samples, on one rank only
  check("one sample", subset_on_last_rank({{0.5, 0.5}}, 1).size() == 1);
  expect_error("size 0", [&]() {
    stratified_subset(MPI_COMM_WORLD, samples_at(points), 0, 30);
  });
}



DERL_TEST(stratified_subset)
{
  initlog();
  deallog << std::setprecision(8);

  check_subsets();
  check_partitioned();
  check_statistics();
  check_one_after_the_other();
  check_special_points();
}
} // namespace test_stratified_subset
