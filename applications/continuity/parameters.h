// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_continuity_parameters_h
#define derl_applications_continuity_parameters_h

#include <derl/program/training_run.h>

#include <deal.II/base/numbers.h>

#include "solver.h"

namespace derl
{
  struct ContinuityParameters : TrainingRunParameters
  {
    ContinuityParameters()
      : TrainingRunParameters(
          "output/continuity",
          "interior: gradient; initial: value: 100; boundary: value: 100",
          {"interior", "initial", "boundary"},
          "value, gradient (u_x, u_y, u_t), Hessian or named derivatives, or "
          "the "
          "residual 'equation', at samples in space and time; value at samples "
          "of the initial time and of the boundary.")
    {
      network.hidden = {25, 25, 25, 25};
    }

    ContinuitySolverParameters reference;

    unsigned int n_samples     = 20000;
    double       least_density = 0.1;
    std::string  estimator     = "averaged";
    double       time_unit     = 2.;
    bool         is_periodic   = false;
    unsigned int n_evaluations = 20;

    /** What the network's inputs are. */
    InputMap
    input_map() const
    {
      return is_periodic
               ? InputMap::periodic(3, {{2, 2. * dealii::numbers::PI}})
               : InputMap();
    }

    Scaling
    scaling() const
    {
      Scaling result     = Scaling::identity(3, 1);
      result.input_shift = {0., 0., reference.final_time / 2.};
      result.input_scale = {1.5, 1.5, time_unit};
      return result;
    }

  protected:
    void
    declare_problem(dealii::ParameterHandler &prm) override
    {
      using namespace dealii;
      using Patterns::Integer;
      prm.enter_subsection("Reference");
      reference.declare_parameters(prm);
      prm.leave_subsection();

      prm.enter_subsection("Samples");
      prm.add_parameter("Number",
                        n_samples,
                        "In space and time; there are a fifth as many at "
                        "the initial time and a tenth at the boundary.",
                        Integer(1));
      prm.add_parameter("Least density",
                        least_density,
                        "Samples are chosen in proportion to this number plus "
                        "the density; their weights make up for it; and the "
                        "ends of the interval of time count more. With 0 all "
                        "places and times are alike, and derivatives are "
                        "estimated only where they are needed.",
                        Patterns::Double(0.));
      prm.add_parameter(
        "Estimator",
        estimator,
        "Of derivatives: raw, recovered, projected, averaged or "
        "difference.");
      prm.leave_subsection();

      prm.enter_subsection("Network");
      prm.add_parameter(
        "Unit of time",
        time_unit,
        "Inputs of the network are coordinates over 1.5 and time "
        "over this number.",
        Patterns::Double(1e-3));
      prm.add_parameter(
        "Periodic",
        is_periodic,
        "Whether inputs are cos(t) and sin(t) instead of t: the "
        "surrogate then knows how long a turn takes.");
      prm.leave_subsection();

      prm.enter_subsection("Evaluation");
      prm.add_parameter(
        "Times",
        n_evaluations,
        "Into as many equal parts the times at which errors are "
        "measured divide the interval of time.",
        Integer(1));
      prm.leave_subsection();
    }
  };
} // namespace derl

#endif
