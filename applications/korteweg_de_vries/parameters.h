// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_korteweg_de_vries_parameters_h
#define derl_applications_korteweg_de_vries_parameters_h

#include <derl/program/training_run.h>

#include "fourier.h"

namespace derl
{
  struct KdvParameters : TrainingRunParameters
  {
    KdvParameters()
      : TrainingRunParameters(
          "output/korteweg_de_vries",
          "interior: u_x; interior: u_t: 10; initial: value",
          {"interior", "initial", "boundary", "final"},
          "value, gradient (u_x, u_t), Hessian or named derivatives (u u_xxx), "
          "or the residual 'equation', at samples of the 'Source' in the "
          "interior or, at equal times, at both ends (boundary), and of the "
          "exact solution at the time 0 (initial) or 1 (final).")
    {
      network.hidden                = {20, 20, 20, 20};
      training.stopping.max_seconds = 90.;
    }

    KortewegDeVries problem;
    std::string     source   = "reference";
    std::string     teacher  = "teacher.json";
    unsigned int    n_points = 4000;
    unsigned int    n_waves  = 1;

  protected:
    void
    declare_problem(dealii::ParameterHandler &prm) override
    {
      using namespace dealii;
      prm.enter_subsection("Reference");
      problem.declare_parameters(prm);
      prm.leave_subsection();

      prm.enter_subsection("Samples");
      prm.add_parameter("Source",
                        source,
                        "What is learned: the finite element solution "
                        "(reference), the Fourier solution (exact), or another "
                        "surrogate (teacher).",
                        Patterns::Selection("reference|exact|teacher"));
      prm.add_parameter("Teacher",
                        teacher,
                        "The model file of the teacher. A relative path begins "
                        "at the folder of the parameter file.");
      prm.add_parameter("Number of points",
                        n_points,
                        "Samples in the interior, spread evenly.",
                        Patterns::Integer(1));
      prm.leave_subsection();

      prm.enter_subsection("Network");
      prm.add_parameter("Waves",
                        n_waves,
                        "The inputs of the network are t and cos(k pi x), "
                        "sin(k pi x) for k up to this number, which makes it "
                        "periodic; with 0 they are t and x, and samples at the "
                        "boundary may teach that the ends agree.",
                        Patterns::Integer(0, 100));
      prm.leave_subsection();
    }
  };
} // namespace derl

#endif
