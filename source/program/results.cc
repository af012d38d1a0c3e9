// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/program/program.h>

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <limits>
#include <map>
#include <sstream>

#include <nlohmann/json.hpp>

namespace derl
{
  using namespace dealii;

  namespace
  {
    using Json = nlohmann::ordered_json;

    /**
     * What the exact errors, of gradient and pressure if there is one, say of a
     * verdict; nothing if there are none. A tie, within a factor of 1.5, is
     * right with all verdicts.
     */
    std::string
    check(const Summary &summary)
    {
      std::map<std::string, std::map<std::string, double>> errors;
      for (const auto &[of, figures] : summary.figures)
        errors[of].insert(figures.begin(), figures.end());
      double gain = std::numeric_limits<double>::max();
      for (const std::string name :
           {"relative_h1_seminorm_error", "relative_pressure_error"})
        if (errors["reference"].count(name) && errors["surrogate"].count(name))
          gain = std::min(
            gain, errors["reference"][name] / errors["surrogate"][name]);
      if (gain == std::numeric_limits<double>::max())
        return "";
      const Grade exact = gain > 1.5        ? Grade::better
                          : gain < 1. / 1.5 ? Grade::worse
                                            : Grade::as_good;
      const Grade grade = summary.verdict.grade;
      return grade == Grade::unknown                     ? "can't tell"
             : exact == Grade::as_good || exact == grade ? "right"
             : exact == Grade::worse && grade == Grade::better
               ? "praises what is worse"
               : "wrong";
    }
  } // namespace



  Figures
  named(const ErrorNorms &norms)
  {
    return {{"relative_l2_error", norms.relative_l2_error},
            {"relative_h1_seminorm_error", norms.relative_h1_seminorm_error},
            {"max_error", norms.max_error}};
  }



  void
  write_summary(const MPI_Comm    &communicator,
                const std::string &folder,
                const Summary     &summary)
  {
    Json terms = Json::array();
    for (const auto &term : summary.terms)
      terms.push_back({{"name", term.name},
                       {"weight", term.weight},
                       {"final_value", term.value}});
    Json misfits = Json::array();
    for (const auto &misfit : summary.misfits)
      {
        misfits.push_back({{"term", misfit.term},
                           {"entry", misfit.entry},
                           {"rms", misfit.rms}});
        if (std::isfinite(misfit.estimated_error))
          misfits.back()["estimated_error_of_samples"] = misfit.estimated_error;
      }
    Json document = {{"problem", summary.problem},
                     {"n_ranks", summary.n_ranks},
                     {"n_samples", summary.n_samples},
                     {"n_parameters", summary.n_parameters},
                     {"seed", summary.seed},
                     {"terms", terms},
                     {"misfits", misfits},
                     {"optimizer", summary.optimizer},
                     {"stop_reason", summary.stop_reason},
                     {"iterations", summary.iterations},
                     {"evaluations", summary.evaluations},
                     {"kept_iteration", summary.kept_iteration},
                     {"seconds",
                      {{"reference", summary.seconds_reference},
                       {"sampling", summary.seconds_sampling},
                       {"training", summary.seconds_training},
                       {"evaluation", summary.seconds_evaluation}}}};
    for (const auto &[of, figures] : summary.figures)
      {
        Json &values = document[of] = Json::object();
        for (const auto &[name, value] : figures)
          values[name] = value;
      }
    if (!summary.verdict.text.empty())
      {
        Json figures = Json::object();
        for (const auto &[name, value] : summary.verdict.figures())
          figures[name] = value;
        document["verdict"] = {{"grade", to_string(summary.verdict.grade)},
                               {"text", summary.verdict.text},
                               {"advice", summary.verdict.advice},
                               {"figures", figures}};
        const std::string exact_errors_say = check(summary);
        if (!exact_errors_say.empty())
          document["verdict"]["exact_errors_say"] = exact_errors_say;
      }
    write_file(communicator, folder + "/summary.json", document.dump(2) + "\n");
  }



  std::string
  short_text(const double number)
  {
    std::ostringstream text;
    const double       size = std::abs(number);
    if (number == std::round(number) && size < 1e9)
      text << std::llround(number);
    else if (size >= 0.1 && size < 1e4)
      text << std::setprecision(5) << number;
    else
      text << std::scientific << std::setprecision(3) << number;
    return text.str();
  }



  void
  write_markdown(const TableHandler &table, std::ostream &out)
  {
    std::ostringstream text;
    table.write_text(text, TableHandler::org_mode_table);
    std::istringstream lines(text.str());
    bool               is_header = true;
    for (std::string line; std::getline(lines, line); is_header = false)
      {
        line.erase(line.find_last_not_of(' ') + 1);
        out << line << '\n';
        if (!is_header)
          continue;
        for (char &c : line)
          if (c != '|')
            c = '-';
        out << line << '\n';
      }
  }



  void
  print_figures(const ConditionalOStream                           &out,
                const std::vector<std::pair<std::string, Figures>> &figures)
  {
    std::vector<std::string>                             names;
    std::map<std::string, std::map<std::string, double>> values;
    for (const auto &[of, list] : figures)
      for (const auto &[name, value] : list)
        {
          if (std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
          values[of][name] = value;
        }
    TableHandler table;
    for (const std::string &name : names)
      {
        table.add_value("figure", name);
        for (const auto &[of, list] : figures)
          table.add_value(
            of, values[of].count(name) ? short_text(values[of][name]) : "-");
        if (values.count("reference") > 0 && values.count("surrogate") > 0)
          table.add_value("ratio",
                          values["reference"].count(name) &&
                              values["surrogate"].count(name)
                            ? short_text(values["reference"][name] /
                                         values["surrogate"][name])
                            : "-");
      }
    std::ostringstream text;
    write_markdown(table, text);
    out << std::endl << text.str() << std::endl;
  }
} // namespace derl
