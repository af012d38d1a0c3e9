// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/data/samples.h>

#include <derl/training/trainer.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "../base/checkpoint.h"
#include "../base/communication.h"
#include "format.h"
#include "loss_trend.h"
#include "training_log.h"
#include "training_observers.h"
#include "validation.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * Relative decrease of the loss over the last tenth of the iterations that
     * a user is told of: with ten times as many steps of this size, as a run of
     * twice the length makes, the loss would fall by half.
     */
    constexpr double notable_decrease = 0.05;

  } // namespace



  Trainer::Trainer(Surrogate                &surrogate,
                   const TrainingParameters &parameters,
                   const MPI_Comm           &communicator,
                   const ConditionalOStream &progress)
    : surrogate(surrogate)
    , parameters(parameters)
    , communicator(communicator)
    , progress(progress)
    , is_trained(surrogate.components.size(), false)
    , has_values(surrogate.components.size(), false)
    , sum_of_squares(surrogate,
                     communicator,
                     parameters.precision == "single"
                       ? Precision::single_precision
                       : Precision::double_precision)
    , validation(
        std::make_unique<Validation>(sum_of_squares, parameters.validation))
  {
    parameters.check();
    check_training_memory(communicator, surrogate.architecture, parameters);
  }



  Trainer::~Trainer() = default;



  void
  Trainer::add_term(const std::string                     &name,
                    const std::shared_ptr<const Samples>  &samples,
                    const std::shared_ptr<const Residual> &residual,
                    const double                           weight)
  {
    sum_of_squares.add_term({name, samples, residual, weight});
    if (weight > 0.)
      for (const JetEntry &entry :
           residual
             ->bind(names(), {samples->columns(), samples->auxiliary_names()})
             .entries)
        {
          is_trained[entry.component] = true;
          if (order(entry.derivative) == 0)
            has_values[entry.component] = true;
        }
  }



  void
  Trainer::replace_samples(const std::string                    &name,
                           const std::shared_ptr<const Samples> &samples)
  {
    const auto old_samples = sum_of_squares.replace_samples(name, samples);
    warn_of_forgetting(name, *old_samples, *samples);
    // a surrogate without a box was never trained
    if (!surrogate.provenance.box_lower.empty())
      merge_box();
  }



  void
  Trainer::warn_of_forgetting(const std::string &name,
                              const Samples     &before,
                              const Samples     &after)
  {
    const auto old_box = bounding_box(communicator, {&before});
    const auto new_box = bounding_box(communicator, {&after});
    for (unsigned int d = 0; d < surrogate.coordinates.size(); ++d)
      {
        const double left = std::max(0., new_box.first[d] - old_box.first[d]) +
                            std::max(0., old_box.second[d] - new_box.second[d]);
        if (left > 0.1 * (old_box.second[d] - old_box.first[d]))
          progress << "Warning: the new samples of '" << name
                   << "' leave out a part of the old ones' range in "
                   << surrogate.coordinates[d]
                   << ". The surrogate will forget it. Keep some of them "
                      "(SampleReservoir), or add samples of a teacher there."
                   << std::endl;
      }
  }



  void
  Trainer::merge_box()
  {
    auto [lower, upper]    = sum_of_squares.bounding_box();
    Provenance &provenance = surrogate.provenance;
    for (unsigned int d = 0; d < provenance.box_lower.size(); ++d)
      {
        lower[d] = std::min(lower[d], provenance.box_lower[d]);
        upper[d] = std::max(upper[d], provenance.box_upper[d]);
      }
    provenance.box_lower = lower;
    provenance.box_upper = upper;
  }



  void
  Trainer::write_log_to(const std::string &path)
  {
    log_path = path;
  }



  void
  Trainer::write_checkpoints_to(const std::string &path,
                                const std::string &model_path)
  {
    checkpoint_path  = path;
    this->model_path = model_path;
  }



  void
  Trainer::restart()
  {
    is_restart = true;
  }



  void
  Trainer::stop_on_signals()
  {
    catches_signals = true;
  }



  void
  Trainer::observe(const std::function<void(const IterationState &)> &observer)
  {
    this->observer = observer;
  }



  void
  Trainer::set_penalty(const Vector<double> &center,
                       const Vector<double> &factors)
  {
    sum_of_squares.set_penalty(center, factors);
  }



  const SumOfSquares &
  Trainer::objective() const
  {
    return sum_of_squares;
  }



  FieldNames
  Trainer::names() const
  {
    return surrogate.names();
  }



  void
  Trainer::keep(const BestParameters &best,
                Vector<double>       &x,
                OptimizationResult   &result)
  {
    if (best.iteration() != result.iterations)
      {
        x = best.parameters();
        Vector<double> gradient;
        result.value         = sum_of_squares.value_and_gradient(x, gradient);
        result.gradient_norm = gradient.l2_norm();
        ++result.evaluations;
        progress << "Kept the parameters of iteration " << best.iteration()
                 << ", loss " << format("%.3e", result.value);
        if (validation->is_active())
          progress << ", validation " << format("%.3e", best.value());
        progress << std::endl;
      }
    surrogate.parameters = x;
    surrogate.provenance.terms.clear();
    for (const auto &term : sum_of_squares.term_values())
      surrogate.provenance.terms.push_back(
        {term.name, term.weight, term.value});
  }



  void
  Trainer::fail(const BestParameters &best)
  {
    std::string text = "Training diverged: the objective is no longer a finite "
                       "number. ";
    if (!best.is_found())
      text += "It was not at the start: take other parameters to start from.";
    else
      {
        text += "The surrogate keeps the parameters of iteration " +
                std::to_string(best.iteration()) + ", the best before";
        if (!model_path.empty())
          {
            try
              {
                derl::save(communicator, model_path, surrogate);
                text += ", and is saved in '" + model_path + "'";
              }
            catch (const AgreedError &error)
              {
                text += std::string(", but is not saved: ") + error.what();
              }
          }
        text += ". Use a smaller step or learning rate, or a method with a "
                "line search.";
      }
    throw TrainingDiverged(text);
  }



  void
  Trainer::show_advice(const double              decrease,
                       const BestParameters     &best,
                       const OptimizationResult &result)
  {
    const bool is_limit = result.reason == StopReason::iteration_limit ||
                          result.reason == StopReason::time_limit;
    // on samples that were held out the loss may fall no longer
    const bool is_fitting = best.iteration() >= 0.9 * result.iterations;
    if (is_limit && is_fitting && decrease > notable_decrease)
      progress << "The loss was still falling, by "
               << format("%.0f", 100. * decrease)
               << "% over the last tenth of the iterations: a larger '"
               << (result.reason == StopReason::time_limit
                     ? "Maximal time"
                     : "Maximal number of iterations")
               << "' would lower it further." << std::endl;
  }



  OptimizationResult
  Trainer::minimize(Optimizer                             &optimizer,
                    Vector<double>                        &x,
                    const std::vector<TrainingObserver *> &observers,
                    TrainingLog                           &log,
                    CheckpointReader                      *checkpoint)
  {
    const CommunicationCount sent_before = communication_count();
    const OptimizationResult result      = optimizer.minimize(
      sum_of_squares,
      x,
      parameters.stopping,
      [&](const IterationState &state) {
        const unsigned int revision = sum_of_squares.revision();
        const auto         reason   = observe_all(observers, state);
        if (sum_of_squares.revision() != revision)
          for (TrainingObserver *const observer : observers)
            observer->forget(state);
        return reason;
      },
      checkpoint);
    const CommunicationCount sent = communication_count() - sent_before;

    const std::function<void(CheckpointWriter &)> nothing_to_save;
    const IterationState                          last{result.iterations,
                              result.evaluations,
                              result.value,
                              result.gradient_norm,
                              0.,
                              result.seconds,
                              x,
                              nothing_to_save};
    for (TrainingObserver *const observer : observers)
      observer->finish(last);
    log.show_end(result, sent);
    return result;
  }



  TrainingResult
  Trainer::train()
  {
    const auto checkpoint = open_checkpoint();
    prepare(checkpoint == nullptr);
    BestParameters best(surrogate.parameters);
    if (checkpoint != nullptr)
      exchange_findings(CheckpointArchive(*checkpoint), best);
    const auto optimizer = make_optimizer(
      parameters.optimizer, communicator, [&](const std::string &text) {
        progress << text << std::endl;
      });
    surrogate.provenance.optimizer = optimizer->name();

    BestKeeper  keeper(best, *validation, sum_of_squares.n_batches() > 1);
    TrainingLog log(communicator,
                    progress,
                    log_path,
                    parameters.log_interval,
                    sum_of_squares,
                    *validation,
                    parameters.stopping,
                    checkpoint.get());
    SignalWatch signals(communicator, progress, catches_signals);
    CheckpointSchedule checkpoints(
      communicator,
      parameters.checkpoint_interval,
      parameters.checkpoint_iterations,
      signals,
      [&](const IterationState &state) { save_checkpoint(state, best); });
    UserObserver user(sum_of_squares, observer);
    LossTrend    trend;

    // what is written of a point includes what was found there before
    std::vector<TrainingObserver *> observers = {
      &keeper, &log, &signals, &trend};
    if (!checkpoint_path.empty())
      observers.push_back(&checkpoints);
    if (observer)
      observers.push_back(&user);

    log.show_header(optimizer->name());
    Vector<double>     x = surrogate.parameters;
    OptimizationResult result =
      minimize(*optimizer, x, observers, log, checkpoint.get());
    surrogate.provenance.optimizer = optimizer->name();
    keep(best, x, result);
    if (result.reason == StopReason::non_finite_value)
      fail(best);
    const auto terms   = sum_of_squares.term_values();
    const auto misfits = sum_of_squares.misfits(surrogate.parameters);
    log.show_misfits(misfits);
    show_advice(trend.decrease(), best, result);
    return {result,
            terms,
            misfits,
            result.seconds,
            best.iteration(),
            validation->is_active() ? best.value()
                                    : std::numeric_limits<double>::quiet_NaN()};
  }
} // namespace derl
