// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/data/sources.h>

#include <derl/objective/terms.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/utilities.h>

#include <algorithm>
#include <map>

#include "stage_samples.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    constexpr const char *kinds[] = {"all ", "old ", "replay "};



    bool
    begins_with(const std::string &text, const std::string &beginning)
    {
      return text.compare(0, beginning.size(), beginning) == 0;
    }



    /**
     * The names of terms' samples without their kinds are those of the problem.
     */
    std::vector<std::string>
    names_for_terms(const Curriculum::Problem &problem)
    {
      std::vector<std::string> result;
      for (const auto &[name, table] : problem.samples)
        {
          result.push_back(name);
          for (const std::string kind : kinds)
            result.push_back(kind + name);
        }
      return result;
    }



    std::vector<unsigned int>
    indices_in(const Samples                   &samples,
               const std::vector<std::string>  &coordinates,
               const std::vector<Region>       &regions,
               const std::vector<unsigned int> &numbers)
    {
      std::vector<std::string> names = coordinates;
      names.insert(names.end(),
                   samples.auxiliary_names().begin(),
                   samples.auxiliary_names().end());
      std::vector<double>       values(names.size());
      std::vector<unsigned int> result;
      for (unsigned int i = 0; i < samples.size(); ++i)
        {
          std::copy_n(samples.point(i), coordinates.size(), values.begin());
          std::copy_n(samples.auxiliary(i),
                      samples.auxiliary_names().size(),
                      values.begin() + coordinates.size());
          if (std::any_of(
                numbers.begin(), numbers.end(), [&](const unsigned int region) {
                  return regions[region].contains(names,
                                                  make_array_view(values));
                }))
            result.push_back(i);
        }
      return result;
    }
  } // namespace



  std::shared_ptr<const Samples>
  samples_in(const MPI_Comm                  &communicator,
             const Samples                   &samples,
             const std::vector<std::string>  &coordinates,
             const std::vector<Region>       &regions,
             const std::vector<unsigned int> &numbers)
  {
    std::vector<unsigned int> indices;
    run_collectively(communicator, [&]() {
      indices = indices_in(samples, coordinates, regions, numbers);
    });
    return Utilities::MPI::max(indices.size(), communicator) == 0
             ? nullptr
             : std::make_shared<const Samples>(samples.subset(indices));
  }



  bool
  is_new(const std::string &name)
  {
    return !is_taught(name) && !begins_with(name, "replay ");
  }



  bool
  is_taught(const std::string &name)
  {
    return begins_with(name, "old ");
  }



  double
  work_of_evaluation(const MPI_Comm          &communicator,
                     const Surrogate         &surrogate,
                     const std::vector<Term> &terms)
  {
    std::map<const Samples *, std::vector<MultiIndex>> needed;
    for (const Term &term : terms)
      for (const JetEntry &entry :
           term.residual
             ->bind(surrogate.names(),
                    {term.samples->columns(), term.samples->auxiliary_names()})
             .entries)
        needed[term.samples.get()].push_back(entry.derivative);
    double work = 0.;
    for (const auto &[table, derivatives] : needed)
      work += static_cast<double>(table->size()) * surrogate.n_components() *
              DerivativeSet(surrogate.n_coordinates(), derivatives).size();
    return Utilities::MPI::sum(work, communicator);
  }



  std::vector<double>
  Curriculum::random_points(const Samples                  &old,
                            const std::vector<std::string> &coordinates,
                            const unsigned int              stage,
                            const unsigned int              n_times,
                            const unsigned int              seed) const
  {
    // what is drawn for a point depends on its number only
    const std::uint64_t n =
      n_times * Utilities::MPI::sum<std::uint64_t>(old.size(), communicator);
    const unsigned int rank    = Utilities::MPI::this_mpi_process(communicator);
    const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(communicator);
    const auto [lower, upper]  = bounding_box(communicator, {&old});
    const PointHash hash(
      std::vector<double>(1, n), RandomPurpose::subset, seed);
    const unsigned int  dim = coordinates.size();
    std::vector<double> result, point(dim);
    run_collectively(communicator, [&]() {
      constexpr unsigned int max_trials = 100000;
      for (std::uint64_t i = n * rank / n_ranks; i < n * (rank + 1) / n_ranks;
           ++i)
        {
          const double number   = i;
          bool         is_found = false;
          for (unsigned int trial = 0; !is_found && trial < max_trials; ++trial)
            {
              for (unsigned int d = 0; d < dim; ++d)
                point[d] = lower[d] + (upper[d] - lower[d]) *
                                        hash.uniform(&number, trial * dim + d);
              for (const unsigned int region : stages[stage].earlier_regions)
                is_found = is_found || regions[region].contains(
                                         coordinates, make_array_view(point));
            }
          AssertThrow(is_found,
                      ExcMessage("The regions are too small a part of the "
                                 "samples' box to draw points in them. Set "
                                 "'Old points' to 'stored'."));
          result.insert(result.end(), point.begin(), point.end());
        }
    });
    return result;
  }



  std::shared_ptr<const Samples>
  Curriculum::samples(const Problem                 &problem,
                      const std::string             &name,
                      const unsigned int             stage,
                      const Surrogate               &teacher,
                      const std::vector<TermChoice> &choices,
                      const Student *const           student) const
  {
    const std::string kind = begins_with(name, "all ") ||
                                 begins_with(name, "old ") ||
                                 begins_with(name, "replay ")
                               ? name.substr(0, name.find(' '))
                               : "";
    const Samples    &table =
      *problem.samples.at(kind.empty() ? name : name.substr(kind.size() + 1));
    std::vector<unsigned int> numbers;
    if (kind == "" || kind == "all")
      numbers = stages[stage].regions;
    if (kind != "")
      numbers.insert(numbers.end(),
                     stages[stage].earlier_regions.begin(),
                     stages[stage].earlier_regions.end());
    if (numbers.empty())
      return nullptr;
    const auto found =
      samples_in(communicator, table, teacher.coordinates, regions, numbers);
    if (found == nullptr || kind == "" || kind == "all")
      return found;

    if (kind == "replay")
      return parameters.replay_fraction < 1.
               ? std::make_shared<const Samples>(
                   found->subset(held_out_indices(communicator,
                                                  *found,
                                                  parameters.replay_fraction,
                                                  parameters.seed)
                                   .second))
               : found;

    std::vector<std::string> entries;
    for (const JetEntry &entry : jet_entries_of_orders(
           teacher.n_coordinates(),
           teacher.n_components(),
           orders_to_sample(choices, name, teacher.names())))
      entries.push_back(teacher.names().name(entry));
    return std::make_shared<const Samples>(
      taught(*found, stage, teacher, entries, student));
  }



  Samples
  Curriculum::taught(const Samples                  &old,
                     const unsigned int              stage,
                     const Surrogate                &teacher,
                     const std::vector<std::string> &entries,
                     const Student *const            student) const
  {
    const auto ask = [&](const std::vector<double> &points) {
      return sample_teachers(
        communicator,
        {{std::make_shared<const Surrogate>(teacher),
          [](const ArrayView<const double> &) { return true; }}},
        points,
        entries);
    };
    const unsigned int seed = parameters.seed + stage;
    if (stages[stage].old_points == "stored")
      return ask(old.points());
    if (student == nullptr)
      return ask(random_points(old, teacher.coordinates, stage, 1, seed));

    constexpr unsigned int candidates_per_point = 5;
    // far from the seeds of other stages
    const unsigned int drawn_seed = seed + 65537 * student->iteration;
    return choose_by_mismatch(
      communicator,
      ask(random_points(
        old, teacher.coordinates, stage, candidates_per_point, drawn_seed)),
      student->surrogate,
      Utilities::MPI::sum<std::uint64_t>(old.size(), communicator),
      drawn_seed);
  }



  std::vector<TermChoice>
  Curriculum::term_choices(const Problem     &problem,
                           const unsigned int stage) const
  {
    return parse_terms(stages[stage].terms, names_for_terms(problem));
  }



  std::vector<Term>
  Curriculum::terms(const Problem     &problem,
                    const unsigned int stage,
                    const Surrogate   &teacher) const
  {
    const std::vector<TermChoice> choices = term_choices(problem, stage);
    std::map<std::string, std::shared_ptr<const Samples>> tables;
    std::vector<Term>                                     result;
    for (const TermChoice &choice : choices)
      {
        if (tables.count(choice.samples) == 0)
          tables[choice.samples] =
            samples(problem, choice.samples, stage, teacher, choices);
        // of the boundary, for example, a region may have nothing
        if (tables[choice.samples] != nullptr)
          result.push_back({choice.name(),
                            tables[choice.samples],
                            choice.residual(teacher.names(), problem.residuals),
                            choice.weight});
      }
    AssertThrow(!result.empty(),
                ExcMessage("Stage " + std::to_string(stage + 1) +
                           " has no samples: none lie in its regions."));
    return result;
  }
} // namespace derl
