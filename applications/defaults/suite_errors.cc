// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "suite_errors.h"

#include <derl/coupling/errors.h>
#include <derl/coupling/surrogate_function.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * Sums of squares (of the largest error: the largest) over solutions.
     */
    struct Sums
    {
      void
      add(const ErrorNorms &norms, const double of_quantity)
      {
        l2 += norms.relative_l2_error * norms.relative_l2_error;
        h1 +=
          norms.relative_h1_seminorm_error * norms.relative_h1_seminorm_error;
        quantity += of_quantity * of_quantity;
        max = std::max(max, norms.max_error);
        ++n;
      }



      Figures
      figures(const std::string &name_of_quantity) const
      {
        Figures result = {{"relative_l2_error", std::sqrt(l2 / n)},
                          {"relative_h1_seminorm_error", std::sqrt(h1 / n)},
                          {"max_error", max}};
        if (!name_of_quantity.empty())
          result.push_back({"relative_" + name_of_quantity + "_error",
                            std::sqrt(quantity / n)});
        return result;
      }



      double       l2 = 0, h1 = 0, quantity = 0, max = 0;
      unsigned int n = 0;
    };
  } // namespace



  template <int dim>
  std::vector<std::pair<std::string, Figures>>
  measure_errors(const Problem<dim>   &problem,
                 ReferenceSolver<dim> &solver,
                 const Surrogate      &surrogate,
                 Assessment<dim>      &assessment)
  {
    using VectorType                   = typename Problem<dim>::VectorType;
    const DoFHandler<dim> &dof_handler = solver.get_dof_handler();
    const auto            &fe          = dof_handler.get_fe();
    ComponentMask          components(fe.n_components(), true);
    if (problem.has_pressure)
      components.set(fe.n_components() - 1, false);
    const ErrorIntegrator<dim> errors(solver.get_mapping(),
                                      dof_handler,
                                      *problem.exact,
                                      2,
                                      fe.degree + 2,
                                      components);
    SurrogateFunction<dim>     function(surrogate, OutsideBox::ignore);
    Sums                       of_reference, of_surrogate;
    const auto                 observer = [&](std::vector<double> coordinates,
                              const VectorType   &solution,
                              const VectorType   *rate) {
      if (problem.n_time_steps > 0 && rate == nullptr)
        return;
      assessment.add(solver.get_mapping(),
                     dof_handler,
                     Snapshot<VectorType>(solution, coordinates));
      if (problem.n_time_steps > 0)
        {
          function.set_time(coordinates[0]);
          coordinates.erase(coordinates.begin());
        }
      function.set_parameters(coordinates);
      QuantityErrors quantity = {0., 0.};
      if (!problem.quantity.empty())
        quantity = problem.measure_quantity(
          solver.get_mapping(), dof_handler, solution, function);
      of_reference.add(errors.measure(solution), quantity.reference);
      of_surrogate.add(errors.measure(function), quantity.surrogate);
    };
    for (const std::vector<double> &unseen : problem.unseen_parameters)
      solver.run(unseen, observer);

    Figures reference = of_reference.figures(problem.quantity);
    reference.push_back(
      {"n_cells",
       double(dof_handler.get_triangulation().n_global_active_cells())});
    reference.push_back({"n_dofs", double(dof_handler.n_dofs())});
    return {{"reference", reference},
            {"surrogate", of_surrogate.figures(problem.quantity)}};
  }



  void
  print_figures(const ConditionalOStream &out, const Summary &summary)
  {
    const std::map<std::string, Figures> figures(summary.figures.begin(),
                                                 summary.figures.end());
    const Figures                       &reference = figures.at("reference");
    const Figures                       &surrogate = figures.at("surrogate");

    char line[128];
    out << std::endl;
    const auto show = [&](const char *const form, const auto... values) {
      std::snprintf(line, sizeof(line), form, values...);
      out << line << std::endl;
    };
    show(
      "%-32s %15s %10s %8s", "error", "finite elements", "surrogate", "gain");
    for (unsigned int i = 0; i < surrogate.size(); ++i)
      show("%-32s %15.2e %10.2e %8.2f",
           surrogate[i].first.c_str(),
           reference[i].second,
           surrogate[i].second,
           reference[i].second / surrogate[i].second);
    out << std::endl;
  }



  template std::vector<std::pair<std::string, Figures>>
  measure_errors(const Problem<2> &,
                 ReferenceSolver<2> &,
                 const Surrogate &,
                 Assessment<2> &);
  template std::vector<std::pair<std::string, Figures>>
  measure_errors(const Problem<3> &,
                 ReferenceSolver<3> &,
                 const Surrogate &,
                 Assessment<3> &);
} // namespace derl
