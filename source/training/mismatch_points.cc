// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <derl/network/evaluator.h>

#include <derl/objective/terms.h>

#include <derl/training/curriculum.h>

#include <deal.II/base/utilities.h>

#include <cmath>
#include <limits>
#include <set>

#include "../base/checkpoint.h"
#include "stage_samples.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * The distance of a surrogate from each sample, in units of the columns'
     * root mean squares.
     */
    std::vector<double>
    distances(const MPI_Comm  &communicator,
              const Samples   &samples,
              const Surrogate &surrogate)
    {
      const unsigned int       n_columns = samples.columns().size();
      std::vector<std::string> entries;
      for (const JetEntry &entry : samples.columns())
        entries.push_back(surrogate.names().name(entry));
      std::vector<double>       jets(n_columns * samples.size());
      const std::vector<double> points = samples.points();
      const Evaluator           evaluator(surrogate, entries);
      Evaluator::Workspace      workspace(evaluator);
      evaluator.evaluate(
        make_array_view(points), workspace, make_array_view(jets));

      std::vector<double> squares(n_columns + 1, 0.);
      for (unsigned int i = 0; i < samples.size(); ++i)
        for (unsigned int c = 0; c < n_columns; ++c)
          squares[c] += std::pow(samples.observations(i)[c], 2);
      squares[n_columns] = samples.size();
      Utilities::MPI::sum(squares, communicator, squares);

      std::vector<double> result(samples.size(), 0.);
      for (unsigned int i = 0; i < samples.size(); ++i)
        {
          for (unsigned int c = 0; c < n_columns; ++c)
            result[i] +=
              std::pow(jets[n_columns * i + c] - samples.observations(i)[c],
                       2) /
              (squares[c] > 0. ? squares[c] / squares[n_columns] : 1.);
          result[i] = std::sqrt(result[i]);
        }
      return result;
    }



    std::string
    student_path(const std::string &folder, const unsigned int iteration)
    {
      return folder + "/student_" + std::to_string(iteration) + ".json";
    }
  } // namespace



  Samples
  choose_by_mismatch(const MPI_Comm     &communicator,
                     const Samples      &samples,
                     const Surrogate    &surrogate,
                     const std::uint64_t n,
                     const std::uint32_t seed)
  {
    std::vector<double> indicators =
      distances(communicator, samples, surrogate);
    double sum = 0.;
    for (const double distance : indicators)
      sum += distance;
    const double mean =
      Utilities::MPI::sum(sum, communicator) /
      Utilities::MPI::sum<std::uint64_t>(samples.size(), communicator);
    // where they agree today they may differ tomorrow
    for (double &indicator : indicators)
      indicator = 1. + (mean > 0. ? indicator / mean : 0.);
    SampleReservoir reservoir(communicator, n, seed);
    reservoir.add(samples, 1., indicators);
    return reservoir.samples();
  }



  void
  Curriculum::draw(const Problem     &problem,
                   const unsigned int stage,
                   const Surrogate   &teacher,
                   const Student     &student,
                   Trainer           &trainer) const
  {
    const auto            choices = term_choices(problem, stage);
    std::set<std::string> drawn;
    for (const TermChoice &choice : choices)
      // terms of the same samples share them
      if (is_taught(choice.samples) && drawn.insert(choice.samples).second)
        {
          const auto table =
            samples(problem, choice.samples, stage, teacher, choices, &student);
          if (table != nullptr)
            trainer.replace_samples(choice.name(), table);
        }
  }



  void
  Curriculum::draw_at_intervals(const Problem     &problem,
                                const unsigned int stage,
                                const Surrogate   &teacher,
                                const Surrogate   &student,
                                const bool         restart,
                                Trainer           &trainer) const
  {
    const std::string folder     = folder_of(stage);
    const std::string checkpoint = folder + "/checkpoint.derl";
    if (restart && CheckpointReader::exists(communicator, checkpoint))
      {
        // those of the checkpoint's own iteration are drawn after it is written
        CheckpointReader    reader(communicator, checkpoint);
        const std::uint64_t iteration = reader.integer(
          "run/iterations", std::numeric_limits<unsigned int>::max());
        const unsigned int drawn = iteration > 0 ? (iteration - 1) /
                                                     parameters.draw_interval *
                                                     parameters.draw_interval
                                                 : 0;
        if (drawn > 0)
          draw(problem,
               stage,
               teacher,
               {load(communicator, student_path(folder, drawn)), drawn},
               trainer);
      }
    trainer.observe(
      [this, &problem, stage, teacher, &student, folder, &trainer](
        const IterationState &state) {
        if (state.iteration == 0 ||
            state.iteration % parameters.draw_interval != 0)
          return;
        Surrogate now(student);
        now.parameters = state.x;
        // a restart draws the same points
        save(communicator, student_path(folder, state.iteration), now);
        draw(problem, stage, teacher, {now, state.iteration}, trainer);
      });
  }
} // namespace derl
