// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/program/program.h>

#include <deal.II/base/convergence_table.h>

#include <cmath>
#include <sstream>

#include "estimator_study.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    using Results = std::vector<EstimatorResult>;

    template <typename Predicate>
    Results
    select(const Results &results, const Predicate &predicate)
    {
      Results selected;
      std::copy_if(results.begin(),
                   results.end(),
                   std::back_inserter(selected),
                   predicate);
      return selected;
    }



    std::string
    csv(const Results &results)
    {
      std::ostringstream text;
      text << "mesh,degree,refinements,cells,estimator,gradient_error,"
              "hessian_error,factor_correlation,solution_value_error,"
              "solution_gradient_error,surrogate_value_error,"
              "surrogate_gradient_error\n";
      text.precision(6);
      for (const EstimatorResult &r : results)
        {
          text << r.mesh << ',' << r.degree << ',' << r.n_refinements << ','
               << r.n_cells << ',' << r.estimator;
          for (const double number : {r.gradient_error,
                                      r.hessian_error,
                                      r.factor_correlation,
                                      r.solution_value_error,
                                      r.solution_gradient_error,
                                      r.surrogate_value_error,
                                      r.surrogate_gradient_error})
            {
              text << ',';
              if (std::isfinite(number))
                text << number;
            }
          text << '\n';
        }
      return text.str();
    }



    /**
     * The errors of all estimators' derivatives on one kind of mesh, with
     * orders of convergence.
     */
    void
    write_table(const Results                  &results,
                const std::vector<std::string> &estimators,
                std::ostream                   &out)
    {
      for (const bool hessian : {false, true})
        {
          ConvergenceTable table;
          for (const EstimatorResult &r : results)
            {
              if (r.estimator == estimators[0])
                table.add_value("cells", static_cast<unsigned int>(r.n_cells));
              table.add_value(r.estimator,
                              hessian ? r.hessian_error : r.gradient_error);
            }
          for (const std::string &estimator : estimators)
            {
              table.set_scientific(estimator, true);
              table.set_precision(estimator, 1);
              table.evaluate_convergence_rates(
                estimator, "cells", ConvergenceTable::reduction_rate_log2, 2);
            }
          out << results[0].mesh << ", Q" << results[0].degree
              << ", relative error of the "
              << (hessian ? "Hessian" : "gradient") << '\n';
          table.write_text(out, TableHandler::org_mode_table);
          out << '\n';
        }
    }



    void
    write_surrogates(const Results &results, std::ostream &out)
    {
      TableHandler table;
      for (const EstimatorResult &r : results)
        {
          table.add_value("mesh", r.mesh);
          table.add_value("element", "Q" + std::to_string(r.degree));
          table.add_value("cells", r.n_cells);
          table.add_value("estimator", r.estimator);
          const auto compare = [&](const std::string &of,
                                   const double       solution,
                                   const double       surrogate) {
            table.add_value("solution, " + of, short_text(solution));
            table.add_value("surrogate, " + of, short_text(surrogate));
            table.add_value("ratio of " + of, short_text(solution / surrogate));
          };
          compare(
            "gradient", r.solution_gradient_error, r.surrogate_gradient_error);
          compare("value", r.solution_value_error, r.surrogate_value_error);
        }
      out << "Surrogates: relative errors, and how many times smaller they "
             "are than those of the solution\n\n";
      write_markdown(table, out);
    }
  } // namespace



  void
  write_results(const MPI_Comm                     &communicator,
                const EstimatorStudyParameters     &parameters,
                const std::vector<EstimatorResult> &results,
                const ConditionalOStream           &pcout)
  {
    std::ostringstream tables;
    for (const std::string &mesh : parameters.meshes)
      for (const unsigned int degree : parameters.degrees)
        write_table(select(results,
                           [&](const EstimatorResult &r) {
                             return r.mesh == mesh && r.degree == degree;
                           }),
                    parameters.estimators,
                    tables);
    const Results trained = select(results, [](const EstimatorResult &r) {
      return std::isfinite(r.surrogate_value_error);
    });
    if (!trained.empty())
      write_surrogates(trained, tables);
    pcout << tables.str();

    const std::string &folder = parameters.output_folder;
    run_collectively(communicator, [&]() {
      if (Utilities::MPI::this_mpi_process(communicator) != 0)
        return;
      write_file_atomically(folder + "/results.csv", csv(results));
      write_file_atomically(folder + "/tables.txt", tables.str());
    });
    const auto joined = [](const auto &list) {
      std::ostringstream words;
      for (const auto &each : list)
        words << each << ' ';
      return words.str();
    };
    draw_picture(folder,
                 "derivative_estimators.gp",
                 {joined(parameters.meshes),
                  joined(parameters.degrees),
                  joined(parameters.estimators)},
                 pcout);
  }
} // namespace derl
