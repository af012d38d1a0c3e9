// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/program/program.h>
#include <derl/program/training_run.h>

#include <deal.II/base/table_handler.h>

#include <cmath>
#include <iomanip>
#include <limits>
#include <sstream>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * A line for each region, a column for each stage: the errors after it. An
     * asterisk marks the stages in which a region is new.
     */
    std::string
    text_of(const ForgettingTable &table, const unsigned int quantity)
    {
      TableHandler text;
      for (unsigned int region = 0; region < table.regions.size(); ++region)
        {
          text.add_value("region", table.regions[region]);
          text.add_value("start", short_text(table.start[region][quantity]));
          for (unsigned int i = 0; i < table.stages.size(); ++i)
            {
              std::string error =
                short_text(table.stages[i].errors[region][quantity]);
              for (const unsigned int learned : table.stages[i].regions)
                if (learned == region)
                  error += "*";
              text.add_value("stage " + std::to_string(i + 1), error);
            }
        }
      std::ostringstream out;
      write_markdown(text, out);
      return out.str();
    }



    /**
     * For each stage, the start included, the errors of all regions: first of
     * the first quantity, then of the next one.
     */
    std::string
    comma_separated(const ForgettingTable &table)
    {
      std::ostringstream out;
      out << "stage";
      for (const std::string &quantity : table.quantities)
        for (const std::string &region : table.regions)
          out << ',' << quantity << ": " << region;
      out << ",work,seconds\n" << std::setprecision(17);
      for (unsigned int i = 0; i <= table.stages.size(); ++i)
        {
          const auto &errors =
            i == 0 ? table.start : table.stages[i - 1].errors;
          out << i;
          for (unsigned int q = 0; q < table.quantities.size(); ++q)
            for (const auto &of_region : errors)
              out << ',' << of_region[q];
          out << ',' << (i == 0 ? 0. : table.stages[i - 1].work) << ','
              << (i == 0 ? 0. : table.stages[i - 1].seconds) << '\n';
        }
      return out.str();
    }



    Figures
    figures_of(const ForgettingTable &table)
    {
      Figures result;
      for (unsigned int q = 0; q < table.quantities.size(); ++q)
        {
          result.emplace_back(table.quantities[q] + "_forgetting",
                              table.forgetting(q));
          result.emplace_back(table.quantities[q] + "_forgetting_since_best",
                              table.forgetting_since_best(q));
          result.emplace_back(table.quantities[q] + "_forward_transfer",
                              table.forward_transfer(q));
        }
      double work = 0.;
      for (const auto &stage : table.stages)
        work += stage.work;
      result.emplace_back("work", work);
      return result;
    }
  } // namespace



  std::vector<std::pair<std::string, Figures>>
  TrainingRun::train_in_stages(const CurriculumParameters &curriculum,
                               const Curriculum::Problem  &problem,
                               const std::string          &reference)
  {
    std::vector<std::pair<std::string, Figures>> result;
    if (trains())
      {
        surrogate.provenance.reference = reference;
        Curriculum stages(
          communicator, curriculum, parameters.training, folder, pcout);
        const ForgettingTable table =
          stages.run(problem, surrogate, command_line.restart);
        summary.optimizer   = surrogate.provenance.optimizer;
        summary.stop_reason = to_string(table.stages.size() < stages.n_stages()
                                          ? StopReason::signal
                                          : StopReason::iteration_limit);
        for (const auto &stage : table.stages)
          {
            summary.iterations += stage.iterations;
            summary.seconds_training += stage.seconds;
          }
        for (unsigned int q = 0; q < table.quantities.size(); ++q)
          pcout << std::endl
                << "Errors (" << table.quantities[q]
                << ") on each region after each stage; * where it is new"
                << std::endl
                << text_of(table, q);
        write_file(
          communicator, folder + "/forgetting.csv", comma_separated(table));
        std::string columns;
        for (unsigned int i = 0; i < table.regions.size(); ++i)
          columns += std::to_string(i + 2) + " ";
        draw_picture(
          folder,
          "stages.gp",
          {"forgetting", "forgetting.csv", table.quantities[0], columns},
          pcout);
        result.emplace_back("forgetting", figures_of(table));
      }

    const auto names = Curriculum::quantities(problem);
    const auto errors =
      Curriculum::measure(communicator, problem, {Region("all")}, surrogate);
    Figures figures;
    for (unsigned int q = 0; q < names.size(); ++q)
      figures.emplace_back(names[q] == "value" ? "relative_l2_error"
                           : names[q] == "gradient"
                             ? "relative_h1_seminorm_error"
                             : "residual_rms",
                           errors[0][q]);
    result.emplace_back("surrogate", figures);
    return result;
  }
} // namespace derl
