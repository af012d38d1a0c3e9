// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "heat_series_parameters.h"

namespace derl
{
  using namespace dealii;

  HeatSeriesParameters::HeatSeriesParameters()
    : TrainingRunParameters(
        "output/heat_series",
        "domain: gradient: 1; boundary: value: 1; initial: value: 1",
        {"domain", "boundary", "initial"},
        "mean squared mismatch of the gradient in space and time at the "
        "samples "
        "in the domain, of the value there, at the boundary, and at the "
        "initial "
        "time.")
  {
  }



  void
  HeatSeriesParameters::declare_problem(ParameterHandler &prm)
  {
    prm.enter_subsection("Reference");
    reference.declare_parameters(prm);
    prm.leave_subsection();

    prm.enter_subsection("Samples");
    prm.add_parameter("Gauss points per direction",
                      n_gauss_points,
                      "Gauss points per direction in a cell or face. The "
                      "gradient of elements of degree p is most accurate at p "
                      "of them.",
                      Patterns::Integer(1, 20));
    prm.add_parameter("Maximal number",
                      n_max_samples,
                      "The most samples in the domain, of all steps and ranks "
                      "together, that are kept in memory.",
                      Patterns::Integer(1));
    prm.add_parameter("Maximal number at the boundary",
                      n_max_boundary_samples,
                      "The same for samples at the boundary.",
                      Patterns::Integer(1));
    prm.add_parameter("Number at the initial time",
                      n_initial_samples,
                      "Size of the subset of samples at the initial time.",
                      Patterns::Integer(1));
    prm.add_parameter("Selection",
                      selection,
                      "Which samples are kept more likely than others: none, "
                      "so that equal volumes of space and time have equally "
                      "many (volume); or those in small cells, so that the "
                      "mesh, which is fine where its estimated error is large, "
                      "chooses (cell). Weights make up for it: means are over "
                      "volumes in both cases.",
                      Patterns::Selection("volume|cell"));
    prm.add_parameter("Random seed",
                      seed,
                      "Seed of the choice of samples.",
                      Patterns::Integer(0));
    prm.leave_subsection();

    prm.enter_subsection("Evaluation");
    prm.add_parameter("Frames",
                      n_frames,
                      "At as many times, equally spaced, fields and pictures "
                      "are written to the folders frame_1, frame_2, ...",
                      Patterns::Integer(0, 1000));
    prm.leave_subsection();
  }
} // namespace derl
