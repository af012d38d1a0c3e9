// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Compare the estimators of a finite element solution's derivatives, and the
// surrogates that learn from them.

#include <derl/base/collective.h>

#include <derl/program/program.h>

#include <deal.II/base/conditional_ostream.h>

#include <algorithm>
#include <iostream>

#include "estimator_study.h"

using namespace dealii;
using namespace derl;

const std::string purpose =
  "Solves Poisson's equation on several meshes, measures the errors of "
  "estimated derivatives\nagainst the exact ones, and those of surrogates that "
  "learn from them.";

void
study(const MPI_Comm                 &communicator,
      const CommandLine              &command_line,
      const EstimatorStudyParameters &parameters)
{
  const ConditionalOStream pcout(
    std::cout, Utilities::MPI::this_mpi_process(communicator) == 0);
  make_output_folder(communicator, parameters.output_folder);

  const auto                   exact = exact_solution(parameters.solution);
  std::vector<EstimatorResult> results;
  for (const std::string &mesh : parameters.meshes)
    for (const unsigned int degree : parameters.degrees)
      for (const unsigned int n_refinements : parameters.refinements)
        {
          const PoissonSolver solver(
            communicator, *exact, mesh, degree, n_refinements);
          const auto &trained = parameters.trained_refinements;
          for (const std::string &estimator : parameters.estimators)
            {
              EstimatorResult result =
                measure_estimator(parameters, solver, estimator);
              result.mesh          = mesh;
              result.n_refinements = n_refinements;
              if (std::count(trained.begin(), trained.end(), n_refinements) > 0)
                train_on_estimator(
                  communicator, command_line, parameters, solver, result);
              results.push_back(result);
            }
        }
  write_results(communicator, parameters, results, pcout);

  Summary summary;
  summary.problem = "Estimators of derivatives, 2d";
  summary.n_ranks = Utilities::MPI::n_mpi_processes(communicator);
  summary.seed    = parameters.network.seed;
  write_summary(communicator, parameters.output_folder, summary);
  pcout << "Results are in " << parameters.output_folder << std::endl;
}

int
main(int argc, char **argv)
{
  return run_application<EstimatorStudyParameters>(
    argc, argv, purpose, "derivative_estimators", study);
}
