// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/checkpoint.h>
#include <derl/base/collective.h>
#include <derl/base/communication.h>
#include <derl/base/memory.h>
#include <derl/base/random.h>
#include <derl/base/signals.h>

#include <derl/training/trainer.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iomanip>
#include <limits>
#include <optional>
#include <sstream>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * Doubles per parameter that a training run holds beside the optimizer's:
     * vectors of parameters and gradients, buffers of the reduction, and in
     * the kernel for each of (typically two) tables of samples the weights in
     * two layouts and the gradient per SIMD lane.
     */
    constexpr double numbers_per_parameter = 40;



    /**
     * Width of a term's column in the table of iterations.
     */
    int
    column_width(const std::string &name)
    {
      return std::max<int>(12, name.size() + 2);
    }



    std::string
    format(const char *const specification, const double x)
    {
      char text[64];
      std::snprintf(text, sizeof(text), specification, x);
      return text;
    }
  } // namespace



  void
  TrainingParameters::declare_parameters(ParameterHandler &prm)
  {
    optimizer.declare_parameters(prm);
    stopping.declare_parameters(prm);
    validation.declare_parameters(prm);
    prm.add_parameter("Batch size",
                      batch_size,
                      "Samples per mini-batch over all ranks, for Adam; 0 "
                      "uses all samples in every step.",
                      Patterns::Integer(0));
    prm.add_parameter("Batch seed",
                      batch_seed,
                      "Seed of the random mini-batches.",
                      Patterns::Integer(0));
    prm.add_parameter("Log interval",
                      log_interval,
                      "Show the first ten iterations and every multiple of "
                      "this.",
                      Patterns::Integer(1));
    prm.add_parameter("Checkpoint interval",
                      checkpoint_interval,
                      "Seconds between checkpoints, from which a run that was "
                      "killed can go on; 0 for none.",
                      Patterns::Double(0.));
    prm.add_parameter("Checkpoint iterations",
                      checkpoint_iterations,
                      "Iterations between checkpoints, beside those of the "
                      "interval; 0 for none.",
                      Patterns::Integer(0));
    term_weights.declare_parameters(prm);
    prm.add_parameter("Precision",
                      precision,
                      "Numbers in which the network is evaluated; single is "
                      "faster, but an objective is then known to seven digits "
                      "only.",
                      Patterns::Selection("double|single"));
    prm.add_parameter("Check derivatives",
                      check_derivatives,
                      "Before training, compare gradient and Jacobian along a "
                      "random direction with difference quotients, and show "
                      "the errors for a range of steps.");
  }



  void
  TrainingParameters::check() const
  {
    optimizer.check();
    stopping.check();
    term_weights.check();
    validation.check();
    AssertThrow(batch_size == 0 || optimizer.method == "Adam" ||
                  optimizer.method == "auto",
                ExcMessage("Mini-batches need the optimizer Adam: methods with "
                           "a line search must see all samples. Set 'Batch "
                           "size' to 0 or 'Method' to Adam."));
  }



  void
  check_training_memory(const MPI_Comm           &communicator,
                        const Architecture       &architecture,
                        const TrainingParameters &parameters)
  {
    architecture.check();
    const double n = architecture.n_parameters_as_double();
    check_memory(communicator,
                 sizeof(double) * numbers_per_parameter * n +
                   make_optimizer(parameters.optimizer, communicator)
                     ->memory_consumption(architecture.n_parameters()),
                 "a network of " + format("%.4g", n) +
                   " parameters and the optimizer " +
                   parameters.optimizer.method);
  }



  Trainer::Trainer(Surrogate                &surrogate,
                   const TrainingParameters &parameters,
                   const MPI_Comm           &communicator,
                   const ConditionalOStream &progress)
    : surrogate(surrogate)
    , parameters(parameters)
    , communicator(communicator)
    , progress(progress)
    , sum_of_squares(surrogate,
                     communicator,
                     parameters.precision == "single"
                       ? JetPlan::Precision::single_precision
                       : JetPlan::Precision::double_precision)
    , validation(surrogate, parameters.validation, communicator)
  {
    parameters.check();
    check_training_memory(communicator, surrogate.architecture, parameters);
  }



  void
  Trainer::add_term(std::unique_ptr<const Term> term)
  {
    sum_of_squares.add_term(validation.hold_out_from(std::move(term)));
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



  const SumOfSquares &
  Trainer::objective() const
  {
    return sum_of_squares;
  }



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
  Trainer::log_header(const Optimizer &optimizer)
  {
    progress << "Training " << surrogate.architecture.n_parameters()
             << " parameters on " << sum_of_squares.n_samples()
             << " samples with " << optimizer.name();
    if (validation.is_active())
      progress << ", " << validation.n_samples()
               << " samples held out for validation";
    progress << std::endl
             << std::setw(10) << "iteration" << std::setw(19) << "loss";
    for (const auto &term : sum_of_squares.term_values())
      progress << std::setw(column_width(term.name)) << term.name;
    if (validation.is_active())
      progress << std::setw(12) << "validation";
    progress << std::setw(12) << "|gradient|" << std::setw(9) << "seconds"
             << std::endl;
  }



  void
  Trainer::log_iteration(const IterationState &state)
  {
    const auto terms = sum_of_squares.term_values();
    progress << std::setw(10) << state.iteration << std::setw(19)
             << format("%.11e", state.value);
    for (const auto &term : terms)
      progress << std::setw(column_width(term.name))
               << format("%.3e", term.value);
    if (validation.is_active())
      progress << std::setw(12) << format("%.3e", validation.last_value());
    progress << std::setw(12) << format("%.3e", state.gradient_norm)
             << std::setw(9) << format("%.2f", state.seconds) << std::endl;

    if (log_file.is_open())
      {
        log_file << state.iteration << ',' << state.evaluations << ','
                 << format("%.17g", state.value);
        for (const auto &term : terms)
          log_file << ',' << format("%.17g", term.value);
        if (validation.is_active())
          log_file << ',' << format("%.17g", validation.last_value());
        log_file << ',' << format("%.17g", state.gradient_norm) << ','
                 << format("%.3f", state.seconds) << std::endl;
      }
  }



  void
  Trainer::finish_log()
  {
    run_agreed(communicator, [&]() {
      const bool good = log_file.good();
      if (log_file.is_open())
        {
          log_file.close();
          AssertThrow(good && log_file.good(),
                      ExcMessage("Could not write all of the log '" + log_path +
                                 "'. Is the disk full?"));
        }
    });
  }



  TrainingResult
  Trainer::train()
  {
    const auto box = sum_of_squares.bounding_box();
    surrogate.provenance.n_ranks =
      Utilities::MPI::n_mpi_processes(communicator);
    surrogate.provenance.box_lower = box.first;
    surrogate.provenance.box_upper = box.second;

    const auto checkpoint = open_checkpoint();
    if (checkpoint == nullptr)
      choose_weights(
        sum_of_squares, surrogate.parameters, parameters.term_weights);
    if (parameters.term_weights.mode != "fixed")
      show_weights();
    validation.start(sum_of_squares.term_values());
    if (checkpoint != nullptr)
      {
        CheckpointArchive archive(*checkpoint);
        validation.exchange(archive);
      }
    if (parameters.check_derivatives)
      check_derivatives();

    const auto optimizer = make_optimizer(
      parameters.optimizer, communicator, [&](const std::string &text) {
        progress << text << std::endl;
      });
    surrogate.provenance.optimizer = optimizer->name();
    if (parameters.batch_size > 0)
      sum_of_squares.set_batch_size(parameters.batch_size,
                                    parameters.batch_seed);

    const bool in_batches = sum_of_squares.n_batches() > 1;

    log_header(*optimizer);

    std::optional<SignalCatcher> signals;
    if (catches_signals)
      signals.emplace();

    bool         has_begun       = false;
    unsigned int first_iteration = 0;
    unsigned int last_logged     = 0;
    double       last_checkpoint = 0.;
    const auto   follow =
      [&](const IterationState &state) -> std::optional<StopReason> {
      if (!has_begun)
        {
          has_begun       = true;
          first_iteration = state.iteration;
          last_checkpoint = state.seconds;
          if (checkpoint != nullptr)
            progress << "Going on from iteration " << state.iteration << " of '"
                     << checkpoint->path() << "'" << std::endl;
          open_log(state.iteration);
        }
      const auto wish = validation.observe(state, in_batches);
      if (state.iteration <= 10 ||
          state.iteration % parameters.log_interval == 0)
        {
          log_iteration(state);
          last_logged = state.iteration;
        }

      // the clock is the same on all ranks, and so is the decision
      const std::string signal =
        signals.has_value() ? signals->caught(communicator) : "";
      const bool is_due =
        state.iteration > first_iteration &&
        ((parameters.checkpoint_interval > 0. &&
          state.seconds - last_checkpoint >= parameters.checkpoint_interval) ||
         (parameters.checkpoint_iterations > 0 &&
          state.iteration % parameters.checkpoint_iterations == 0));
      if (!checkpoint_path.empty() && std::isfinite(state.value) &&
          (is_due || !signal.empty()))
        {
          save_checkpoint(state);
          last_checkpoint = state.seconds;
        }
      if (observer)
        {
          sum_of_squares.stop_clock();
          observer(state);
          sum_of_squares.start_clock();
        }
      if (wish || signal.empty())
        return wish;
      progress << "Caught " << signal << ": training stops." << std::endl;
      return StopReason::signal;
    };
    Vector<double>           x            = surrogate.parameters;
    const CommunicationCount sent_before  = communication_count();
    OptimizationResult       optimization = optimizer->minimize(
      sum_of_squares, x, parameters.stopping, follow, checkpoint.get());
    const CommunicationCount sent = communication_count() - sent_before;
    signals.reset();
    const IterationState last{optimization.iterations,
                              optimization.evaluations,
                              optimization.value,
                              optimization.gradient_norm,
                              0.,
                              optimization.seconds,
                              x,
                              {}};
    validation.observe_last(last, in_batches);
    if (optimization.iterations > last_logged)
      log_iteration(last);
    finish_log();
    progress << "Stopped after " << optimization.iterations << " iterations, "
             << optimization.evaluations << " evaluations, "
             << format("%.2f", last.seconds)
             << " s: " << to_string(optimization.reason) << std::endl;
    if (sent.collectives > 0)
      {
        const double n =
          std::max(1u, optimization.iterations - first_iteration);
        progress << "Communication: " << format("%.1f", sent.collectives / n)
                 << " collectives and " << format("%.4g", sent.bytes / n)
                 << " bytes per iteration and rank" << std::endl;
      }
    AssertThrow(optimization.reason != StopReason::non_finite_value,
                ExcMessage("Training diverged: the objective is no longer a "
                           "finite number. Use a smaller step or learning "
                           "rate, or a method with a line search."));

    if (validation.best_iteration() != optimization.iterations)
      {
        x = validation.best_parameters();
        Vector<double> gradient;
        optimization.value = sum_of_squares.value_and_gradient(x, gradient);
        optimization.gradient_norm = gradient.l2_norm();
        ++optimization.evaluations;
        progress << "Kept the parameters of iteration "
                 << validation.best_iteration() << ", loss "
                 << format("%.3e", optimization.value);
        if (validation.is_active())
          progress << ", validation "
                   << format("%.3e", validation.best_value());
        progress << std::endl;
      }

    surrogate.parameters           = x;
    surrogate.provenance.optimizer = optimizer->name();
    surrogate.provenance.terms.clear();
    for (const auto &term : sum_of_squares.term_values())
      surrogate.provenance.terms.push_back(
        {term.name, term.weight, term.value});
    return {optimization,
            sum_of_squares.term_values(),
            last.seconds,
            validation.best_iteration(),
            validation.is_active() ? validation.best_value()
                                   : std::numeric_limits<double>::quiet_NaN()};
  }
} // namespace derl
