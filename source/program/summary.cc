// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/program/results.h>

#include <cstdio>
#include <map>

#include <nlohmann/json.hpp>

namespace derl
{
  using namespace dealii;

  namespace
  {
    using Json = nlohmann::ordered_json;
  }



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
      misfits.push_back(
        {{"term", misfit.term},
         {"entry", misfit.entry},
         {"rms", misfit.rms},
         // null if nothing is known of it
         {"estimated_error_of_samples", misfit.estimated_error}});
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
      }
    write_file(communicator, folder + "/summary.json", document.dump(2) + "\n");
  }



  void
  print_errors(const ConditionalOStream &out,
               const Figures            &reference,
               const Figures            &surrogate)
  {
    const std::map<std::string, std::string> labels = {
      {"relative_l2_error", "relative L2 error"},
      {"relative_h1_seminorm_error", "relative H1-seminorm error"},
      {"relative_rate_error", "relative error of the rate"},
      {"residual_rms", "RMS of the PDE residual"},
      {"max_error", "largest error"}};
    out << std::endl
        << "error                            reference    surrogate     ratio"
        << std::endl;
    for (unsigned int i = 0; i < reference.size(); ++i)
      {
        const auto &[name, of_reference] = reference[i];
        const double of_surrogate        = surrogate[i].second;
        char         line[128];
        std::snprintf(line,
                      sizeof(line),
                      "%-28s  %12.3e %12.3e %9.1f",
                      labels.at(name).c_str(),
                      of_reference,
                      of_surrogate,
                      of_reference / of_surrogate);
        out << line << std::endl;
      }
    out << std::endl;
  }
} // namespace derl
