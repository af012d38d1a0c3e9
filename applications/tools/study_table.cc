// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "study_table.h"

#include <derl/base/collective.h>

#include <derl/program/program.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/table_handler.h>
#include <deal.II/base/utilities.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <iomanip>
#include <map>
#include <sstream>

#include <nlohmann/json.hpp>

namespace derl
{
  using namespace dealii;
  using Json = nlohmann::ordered_json;

  namespace
  {
    /**
     * A heading, and the names of one figure or of the two of a ratio.
     */
    struct Column
    {
      explicit Column(const std::string &text)
      {
        const std::size_t colon = text.find(": ");
        AssertThrow(
          colon != std::string::npos,
          ExcMessage("'Columns' needs 'heading: figure', not '" + text + "'."));
        heading = Utilities::trim(text.substr(0, colon));
        figures = split(text.substr(colon + 2), " over ");
      }

      std::string              heading;
      std::vector<std::string> figures;
    };



    /**
     * Call @p work with the numbers of some columns, line by line, of a file of
     * comma-separated values that a run has written.
     */
    void
    for_each_line(const StudyRun                 &run,
                  const std::string              &name,
                  const std::vector<std::string> &columns,
                  const std::function<void(const std::vector<double> &)> &work)
    {
      std::ifstream file(run.folder + "/" + name);
      std::string   line;
      std::getline(file, line);
      const auto headings = Utilities::split_string_list(line, ',');
      std::vector<unsigned int> positions;
      for (const std::string &column : columns)
        {
          const auto found =
            std::find(headings.begin(), headings.end(), column);
          AssertThrow(found != headings.end(),
                      ExcMessage("There is no column '" + column + "' in " +
                                 run.folder + "/" + name + "."));
          positions.push_back(found - headings.begin());
        }
      std::vector<double> numbers(positions.size());
      while (std::getline(file, line))
        {
          const auto words = Utilities::split_string_list(line, ',');
          for (unsigned int i = 0; i < positions.size(); ++i)
            numbers[i] = Utilities::string_to_double(words.at(positions[i]));
          work(numbers);
        }
    }



    /**
     * A number of a table of a run: "[lowest ]file/column[ at x 5]".
     */
    Json
    read_csv_figure(const StudyRun &run, const std::string &figure)
    {
      const bool        is_lowest = figure.compare(0, 7, "lowest ") == 0;
      const auto        parts = split(figure.substr(is_lowest ? 7 : 0), " at ");
      const bool        is_at = parts.size() > 1;
      const std::size_t slash = parts[0].find('/');
      const std::size_t space = parts.back().find(' ');
      const std::string column = parts[0].substr(slash + 1);
      const double      end =
        is_at ? Utilities::string_to_double(parts[1].substr(space + 1)) : 0.;
      Json result;
      for_each_line(run,
                    parts[0].substr(0, slash),
                    {column, is_at ? parts[1].substr(0, space) : column},
                    [&](const std::vector<double> &numbers) {
                      const bool is_better = !is_lowest || result.is_null() ||
                                             numbers[0] < result.get<double>();
                      if (is_better && (!is_at || numbers[1] <= end))
                        result = numbers[0];
                    });
      return result;
    }



    /**
     * A number or a text; null if the run has none.
     */
    Json
    read_figure(const StudyRun &run, const std::string &figure)
    {
      if (figure.find(".csv/") != std::string::npos)
        return read_csv_figure(run, figure);
      std::ifstream file(run.folder + "/summary.json");
      const Json    summary = Json::parse(file);
      const auto    pointer = Json::json_pointer("/" + figure);
      return summary.contains(pointer) ? summary.at(pointer) : Json();
    }



    Json
    read_column(const StudyRun &run, const Column &column)
    {
      if (run.diverged)
        return {};
      const Json value = read_figure(run, column.figures[0]);
      if (column.figures.size() == 1)
        return value;
      const Json divisor = read_figure(run, column.figures[1]);
      return value.is_number() && divisor.is_number()
               ? Json(value.get<double>() / divisor.get<double>())
               : Json();
    }



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
     * The names of all rows for a picture: words.
     */
    std::string
    row_names(const StudyPlan &plan)
    {
      std::string result;
      for (const StudyRow &row : plan.rows)
        {
          std::string name;
          for (const std::string &label : row.labels)
            name += (name.empty() ? "" : ",") + label;
          std::replace(name.begin(), name.end(), ' ', '_');
          result += name + " ";
        }
      return result;
    }



    /**
     * Draw a curve for each run, or the @p numbers of the first column by rows.
     */
    void
    draw(const StudyParameters                  &parameters,
         const StudyPlan                        &plan,
         const std::vector<std::vector<double>> &numbers,
         const std::string                      &heading,
         std::ostream                           &out)
    {
      const auto parts = split(parameters.picture, ": ");
      AssertThrow(parts.empty() || parts.size() == 3,
                  ExcMessage("'Picture' needs 'file: column: column', not '" +
                             parameters.picture + "'."));
      std::ostringstream points;
      points.precision(10);
      for (unsigned int r = 0; r < plan.rows.size(); ++r)
        if (parts.empty())
          for (const double number : numbers[r])
            points << r + 1 << ",0," << number << '\n';
        else
          for (const StudyRun &run : plan.rows[r].runs)
            {
              if (run.diverged)
                continue;
              for_each_line(run,
                            parts[0],
                            {parts[1], parts[2]},
                            [&](const std::vector<double> &xy) {
                              points << r + 1 << ',' << xy[0] << ',' << xy[1]
                                     << '\n';
                            });
              points << '\n';
            }
      write_file_atomically(parameters.output_folder + "/picture.csv",
                            points.str());
      draw_picture(parameters.output_folder,
                   "study.gp",
                   {parts.empty() ? "points" : "curves",
                    parts.empty() ? "" : parts[1],
                    parts.empty() ? heading : parts[2],
                    row_names(plan)},
                   ConditionalOStream(out, true));
    }
  } // namespace



  void
  write_study(const StudyParameters &parameters,
              const StudyPlan       &plan,
              std::ostream          &out)
  {
    std::vector<Column> columns;
    for (const std::string &text : split(parameters.columns, " | "))
      columns.emplace_back(text);
    AssertThrow(!columns.empty(), ExcMessage("There are no 'Columns'."));

    TableHandler                     table;
    std::ostringstream               csv;
    std::vector<std::vector<double>> first_numbers;
    std::vector<unsigned int>        n_found(columns.size(), 0);
    csv.precision(17);
    csv << "run,seed";
    for (const Column &column : columns)
      csv << ',' << column.heading;
    csv << '\n';
    for (const StudyRow &row : plan.rows)
      {
        for (unsigned int i = 0; i < row.labels.size(); ++i)
          table.add_value(plan.label_names[i], row.labels[i]);
        std::vector<std::vector<double>>      numbers(columns.size());
        std::vector<std::vector<std::string>> words(columns.size());
        unsigned int                          n_diverged = 0;
        for (const StudyRun &run : row.runs)
          {
            n_diverged += run.diverged;
            csv << run.folder << ',' << run.seed;
            for (unsigned int c = 0; c < columns.size(); ++c)
              {
                const Json value = read_column(run, columns[c]);
                n_found[c] += run.diverged || !value.is_null();
                csv << ',';
                if (value.is_number())
                  {
                    numbers[c].push_back(value.get<double>());
                    csv << numbers[c].back();
                  }
                else if (value.is_string())
                  {
                    words[c].push_back(value.get<std::string>());
                    csv << words[c].back();
                  }
              }
            csv << '\n';
          }
        for (unsigned int c = 0; c < columns.size(); ++c)
          {
            std::string cell = words[c].empty()
                                 ? summarize(numbers[c], parameters.spread)
                                 : count(words[c]);
            if (c == 0 && n_diverged > 0)
              cell += (cell.empty() ? "diverged: " : ", diverged: ") +
                      std::to_string(n_diverged);
            table.add_value(columns[c].heading,
                            cell.empty() ? std::string("-") : cell);
          }
        first_numbers.push_back(numbers[0]);
      }
    for (unsigned int c = 0; c < columns.size(); ++c)
      AssertThrow(n_found[c] > 0,
                  ExcMessage("For the column '" + columns[c].heading +
                             "' no run has '" + columns[c].figures[0] +
                             "' in its summary.json."));
    std::ostringstream text;
    write_markdown(table, text);
    out << std::endl << text.str() << std::endl;
    write_file_atomically(parameters.output_folder + "/study.csv", csv.str());
    write_file_atomically(parameters.output_folder + "/study.md", text.str());
    draw(parameters, plan, first_numbers, columns[0].heading, out);
  }
} // namespace derl
