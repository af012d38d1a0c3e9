// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_flow_parameters_h
#define derl_applications_flow_parameters_h

#include <derl/program/training_run.h>

#include <deal.II/base/parameter_handler.h>

#include <solvers/flow_solver.h>

#include <string>

namespace derl
{
  /**
   * How the solution is sampled, see add_terms().
   */
  struct FlowSampleParameters
  {
    unsigned int n_gauss_points          = 4;
    unsigned int n_boundary_gauss_points = 4;
    /** "volume" or "cell" */
    std::string weighting = "cell";
  };



  /**
   * All options of the application.
   */
  struct FlowParameters : TrainingRunParameters
  {
    FlowParameters();

    void
    check() const override;

    FlowSolverParameters reference;
    FlowSampleParameters samples;
    /** what is one for the network's inputs, in diameters */
    double length_unit = 1.;
    /** whether the velocity is the curl of an output of the network */
    bool stream_function = false;

    /** seconds; 0 for never */
    double figures_interval = 0.;

  protected:
    void
    declare_problem(dealii::ParameterHandler &prm) override;
  };
} // namespace derl

#endif
