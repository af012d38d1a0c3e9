// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/data/sources.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "../base/checkpoint.h"
#include "../base/communication.h"
#include "sample_records.h"
#include "shared_files.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    // what the names of the records begin with
    const std::string name = "reservoir";
  } // namespace



  void
  SampleReservoir::save(const std::string &path) const
  {
    run_collectively(communicator, [&]() {
      AssertThrow(
        passed_over == 0,
        ExcMessage("Add the samples that were chosen to the reservoir "
                   "before it is saved."));
    });
    CheckpointWriter writer(communicator, path);
    writer.add(name + "/maximal number", n_max);
    writer.add(name + "/seed", std::uint64_t(seed));
    writer.add(name + "/steps", std::uint64_t(n_steps));
    if (n_steps == 0)
      {
        writer.close();
        return;
      }
    writer.add(name + "/added", added);
    writer.add(name + "/threshold", threshold);
    writer.add(name + "/magnitudes",
               Vector<double>(magnitudes.begin(), magnitudes.end()));
    // for as many ranks, who has how many
    const double n_local = entries.size();
    writer.add_rows(name + "/sizes", &n_local, 1, 1, 1);

    Samples samples = *table;
    if (!factors.empty())
      samples.set_factors(factors);
    internal::write_samples(communicator, writer, name, samples);
    std::vector<double> numbers;
    for (const Entry &entry : entries)
      numbers.insert(numbers.end(), {entry.priority, entry.size, entry.weight});
    writer.add_rows(name + "/entries", numbers.data(), entries.size(), 3, 3);
    writer.close();
  }



  void
  SampleReservoir::load(const std::string &path)
  {
    CheckpointReader  reader(communicator, path, "state of a reservoir");
    const std::string what =
      "The state of a reservoir in '" + reader.path() + "'";
    const std::uint64_t any = std::numeric_limits<std::uint64_t>::max();
    const std::uint64_t old_n_max =
      reader.integer(name + "/maximal number", any);
    const std::uint64_t old_seed = reader.integer(name + "/seed", any);
    internal::run_collectively_about(communicator, what, [&]() {
      AssertThrow(
        old_n_max == n_max && old_seed == seed,
        ExcMessage("It is one of at most " + std::to_string(old_n_max) +
                   " samples with the seed " + std::to_string(old_seed) +
                   ". Construct the reservoir with these."));
    });

    SampleReservoir result(communicator, n_max, seed);
    result.n_steps =
      reader.integer(name + "/steps", std::numeric_limits<unsigned int>::max());
    if (result.n_steps > 0)
      {
        result.added     = reader.integer(name + "/added", any);
        result.threshold = reader.number(name + "/threshold");
        result.read_table(reader, what);
      }
    n_steps     = result.n_steps;
    added       = result.added;
    kept        = result.kept;
    threshold   = result.threshold;
    magnitudes  = std::move(result.magnitudes);
    table       = std::move(result.table);
    entries     = std::move(result.entries);
    factors     = std::move(result.factors);
    passed_over = 0;
  }



  void
  SampleReservoir::read_table(CheckpointReader &reader, const std::string &what)
  {
    Vector<double> largest(reader.n_rows(name + "/magnitudes", 1));
    reader.read(name + "/magnitudes", largest);
    magnitudes.assign(largest.begin(), largest.end());
    kept = reader.n_rows(name + "/entries", 3);

    double     n_own    = 0;
    const bool is_alike = reader.n_rows(name + "/sizes", 1) ==
                          Utilities::MPI::n_mpi_processes(communicator);
    if (is_alike)
      {
        reader.read_rows(name + "/sizes", &n_own, 1, 1, 1);
        internal::run_collectively_about(communicator, what, [&]() {
          AssertThrow(n_own >= 0. && n_own <= double(kept) &&
                        n_own == std::floor(n_own),
                      ExcMessage("The sizes of its parts are wrong."));
        });
      }
    const std::uint64_t n_local = is_alike
                                    ? std::uint64_t(n_own)
                                    : internal::equal_share(communicator, kept);
    const std::uint64_t n_all   = global_count(communicator, n_local);
    internal::run_collectively_about(communicator, what, [&]() {
      AssertThrow(n_all == kept && kept <= n_max && kept <= added,
                  ExcMessage("Its numbers of samples contradict each other."));
    });

    const Samples samples = internal::read_samples(
      communicator, reader, name, what, [&](const std::uint64_t n) {
        return n == kept ? n_local : 0;
      });
    std::vector<double> numbers(3 * n_local);
    reader.read_rows(name + "/entries", numbers.data(), n_local, 3, 3);
    internal::run_collectively_about(communicator, what, [&]() {
      AssertThrow(samples.size() == n_local &&
                    samples.n_coordinates() == magnitudes.size(),
                  ExcMessage("Its table does not fit the rest."));
      AssertThrow(threshold >= 0. &&
                    std::all_of(magnitudes.begin(),
                                magnitudes.end(),
                                [](const double x) { return x >= 0.; }),
                  ExcMessage("A number in it is negative."));
      for (std::uint64_t i = 0; i < n_local; ++i)
        {
          const Entry entry = {
            numbers[3 * i], numbers[3 * i + 1], numbers[3 * i + 2]};
          AssertThrow(entry.weight > 0. && entry.size > 0. &&
                        entry.priority >= entry.size &&
                        entry.priority > threshold,
                      ExcMessage("A sample in it could not have stayed."));
          entries.push_back(entry);
        }
    });
    table.emplace(samples.n_coordinates(),
                  samples.columns(),
                  samples.origin(),
                  samples.auxiliary_names());
    for (unsigned int i = 0; i < samples.size(); ++i)
      table->add(
        ArrayView<const double>(samples.point(i), samples.n_coordinates()),
        ArrayView<const double>(samples.observations(i),
                                samples.columns().size()),
        samples.weight(i),
        ArrayView<const double>(samples.auxiliary(i),
                                samples.auxiliary_names().size()));
    if (samples.has_factors())
      factors.assign(samples.factors(0), samples.factors(samples.size()));
  }
} // namespace derl
