// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/data/resampling.h>

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



  Validation::Validation(const Surrogate            &surrogate,
                         const ValidationParameters &parameters,
                         const MPI_Comm             &communicator)
    : parameters(parameters)
    , communicator(communicator)
    , held_out(surrogate, communicator)
  {
    parameters.check();
  }



  bool
  Validation::is_active() const
  {
    return parameters.fraction > 0.;
  }



  std::unique_ptr<const Term>
  Validation::hold_out_from(std::unique_ptr<const Term> term)
  {
    if (!is_active())
      return term;

    auto table = tables.find(term->samples());
    if (table == tables.end())
      {
        auto parts = hold_out(
          communicator, *term->samples(), parameters.fraction, parameters.seed);
        table = tables
                  .emplace(
                    term->samples(),
                    std::make_pair(
                      std::make_shared<const Samples>(std::move(parts.first)),
                      std::make_shared<const Samples>(std::move(parts.second))))
                  .first;
      }
    held_out.add_term(term->clone_on(table->second.second));
    return term->clone_on(table->second.first);
  }



  void
  Validation::start(const std::vector<SumOfSquares::TermValue> &terms)
  {
    tables.clear();
    is_checked         = false;
    last               = std::numeric_limits<double>::max();
    last_iteration     = 0;
    n_fruitless_checks = 0;
    if (is_active())
      {
        std::vector<double> weights;
        for (const auto &term : terms)
          weights.push_back(term.weight);
        held_out.set_weights(weights);
      }
  }



  void
  Validation::check_once(const IterationState &state, BestParameters &best)
  {
    if (is_checked && last_iteration == state.iteration)
      return;
    ++n_fruitless_checks;
    is_checked = true;
    last       = held_out.residuals(state.x, residuals);
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



  std::uint64_t
  Validation::n_samples() const
  {
    return held_out.n_samples();
  }
} // namespace derl
