// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "validation.h"

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /** Values that differ by less tell nothing. */
    constexpr double notable_change = 1e-3;
  } // namespace



  void
  ValidationParameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Validation fraction",
                      fraction,
                      "Share of the samples that is held out to find the best "
                      "parameters and the right moment to stop; 0 for none.",
                      Patterns::Double(0., 0.9));
    prm.add_parameter("Validation seed",
                      seed,
                      "Seed of the choice of these samples.",
                      Patterns::Integer(0));
    prm.add_parameter("Validation interval",
                      interval,
                      "Iterations between two checks on the held-out samples.",
                      Patterns::Integer(1));
    prm.add_parameter("Validation patience",
                      patience,
                      "Checks without a value on the held-out samples that is "
                      "lower than before by a thousandth, after which training "
                      "stops; the parameters with the lowest value are kept.",
                      Patterns::Integer(1));
    prm.add_parameter("Validation patience factor",
                      patience_factor,
                      "It stops only if these checks are also this many times "
                      "as many as there were before them.",
                      Patterns::Double(0.));
  }



  void
  ValidationParameters::check() const
  {
    AssertThrow(fraction >= 0. && fraction < 1.,
                ExcMessage("The validation fraction must be at least 0 and "
                           "below 1."));
    AssertThrow(interval > 0 && patience > 0,
                ExcMessage("The interval and the patience of validation must "
                           "be at least 1."));
    AssertThrow(patience_factor >= 0.,
                ExcMessage("The patience factor of validation must not be "
                           "negative."));
  }



  Validation::Validation(SumOfSquares               &objective,
                         const ValidationParameters &parameters)
    : objective(objective)
    , parameters(parameters)
  {
    parameters.check();
  }



  bool
  Validation::is_active() const
  {
    return parameters.fraction > 0. || objective.n_held_out_samples() > 0;
  }



  void
  Validation::start()
  {
    if (parameters.fraction > 0.)
      objective.hold_out(parameters.fraction, parameters.seed);
    forget();
  }



  void
  Validation::forget()
  {
    is_checked     = false;
    last           = std::numeric_limits<double>::max();
    lowest         = last;
    last_iteration = 0;
    n_checks       = 0;
    progress       = last;
    progress_check = 0;
  }



  void
  Validation::check_once(const IterationState &state, BestParameters &best)
  {
    if (is_checked && last_iteration == state.iteration)
      return;
    ++n_checks;
    is_checked = true;
    last       = objective.held_out_value(state.x);
    // checkpoints hold finite numbers only
    if (!std::isfinite(last))
      last = std::numeric_limits<double>::max();
    last_iteration = state.iteration;
    if (last < (1. - notable_change) * progress)
      {
        progress       = last;
        progress_check = n_checks;
      }
    if (last <= (1. + notable_change) * lowest)
      best.replace(last, state);
    lowest = std::min(lowest, last);
  }



  std::optional<StopReason>
  Validation::observe(const IterationState &state, BestParameters &best)
  {
    if (state.iteration % parameters.interval == 0)
      check_once(state, best);
    if (n_checks - progress_check >=
        parameters.patience + parameters.patience_factor * progress_check)
      return StopReason::validation;
    return {};
  }



  void
  Validation::observe_last(const IterationState &state, BestParameters &best)
  {
    check_once(state, best);
  }



  void
  Validation::exchange(CheckpointArchive &archive)
  {
    archive("validation/is checked", is_checked);
    archive("validation/last value", last);
    archive("validation/last iteration", last_iteration);
    archive("validation/lowest value", lowest);
    archive("validation/checks", n_checks);
    archive("validation/progress", progress);
    archive("validation/check of progress", progress_check);
  }



  double
  Validation::last_value() const
  {
    return last;
  }
} // namespace derl
