// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/program/pictures.h>

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
      out << "Surrogates: relative errors, and how many times smaller they "
             "are than those of the solution\n"
          << "| mesh | element | cells | estimator | solution, gradient | "
             "surrogate, gradient | ratio | solution, value | surrogate, "
             "value | ratio |\n"
          << "|---|---|---|---|---|---|---|---|---|---|\n";
      for (const EstimatorResult &r : results)
        {
          std::ostringstream line;
          line.precision(1);
          const auto compare = [&](const double solution,
                                   const double surrogate) {
            line << std::scientific << " | " << solution << " | " << surrogate
                 << " | " << std::fixed << solution / surrogate;
          };
          line << "| " << r.mesh << " | Q" << r.degree << " | " << r.n_cells
               << " | " << r.estimator;
          compare(r.solution_gradient_error, r.surrogate_gradient_error);
          compare(r.solution_value_error, r.surrogate_value_error);
          out << line.str() << " |\n";
        }
    }



    /**
     * The gradients' errors over the number of cells: a row of plots for each
     * degree, a column for each mesh.
     */
    std::string
    plot_script(const EstimatorStudyParameters &parameters)
    {
      std::ostringstream script;
      const unsigned int n_columns = parameters.meshes.size(),
                         n_rows    = parameters.degrees.size();
      script << "set terminal pngcairo size " << 60 + 340 * n_columns << ','
             << 40 + 300 * n_rows << " font ',11'\n"
             << "set output 'errors.png'\n"
                "set datafile separator ','\n"
                "set datafile missing NaN\n"
                "set logscale xy\n"
                "set format y '10^{%T}'\n"
                "set grid\n"
                "set multiplot layout "
             << n_rows << ',' << n_columns << '\n';
      for (const unsigned int degree : parameters.degrees)
        for (const std::string &mesh : parameters.meshes)
          {
            const bool is_first =
              degree == parameters.degrees[0] && mesh == parameters.meshes[0];
            script
              << "set title '" << mesh << ", Q" << degree << "'\n"
              << (mesh == parameters.meshes[0]
                    ? "set ylabel 'error of the gradient'\n"
                    : "unset ylabel\n")
              << (degree == parameters.degrees.back() ? "set xlabel 'cells'\n"
                                                      : "unset xlabel\n")
              << (is_first
                    ? "set key left bottom font ',9' samplen 1 spacing 0.8\n"
                    : "unset key\n")
              << "plot ";
            for (unsigned int e = 0; e < parameters.estimators.size(); ++e)
              script << (e > 0 ? ", " : "")
                     << "'results.csv' using 4:(strcol(1) eq '" << mesh
                     << "' && $2 == " << degree << " && strcol(5) eq '"
                     << parameters.estimators[e]
                     << "' ? $6 : NaN) with linespoints lw 2 pt " << 5 + 2 * e
                     << " title '" << parameters.estimators[e] << "'";
            script << '\n';
          }
      script << "unset multiplot\n";
      return script.str();
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
    draw_picture(
      communicator, folder, "errors.gnuplot", plot_script(parameters), pcout);
  }
} // namespace derl
