// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_warm_start_parameters_h
#define derl_applications_warm_start_parameters_h


#include <derl/program/training_run.h>

#include <string>
#include <vector>

#include "diffusion_solver.h"

namespace derl
{
  /**
   * All options of the application.
   */
  struct WarmStartParameters : TrainingRunParameters
  {
    WarmStartParameters();

    void
    check() const override;

    DiffusionSolverParameters solver;

    /** Training parameters: all pairs of one of each. */
    std::vector<double> log_sources    = {2., 2.5, 3.};
    std::vector<double> exponents      = {2., 3., 4.};
    unsigned int        n_gauss_points = 1;

    /** Random parameters within the box of the training parameters. */
    unsigned int n_unseen    = 10;
    unsigned int unseen_seed = 30;

  protected:
    void
    declare_problem(dealii::ParameterHandler &prm) override;
  };
} // namespace derl

#endif
