// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_allen_cahn_parameters_h
#define derl_applications_allen_cahn_parameters_h

#include <derl/network/surrogate.h>

#include <derl/training/trainer.h>

#include <deal.II/base/parameter_handler.h>

#include "allen_cahn_solver.h"

#include <map>
#include <string>

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
    unsigned int n_gauss_points         = 2;
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
  struct AllenCahnParameters
  {
    AllenCahnParameters();

    void
    declare_parameters(dealii::ParameterHandler &prm);

    /**
     * Throw if options do not fit together.
     */
    void
    check() const;

    unsigned int dimension     = 2;
    std::string  output_folder = "output/allen_cahn";

    AllenCahnSolverParameters reference;
    SampleParameters          samples;
    NetworkParameters         network;
    TrainingParameters        training;

    /** Weight of each term, by its name: value, gradient, hessian, equation,
     * boundary. */
    std::map<std::string, double> terms = {{"gradient", 1.}, {"boundary", 1.}};

    unsigned int n_evaluation_subdivisions = 2;
    /** seconds; 0 for never */
    double error_interval = 0.;
  };
} // namespace derl

#endif
