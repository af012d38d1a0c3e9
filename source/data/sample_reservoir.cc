// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/data/samples.h>
#include <derl/data/sources.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/memory_consumption.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "../base/communication.h"
#include "column_names.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * The representation of a positive number, whose order is that of the
     * numbers.
     */
    std::uint64_t
    bits_of(const double x)
    {
      std::uint64_t result;
      std::memcpy(&result, &x, sizeof(x));
      return result;
    }



    bool
    is_positive(const double x)
    {
      return x > 0. && std::isfinite(x);
    }



    void
    check_time_weight(const double time_weight)
    {
      AssertThrow(is_positive(time_weight),
                  ExcMessage("The weight of a time step must be a positive, "
                             "finite number."));
    }



    const std::string bad_indicator =
      "Indicators must be positive, finite numbers.";
  } // namespace



  SampleReservoir::SampleReservoir(const MPI_Comm     &communicator,
                                   const std::uint64_t n_max,
                                   const std::uint32_t seed)
    : communicator(communicator)
    , n_max(n_max)
    , seed(seed)
  {
    AssertThrow(n_max > 0,
                ExcMessage("At least one sample must be allowed to stay."));
  }



  void
  SampleReservoir::check(const Samples             &samples,
                         const double               time_weight,
                         const std::vector<double> &indicators) const
  {
    samples.check();
    check_time_weight(time_weight);
    AssertThrow(indicators.empty() || indicators.size() == samples.size(),
                ExcMessage("There must be an indicator for each sample."));
    AssertThrow(std::all_of(indicators.begin(), indicators.end(), is_positive),
                ExcMessage(bad_indicator));
    const std::string difference =
      table ? internal::difference_of_columns(*table, samples) : "";
    AssertThrow(difference.empty(),
                ExcMessage("All steps must have the same columns. Of the "
                           "earlier samples and these, " +
                           difference + "."));
    AssertThrow(entries.empty() || samples.size() == 0 ||
                  samples.has_factors() == !factors.empty(),
                ExcMessage("All steps must have factors, or none."));
  }



  void
  SampleReservoir::add(const Samples             &samples,
                       const double               time_weight,
                       const std::vector<double> &indicators)
  {
    run_collectively(communicator,
                     [&]() { check(samples, time_weight, indicators); });
    if (!table)
      table.emplace(samples.n_coordinates(),
                    samples.columns(),
                    samples.origin(),
                    samples.auxiliary_names());

    // What is below the old threshold could not stay.
    if (threshold == 0.)
      extend_magnitudes(largest_magnitudes(communicator, samples));
    const PointHash           hash(magnitudes, RandomPurpose::reservoir, seed);
    std::vector<Entry>        candidates;
    std::vector<unsigned int> indices;
    for (unsigned int i = 0; i < samples.size(); ++i)
      {
        const Entry entry = make_entry(
          hash,
          ArrayView<const double>(samples.point(i), samples.n_coordinates()),
          samples.weight(i) * time_weight,
          indicators.empty() ? 1. : indicators[i]);
        if (entry.priority > threshold)
          {
            candidates.push_back(entry);
            indices.push_back(i);
          }
      }
    ++n_steps;
    added += global_count(communicator, samples.size() + passed_over);
    passed_over = 0;

    std::vector<double> priorities;
    for (const Entry &entry : candidates)
      priorities.push_back(entry.priority);
    raise_threshold(priorities);

    for (unsigned int k = 0; k < candidates.size(); ++k)
      if (candidates[k].priority > threshold)
        {
          const unsigned int i = indices[k];
          table->add(
            ArrayView<const double>(samples.point(i), samples.n_coordinates()),
            ArrayView<const double>(samples.observations(i),
                                    samples.columns().size()),
            samples.weight(i),
            ArrayView<const double>(samples.auxiliary(i),
                                    samples.auxiliary_names().size()));
          entries.push_back(candidates[k]);
          if (samples.has_factors())
            factors.insert(factors.end(),
                           samples.factors(i),
                           samples.factors(i) + samples.columns().size());
        }
    kept = global_count(communicator, entries.size());
  }



  void
  SampleReservoir::evict()
  {
    const auto leaves = [&](const Entry &entry) {
      return entry.priority <= threshold;
    };
    if (std::none_of(entries.begin(), entries.end(), leaves))
      return;
    std::vector<unsigned int> staying;
    std::vector<double>       staying_factors;
    const std::size_t         n_columns = table->columns().size();
    for (unsigned int i = 0; i < entries.size(); ++i)
      if (!leaves(entries[i]))
        {
          staying.push_back(i);
          if (!factors.empty())
            staying_factors.insert(staying_factors.end(),
                                   factors.begin() + i * n_columns,
                                   factors.begin() + (i + 1) * n_columns);
        }
    table   = table->subset(staying);
    factors = staying_factors;
    entries.erase(std::remove_if(entries.begin(), entries.end(), leaves),
                  entries.end());
  }



  SampleReservoir::Entry
  SampleReservoir::make_entry(const PointHash               &hash,
                              const ArrayView<const double> &point,
                              const double                   weight,
                              const double                   indicator) const
  {
    Entry entry;
    entry.weight   = weight;
    entry.size     = weight * indicator;
    entry.priority = entry.size / (1. - hash.uniform(point.data(), n_steps));
    return entry;
  }



  void
  SampleReservoir::extend_magnitudes(const std::vector<double> &others)
  {
    magnitudes.resize(others.size(), 0.);
    for (unsigned int d = 0; d < others.size(); ++d)
      magnitudes[d] = std::max(magnitudes[d], others[d]);
  }



  PointChoice
  SampleReservoir::choice(const double time_weight, const Indicator &indicator)
  {
    return [this, time_weight, indicator](
             const std::function<void(const PointVisitor &)> &visit) {
      return choose(visit, time_weight, indicator);
    };
  }



  std::vector<std::size_t>
  SampleReservoir::choose(
    const std::function<void(const PointVisitor &)> &visit,
    const double                                     time_weight,
    const Indicator                                 &indicator)
  {
    run_collectively(communicator, [&]() { check_time_weight(time_weight); });
    if (threshold == 0.)
      {
        std::vector<double> largest;
        visit([&](const ArrayView<const double> &point, const double) {
          largest.resize(point.size(), 0.);
          for (unsigned int d = 0; d < largest.size(); ++d)
            largest[d] = std::max(largest[d], std::abs(point[d]));
        });
        // a rank without points does not know how many coordinates there are
        largest.resize(Utilities::MPI::max(largest.size(), communicator), 0.);
        Utilities::MPI::max(largest, communicator, largest);
        count_collective(communicator, (largest.size() + 1) * sizeof(double));
        extend_magnitudes(largest);
      }

    const PointHash          hash(magnitudes, RandomPurpose::reservoir, seed);
    std::vector<std::size_t> numbers;
    std::vector<double>      priorities;
    std::size_t              n_points = 0;
    visit([&](const ArrayView<const double> &point, const double weight) {
      AssertThrow(point.size() == magnitudes.size(),
                  ExcMessage("All steps must have the same coordinates."));
      const double share = indicator ? indicator(point, weight) : 1.;
      AssertThrow(is_positive(share), ExcMessage(bad_indicator));
      const Entry entry = make_entry(hash, point, weight * time_weight, share);
      if (entry.priority > threshold)
        {
          numbers.push_back(n_points);
          priorities.push_back(entry.priority);
        }
      ++n_points;
    });
    raise_threshold(priorities);
    std::size_t n_chosen = 0;
    for (std::size_t k = 0; k < numbers.size(); ++k)
      if (priorities[k] > threshold)
        numbers[n_chosen++] = numbers[k];
    numbers.resize(n_chosen);
    passed_over = n_points - n_chosen;
    return numbers;
  }



  void
  SampleReservoir::raise_threshold(const std::vector<double> &candidates)
  {
    if (global_count(communicator, entries.size() + candidates.size()) <= n_max)
      return;
    std::vector<double> priorities = candidates;
    for (const Entry &entry : entries)
      priorities.push_back(entry.priority);
    threshold = find_threshold(priorities);
    evict();
  }



  double
  SampleReservoir::find_threshold(const std::vector<double> &priorities) const
  {
    // The bits of the (n_max + 1)-th largest number, eight at a time: a
    // histogram over the next bits of those numbers that begin as it does.
    std::uint64_t position = n_max + 1;
    std::uint64_t prefix   = 0;
    for (int shift = 56; shift >= 0; shift -= 8)
      {
        std::vector<std::uint64_t> histogram(256, 0);
        for (const double priority : priorities)
          {
            const std::uint64_t bits = bits_of(priority) >> shift;
            if ((bits >> 8) == prefix)
              ++histogram[bits & 255];
          }
        Utilities::MPI::sum(histogram, communicator, histogram);
        count_collective(communicator,
                         histogram.size() * sizeof(std::uint64_t));
        unsigned int bin = 255;
        for (; histogram[bin] < position; --bin)
          position -= histogram[bin];
        prefix = (prefix << 8) | bin;
      }
    double result;
    std::memcpy(&result, &prefix, sizeof(result));
    return result;
  }



  std::uint64_t
  SampleReservoir::n_kept() const
  {
    return kept;
  }



  std::uint64_t
  SampleReservoir::n_added() const
  {
    return added;
  }



  Samples
  SampleReservoir::samples() const
  {
    AssertThrow(table.has_value(),
                ExcMessage("No samples were ever added to the reservoir."));
    Samples             result = *table;
    std::vector<double> weights;
    for (const Entry &entry : entries)
      weights.push_back(entry.weight * std::max(1., threshold / entry.size));
    result.set_weights(weights);
    if (!factors.empty())
      result.set_factors(factors);
    return result;
  }



  std::size_t
  SampleReservoir::memory_consumption() const
  {
    return sizeof(*this) + (table ? table->memory_consumption() : 0) +
           entries.capacity() * sizeof(Entry) +
           MemoryConsumption::memory_consumption(factors);
  }
} // namespace derl
