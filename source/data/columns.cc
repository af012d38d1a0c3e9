// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/data/samples.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * A table with other columns and points, but the numbers of @p samples.
     */
    Samples
    with_columns(const Samples               &samples,
                 const unsigned int           n_coordinates,
                 const std::vector<JetEntry> &columns,
                 const std::vector<double>   &points)
    {
      Samples result(
        n_coordinates, columns, samples.origin(), samples.auxiliary_names());
      for (unsigned int i = 0; i < samples.size(); ++i)
        result.add(
          ArrayView<const double>(
            points.data() + std::size_t(i) * n_coordinates, n_coordinates),
          ArrayView<const double>(samples.observations(i), columns.size()),
          samples.weight(i),
          ArrayView<const double>(samples.auxiliary(i),
                                  samples.auxiliary_names().size()));
      if (samples.has_factors())
        result.set_factors(
          {samples.factors(0), samples.factors(samples.size())});
      if (!samples.estimated_errors().empty())
        result.set_estimated_errors(samples.estimated_errors(),
                                    samples.weight_of_estimated_errors());
      return result;
    }



    bool
    are_different(const std::vector<unsigned int> &numbers)
    {
      return std::set<unsigned int>(numbers.begin(), numbers.end()).size() ==
             numbers.size();
    }
  } // namespace



  Samples
  relabel_components(const Samples                   &samples,
                     const std::vector<unsigned int> &components)
  {
    AssertThrow(are_different(components),
                ExcMessage("Two components cannot become the same one."));
    std::vector<JetEntry> columns = samples.columns();
    for (JetEntry &column : columns)
      {
        AssertThrow(column.component < components.size(),
                    ExcMessage("The samples (" + samples.origin() +
                               ") have more components than new numbers are "
                               "given, " +
                               std::to_string(components.size()) + "."));
        column.component = components[column.component];
      }
    return with_columns(
      samples, samples.n_coordinates(), columns, samples.points());
  }



  Samples
  relabel_coordinates(const Samples                   &samples,
                      const std::vector<unsigned int> &coordinates,
                      const std::vector<double>       &point)
  {
    AssertThrow(
      coordinates.size() == samples.n_coordinates() &&
        are_different(coordinates) &&
        std::all_of(coordinates.begin(),
                    coordinates.end(),
                    [&](const unsigned int d) { return d < point.size(); }),
      ExcMessage("There must be a new number below " +
                 std::to_string(point.size()) + " for each of the " +
                 std::to_string(samples.n_coordinates()) +
                 " coordinates of the samples."));
    std::vector<JetEntry> columns;
    for (const JetEntry &column : samples.columns())
      {
        MultiIndex derivative(point.size(), 0);
        for (unsigned int d = 0; d < coordinates.size(); ++d)
          derivative[coordinates[d]] = column.derivative[d];
        columns.push_back({column.component, derivative});
      }
    std::vector<double> points;
    for (unsigned int i = 0; i < samples.size(); ++i)
      {
        std::vector<double> all = point;
        for (unsigned int d = 0; d < coordinates.size(); ++d)
          all[coordinates[d]] = samples.point(i)[d];
        points.insert(points.end(), all.begin(), all.end());
      }
    return with_columns(samples, point.size(), columns, points);
  }



  Samples
  join_columns(const std::vector<const Samples *> &tables,
               const double                        tolerance)
  {
    AssertThrow(!tables.empty(), ExcMessage("There are no tables to join."));
    const Samples           &first = *tables[0];
    std::vector<JetEntry>    columns;
    std::vector<std::string> auxiliary_names;
    std::string              origin;
    std::vector<double>      errors;
    bool                     has_factors = false;
    double                   size        = 0.;
    for (const double x : first.points())
      size = std::max(size, std::abs(x));
    for (const Samples *const table : tables)
      {
        AssertThrow(table->n_coordinates() == first.n_coordinates() &&
                      table->size() == first.size(),
                    ExcMessage("The tables (" + first.origin() + ") and (" +
                               table->origin() +
                               ") are not samples at the same points: sample "
                               "both with the same mesh and quadrature."));
        for (std::size_t i = 0; i < first.points().size(); ++i)
          AssertThrow(
            std::abs(table->points()[i] - first.points()[i]) <=
              tolerance * size,
            ExcMessage("Sample " + std::to_string(i / first.n_coordinates()) +
                       " of (" + first.origin() + ") and of (" +
                       table->origin() +
                       ") are different points: sample both with the same "
                       "mesh and quadrature."));
        for (const JetEntry &column : table->columns())
          {
            AssertThrow(std::find(columns.begin(), columns.end(), column) ==
                          columns.end(),
                        ExcMessage("A column appears in two tables. Give their "
                                   "components different numbers by "
                                   "relabel_components()."));
            columns.push_back(column);
          }
        auxiliary_names.insert(auxiliary_names.end(),
                               table->auxiliary_names().begin(),
                               table->auxiliary_names().end());
        origin += (origin.empty() ? "" : "; ") + table->origin();
        errors.insert(errors.end(),
                      table->estimated_errors().begin(),
                      table->estimated_errors().end());
        has_factors = has_factors || table->has_factors();
      }

    Samples result(first.n_coordinates(), columns, origin, auxiliary_names);
    std::vector<double> observations, auxiliary, factors;
    for (unsigned int i = 0; i < first.size(); ++i)
      {
        observations.clear();
        auxiliary.clear();
        for (const Samples *const table : tables)
          {
            const std::size_t n = table->columns().size();
            observations.insert(observations.end(),
                                table->observations(i),
                                table->observations(i) + n);
            auxiliary.insert(auxiliary.end(),
                             table->auxiliary(i),
                             table->auxiliary(i) +
                               table->auxiliary_names().size());
            if (table->has_factors())
              factors.insert(
                factors.end(), table->factors(i), table->factors(i) + n);
            else if (has_factors)
              factors.resize(factors.size() + n, 1.);
          }
        result.add(
          ArrayView<const double>(first.point(i), first.n_coordinates()),
          ArrayView<const double>(observations.data(), observations.size()),
          first.weight(i),
          ArrayView<const double>(auxiliary.data(), auxiliary.size()));
      }
    if (has_factors)
      result.set_factors(factors);
    // known of all columns or of none
    if (!errors.empty() && errors.size() == columns.size())
      result.set_estimated_errors(errors, first.weight_of_estimated_errors());
    return result;
  }
} // namespace derl
