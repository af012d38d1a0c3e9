// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// What is held out of a table of samples, and the noise on it, must be random,
// and the same on any number of ranks; joined tables lose nothing.

#include <derl/data/samples.h>
#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <deal.II/base/function.h>

#include <algorithm>
#include <array>
#include <iomanip>

#include "held_out.h"

namespace test_resampling
{
using namespace dealii;
using namespace derl;

/**
 * Value 1 and gradient (0, 2), whatever the point.
 */
class Constants : public Function<2>
{
public:
  double
  value(const Point<2> &, const unsigned int) const override
  {
    return 1.;
  }

  Tensor<1, 2>
  gradient(const Point<2> &, const unsigned int) const override
  {
    Tensor<1, 2> result;
    result[1] = 2.;
    return result;
  }
};



Samples
samples_at(const std::vector<Point<2>> &points)
{
  return sample_function<2>(MPI_COMM_WORLD, Constants(), points, {0, 1});
}



/**
 * The table rows (point, observations) of all ranks, sorted.
 */
std::vector<std::array<double, 5>>
all_rows(const Samples &samples)
{
  std::vector<std::array<double, 5>> rows;
  for (unsigned int i = 0; i < samples.size(); ++i)
    rows.push_back({{samples.point(i)[0],
                     samples.point(i)[1],
                     samples.observations(i)[0],
                     samples.observations(i)[1],
                     samples.observations(i)[2]}});
  std::vector<std::array<double, 5>> result;
  for (const auto &of_rank : Utilities::MPI::all_gather(MPI_COMM_WORLD, rows))
    result.insert(result.end(), of_rank.begin(), of_rank.end());
  std::sort(result.begin(), result.end());
  return result;
}



void
check_hold_out()
{
  const auto    points        = random_points<2>({-1, -1}, {1, 1}, 2000, 3);
  const Samples samples       = samples_at(points);
  const auto [rest, held_out] = hold_out(MPI_COMM_WORLD, samples, 0.2, 30);
  const auto rows             = all_rows(held_out);
  deallog << "held out: " << rows.size() << ", rest: " << all_rows(rest).size()
          << std::endl;
  for (unsigned int i = 0; i < 3; ++i)
    deallog << rows[i][0] << ' ' << rows[i][1] << std::endl;

  auto together = all_rows(rest);
  together.insert(together.end(), rows.begin(), rows.end());
  std::sort(together.begin(), together.end());
  check("no sample is lost or doubled", together == all_rows(samples));
  check("weights are kept", rest.size() == 0 || rest.weight(0) == 1.);

  // Binomial numbers in each quarter of the square, within four deviations
  for (const int sign_x : {-1, 1})
    for (const int sign_y : {-1, 1})
      {
        const auto count = [&](const auto &table) {
          return double(std::count_if(
            table.begin(), table.end(), [&](const std::array<double, 5> &row) {
              return row[0] * sign_x > 0 && row[1] * sign_y > 0;
            }));
        };
        const double n = count(together);
        check("everywhere",
              std::abs(count(rows) - 0.2 * n),
              4. * std::sqrt(n * 0.2 * 0.8));
      }
  check("another seed, another choice",
        all_rows(hold_out(MPI_COMM_WORLD, samples, 0.2, 31).second) != rows);

  // On a grid, and with round-off in the coordinates
  for (const unsigned int n : {15, 31, 99})
    {
      const auto grid     = grid_points<2>({-1, -1}, {1, 1}, n);
      auto       moved    = grid;
      bool       positive = false;
      for (Point<2> &x : moved)
        {
          positive = !positive;
          for (unsigned int d = 0; d < 2; ++d)
            x[d] += (positive ? 2e-16 : -2e-16);
        }
      const auto a =
        all_rows(hold_out(MPI_COMM_WORLD, samples_at(grid), 0.3, 30).second);
      const auto b =
        all_rows(hold_out(MPI_COMM_WORLD, samples_at(moved), 0.3, 30).second);
      check("about a third of the grid",
            std::abs(double(a.size()) / (n * n) - 0.3),
            4. * std::sqrt(0.3 * 0.7) / n);
      double difference = a.size() == b.size() ? 0. : 1.;
      for (unsigned int i = 0; i < std::min(a.size(), b.size()); ++i)
        difference = std::max(difference, std::abs(a[i][0] - b[i][0]));
      check("round-off does not matter", difference, 1e-15);
    }

  // The same point twice is no second chance to be seen in training
  auto twice = points;
  twice.insert(twice.end(), points.begin(), points.end());
  const auto doubled =
    all_rows(hold_out(MPI_COMM_WORLD, samples_at(twice), 0.2, 30).second);
  check("equal points stay together", doubled.size() == 2 * rows.size());

  // A part of the square, whose box is another one, and the same points far
  // from where others are
  auto part = points;
  part.erase(std::remove_if(part.begin(),
                            part.end(),
                            [](const Point<2> &x) { return x[0] > -0.3; }),
             part.end());
  part.emplace_back(-1000., 3.);
  const auto of_part =
    all_rows(hold_out(MPI_COMM_WORLD, samples_at(part), 0.2, 30).second);
  std::vector<std::array<double, 5>> expected;
  for (const auto &row : rows)
    if (row[0] <= -0.3)
      expected.push_back(row);
  check("equal points of two tables are on the same side",
        std::all_of(expected.begin(),
                    expected.end(),
                    [&](const auto &row) {
                      return std::binary_search(
                        of_part.begin(), of_part.end(), row);
                    }) &&
          of_part.size() - expected.size() <= 1);

  // a coordinate that is zero up to round-off in one table, and in another one
  // that has nothing else there
  Samples line(2, {{0, {0, 0}}}, "a line"), moved(line);
  for (unsigned int i = 0; i < 1000; ++i)
    for (Samples *const table : {&line, &moved})
      {
        const double point[] = {0.001 * i, table == &line ? 0. : 1e-17 * i};
        const double value   = 1.;
        table->add(ArrayView<const double>(point, 2),
                   ArrayView<const double>(&value, 1),
                   1.);
      }
  const double far[] = {0., 1.}, value = 1.;
  moved.add(
    ArrayView<const double>(far, 2), ArrayView<const double>(&value, 1), 1.);
  const auto on_line  = hold_out(MPI_COMM_WORLD, line, 0.2, 30).second;
  const auto off_line = hold_out(MPI_COMM_WORLD, moved, 0.2, 30).second;
  bool       same     = true;
  for (unsigned int i = 0; i < on_line.size(); ++i)
    same = same && i < off_line.size() &&
           on_line.point(i)[0] == off_line.point(i)[0];
  check("zero up to round-off", same && on_line.size() > 100);

  expect_error("nothing is held out", [&]() {
    hold_out(MPI_COMM_WORLD, samples_at({{0., 0.}, {1., 1.}}), 1e-9, 30);
  });
  expect_error("all is held out", [&]() {
    hold_out(MPI_COMM_WORLD, samples_at({{0., 0.}, {1., 1.}}), 0.999, 30);
  });
}



void
check_noise()
{
  const auto    points  = random_points<2>({-1, -1}, {1, 1}, 10000, 3);
  const Samples samples = samples_at(points);
  const Samples noisy   = add_noise(MPI_COMM_WORLD, samples, 0.1, 30);
  check("nothing else changes",
        noisy.size() == samples.size() && noisy.points() == samples.points());
  const auto rows = all_rows(noisy);
  deallog << std::setprecision(8);
  for (unsigned int i = 0; i < 3; ++i)
    deallog << rows[i][2] << ' ' << rows[i][3] << ' ' << rows[i][4]
            << std::endl;

  // Columns 1, 0, 2 with deviations 0.1, 0, 0.2; their first four moments
  const double                         mean[]      = {1., 0., 2.};
  const double                         deviation[] = {0.1, 0., 0.2};
  const double                         n           = rows.size();
  std::array<std::array<double, 4>, 3> moments{};
  double                               covariance = 0.;
  for (const auto &row : rows)
    {
      for (unsigned int c = 0; c < 3; ++c)
        for (unsigned int m = 0; m < 4; ++m)
          moments[c][m] +=
            std::pow(c == 1 ? row[3] : (row[2 + c] - mean[c]) / deviation[c],
                     m + 1) /
            n;
      covariance += (row[2] - 1.) / 0.1 * (row[4] - 2.) / 0.2 / n;
    }
  for (const unsigned int c : {0, 2})
    {
      check("mean", std::abs(moments[c][0]), 4. / std::sqrt(n));
      check("variance", std::abs(moments[c][1] - 1.), 4. * std::sqrt(2. / n));
      check("skewness", std::abs(moments[c][2]), 4. * std::sqrt(15. / n));
      check("kurtosis", std::abs(moments[c][3] - 3.), 4. * std::sqrt(96. / n));
    }
  check("a column of zeros has no noise", moments[1][1], 0.);
  double error = 0.;
  for (const unsigned int c : {0, 1, 2})
    error =
      std::max(error, std::abs(noisy.estimated_errors()[c] - deviation[c]));
  check("the estimated error is that of the noise", error, 1e-12);
  error               = 0.;
  const auto absolute = all_rows(
    add_noise(MPI_COMM_WORLD, samples, 0.05, 30, NoiseScale::absolute));
  for (unsigned int i = 0; i < rows.size(); ++i)
    for (const unsigned int c : {0, 2})
      error = std::max(error,
                       std::abs((absolute[i][2 + c] - mean[c]) / 0.05 -
                                (rows[i][2 + c] - mean[c]) / deviation[c]));
  check("absolute noise has the same random numbers", error, 1e-12);
  check("columns are independent", std::abs(covariance), 4. / std::sqrt(n));
  check("another seed, other noise",
        all_rows(add_noise(MPI_COMM_WORLD, samples, 0.1, 31)) != rows);
  check("no noise",
        all_rows(add_noise(MPI_COMM_WORLD, samples, 0., 30)) ==
          all_rows(samples));
}



void
check_append()
{
  const Samples first  = samples_at(random_points<2>({-1, -1}, {1, 1}, 20, 3));
  Samples       second = samples_at(random_points<2>({-1, -1}, {1, 1}, 7, 4));
  second.set_weights(std::vector<double>(second.size(), 5.));
  second.set_factors(std::vector<double>(3 * second.size(), 0.5));

  auto expected = all_rows(first);
  for (const auto &row : all_rows(second))
    expected.push_back(row);
  std::sort(expected.begin(), expected.end());
  Samples joined = first;
  joined.append(second);
  check("joined: all samples are there", all_rows(joined) == expected);

  // whichever of the two has factors, those of the other are one
  Samples factors_first = second;
  factors_first.append(first);
  bool good = true;
  for (unsigned int i = 0; i < joined.size(); ++i)
    good = good && joined.weight(i) == (i < first.size() ? 1. : 5.) &&
           joined.factors(i)[2] == (i < first.size() ? 1. : 0.5) &&
           factors_first.factors(i)[2] == (i < second.size() ? 0.5 : 1.);
  check("joined: weights and factors", good);
  Samples plain = first;
  plain.append(first);
  check("joined: no factors of two without", !plain.has_factors());
  joined.check();

  // the message names what differs
  const auto join_with = [&](const unsigned int           n_coordinates,
                             const std::vector<JetEntry> &columns) {
    return [&joined, n_coordinates, columns]() {
      joined.append(Samples(n_coordinates, columns, "another table"));
    };
  };
  expect_error("joined: fewer columns", join_with(2, {{0, {1, 0}}}));
  expect_error(
    "joined: more columns",
    join_with(
      2, {{0, {0, 0}}, {0, {1, 0}}, {0, {0, 1}}, {0, {2, 1}}, {1, {1, 1}}}));
  expect_error("joined: other columns",
               join_with(2, {{0, {0, 0}}, {0, {1, 0}}, {0, {0, 2}}}));
  expect_error("joined: another order",
               join_with(2, {{0, {0, 0}}, {0, {0, 1}}, {0, {1, 0}}}));
  expect_error("joined: other coordinates", join_with(3, {{0, {0, 0, 0}}}));
}



DERL_TEST(resampling)
{
  initlog();
  deallog << std::setprecision(10);

  check_hold_out();
  check_noise();
  check_append();
}
} // namespace test_resampling
