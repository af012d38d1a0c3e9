// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_warm_start_parameters_h
#define derl_applications_warm_start_parameters_h

#include <derl/training/trainer.h>

#include "diffusion_solver.h"

#include <map>
#include <string>
#include <vector>

namespace derl
{
  /**
   * All options of the application.
   */
  struct WarmStartParameters
  {
    WarmStartParameters();

    void
    declare_parameters(dealii::ParameterHandler &prm);

    /**
     * Throw if options do not fit together.
     */
    void
    check() const;

    std::string output_folder = "output/warm_start";

    DiffusionSolverParameters solver;

    /** Training parameters: all pairs of one of each. */
    std::vector<double> log_sources    = {2., 2.5, 3.};
    std::vector<double> exponents      = {2., 3., 4.};
    unsigned int        n_gauss_points = 1;

    NetworkParameters  network;
    TrainingParameters training;
    /** Weight of each term, by its name: value, gradient, sensitivity,
     * boundary. */
    std::map<std::string, double> terms = {{"value", 10.},
                                           {"gradient", 0.3},
                                           {"sensitivity", 1.},
                                           {"boundary", 10.}};

    /** Random parameters within the box of the training parameters. */
    unsigned int n_unseen    = 10;
    unsigned int unseen_seed = 30;
  };
} // namespace derl

#endif
