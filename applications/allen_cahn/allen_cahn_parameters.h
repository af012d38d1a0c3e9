// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_allen_cahn_parameters_h
#define derl_applications_allen_cahn_parameters_h

#include <derl/program/training_run.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/parameter_handler.h>

#include <string>

#include "allen_cahn_solver.h"

namespace derl
{
  /**
   * All options of the application.
   */
  struct AllenCahnParameters : TrainingRunParameters
  {
    AllenCahnParameters()
      : TrainingRunParameters("output/allen_cahn",
                              "interior: gradient: 1; boundary: value: 1",
                              {"interior", "boundary"},
                              "value (OUTL), gradient (DERL), Hessian (HESL) "
                              "or named derivatives (u_x u_xy) at the interior "
                              "samples, or the residual 'equation' there "
                              "(PINN); value at the boundary samples.")
    {
    }

    void
    check() const override
    {
      reference.check();
      TrainingRunParameters::check();
      const FieldNames names({"x", "y", "z"}, {"u"});
      const auto orders = orders_to_sample(term_choices(), "interior", names);
      AssertThrow(
        reference.fe_degree > 1 || is_exact() || difference_step > 0. ||
          orders.empty() || orders.back() < 2,
        dealii::ExcMessage("A solution of degree 1 has no second derivatives "
                           "to learn from: remove terms of order 2 or set "
                           "'Reference/Finite element degree' to 2 or more."));
    }

    bool
    is_exact() const
    {
      return source == "exact";
    }

    unsigned int              dimension = 2;
    AllenCahnSolverParameters reference;

    std::string  source              = "reference";
    unsigned int n_gauss_points      = 0;
    unsigned int n_random_points     = 1000;
    unsigned int n_boundary_points   = 101;
    unsigned int seed                = 30;
    double       difference_step     = 0.;
    unsigned int difference_accuracy = 2;
    double       noise               = 0.;

    /** seconds; 0 for never */
    double error_interval = 0.;

  protected:
    void
    declare_problem(dealii::ParameterHandler &prm) override
    {
      using namespace dealii::Patterns;
      prm.add_parameter(
        "Dimension", dimension, "Space dimension.", Integer(2, 3));
      prm.enter_subsection("Reference");
      reference.declare_parameters(prm);
      prm.leave_subsection();

      prm.enter_subsection("Samples");
      prm.add_parameter("Source",
                        source,
                        "What is sampled: the finite element solution in its "
                        "cells, or the exact solution at random points.",
                        Selection("reference|exact"));
      prm.add_parameter("Gauss points per direction",
                        n_gauss_points,
                        "In a cell or face; 0 for the points that the library "
                        "chooses, which has others to judge training by.",
                        Integer(0, 20));
      prm.add_parameter("Number of random points",
                        n_random_points,
                        "Number of random points in the domain.",
                        Integer(0, 100000000));
      prm.add_parameter("Boundary grid points per direction",
                        n_boundary_points,
                        "Points per direction of the uniform grid on each face "
                        "of the boundary, ends included, used with random "
                        "points.",
                        Integer(2, 10000));
      prm.add_parameter("Random seed",
                        seed,
                        "Seed of the random points and of the noise.",
                        Integer(0));
      prm.add_parameter("Difference step",
                        difference_step,
                        "If positive, derivatives are finite differences of "
                        "this step, of the finite element solution as well at "
                        "random points.",
                        Double(0.));
      prm.add_parameter("Difference order",
                        difference_accuracy,
                        "The order of their errors in the step: 1 for forward "
                        "differences, 2 or 4 for central ones.",
                        Integer(1, 4));
      prm.add_parameter("Noise",
                        noise,
                        "Standard deviation of Gaussian noise that is added to "
                        "each value and derivative in the domain; with a "
                        "difference step, to the values that differences are "
                        "made of.",
                        Double(0.));
      prm.leave_subsection();

      prm.enter_subsection("Evaluation");
      prm.add_parameter("Error interval",
                        error_interval,
                        "Seconds of training after which the surrogate's "
                        "errors are written to errors.csv, again and again; "
                        "the clock of training stands still meanwhile. 0 for "
                        "never.",
                        Double(0.));
      prm.leave_subsection();
    }
  };
} // namespace derl

#endif
