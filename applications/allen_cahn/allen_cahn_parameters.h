// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_allen_cahn_parameters_h
#define derl_applications_allen_cahn_parameters_h

#include <derl/program/training_run.h>

#include <deal.II/base/parameter_handler.h>

#include <string>

#include "allen_cahn_solver.h"

namespace derl
{
  /**
   * Where the samples of a run come from.
   */
  struct SampleParameters
  {
    /** "reference" or "exact" */
    std::string source = "reference";
    /** "quadrature", "random" or "grid" */
    std::string  points                 = "quadrature";
    unsigned int n_gauss_points         = 0;
    unsigned int n_random_points        = 1000;
    unsigned int seed                   = 30;
    unsigned int n_grid_points          = 99;
    unsigned int n_boundary_grid_points = 101;
    /** standard deviation relative to a column's root mean square */
    double       noise      = 0.;
    unsigned int noise_seed = 30;
  };



  /**
   * All options of the application.
   */
  struct AllenCahnParameters : TrainingRunParameters
  {
    AllenCahnParameters();

    void
    check() const override;

    /**
     * The names of the surrogate's coordinates and component.
     */
    FieldNames
    names() const;

    unsigned int dimension = 2;

    AllenCahnSolverParameters reference;
    SampleParameters          samples;

    unsigned int n_evaluation_subdivisions = 2;
    /** seconds; 0 for never */
    double error_interval = 0.;

  protected:
    void
    declare_problem(dealii::ParameterHandler &prm) override;
  };
} // namespace derl

#endif
