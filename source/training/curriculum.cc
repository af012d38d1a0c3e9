// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/objective/terms.h>

#include <derl/training/curriculum.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/utilities.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "format.h"
#include "stage_samples.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
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

        stage.terms      = entry_of(parameters.terms, i);
        stage.start      = entry_of(parameters.starts, i);
        stage.old_points = entry_of(parameters.old_points, i);
        AssertThrow(stage.old_points == "stored" ||
                      stage.old_points == "resampled" ||
                      stage.old_points == "mismatch",
                    ExcMessage("'Old points' has '" + stage.old_points +
                               "' where it must have 'stored', 'resampled' or "
                               "'mismatch'."));
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



  void
  Curriculum::add_importance(const Problem     &problem,
                             const unsigned int stage,
                             const Surrogate   &surrogate,
                             Vector<double>    &factors) const
  {
    SumOfSquares objective(surrogate, communicator);
    for (const Term &term : terms(problem, stage, surrogate))
      if (is_new(term.name))
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
    const Surrogate         teacher(surrogate);
    surrogate         = start(stage, fresh, surrogate);
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
      trainer.set_penalty(teacher.parameters, factors);
    trainer.write_log_to(folder_of(stage) + "/training.csv");
    trainer.write_checkpoints_to(folder_of(stage) + "/checkpoint.derl",
                                 folder_of(stage) + "/model.json");
    if (restart)
      trainer.restart();
    if (stages[stage].old_points == "mismatch")
      draw_at_intervals(problem, stage, teacher, surrogate, restart, trainer);
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
    set_scaling(problem, surrogate, restart);
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
} // namespace derl
