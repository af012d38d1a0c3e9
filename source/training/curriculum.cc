// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/data/sources.h>

#include <derl/objective/terms.h>

#include <derl/training/curriculum.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/utilities.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "format.h"

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
     * The entry of a stage in a list with | between entries.
     */
    std::string
    entry_of(const std::string &list, const unsigned int stage)
    {
      const auto entries = Utilities::split_string_list(list, '|');
      return entries.empty()
               ? ""
               : entries[std::min<std::size_t>(stage, entries.size() - 1)];
    }



    double
    number(const std::string &text, const std::string &what)
    {
      try
        {
          const double value = Utilities::string_to_double(text);
          if (std::isfinite(value) && value >= 1.)
            return value;
        }
      catch (const std::exception &)
        {
        }
      AssertThrow(false,
                  ExcMessage("'" + text + "' in the list '" + what +
                             "' is not a number of at least one."));
      return 0.;
    }



    /**
     * The numbers of regions in an entry such as "1 + 3", counted from zero.
     */
    std::vector<unsigned int>
    read_regions(const std::string &text, const unsigned int n_regions)
    {
      std::set<unsigned int> result;
      for (const std::string &word : Utilities::split_string_list(text, '+'))
        {
          const double region = number(word, "Stages");
          AssertThrow(region == std::floor(region) && region <= n_regions,
                      ExcMessage("The list 'Stages' has the region '" + word +
                                 "', but 'Regions' has " +
                                 std::to_string(n_regions) + "."));
          result.insert(static_cast<unsigned int>(region) - 1);
        }
      return {result.begin(), result.end()};
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



    /**
     * The samples in the given regions; null if no rank has one.
     */
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



    /**
     * Points times jet entries of an evaluation of the terms, over all ranks.
     */
    double
    work_of_evaluation(const MPI_Comm          &communicator,
                       const Surrogate         &surrogate,
                       const std::vector<Term> &terms)
    {
      std::map<const Samples *, std::vector<MultiIndex>> needed;
      for (const Term &term : terms)
        for (const JetEntry &entry : term.residual
                                       ->bind(surrogate.names(),
                                              {term.samples->columns(),
                                               term.samples->auxiliary_names()})
                                       .entries)
          needed[term.samples.get()].push_back(entry.derivative);
      double work = 0.;
      for (const auto &[table, derivatives] : needed)
        work += static_cast<double>(table->size()) * surrogate.n_components() *
                DerivativeSet(surrogate.n_coordinates(), derivatives).size();
      return Utilities::MPI::sum(work, communicator);
    }
  } // namespace



  Curriculum::Curriculum(const MPI_Comm             &communicator,
                         const CurriculumParameters &parameters,
                         const TrainingParameters   &training,
                         const std::string          &folder,
                         const ConditionalOStream   &progress)
    : communicator(communicator)
    , parameters(parameters)
    , folder(folder)
    , progress(progress)
  {
    for (const std::string &text :
         Utilities::split_string_list(parameters.regions, '|'))
      regions.emplace_back(text);
    AssertThrow(!regions.empty(), ExcMessage("'Regions' is empty."));

    std::vector<std::string> entries =
      Utilities::split_string_list(parameters.stages, '|');
    if (entries.empty())
      for (unsigned int region = 0; region < regions.size(); ++region)
        entries.push_back(std::to_string(region + 1));
    std::set<unsigned int> earlier;
    for (unsigned int i = 0; i < entries.size(); ++i)
      {
        Stage stage;
        stage.regions = read_regions(entries[i], regions.size());
        for (const unsigned int region : earlier)
          if (std::find(stage.regions.begin(), stage.regions.end(), region) ==
              stage.regions.end())
            stage.earlier_regions.push_back(region);
        earlier.insert(stage.regions.begin(), stage.regions.end());

        stage.terms    = entry_of(parameters.terms, i);
        stage.start    = entry_of(parameters.starts, i);
        stage.training = training;
        if (!parameters.methods.empty())
          stage.training.optimizer.method = entry_of(parameters.methods, i);
        if (!parameters.iterations.empty())
          stage.training.stopping.max_iterations =
            number(entry_of(parameters.iterations, i), "Iterations");
        AssertThrow(i > 0 || stage.start == "fresh",
                    ExcMessage("The first of 'Starts' must be 'fresh'."));
        stages.push_back(stage);
      }
  }



  unsigned int
  Curriculum::n_stages() const
  {
    return stages.size();
  }



  Surrogate
  Curriculum::start(const unsigned int stage,
                    const Surrogate   &fresh,
                    const Surrogate   &previous) const
  {
    const std::string &text = stages[stage].start;
    if (text == "fresh")
      return fresh;
    if (text == "previous")
      return previous;
    std::vector<unsigned int> widths;
    for (const std::string &word : Utilities::split_string_list(text, ','))
      widths.push_back(number(word, "Starts"));
    return widen(previous, widths, parameters.seed + stage);
  }



  std::vector<double>
  Curriculum::random_points(const Samples                  &old,
                            const std::vector<std::string> &coordinates,
                            const unsigned int              stage) const
  {
    // what is drawn for a point depends on its number only
    const std::uint64_t n =
      Utilities::MPI::sum<std::uint64_t>(old.size(), communicator);
    const unsigned int rank    = Utilities::MPI::this_mpi_process(communicator);
    const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(communicator);
    const auto [lower, upper]  = bounding_box(communicator, {&old});
    const PointHash     hash(std::vector<double>(1, n),
                         RandomPurpose::subset,
                         parameters.seed + stage);
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
                      const std::vector<TermChoice> &choices) const
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
    const auto everywhere = [](const ArrayView<const double> &) {
      return true;
    };
    return std::make_shared<const Samples>(sample_teachers(
      communicator,
      {{std::make_shared<const Surrogate>(teacher), everywhere}},
      parameters.old_points == "stored"
        ? found->points()
        : random_points(*found, teacher.coordinates, stage),
      entries));
  }



  std::vector<Term>
  Curriculum::terms(const Problem     &problem,
                    const unsigned int stage,
                    const Surrogate   &teacher) const
  {
    const std::vector<TermChoice> choices =
      parse_terms(stages[stage].terms, names_for_terms(problem));
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



  void
  Curriculum::add_importance(const Problem     &problem,
                             const unsigned int stage,
                             const Surrogate   &surrogate,
                             Vector<double>    &factors) const
  {
    SumOfSquares objective(surrogate, communicator);
    for (const Term &term : terms(problem, stage, surrogate))
      if (!begins_with(term.name, "old ") && !begins_with(term.name, "replay "))
        objective.add_term(term);
    if (stages[stage].training.scaling == "automatic" &&
        surrogate.output_map.is_identity())
      objective.use_network_units(surrogate.parameters);
    objective.linearize(surrogate.parameters);
    const Vector<double> diagonal = objective.normal_diagonal();
    AssertThrow(factors.size() == 0 || factors.size() == diagonal.size(),
                ExcMessage("'Elastic weight' needs the same network in all "
                           "stages: let 'Starts' be 'fresh' or 'previous'."));
    factors.grow_or_shrink(diagonal.size());
    factors.add(parameters.elastic_weight, diagonal);
  }



  bool
  Curriculum::train(const Problem          &problem,
                    const unsigned int      stage,
                    const Surrogate        &fresh,
                    const Vector<double>   &factors,
                    Surrogate              &surrogate,
                    const bool              restart,
                    ForgettingTable::Stage &result) const
  {
    progress << std::endl
             << "Stage " << stage + 1 << " of " << stages.size() << ":";
    for (const unsigned int region : stages[stage].regions)
      progress << ' ' << regions[region].text() << ';';
    progress << ' ' << stages[stage].terms << std::endl;

    const std::vector<Term> chosen = terms(problem, stage, surrogate);
    const Vector<double>    center = surrogate.parameters;
    surrogate                      = start(stage, fresh, surrogate);
    const double work = work_of_evaluation(communicator, surrogate, chosen);
    TrainingParameters options = stages[stage].training;
    if (parameters.work > 0.)
      options.stopping.max_iterations = std::max(
        1., std::min(1e9, std::round(parameters.work / stages.size() / work)));

    make_output_folder(communicator, folder_of(stage));
    Trainer trainer(surrogate, options, communicator, progress);
    for (const Term &term : chosen)
      trainer.add_term(term.name, term.samples, term.residual, term.weight);
    if (factors.size() > 0)
      trainer.set_penalty(center, factors);
    trainer.write_log_to(folder_of(stage) + "/training.csv");
    trainer.write_checkpoints_to(folder_of(stage) + "/checkpoint.derl",
                                 folder_of(stage) + "/model.json");
    if (restart)
      trainer.restart();
    trainer.stop_on_signals();
    const TrainingResult training = trainer.train();
    result.iterations             = training.optimization.iterations;
    result.seconds                = training.seconds;
    result.work                   = work * training.optimization.evaluations;
    return training.optimization.reason != StopReason::signal;
  }



  ForgettingTable
  Curriculum::run(const Problem &problem,
                  Surrogate     &surrogate,
                  const bool     restart)
  {
    const unsigned int dim = surrogate.n_coordinates();
    if (stages[0].training.scaling == "automatic" &&
        surrogate.output_map.is_identity() &&
        surrogate.scaling == Scaling::identity(dim, surrogate.n_components()))
      {
        std::vector<const Samples *> tables;
        for (const auto &[name, table] : problem.samples)
          tables.push_back(table.get());
        surrogate.scaling =
          automatic_scaling(communicator, surrogate.n_components(), tables);
      }

    const Surrogate fresh(surrogate);
    Vector<double>  factors;
    ForgettingTable table;
    table.quantities = quantities(problem);
    for (const Region &region : regions)
      table.regions.push_back(region.text());
    table.start      = measure(communicator, problem, regions, surrogate);
    bool is_complete = restart;
    for (unsigned int stage = 0; stage < stages.size(); ++stage)
      {
        ForgettingTable::Stage result;
        result.regions = stages[stage].regions;
        if (is_complete && read(stage, fresh, surrogate, result))
          progress << "Stage " << stage + 1 << " is complete." << std::endl;
        else
          {
            // the stage that was interrupted has a checkpoint
            if (!train(problem,
                       stage,
                       fresh,
                       factors,
                       surrogate,
                       is_complete,
                       result))
              return table;
            is_complete   = false;
            result.errors = measure(communicator, problem, regions, surrogate);
            save(communicator, folder_of(stage) + "/model.json", surrogate);
            write(stage, fresh, result);
          }
        for (unsigned int region = 0; region < regions.size(); ++region)
          {
            progress << "  " << regions[region].text() << ":";
            for (unsigned int q = 0; q < table.quantities.size(); ++q)
              progress << ' ' << table.quantities[q] << ' '
                       << format("%.2e", result.errors[region][q]);
            progress << std::endl;
          }
        table.stages.push_back(result);
        if (parameters.elastic_weight > 0.)
          add_importance(problem, stage, surrogate, factors);
      }
    return table;
  }



  std::vector<std::string>
  Curriculum::quantities(const Problem &problem)
  {
    std::set<unsigned int> orders;
    for (const JetEntry &entry : problem.test->columns())
      orders.insert(order(entry.derivative));
    std::vector<std::string> result;
    if (orders.count(0) > 0)
      result.push_back("value");
    if (orders.count(1) > 0)
      result.push_back("gradient");
    if (!problem.equation.empty())
      result.push_back("residual");
    return result;
  }



  std::vector<std::vector<double>>
  Curriculum::measure(const MPI_Comm            &communicator,
                      const Problem             &problem,
                      const std::vector<Region> &regions,
                      const Surrogate           &surrogate)
  {
    const std::map<std::string, std::shared_ptr<const Residual>> residuals = {
      {"value", match({0u})},
      {"gradient", match({1u})},
      {"residual",
       problem.equation.empty() ? nullptr
                                : problem.residuals.at(problem.equation)}};
    // a surrogate that is zero tells how large the observations are
    Surrogate    zero(surrogate.architecture,
                   surrogate.coordinates,
                   surrogate.components,
                   surrogate.input_map,
                   surrogate.output_map);
    SumOfSquares errors(surrogate, communicator), sizes(zero, communicator);
    for (const Region &region : regions)
      {
        const auto samples = samples_in(
          communicator, *problem.test, surrogate.coordinates, {region}, {0});
        AssertThrow(samples != nullptr,
                    ExcMessage("There are no test samples in the region '" +
                               region.text() + "'."));
        for (const std::string &quantity : quantities(problem))
          for (SumOfSquares *const sum : {&errors, &sizes})
            sum->add_term({quantity + " " + region.text(),
                           samples,
                           residuals.at(quantity),
                           1.});
      }
    Vector<double> rows;
    errors.residuals(surrogate.parameters, rows);
    sizes.residuals(zero.parameters, rows);

    std::vector<std::vector<double>> result(regions.size());
    const auto                       error = errors.term_values();
    const auto                       size  = sizes.term_values();
    const unsigned int               n     = quantities(problem).size();
    for (unsigned int i = 0; i < error.size(); ++i)
      result[i / n].push_back(
        std::sqrt(error[i].value) /
        (quantities(problem)[i % n] == "residual" || size[i].value == 0.
           ? 1.
           : std::sqrt(size[i].value)));
    return result;
  }
} // namespace derl
