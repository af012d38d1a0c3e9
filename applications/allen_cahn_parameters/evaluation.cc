// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "evaluation.h"

#include <deal.II/lac/vector.h>

#include <cmath>
#include <map>
#include <sstream>

namespace derl
{
  using namespace dealii;

  std::vector<std::pair<std::string, Figures>>
  evaluate(const ParametricProblem &problem,
           ParametricSolver        &solver,
           const unsigned int       n_map,
           const TrainingRun       &run)
  {
    // by the set, which begins the names of its figures
    std::map<std::string, std::vector<std::array<Figures, 2>>> measured;
    auto sets = problem.sets;
    sets.push_back({"map", problem.map(n_map)});
    for (const auto &[set, list] : sets)
      {
        const bool         is_map = set == "map";
        const std::string  file   = run.folder + "/" + set + ".dat";
        std::ostringstream table;
        for (const std::vector<double> &parameters : list)
          {
            problem.set_parameters(parameters);
            if (!is_map)
              solver.solve_on_mesh();
            auto figures = solver.measure(run.surrogate, is_map ? 1 : 2);
            table << parameters.front() << ' ' << parameters.back();
            for (const auto &[name, value] : figures[1])
              table << ' ' << value;
            table << ' ' << figures[0][0].second << '\n';
            if (is_map)
              figures[0].clear(); // there was no solution
            measured[set == "test" ? "" : set + "_"].push_back(figures);
            if (set != "training")
              measured[std::string(is_map ? "map_" : "") +
                       (problem.is_inside() ? "inside_" : "outside_")]
                .push_back(figures);
          }
        write_file(run.communicator, file, table.str());
      }
    std::vector<std::pair<std::string, Figures>> result = {{"reference", {}},
                                                           {"surrogate", {}}};
    for (const auto &[prefix, all] : measured)
      for (unsigned int i = 0; i < 2; ++i)
        // of the other sets two figures tell enough
        for (unsigned int f = 0; f < all[0][i].size() / (prefix == "" ? 1 : 2);
             ++f)
          {
            Vector<double> values(all.size());
            for (unsigned int j = 0; j < all.size(); ++j)
              values[j] = all[j][i][f].second;
            const std::string name = prefix + all[0][i][f].first;
            result[i].second.push_back({name, values.mean_value()});
            values.add(-values.mean_value());
            if (prefix == "map_")
              result[i].second.push_back(
                {name + "_deviation",
                 values.l2_norm() / std::sqrt(all.size())});
          }
    return result;
  }
} // namespace derl
