// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "heat_series_parameters.h"

namespace derl
{
  using namespace dealii;

  HeatSeriesParameters::HeatSeriesParameters()
  {
    training.stopping.max_iterations = 1000;
  }



  void
  HeatSeriesParameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Output folder",
                      output_folder,
                      "Folder for all results; it is created if necessary.");

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
    prm.add_parameter("Random seed",
                      seed,
                      "Seed of the choice of samples.",
                      Patterns::Integer(0));
    prm.leave_subsection();

    prm.enter_subsection("Network");
    network.declare_parameters(prm);
    prm.leave_subsection();

    prm.enter_subsection("Training");
    prm.add_parameter(
      "Terms",
      terms,
      "The objective, as 'name: weight' pairs: mean squared mismatch of the "
      "first derivatives in space and time at the samples in the domain, of "
      "the value there, of the values at the boundary, and at the initial "
      "time.",
      Patterns::Map(Patterns::Selection("derivatives|value|boundary|initial"),
                    Patterns::Double(0.),
                    1));
    training.declare_parameters(prm);
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
