// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_flow_parameters_h
#define derl_applications_flow_parameters_h

#include <derl/network/surrogate.h>

#include <derl/training/trainer.h>

#include <deal.II/base/parameter_handler.h>

#include "flow_solver.h"

#include <map>
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
  struct FlowParameters
  {
    FlowParameters();

    void
    declare_parameters(dealii::ParameterHandler &prm);

    /**
     * Throw if options do not fit together.
     */
    void
    check() const;

    std::string output_folder = "output/cylinder_flow";

    FlowSolverParameters reference;
    FlowSampleParameters samples;
    NetworkParameters    network;
    /** what is one for the network's inputs, in diameters */
    double             length_unit = 1.;
    TrainingParameters training;

    /** Weight of each term, by its name, see add_terms(). */
    std::map<std::string, double> terms = {{"velocity gradient", 1.},
                                           {"pressure gradient", 1.},
                                           {"velocity", 10.},
                                           {"pressure", 1.},
                                           {"cylinder velocity gradient", 1.}};

    /** seconds; 0 for never */
    double figures_interval = 0.;
  };
} // namespace derl

#endif
