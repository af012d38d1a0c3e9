// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/data/samples.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/memory_consumption.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "column_names.h"

namespace derl
{
  using namespace dealii;

  Samples::Samples(const unsigned int              n_coordinates,
                   const std::vector<JetEntry>    &columns,
                   const std::string              &origin,
                   const std::vector<std::string> &auxiliary_names)
    : coordinates(n_coordinates)
    , observed(columns)
    , source(origin)
  {
    for (const JetEntry &column : columns)
      AssertThrow(column.derivative.size() == n_coordinates,
                  ExcMessage("The samples (" + origin +
                             ") have a column that is no derivative with "
                             "respect to their " +
                             std::to_string(n_coordinates) + " coordinates."));
    for (const std::string &name : auxiliary_names)
      add_auxiliary(name, {});
  }



  void
  Samples::add(const ArrayView<const double> &point,
               const ArrayView<const double> &observations,
               const double                   weight,
               const ArrayView<const double> &auxiliary)
  {
    AssertThrow(point.size() == coordinates &&
                  observations.size() == observed.size() &&
                  auxiliary.size() == auxiliary_columns.size(),
                ExcMessage("A sample (" + source +
                           ") has not as many coordinates, observations or "
                           "auxiliary numbers as its table."));
    Assert(!has_factors(),
           ExcMessage("Factors are set when all samples are there."));
    all_points.insert(all_points.end(), point.begin(), point.end());
    all_observations.insert(
      all_observations.end(), observations.begin(), observations.end());
    all_auxiliary.insert(
      all_auxiliary.end(), auxiliary.begin(), auxiliary.end());
    all_weights.push_back(weight);
  }



  void
  Samples::add_auxiliary(const std::string         &name,
                         const std::vector<double> &values)
  {
    AssertThrow(!name.empty() && std::find(auxiliary_columns.begin(),
                                           auxiliary_columns.end(),
                                           name) == auxiliary_columns.end(),
                ExcMessage("The name '" + name +
                           "' of an auxiliary column is empty or there "
                           "already. Choose another one."));
    AssertThrow(values.size() == size(),
                ExcMessage("The auxiliary column '" + name + "' has " +
                           std::to_string(values.size()) + " numbers for " +
                           std::to_string(size()) + " samples."));
    const std::size_t   n_old = auxiliary_columns.size();
    std::vector<double> all;
    all.reserve((n_old + 1) * values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
      {
        all.insert(all.end(), auxiliary(i), auxiliary(i) + n_old);
        all.push_back(values[i]);
      }
    all_auxiliary = std::move(all);
    auxiliary_columns.push_back(name);
  }



  void
  Samples::append(const Samples &other)
  {
    Assert(&other != this,
           ExcMessage("Samples cannot be appended to themselves."));
    const std::string difference =
      internal::difference_of_columns(*this, other);
    AssertThrow(difference.empty(),
                ExcMessage("Samples (" + source +
                           ") can only be joined with samples of the same "
                           "columns, not with those of (" +
                           other.source + "): " + difference + "."));
    if (has_factors() || other.has_factors())
      {
        all_factors.resize(all_observations.size(), 1.);
        all_factors.insert(all_factors.end(),
                           other.all_factors.begin(),
                           other.all_factors.end());
        all_factors.resize(
          all_observations.size() + other.all_observations.size(), 1.);
      }
    if (other.weight_of_errors > 0.)
      {
        errors_of_columns.resize(observed.size(), 0.);
        const double weight = weight_of_errors + other.weight_of_errors;
        for (unsigned int c = 0; c < observed.size(); ++c)
          errors_of_columns[c] = std::sqrt(
            (weight_of_errors * std::pow(errors_of_columns[c], 2) +
             other.weight_of_errors * std::pow(other.errors_of_columns[c], 2)) /
            weight);
        weight_of_errors = weight;
      }
    all_points.insert(
      all_points.end(), other.all_points.begin(), other.all_points.end());
    all_observations.insert(all_observations.end(),
                            other.all_observations.begin(),
                            other.all_observations.end());
    all_auxiliary.insert(all_auxiliary.end(),
                         other.all_auxiliary.begin(),
                         other.all_auxiliary.end());
    all_weights.insert(
      all_weights.end(), other.all_weights.begin(), other.all_weights.end());
  }



  void
  Samples::set_factors(const std::vector<double> &factors)
  {
    AssertDimension(factors.size(), all_observations.size());
    all_factors = factors;
  }



  void
  Samples::set_estimated_errors(const std::vector<double> &errors,
                                const double               weight)
  {
    AssertThrow(errors.size() == observed.size(),
                ExcMessage("There must be one estimated error for each of the "
                           "columns (" +
                           source + ")."));
    for (const double error : errors)
      AssertThrow(error >= 0. && std::isfinite(error),
                  ExcMessage("An estimated error (" + source +
                             ") is no finite number, or negative."));
    AssertThrow(weight > 0. && std::isfinite(weight),
                ExcMessage("The weight of estimated errors (" + source +
                           ") must be a positive, finite number."));
    errors_of_columns = errors;
    weight_of_errors  = weight;
  }



  Samples
  Samples::subset(const std::vector<unsigned int> &indices) const
  {
    Samples result(coordinates, observed, source, auxiliary_columns);
    result.errors_of_columns = errors_of_columns;
    result.weight_of_errors  = weight_of_errors;
    for (const unsigned int i : indices)
      result.add(
        ArrayView<const double>(point(i), coordinates),
        ArrayView<const double>(observations(i), observed.size()),
        weight(i),
        ArrayView<const double>(auxiliary(i), auxiliary_columns.size()));
    if (has_factors())
      for (const unsigned int i : indices)
        result.all_factors.insert(
          result.all_factors.end(), factors(i), factors(i) + observed.size());
    return result;
  }



  void
  Samples::set_weights(const std::vector<double> &weights)
  {
    AssertDimension(weights.size(), all_weights.size());
    all_weights = weights;
  }



  unsigned int
  Samples::size() const
  {
    return all_weights.size();
  }



  unsigned int
  Samples::n_coordinates() const
  {
    return coordinates;
  }



  const std::vector<JetEntry> &
  Samples::columns() const
  {
    return observed;
  }



  const std::vector<std::string> &
  Samples::auxiliary_names() const
  {
    return auxiliary_columns;
  }



  const std::string &
  Samples::origin() const
  {
    return source;
  }



  unsigned int
  Samples::column_of(const JetEntry &entry) const
  {
    const auto position = std::find(observed.begin(), observed.end(), entry);
    AssertThrow(position != observed.end(),
                ExcMessage("The samples (" + source +
                           ") do not hold a derivative of order " +
                           std::to_string(order(entry.derivative)) +
                           " that a term needs. Sample it as well, or remove "
                           "the term."));
    return std::distance(observed.begin(), position);
  }



  const std::vector<double> &
  Samples::points() const
  {
    return all_points;
  }



  const double *
  Samples::point(const unsigned int sample) const
  {
    return all_points.data() + std::size_t(sample) * coordinates;
  }



  const double *
  Samples::observations(const unsigned int sample) const
  {
    return all_observations.data() + std::size_t(sample) * observed.size();
  }



  const double *
  Samples::auxiliary(const unsigned int sample) const
  {
    return all_auxiliary.data() +
           std::size_t(sample) * auxiliary_columns.size();
  }



  double
  Samples::weight(const unsigned int sample) const
  {
    return all_weights[sample];
  }



  bool
  Samples::has_factors() const
  {
    return !all_factors.empty();
  }



  const double *
  Samples::factors(const unsigned int sample) const
  {
    return all_factors.data() + std::size_t(sample) * observed.size();
  }



  const std::vector<double> &
  Samples::estimated_errors() const
  {
    return errors_of_columns;
  }



  double
  Samples::weight_of_estimated_errors() const
  {
    return weight_of_errors;
  }



  void
  Samples::check() const
  {
    const auto fail = [&](const unsigned int sample, const std::string &what) {
      std::ostringstream text;
      text << "The samples (" << source << ") hold " << what << " at point (";
      for (unsigned int d = 0; d < coordinates; ++d)
        text << (d > 0 ? ", " : "") << point(sample)[d];
      text << "). Check where they come from.";
      AssertThrow(false, ExcMessage(text.str()));
    };
    AssertThrow(all_weights.size() == size(),
                ExcMessage("A rank holds " +
                           std::to_string(all_weights.size()) + " samples (" +
                           source +
                           "), more than can be numbered. Use more ranks."));
    for (unsigned int i = 0; i < size(); ++i)
      {
        for (unsigned int d = 0; d < coordinates; ++d)
          if (!std::isfinite(point(i)[d]))
            fail(i, "a coordinate that is not a finite number");
        for (unsigned int c = 0; c < observed.size(); ++c)
          if (!std::isfinite(observations(i)[c]))
            fail(i, "an observation that is not a finite number");
          else if (has_factors() &&
                   !(factors(i)[c] > 0 && std::isfinite(factors(i)[c])))
            fail(i, "a factor that is not a positive, finite number");
        for (unsigned int c = 0; c < auxiliary_columns.size(); ++c)
          if (!std::isfinite(auxiliary(i)[c]))
            fail(i,
                 "a number that is not finite in the column '" +
                   auxiliary_columns[c] + "'");
        if (!(weight(i) > 0) || !std::isfinite(weight(i)))
          fail(i, "a weight that is not a positive, finite number");
      }
  }



  std::size_t
  Samples::memory_consumption() const
  {
    return sizeof(*this) + MemoryConsumption::memory_consumption(all_points) +
           MemoryConsumption::memory_consumption(all_observations) +
           MemoryConsumption::memory_consumption(all_auxiliary) +
           MemoryConsumption::memory_consumption(all_weights) +
           MemoryConsumption::memory_consumption(all_factors);
  }
} // namespace derl
