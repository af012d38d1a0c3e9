// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_defaults_parameters_h
#define derl_applications_defaults_parameters_h

#include <derl/program/training_run.h>

#include <deal.II/base/parameter_handler.h>

#include <string>

#include "reference_solver.h"

namespace derl
{
  /**
   * How solutions are sampled.
   */
  struct SuiteSampleParameters
  {
    /** Per direction; 0 for the degree of the element. */
    unsigned int n_gauss_points = 0;
    std::string  estimator      = "raw";
    /** "volume" or "cell" */
    std::string weighting     = "volume";
    bool        use_variances = false;
  };



  /**
   * All options of the application.
   */
  struct DefaultsParameters : TrainingRunParameters
  {
    DefaultsParameters();

    std::string           problem = "smooth_q3";
    ReferenceParameters   reference;
    SuiteSampleParameters samples;
    /** Groups of ranks that solve for different parameters. */
    unsigned int n_groups = 1;

  protected:
    void
    declare_problem(dealii::ParameterHandler &prm) override;
  };
} // namespace derl

#endif
