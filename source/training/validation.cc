// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/training/validation.h>

#include <deal.II/base/exceptions.h>

#include <cmath>
#include <limits>

namespace derl
{
  using namespace dealii;

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
                      "Checks without a new lowest value on the held-out "
                      "samples after which training stops; the parameters with "
                      "the lowest value are kept.",
                      Patterns::Integer(1));
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
    return parameters.fraction > 0.;
  }



  void
  Validation::start()
  {
    if (is_active())
      objective.hold_out(parameters.fraction, parameters.seed);
    is_checked         = false;
    last               = std::numeric_limits<double>::max();
    last_iteration     = 0;
    n_fruitless_checks = 0;
  }



  void
  Validation::check_once(const IterationState &state, BestParameters &best)
  {
    if (is_checked && last_iteration == state.iteration)
      return;
    ++n_fruitless_checks;
    is_checked = true;
    last       = objective.held_out_value(state.x);
    // checkpoints hold finite numbers only
    if (!std::isfinite(last))
      last = std::numeric_limits<double>::max();
    last_iteration = state.iteration;
    if (best.offer(last, state))
      n_fruitless_checks = 0;
  }



  std::optional<StopReason>
  Validation::observe(const IterationState &state, BestParameters &best)
  {
    if (state.iteration % parameters.interval == 0)
      check_once(state, best);
    if (n_fruitless_checks >= parameters.patience)
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
    archive("validation/fruitless checks", n_fruitless_checks);
  }



  double
  Validation::last_value() const
  {
    return last;
  }
} // namespace derl
