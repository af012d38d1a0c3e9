// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_kovasznay_parameters_h
#define derl_applications_kovasznay_parameters_h

#include <derl/program/training_run.h>

#include <solvers/flow_solver.h>

#include <string>

namespace derl
{
  /**
   * All options of the application.
   */
  struct KovasznayParameters : TrainingRunParameters
  {
    KovasznayParameters()
      : TrainingRunParameters(
          "output/kovasznay",
          "interior: gradient; boundary: u v; pressure point: p",
          {"interior", "boundary", "pressure point"},
          "value, gradient, Hessian or named derivatives (u_x p_y) at the "
          "interior samples, or the residuals 'momentum' and 'continuity' "
          "there; exact values of u and v at the boundary samples, and of p: "
          "without them the pressure gets the mean value zero after training, "
          "as the reference has, and where no term has values of it, p at the "
          "pressure point fixes its constant meanwhile.")
    {
      reference.velocity_degree        = 3;
      reference.mapping_degree         = 1;
      reference.n_global_refinements   = 4;
      reference.n_adaptive_refinements = 0;
    }

    FlowSolverParameters reference;
    std::string          source          = "reference";
    std::string          estimator       = "recovered";
    unsigned int         n_points        = 2500;
    bool                 stream_function = false;

  protected:
    void
    declare_problem(dealii::ParameterHandler &prm) override
    {
      using namespace dealii::Patterns;
      prm.enter_subsection("Reference");
      reference.declare_parameters(prm);
      prm.leave_subsection();

      prm.enter_subsection("Samples");
      prm.add_parameter("Source",
                        source,
                        "What is sampled: the finite element solution "
                        "(reference) at points that the library chooses, or "
                        "the exact flow (exact) at random points.",
                        Selection("reference|exact"));
      prm.add_parameter("Estimator",
                        estimator,
                        "How derivatives of the finite element solution are "
                        "estimated.",
                        Selection("raw|recovered|projected|averaged"));
      prm.add_parameter("Random points",
                        n_points,
                        "How many of them, N; on each side of the boundary "
                        "there is a grid of 2 sqrt(N) points.",
                        Integer(1));
      prm.leave_subsection();

      prm.enter_subsection("Network");
      prm.add_parameter("Stream function",
                        stream_function,
                        "Let the velocity be the curl of one output of the "
                        "network, so that it has no divergence.");
      prm.leave_subsection();
    }
  };
} // namespace derl

#endif
