// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/objective/terms.h>

#include <derl/training/trainer.h>

#include <cmath>

#include "../base/random.h"
#include "format.h"
#include "validation.h"

namespace derl
{
  using namespace dealii;

  void
  Trainer::show_weights()
  {
    progress << "Weights by " << parameters.term_weights.mode << std::endl;
    for (const auto &term : sum_of_squares.term_values())
      progress << "  " << term.name << ": " << format("%.4e", term.weight)
               << std::endl;
  }



  void
  Trainer::check_derivatives()
  {
    Vector<double> direction(surrogate.parameters.size());
    RandomStream   random(1);
    for (double &entry : direction)
      entry = 2. * random.uniform() - 1.;
    direction /= direction.l2_norm();
    std::vector<double> steps;
    for (int exponent = 0; exponent >= -9; --exponent)
      steps.push_back(std::pow(10., exponent));
    progress << "Check of the gradient along a random direction" << std::endl
             << difference_table(sum_of_squares.check_gradient(
                  surrogate.parameters, direction, steps))
             << "Check of the Jacobian times the same direction (norms)"
             << std::endl
             << difference_table(sum_of_squares.check_jacobian(
                  surrogate.parameters, direction, steps))
             << std::flush;
  }



  void
  Trainer::check_components()
  {
    for (unsigned int c = 0; c < is_trained.size(); ++c)
      if (!is_trained[c])
        progress << "Warning: no term trains the component '"
                 << surrogate.components[c]
                 << "', so that its values mean nothing. Add a term for it, or "
                    "leave it out of the surrogate."
                 << std::endl;
      else if (!has_values[c])
        progress << "Warning: the terms know only derivatives of the component "
                    "'"
                 << surrogate.components[c]
                 << "', so that a constant is undetermined. Add a term with "
                    "its values, on the boundary for example."
                 << std::endl;
  }



  bool
  Trainer::is_scaled_automatically() const
  {
    // a surrogate that was trained is another function with another scaling
    return parameters.scaling == "automatic" &&
           surrogate.output_map.is_identity() &&
           (has_automatic_scaling ||
            (surrogate.provenance.box_lower.empty() &&
             surrogate.scaling ==
               Scaling::identity(surrogate.coordinates.size(),
                                 surrogate.components.size())));
  }



  void
  Trainer::set_scaling()
  {
    if (has_automatic_scaling || !is_scaled_automatically())
      return;
    has_automatic_scaling = true;
    surrogate.scaling     = automatic_scaling(
      communicator, surrogate.components.size(), sum_of_squares.tables());
    const Scaling &scaling = surrogate.scaling;
    progress << "Units of the network:";
    for (unsigned int d = 0; d < surrogate.coordinates.size(); ++d)
      progress << ' ' << surrogate.coordinates[d] << ' '
               << format("%.3g", scaling.input_scale[d]);
    for (unsigned int c = 0; c < surrogate.components.size(); ++c)
      progress << ' ' << surrogate.components[c] << ' '
               << format("%.3g", scaling.output_scale[c]);
    progress << std::endl;
    for (unsigned int c = 0; c < surrogate.components.size(); ++c)
      if (scaling.output_scale[c] < 1e-12)
        progress << "Warning: the observations of the component '"
                 << surrogate.components[c]
                 << "' are so small that they may be the round-off of zero, "
                    "and are taken for its unit. If so, make them zero."
                 << std::endl;
  }



  void
  Trainer::prepare(const bool is_new)
  {
    check_components();
    if (is_new)
      set_scaling();
    surrogate.provenance.n_ranks =
      Utilities::MPI::n_mpi_processes(communicator);
    merge_box();

    // units and weights are those of the samples to train on
    validation->start();
    // by noise levels, which are in the user's units, rows become one
    // themselves
    if (is_new && parameters.scaling == "automatic" &&
        surrogate.output_map.is_identity() &&
        parameters.term_weights.mode != "noise level")
      sum_of_squares.use_network_units(surrogate.parameters);
    if (is_new)
      choose_weights(
        sum_of_squares, surrogate.parameters, parameters.term_weights);
    if (parameters.term_weights.mode != "fixed")
      show_weights();
    if (parameters.check_derivatives)
      check_derivatives();
    if (parameters.batch_size > 0)
      sum_of_squares.set_batch_size(parameters.batch_size,
                                    parameters.batch_seed);
  }
} // namespace derl
