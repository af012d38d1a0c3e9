// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "study_figures.h"

#include <deal.II/base/exceptions.h>
#include <deal.II/base/utilities.h>

#include <algorithm>
#include <fstream>

namespace derl
{
  using namespace dealii;

  void
  for_each_line(const StudyRun                                         &run,
                const std::string                                      &name,
                const std::vector<std::string>                         &columns,
                const std::function<void(const std::vector<double> &)> &work)
  {
    std::ifstream file(run.folder + "/" + name);
    std::string   line;
    std::getline(file, line);
    const auto headings = Utilities::split_string_list(line, ',');
    std::vector<unsigned int> positions;
    for (const std::string &column : columns)
      {
        const auto found = std::find(headings.begin(), headings.end(), column);
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


  namespace
  {
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
    read_column(const StudyRun &run, const StudyColumn &column)
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
  } // namespace



  StudyFigures
  read_figures(const StudyPlan &plan, const std::vector<StudyColumn> &columns)
  {
    StudyFigures figures;
    for (const StudyRow &row : plan.rows)
      {
        figures.emplace_back();
        for (const StudyRun &run : row.runs)
          {
            figures.back().emplace_back();
            for (const StudyColumn &column : columns)
              figures.back().back().push_back(read_column(run, column));
          }
      }
    return figures;
  }
} // namespace derl
