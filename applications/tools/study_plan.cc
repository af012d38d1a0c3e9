// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "study_plan.h"

#include <deal.II/base/exceptions.h>
#include <deal.II/base/patterns.h>
#include <deal.II/base/utilities.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

namespace derl
{
  using namespace dealii;
  namespace fs = std::filesystem;

  void
  StudyParameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Output folder",
                      output_folder,
                      "Folder for the table, the picture, and a folder for "
                      "each run; it is created if necessary.");
    prm.add_parameter("Parameter files",
                      parameter_files,
                      "The program's parameter files, relative to the folder "
                      "of this one; * stands for any letters of a file's "
                      "name.");
    prm.add_parameter("Seeds",
                      seeds,
                      "Values of 'Network/Random seed': each row of the table "
                      "is about as many runs.",
                      Patterns::List(Patterns::Integer(0), 1));
    prm.add_parameter(
      "Settings",
      settings,
      "Entries of the parameter files, as in 'Reference/Degree "
      "= 1 | 2 & Training/Maximal time = 60': one row for each "
      "combination of values. Entries with + between them "
      "change together, 'A + B = 1 + 10 | 2 + 20'. A name with $ "
      "is a variable for parts of other values, '$a = 1 | 10 & "
      "Training/Terms = interior: gradient: $a'.");
    prm.add_parameter("Columns",
                      columns,
                      "What the table shows, as in 'error: "
                      "surrogate/relative_l2_error | gain: "
                      "reference/max_error over surrogate/max_error': a "
                      "heading and an entry of summary.json, or the ratio of "
                      "two. Of a table of the run it is "
                      "'errors.csv/column', which is its last number, 'lowest "
                      "errors.csv/column', or 'errors.csv/column at seconds "
                      "5'. Words are counted.");
    prm.add_parameter("Spread",
                      spread,
                      "Mean and standard deviation (of the population), or "
                      "median and range.",
                      Patterns::Selection("deviation|range"));
    prm.add_parameter("Claims",
                      claims,
                      "Orderings, as in 'derl < outl: error | derl, sob < "
                      "outl, pinn: error, residual': names of parameter files "
                      "and headings of columns. Each pair is judged for each "
                      "combination of settings: reproduced if all runs of the "
                      "one are below all runs of the other, not reproduced if "
                      "all are above, otherwise within the spread.");
    prm.add_parameter("Picture",
                      picture,
                      "What the picture shows: 'errors.csv: seconds: column', "
                      "a curve for each run; 'map', the medians of the first "
                      "column over the last two settings; 'lines', those of "
                      "all columns over the last setting, which is a number; "
                      "or, if empty, the numbers of the first column by "
                      "parameter files.");
    prm.add_parameter("Runs at once",
                      n_at_once,
                      "How many runs share the machine. Their times are those "
                      "of a machine that is shared.",
                      Patterns::Integer(1, 1000));
  }



  std::vector<std::string>
  split(const std::string &text, const std::string &separator)
  {
    std::vector<std::string> result;
    if (Utilities::trim(text).empty())
      return result;
    std::size_t begin = 0;
    for (std::size_t end;
         (end = text.find(separator, begin)) != std::string::npos;
         begin = end + separator.size())
      result.push_back(Utilities::trim(text.substr(begin, end - begin)));
    result.push_back(Utilities::trim(text.substr(begin)));
    return result;
  }



  namespace
  {
    /**
     * Entries that change together, and their values: as many for each.
     */
    struct Axis
    {
      explicit Axis(const std::string &text)
      {
        const std::size_t equals = text.find('=');
        AssertThrow(equals != std::string::npos,
                    ExcMessage("'Settings' needs 'section/entry = values', not "
                               "'" +
                               text + "'."));
        entries = split(text.substr(0, equals), " + ");
        // a value may be empty
        for (const std::string &value :
             split(' ' + text.substr(equals + 1) + ' ', " | "))
          {
            values.push_back(entries.size() == 1
                               ? std::vector<std::string>{value}
                               : split(value, " + "));
            AssertThrow(values.back().size() == entries.size(),
                        ExcMessage("In 'Settings' there are " +
                                   std::to_string(entries.size()) +
                                   " entries with + between them, but not as "
                                   "many values in '" +
                                   value + "'."));
          }
      }

      std::vector<std::string>              entries;
      std::vector<std::vector<std::string>> values;
    };



    /**
     * "Finite element degree" of "Reference/Finite element degree"
     */
    std::string
    last_part(const std::string &path)
    {
      return path.substr(path.rfind('/') + 1);
    }



    std::string
    joined(const std::vector<std::string> &words)
    {
      std::string text;
      for (const std::string &word : words)
        text += (text.empty() ? "" : " + ") + word;
      return text;
    }



    std::string
    as_file_name(std::string text)
    {
      for (char &c : text)
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' &&
            c != '-')
          c = '_';
      return text;
    }



    std::vector<fs::path>
    matching_files(const fs::path &pattern)
    {
      const std::string name = pattern.filename().string();
      const std::size_t star = name.find('*');
      if (star == std::string::npos)
        return {pattern};
      const std::string begin = name.substr(0, star),
                        end   = name.substr(star + 1);
      std::vector<fs::path> result;
      const fs::path        parent =
        pattern.has_parent_path() ? pattern.parent_path() : fs::path(".");
      for (const auto &entry : fs::directory_iterator(parent))
        {
          const std::string file = entry.path().filename().string();
          if (file.size() >= begin.size() + end.size() &&
              file.compare(0, begin.size(), begin) == 0 &&
              file.compare(file.size() - end.size(), end.size(), end) == 0)
            result.push_back(entry.path());
        }
      std::sort(result.begin(), result.end());
      return result;
    }



    /**
     * "prm" of "prm/studies/../derl.prm"
     */
    std::string
    folder_name(const fs::path &file)
    {
      return fs::absolute(file)
        .lexically_normal()
        .parent_path()
        .filename()
        .string();
    }



    /**
     * Put the values of variables, "$a=0.1", into the other settings.
     */
    std::vector<std::string>
    without_variables(const std::vector<std::string> &settings)
    {
      std::vector<std::string> result;
      for (const std::string &setting : settings)
        if (setting[0] != '$')
          result.push_back(setting);
      for (const std::string &setting : settings)
        if (setting[0] == '$')
          {
            const std::size_t equals  = setting.find('=');
            const std::string name    = setting.substr(0, equals);
            const std::string value   = setting.substr(equals + 1);
            bool              is_used = false;
            for (std::string &other : result)
              for (std::size_t at = 0;
                   (at = other.find(name, at)) != std::string::npos;
                   at += value.size())
                {
                  other.replace(at, name.size(), value);
                  is_used = true;
                }
            AssertThrow(is_used,
                        ExcMessage("No value in 'Settings' has the variable '" +
                                   name + "'."));
          }
      return result;
    }



    /**
     * A row for a parameter file and the @p choice of values of each axis.
     */
    StudyRow
    make_row(const StudyParameters           &parameters,
             const std::vector<std::string>  &command,
             const fs::path                  &file,
             const bool                       has_folders,
             const std::vector<Axis>         &axes,
             const std::vector<unsigned int> &choice)
    {
      std::ifstream in(file);
      AssertThrow(
        in, ExcMessage("There is no parameter file '" + file.string() + "'."));
      const std::string text(std::istreambuf_iterator<char>(in), {});

      StudyRow row;
      row.mode         = file.stem().string();
      std::string name = row.mode;
      if (has_folders)
        {
          row.values = {folder_name(file)};
          name += "-" + row.values[0];
        }
      std::vector<std::string> settings;
      for (unsigned int a = 0; a < axes.size(); ++a)
        {
          const auto &values = axes[a].values[choice[a]];
          for (unsigned int i = 0; i < values.size(); ++i)
            settings.push_back(axes[a].entries[i] + "=" + values[i]);
          if (axes[a].values.size() == 1)
            continue;
          row.values.push_back(joined(values));
          name += "-" + joined(values);
        }
      settings = without_variables(settings);
      for (const unsigned int seed : parameters.seeds)
        {
          StudyRun run;
          run.seed   = seed;
          run.folder = parameters.output_folder + "/" +
                       as_file_name(name + "-" + std::to_string(seed));
          run.command = command;
          run.command.push_back(file.string());
          auto all = settings;
          all.push_back("Network/Random seed=" + std::to_string(seed));
          all.push_back("Output folder=" + run.folder);
          for (const std::string &setting : all)
            {
              run.command.push_back("--set");
              run.command.push_back(setting);
            }
          for (const std::string &word : run.command)
            run.record += word + "\n";
          run.record += "\n" + text;
          row.runs.push_back(run);
        }
      return row;
    }



    std::vector<fs::path>
    parameter_files(const StudyParameters &parameters,
                    const std::string     &folder)
    {
      std::vector<fs::path> files;
      for (const std::string &pattern : parameters.parameter_files)
        {
          const auto found = matching_files(fs::path(folder) / pattern);
          files.insert(files.end(), found.begin(), found.end());
        }
      AssertThrow(!files.empty(), ExcMessage("There are no parameter files."));
      return files;
    }



    std::vector<StudyColumn>
    parse_columns(const std::string &text)
    {
      // the other names in study.json
      std::set<std::string>    headings = {"experiment",
                                           "case",
                                           "mode",
                                           "seed",
                                           "relative_l2_error",
                                           "residual_rms",
                                           "diverged"};
      std::vector<StudyColumn> columns;
      for (const std::string &part : split(text, " | "))
        {
          const std::size_t colon = part.find(": ");
          AssertThrow(colon != std::string::npos,
                      ExcMessage("'Columns' needs 'heading: figure', not '" +
                                 part + "'."));
          columns.push_back({Utilities::trim(part.substr(0, colon)),
                             split(part.substr(colon + 2), " over ")});
          AssertThrow(headings.insert(columns.back().heading).second,
                      ExcMessage("Two figures would be called '" +
                                 columns.back().heading + "' in study.json."));
        }
      AssertThrow(!columns.empty(), ExcMessage("There are no 'Columns'."));
      return columns;
    }



    /**
     * All pairs of modes for each column.
     */
    std::vector<StudyClaim>
    parse_claims(const std::string &text, const StudyPlan &plan)
    {
      std::set<std::string> modes;
      for (const StudyRow &row : plan.rows)
        modes.insert(row.mode);
      std::map<std::string, unsigned int> columns;
      for (unsigned int c = 0; c < plan.columns.size(); ++c)
        columns[plan.columns[c].heading] = c;
      const auto check = [](const bool is_known, const std::string &name) {
        AssertThrow(is_known,
                    ExcMessage("'Claims' are about '" + name +
                               "', which the study does not have."));
      };

      std::vector<StudyClaim> claims;
      for (const std::string &part : split(text, " | "))
        {
          const auto halves = split(part, ": ");
          const auto sides  = split(halves[0], " < ");
          AssertThrow(halves.size() == 2 && sides.size() == 2,
                      ExcMessage("'Claims' needs 'file < file: heading', not "
                                 "'" +
                                 part + "'."));
          for (const std::string &heading : split(halves[1], ", "))
            for (const std::string &lower : split(sides[0], ", "))
              for (const std::string &higher : split(sides[1], ", "))
                {
                  check(columns.count(heading) == 1, heading);
                  check(modes.count(lower) == 1, lower);
                  check(modes.count(higher) == 1, higher);
                  claims.push_back({lower, higher, columns.at(heading)});
                }
        }
      return claims;
    }
  } // namespace



  StudyPlan
  make_plan(const StudyParameters          &parameters,
            const std::string              &folder,
            const std::vector<std::string> &command)
  {
    const auto            files = parameter_files(parameters, folder);
    std::set<std::string> file_folders;
    for (const fs::path &file : files)
      file_folders.insert(folder_name(file));
    std::vector<Axis> axes;
    for (const std::string &text : split(parameters.settings, " & "))
      axes.emplace_back(text);

    StudyPlan plan;
    plan.experiment = fs::path(command.back()).filename().string();
    if (file_folders.size() > 1)
      plan.setting_names.push_back("folder");
    for (const Axis &axis : axes)
      if (axis.values.size() > 1)
        {
          std::vector<std::string> names;
          for (const std::string &entry : axis.entries)
            names.push_back(last_part(entry));
          plan.setting_names.push_back(joined(names));
        }

    for (const fs::path &file : files)
      {
        std::vector<unsigned int> choice(axes.size(), 0);
        for (bool is_last = false; !is_last;)
          {
            plan.rows.push_back(make_row(parameters,
                                         command,
                                         file,
                                         file_folders.size() > 1,
                                         axes,
                                         choice));
            // the last axis changes fastest
            is_last = true;
            for (unsigned int a = axes.size(); is_last && a-- > 0;)
              {
                choice[a] = (choice[a] + 1) % axes[a].values.size();
                is_last   = choice[a] == 0;
              }
          }
      }
    std::set<std::string> folders;
    for (const StudyRow &row : plan.rows)
      for (const StudyRun &run : row.runs)
        AssertThrow(folders.insert(run.folder).second,
                    ExcMessage("Two runs of the study would use the folder '" +
                               run.folder +
                               "': give parameter files different names, and "
                               "no value or seed twice."));
    plan.columns = parse_columns(parameters.columns);
    plan.claims  = parse_claims(parameters.claims, plan);
    return plan;
  }



  std::string
  case_text(const StudyPlan &plan, const StudyRow &row)
  {
    std::string text;
    for (unsigned int i = 0; i < row.values.size(); ++i)
      text += (text.empty() ? "" : ", ") + plan.setting_names[i] + " = " +
              row.values[i];
    return text;
  }
} // namespace derl
