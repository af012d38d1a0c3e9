// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Samples of all ranks as a set, in an order that does not depend on who has
// them.

#ifndef derl_tests_data_sample_sets_h
#define derl_tests_data_sample_sets_h

#include <derl/data/samples.h>

#include <deal.II/base/numbers.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "../check.h"

/**
 * Rows of point, weight, observations.
 */
using SampleSet = std::vector<std::vector<double>>;

/**
 * Sort the rows. What differs by round-off counts as equal, and the next number
 * decides.
 */
inline void
sort_rows(SampleSet &rows)
{
  const auto key = [](const double x) {
    return std::floor(x * 1e8 + (dealii::numbers::SQRT2 - 1.));
  };
  std::sort(rows.begin(), rows.end(), [&](const auto &a, const auto &b) {
    return std::lexicographical_compare(
      a.begin(), a.end(), b.begin(), b.end(), [&](double x, double y) {
        return key(x) < key(y);
      });
  });
}



/**
 * The samples of this rank.
 */
inline SampleSet
rows_of(const derl::Samples &samples)
{
  SampleSet rows;
  for (unsigned int i = 0; i < samples.size(); ++i)
    {
      std::vector<double> row(samples.point(i),
                              samples.point(i) + samples.n_coordinates());
      row.push_back(samples.weight(i));
      row.insert(row.end(),
                 samples.observations(i),
                 samples.observations(i) + samples.columns().size());
      rows.push_back(row);
    }
  sort_rows(rows);
  return rows;
}



/**
 * The samples of all ranks. Collective.
 */
inline SampleSet
all_rows_of(const derl::Samples &samples)
{
  SampleSet result;
  for (const SampleSet &rows :
       dealii::Utilities::MPI::all_gather(MPI_COMM_WORLD, rows_of(samples)))
    result.insert(result.end(), rows.begin(), rows.end());
  sort_rows(result);
  return result;
}



/**
 * The largest difference of two sets, infinite if their sizes differ.
 */
inline double
difference(const SampleSet &a, const SampleSet &b)
{
  if (a.size() != b.size() || a.empty())
    return std::numeric_limits<double>::infinity();
  double result = 0;
  for (unsigned int i = 0; i < a.size(); ++i)
    {
      if (a[i].size() != b[i].size())
        return std::numeric_limits<double>::infinity();
      for (unsigned int k = 0; k < a[i].size(); ++k)
        result = std::max(result, std::abs(a[i][k] - b[i][k]));
    }
  return result;
}



inline double
sum_of_weights(const SampleSet &rows, const unsigned int n_coordinates)
{
  double sum = 0;
  for (const auto &row : rows)
    sum += row[n_coordinates];
  return sum;
}

#endif
