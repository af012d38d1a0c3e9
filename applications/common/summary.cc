// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/file.h>

#include <common/summary.h>

#include <cstdio>

#include <nlohmann/json.hpp>

namespace derl
{
  using namespace dealii;

  namespace
  {
    using Json = nlohmann::ordered_json;
  }



  std::vector<std::pair<std::string, double>>
  named(const ErrorNorms &norms)
  {
    return {{"relative_l2_error", norms.relative_l2_error},
            {"relative_h1_seminorm_error", norms.relative_h1_seminorm_error},
            {"residual_rms", norms.residual_rms},
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
    const auto errors = [](const ErrorNorms &norms) {
      Json result = Json::object();
      for (const auto &[name, value] : named(norms))
        result[name] = value;
      return result;
    };
    const Json document = {{"problem", summary.problem},
                           {"n_ranks", summary.n_ranks},
                           {"n_samples", summary.n_samples},
                           {"n_parameters", summary.n_parameters},
                           {"seed", summary.seed},
                           {"terms", terms},
                           {"optimizer", summary.optimizer},
                           {"stop_reason", summary.stop_reason},
                           {"iterations", summary.iterations},
                           {"evaluations", summary.evaluations},
                           {"kept_iteration", summary.kept_iteration},
                           {"seconds",
                            {{"reference", summary.seconds_reference},
                             {"sampling", summary.seconds_sampling},
                             {"training", summary.seconds_training},
                             {"evaluation", summary.seconds_evaluation}}},
                           {"reference", errors(summary.reference)},
                           {"surrogate", errors(summary.surrogate)}};
    write_file(communicator, folder + "/summary.json", document.dump(2) + "\n");
  }



  void
  print_errors(const ConditionalOStream &out, const Summary &summary)
  {
    const auto row =
      [&](const char *name, const double reference, const double surrogate) {
        char line[128];
        std::snprintf(line,
                      sizeof(line),
                      "%-28s  %12.3e %12.3e %9.1f",
                      name,
                      reference,
                      surrogate,
                      reference / surrogate);
        out << line << std::endl;
      };
    out << std::endl
        << "error                            reference    surrogate     ratio"
        << std::endl;
    row("relative L2 error",
        summary.reference.relative_l2_error,
        summary.surrogate.relative_l2_error);
    row("relative H1-seminorm error",
        summary.reference.relative_h1_seminorm_error,
        summary.surrogate.relative_h1_seminorm_error);
    row("RMS of the PDE residual",
        summary.reference.residual_rms,
        summary.surrogate.residual_rms);
    row("largest error",
        summary.reference.max_error,
        summary.surrogate.max_error);
    out << std::endl;
  }
} // namespace derl
