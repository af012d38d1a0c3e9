// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "study_picture.h"

#include <derl/base/collective.h>

#include <derl/program/program.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/utilities.h>

#include <algorithm>
#include <array>
#include <map>
#include <sstream>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * The position of a name in a list, to which new names are added.
     */
    std::size_t
    position(const std::string &name, std::vector<std::string> &names)
    {
      const auto found = std::find(names.begin(), names.end(), name);
      if (found != names.end())
        return found - names.begin();
      names.push_back(name);
      return names.size() - 1;
    }



    /**
     * Names as words of gnuplot.
     */
    std::string
    as_words(const std::vector<std::string> &names)
    {
      std::string text;
      for (const std::string &name : names)
        text += '"' + name + "\" ";
      return text;
    }



    bool
    has_one_mode(const StudyPlan &plan)
    {
      return std::all_of(
        plan.rows.begin(), plan.rows.end(), [&](const auto &row) {
          return row.mode == plan.rows[0].mode;
        });
    }



    /**
     * Draw the first column: modes from left to right, a colour for each case;
     * if there is one mode only, the values of the last setting are from left
     * to right, and the others give the colour.
     */
    void
    draw_points(const std::string        &folder,
                const StudyPlan          &plan,
                const StudyFigures       &figures,
                const ConditionalOStream &out)
    {
      const bool by_setting = !plan.setting_names.empty() && has_one_mode(plan);
      std::vector<std::string> names, colors;
      std::ostringstream       points;
      points.precision(10);
      for (unsigned int r = 0; r < plan.rows.size(); ++r)
        {
          StudyRow    row  = plan.rows[r];
          std::string name = row.mode;
          if (by_setting)
            {
              name = row.values.back();
              row.values.pop_back();
            }
          const auto x     = position(name, names);
          const auto color = position(case_text(plan, row), colors);
          for (const auto &figures_of_run : figures[r])
            if (figures_of_run[0].is_number())
              points << x + 1 << ',' << color + 1 << ','
                     << figures_of_run[0].get<double>() << '\n';
        }
      write_file_atomically(folder + "/picture.csv", points.str());
      draw_picture(folder,
                   "study.gp",
                   {"points",
                    by_setting ? plan.setting_names.back() : "",
                    plan.columns[0].heading,
                    as_words(names),
                    as_words(colors)},
                   out);
    }



    /**
     * Draw a curve for each run: "file: column: column".
     */
    void
    draw_curves(const std::string        &folder,
                const StudyPlan          &plan,
                const std::string        &picture,
                const ConditionalOStream &out)
    {
      const auto parts = split(picture, ": ");
      AssertThrow(parts.size() == 3,
                  ExcMessage("'Picture' needs 'file.csv: column: column', not "
                             "'" +
                             picture + "'."));
      std::vector<std::string> names;
      std::ostringstream       points;
      points.precision(10);
      for (unsigned int r = 0; r < plan.rows.size(); ++r)
        {
          const std::string name = case_text(plan, plan.rows[r]);
          names.push_back(plan.rows[r].mode + (name.empty() ? "" : ", ") +
                          name);
          for (const StudyRun &run : plan.rows[r].runs)
            if (!run.diverged)
              {
                for_each_line(run,
                              parts[0],
                              {parts[1], parts[2]},
                              [&](const std::vector<double> &xy) {
                                points << r + 1 << ',' << xy[0] << ',' << xy[1]
                                       << '\n';
                              });
                points << '\n';
              }
        }
      write_file_atomically(folder + "/picture.csv", points.str());
      draw_picture(folder,
                   "study.gp",
                   {"curves", parts[1], parts[2], as_words(names)},
                   out);
    }



    /**
     * The numbers of a column, sorted.
     */
    std::vector<double>
    numbers(const std::vector<std::vector<Json>> &figures,
            const unsigned int                    column)
    {
      std::vector<double> result;
      for (const auto &figures_of_run : figures)
        if (figures_of_run[column].is_number())
          result.push_back(figures_of_run[column].get<double>());
      std::sort(result.begin(), result.end());
      return result;
    }



    /**
     * Draw medians over the last two settings, a panel for each parameter file
     * and each combination of the others: "map" of the first column, or "lines"
     * of all columns over the last setting, a colour for each value of the one
     * before.
     */
    void
    draw_settings(const std::string        &kind,
                  const std::string        &folder,
                  const StudyPlan          &plan,
                  const StudyFigures       &figures,
                  const ConditionalOStream &out)
    {
      const std::size_t n = plan.setting_names.size();
      AssertThrow(n >= 2,
                  ExcMessage("'Picture = " + kind +
                             "' needs two settings with several values."));
      std::vector<std::string> panels, x_values, y_values, headings;
      for (const StudyColumn &column : plan.columns)
        headings.push_back(column.heading);
      const std::size_t n_columns = kind == "map" ? 1 : headings.size();

      std::map<std::array<std::size_t, 3>, std::string> lines;
      for (unsigned int r = 0; r < plan.rows.size(); ++r)
        {
          StudyRow          row  = plan.rows[r];
          const std::string x    = row.values[n - 1];
          const std::size_t at_x = position(x, x_values),
                            at_y = position(row.values[n - 2], y_values);
          row.values.resize(n - 2);
          std::string name = case_text(plan, row);
          if (name.empty() || !has_one_mode(plan))
            name = row.mode + (name.empty() ? "" : ", ") + name;
          const std::size_t panel = position(name, panels);
          for (unsigned int c = 0; c < n_columns; ++c)
            {
              const auto all = numbers(figures[r], c);
              if (all.empty())
                continue;
              std::ostringstream line;
              line.precision(10);
              line << panel + 1 << ',' << c + 1 << ',' << at_y + 1 << ',';
              if (kind == "map")
                line << at_x + 1;
              else
                line << Utilities::string_to_double(split(x, " + ")[0]);
              line << ','
                   << (all[(all.size() - 1) / 2] + all[all.size() / 2]) / 2
                   << ',' << all.front() << ',' << all.back() << '\n';
              lines[{{panel, c, at_y}}] += line.str();
            }
        }
      std::string points;
      for (const auto &[at, text] : lines)
        points += text + '\n';
      write_file_atomically(folder + "/picture.csv", points);
      draw_picture(folder,
                   "study_settings.gp",
                   {kind,
                    as_words(panels),
                    plan.setting_names[n - 1],
                    as_words(x_values),
                    plan.setting_names[n - 2],
                    as_words(y_values),
                    as_words({headings.begin(), headings.begin() + n_columns})},
                   out);
    }
  } // namespace



  void
  draw_study(const StudyParameters    &parameters,
             const StudyPlan          &plan,
             const StudyFigures       &figures,
             const ConditionalOStream &out)
  {
    const std::string folder = parameters.output_folder;
    if (parameters.picture.empty())
      draw_points(folder, plan, figures, out);
    else if (parameters.picture == "map" || parameters.picture == "lines")
      draw_settings(parameters.picture, folder, plan, figures, out);
    else
      draw_curves(folder, plan, parameters.picture, out);
  }
} // namespace derl
