// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_estimator_study_h
#define derl_applications_estimator_study_h

#include <derl/program/program.h>
#include <derl/program/training_run.h>

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>

#include <limits>
#include <string>
#include <vector>

#include "poisson_solver.h"

namespace derl
{
  /**
   * The options of the study.
   */
  struct EstimatorStudyParameters : RunParameters
  {
    EstimatorStudyParameters();

    std::string               solution    = "waves";
    std::vector<std::string>  meshes      = {"uniform",
                                             "distorted",
                                             "refined",
                                             "curved"};
    std::vector<unsigned int> degrees     = {1, 2, 3};
    std::vector<unsigned int> refinements = {1, 2, 3, 4};
    std::vector<std::string>  estimators;
    double                    difference_step     = 1.;
    unsigned int              difference_accuracy = 4;
    /** On which of the refinements surrogates are trained. */
    std::vector<unsigned int> trained_refinements = {3};
    bool                      use_factors         = false;

    void
    check() const override;

  protected:
    void
    declare_problem(dealii::ParameterHandler &prm) override;
  };



  /**
   * What one estimator reaches on one mesh. Errors are relative; those of
   * derivatives are root mean squares over the points of
   * superconvergent_quadrature(), those of solution and surrogate integrals.
   * Numbers that were not measured are not a number.
   */
  struct EstimatorResult
  {
    static constexpr double none = std::numeric_limits<double>::quiet_NaN();

    std::string   mesh;
    unsigned int  degree;
    unsigned int  n_refinements;
    std::uint64_t n_cells;
    std::string   estimator;

    double gradient_error;
    double hessian_error;
    /** Correlation of the logarithms of the factors and of the inverse squared
     * errors of the gradient. */
    double factor_correlation = none;

    double solution_value_error     = none;
    double solution_gradient_error  = none;
    double surrogate_value_error    = none;
    double surrogate_gradient_error = none;
  };



  /**
   * The errors of an estimator's derivatives. Collective.
   */
  EstimatorResult
  measure_estimator(const EstimatorStudyParameters &parameters,
                    const PoissonSolver            &solver,
                    const std::string              &estimator);

  /**
   * Train a surrogate on an estimator's gradients and the solution's boundary
   * values, and complete @p result by its errors. Collective.
   */
  void
  train_on_estimator(const MPI_Comm                 &communicator,
                     const CommandLine              &command_line,
                     const EstimatorStudyParameters &parameters,
                     const PoissonSolver            &solver,
                     EstimatorResult                &result);

  /**
   * Write results.csv, tables.txt and errors.png into the output folder, and
   * show the tables. Collective.
   */
  void
  write_results(const MPI_Comm                     &communicator,
                const EstimatorStudyParameters     &parameters,
                const std::vector<EstimatorResult> &results,
                const dealii::ConditionalOStream   &pcout);
} // namespace derl

#endif
