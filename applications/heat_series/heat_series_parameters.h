// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_heat_series_heat_series_parameters_h
#define derl_applications_heat_series_heat_series_parameters_h

#include <derl/program/training_run.h>

#include <deal.II/base/parameter_handler.h>

#include <string>

#include "heat_solver.h"

namespace derl
{
  /**
   * All options of the application.
   */
  struct HeatSeriesParameters : TrainingRunParameters
  {
    HeatSeriesParameters();

    HeatSolverParameters reference;

    unsigned int n_gauss_points         = 2;
    unsigned int n_max_samples          = 20000;
    unsigned int n_max_boundary_samples = 2000;
    unsigned int n_initial_samples      = 2000;
    unsigned int seed                   = 30;
    /** "volume" or "cell" */
    std::string selection = "volume";

    unsigned int n_frames = 4;

  protected:
    void
    declare_problem(dealii::ParameterHandler &prm) override;
  };
} // namespace derl

#endif
