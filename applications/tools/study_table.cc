// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "study_table.h"

#include <derl/base/collective.h>

#include <derl/program/program.h>

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/exceptions.h>
#include <deal.II/base/table_handler.h>

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <map>
#include <sstream>

#include "study_claims.h"
#include "study_figures.h"
#include "study_picture.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * Middle and spread of numbers: a cell of the table.
     */
    std::string
    summarize(std::vector<double> numbers, const std::string &spread)
    {
      std::sort(numbers.begin(), numbers.end());
      const std::size_t n = numbers.size();
      if (n == 0)
        return "";
      if (numbers.front() == numbers.back())
        return short_text(numbers[0]);
      if (spread == "range")
        return short_text((numbers[(n - 1) / 2] + numbers[n / 2]) / 2) + " (" +
               short_text(numbers.front()) + " to " +
               short_text(numbers.back()) + ")";
      double mean = 0, variance = 0;
      for (const double x : numbers)
        mean += x / n;
      for (const double x : numbers)
        variance += (x - mean) * (x - mean) / n;
      std::ostringstream text;
      text << short_text(mean) << " ± ";
      if (text.str().find('e') != std::string::npos)
        text << std::scientific << std::setprecision(0);
      else
        text << std::setprecision(2);
      text << std::sqrt(variance);
      return text.str();
    }



    /**
     * "time limit (2), validation" of three words
     */
    std::string
    count(const std::vector<std::string> &words)
    {
      std::map<std::string, unsigned int> counts;
      for (const std::string &word : words)
        ++counts[word];
      std::string text;
      for (const auto &[word, n] : counts)
        text += (text.empty() ? "" : ", ") + word +
                (n > 1 ? " (" + std::to_string(n) + ")" : "");
      return text;
    }



    /**
     * A cell of the table: what the runs of a row have in a column.
     */
    std::string
    cell(const StudyRow                       &row,
         const std::vector<std::vector<Json>> &figures,
         const unsigned int                    column,
         const std::string                    &spread)
    {
      std::vector<double>      numbers;
      std::vector<std::string> words;
      for (const auto &figures_of_run : figures)
        if (figures_of_run[column].is_number())
          numbers.push_back(figures_of_run[column].get<double>());
        else if (figures_of_run[column].is_string())
          words.push_back(figures_of_run[column].get<std::string>());
      std::string text =
        words.empty() ? summarize(numbers, spread) : count(words);
      const auto n_diverged =
        std::count_if(row.runs.begin(),
                      row.runs.end(),
                      [](const StudyRun &run) { return run.diverged; });
      if (column == 0 && n_diverged > 0)
        text += (text.empty() ? "diverged: " : ", diverged: ") +
                std::to_string(n_diverged);
      return text.empty() ? "-" : text;
    }



    /**
     * The rows in Markdown, and the claims below.
     */
    std::string
    markdown(const StudyPlan    &plan,
             const StudyFigures &figures,
             const std::string  &spread)
    {
      TableHandler table;
      for (unsigned int r = 0; r < plan.rows.size(); ++r)
        {
          table.add_value("run", plan.rows[r].mode);
          for (unsigned int i = 0; i < plan.setting_names.size(); ++i)
            table.add_value(plan.setting_names[i], plan.rows[r].values[i]);
          for (unsigned int c = 0; c < plan.columns.size(); ++c)
            table.add_value(plan.columns[c].heading,
                            cell(plan.rows[r], figures[r], c, spread));
        }
      std::ostringstream text;
      write_markdown(table, text);
      if (!plan.claims.empty())
        {
          text << std::endl;
          write_claims(plan, figures, text);
        }
      return text.str();
    }



    /**
     * A line for each run.
     */
    std::string
    csv(const StudyPlan &plan, const StudyFigures &figures)
    {
      std::ostringstream text;
      text.precision(17);
      text << "run,seed";
      for (const StudyColumn &column : plan.columns)
        text << ',' << column.heading;
      text << '\n';
      for (unsigned int r = 0; r < plan.rows.size(); ++r)
        for (unsigned int s = 0; s < plan.rows[r].runs.size(); ++s)
          {
            const StudyRun &run = plan.rows[r].runs[s];
            text << run.folder << ',' << run.seed;
            for (const Json &figure : figures[r][s])
              {
                text << ',';
                if (figure.is_number())
                  text << figure.get<double>();
                else if (figure.is_string())
                  text << figure.get<std::string>();
              }
            text << '\n';
          }
      return text.str();
    }



    /**
     * A list of all runs, one in each line so that scripts can join lists.
     */
    std::string
    json(const StudyPlan &plan, const StudyFigures &figures)
    {
      const StudyFigures common =
        read_figures(plan,
                     {{"", {"surrogate/relative_l2_error"}},
                      {"", {"surrogate/residual_rms"}}});
      std::string text;
      for (unsigned int r = 0; r < plan.rows.size(); ++r)
        for (unsigned int s = 0; s < plan.rows[r].runs.size(); ++s)
          {
            const StudyRun &run   = plan.rows[r].runs[s];
            Json            entry = {{"experiment", plan.experiment},
                                     {"case", case_text(plan, plan.rows[r])},
                                     {"mode", plan.rows[r].mode},
                                     {"seed", run.seed},
                                     {"relative_l2_error", common[r][s][0]},
                                     {"residual_rms", common[r][s][1]},
                                     {"diverged", run.diverged}};
            for (unsigned int c = 0; c < plan.columns.size(); ++c)
              entry[plan.columns[c].heading] = figures[r][s][c];
            text += (text.empty() ? "[\n" : ",\n") + entry.dump();
          }
      return text + "\n]\n";
    }
  } // namespace



  void
  write_study(const StudyParameters &parameters,
              const StudyPlan       &plan,
              std::ostream          &out)
  {
    const StudyFigures figures = read_figures(plan, plan.columns);
    for (unsigned int c = 0; c < plan.columns.size(); ++c)
      {
        bool is_found = false;
        for (unsigned int r = 0; r < plan.rows.size(); ++r)
          for (unsigned int s = 0; s < plan.rows[r].runs.size(); ++s)
            is_found = is_found || plan.rows[r].runs[s].diverged ||
                       !figures[r][s][c].is_null();
        AssertThrow(is_found,
                    ExcMessage("For the column '" + plan.columns[c].heading +
                               "' no run has '" + plan.columns[c].figures[0] +
                               "' in its summary.json."));
      }
    const std::string folder = parameters.output_folder;
    const std::string text   = markdown(plan, figures, parameters.spread);
    out << std::endl << text << std::endl;
    write_file_atomically(folder + "/study.md", text);
    write_file_atomically(folder + "/study.csv", csv(plan, figures));
    write_file_atomically(folder + "/study.json", json(plan, figures));
    draw_study(parameters, plan, figures, ConditionalOStream(out, true));
  }
} // namespace derl
