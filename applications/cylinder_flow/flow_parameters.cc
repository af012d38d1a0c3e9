// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <deal.II/base/exceptions.h>

#include "flow_parameters.h"

namespace derl
{
  using namespace dealii;

  FlowParameters::FlowParameters()
    : TrainingRunParameters(
        "output/cylinder_flow",
        "velocity points: u_x u_y v_x v_y: 1; "
        "pressure points: p_x p_y: 0.3; "
        "boundary: u v: 10; boundary: p: 10; "
        "cylinder: u_x u_y v_x v_y: 3",
        {"velocity points", "pressure points", "boundary", "cylinder"},
        "mean squared mismatch of derivatives of the velocity (u v) and the "
        "pressure p at the points in the cells where the velocity's or the "
        "pressure's are most accurate; of values at the boundary; of "
        "derivatives "
        "at the cylinder's surface; and mean squared residuals of the "
        "equations, "
        "continuity and momentum, at any of them. Lengths are measured in "
        "diameters, velocities in the mean velocity, pressures in density "
        "times "
        "its square; a term must be about quantities of one unit.")
  {
    network.hidden = {50, 50, 50};
    // flow_scaling() and add_terms() choose the units, those of the benchmark
    training.scaling = "none";
  }



  void
  FlowParameters::declare_problem(ParameterHandler &prm)
  {
    prm.enter_subsection("Reference");
    reference.declare_parameters(prm);
    prm.leave_subsection();

    prm.enter_subsection("Samples");
    prm.add_parameter("Gauss points per direction",
                      samples.n_gauss_points,
                      "Gauss points per direction in a cell at which the "
                      "velocity's gradient is taken; the pressure's is taken "
                      "at one less. The gradient of elements of degree p is "
                      "most accurate at p of them.",
                      Patterns::Integer(2, 20));
    prm.add_parameter("Boundary Gauss points",
                      samples.n_boundary_gauss_points,
                      "Gauss points on a face at the boundary.",
                      Patterns::Integer(1, 20));
    prm.add_parameter("Weighting",
                      samples.weighting,
                      "What weighs alike in the means over samples: equal "
                      "volumes (volume), or the mesh's cells and boundary "
                      "faces, however small (cell).",
                      Patterns::Selection("volume|cell"));
    prm.leave_subsection();

    prm.enter_subsection("Network");
    prm.add_parameter("Length unit",
                      length_unit,
                      "The length, in diameters of the cylinder, that is one "
                      "for the network.",
                      Patterns::Double(1e-3, 1e3));
    prm.add_parameter("Stream function",
                      stream_function,
                      "Let the velocity be the curl of one output of the "
                      "network, so that it has no divergence.");
    prm.leave_subsection();

    prm.enter_subsection("Evaluation");
    prm.add_parameter("Figures interval",
                      figures_interval,
                      "Seconds of training after which drag, lift and "
                      "pressure difference of the surrogate are written to "
                      "figures.csv, again and again; the clock of training "
                      "stands still meanwhile. 0 for never.",
                      Patterns::Double(0.));
    prm.leave_subsection();
  }



  void
  FlowParameters::check() const
  {
    reference.check();
    TrainingRunParameters::check();
  }
} // namespace derl
