// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>
#include <derl/base/objective_function.h>

#include <algorithm>
#include <cstdio>
#include <limits>

#include "../base/checkpoint.h"
#include "automatic.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    const std::string adam                = Adam::method_name;
    const std::string lbfgs               = LBFGS::method_name;
    const std::string broyden             = SelfScaledBroyden::method_name;
    const std::string levenberg_marquardt = LevenbergMarquardt::method_name;

    std::string
    in_gigabytes(const double bytes)
    {
      char text[32];
      std::snprintf(text, sizeof(text), "%.3g GB", bytes / 1e9);
      return text;
    }
  } // namespace



  AutomaticOptimizer::AutomaticOptimizer(const OptimizerParameters &parameters,
                                         const MPI_Comm mpi_communicator,
                                         const Message &message,
                                         const double   bytes_per_rank)
    : parameters(parameters)
    , mpi_communicator(mpi_communicator)
    , message(message)
    , bytes_per_rank(bytes_per_rank)
  {
    // the parameter "Update" is for those who choose the method themselves
    this->parameters.self_scaled_broyden.update = broyden;
  }



  std::string
  AutomaticOptimizer::name() const
  {
    const std::string automatic = method_name;
    return method.empty() ? automatic : automatic + " (" + method + ")";
  }



  std::unique_ptr<Optimizer>
  AutomaticOptimizer::make(const std::string &name) const
  {
    OptimizerParameters chosen = parameters;
    chosen.method              = name;
    return make_optimizer(chosen, mpi_communicator);
  }



  double
  AutomaticOptimizer::bytes_needed(const std::string &name,
                                   const unsigned int n_parameters) const
  {
    return Utilities::MPI::max(make(name)->memory_consumption(n_parameters),
                               mpi_communicator);
  }



  bool
  AutomaticOptimizer::fits(const double bytes) const
  {
    return bytes <= 0.25 * bytes_per_rank;
  }



  double
  AutomaticOptimizer::memory_consumption(const unsigned int n_parameters) const
  {
    const double bytes = bytes_needed(broyden, n_parameters);
    return fits(bytes) ? bytes : bytes_needed(lbfgs, n_parameters);
  }



  std::string
  AutomaticOptimizer::first_method(const ObjectiveFunction &objective) const
  {
    if (objective.n_batches() > 1)
      {
        message("auto: " + adam + ", since there are mini-batches.");
        return adam;
      }
    const unsigned int n     = objective.n_parameters();
    const double       bytes = bytes_needed(broyden, n);
    const std::string  facts = std::to_string(n) + " parameters: its matrix " +
                              "takes " + in_gigabytes(bytes) + " of " +
                              in_gigabytes(bytes_per_rank) + " per rank.";
    if (fits(bytes))
      {
        message("auto: " + broyden + " for " + facts);
        return broyden;
      }
    message("auto: " + lbfgs + ", since " + broyden + " is too large for " +
            facts);
    return lbfgs;
  }



  OptimizationResult
  AutomaticOptimizer::run(ObjectiveFunction      &objective,
                          Vector<double>         &x,
                          const StoppingCriteria &criteria,
                          const Observer         &observer,
                          Usage                  &used,
                          CheckpointReader       *restart) const
  {
    const Usage      before = used;
    StoppingCriteria rest   = criteria;
    rest.max_iterations -= std::min(criteria.max_iterations, before.iterations);
    if (criteria.max_seconds > 0.)
      rest.max_seconds = std::max(criteria.max_seconds - before.seconds,
                                  std::numeric_limits<double>::min());

    const Observer observe =
      [&](const IterationState &state) -> std::optional<StopReason> {
      used = {before.iterations + state.iteration,
              before.evaluations + state.evaluations,
              before.seconds + state.seconds};
      // the start of a later method was reported as the end of the one before
      if (!observer || (restart == nullptr && state.iteration == 0 &&
                        before.iterations > 0))
        return {};
      const std::function<void(CheckpointWriter &)> save =
        [&](CheckpointWriter &writer) {
          writer.add("auto/method", method);
          writer.add("auto/iterations", std::uint64_t(before.iterations));
          writer.add("auto/evaluations", std::uint64_t(before.evaluations));
          writer.add("auto/seconds", before.seconds);
          state.save(writer);
        };
      return observer({used.iterations,
                       used.evaluations,
                       state.value,
                       state.gradient_norm,
                       state.step_length,
                       used.seconds,
                       state.x,
                       save});
    };
    OptimizationResult result =
      make(method)->minimize(objective, x, rest, observe, restart);
    result.iterations += before.iterations;
    result.evaluations += before.evaluations;
    result.seconds += before.seconds;
    return result;
  }



  OptimizationResult
  AutomaticOptimizer::minimize(ObjectiveFunction      &objective,
                               Vector<double>         &x,
                               const StoppingCriteria &criteria,
                               const Observer         &observer,
                               CheckpointReader       *restart)
  {
    Usage used;
    if (restart != nullptr)
      {
        const unsigned int max = std::numeric_limits<unsigned int>::max() / 4;
        method                 = restart->text("auto/method");
        if (method != broyden && method != levenberg_marquardt &&
            method != "L-BFGS" && method != "Adam")
          throw AgreedError("The checkpoint '" + restart->path() +
                            "' says that 'auto' chose the method '" + method +
                            "', which it does not choose.");
        used.iterations        = restart->integer("auto/iterations", max);
        used.evaluations       = restart->integer("auto/evaluations", max);
        used.seconds           = restart->number("auto/seconds");
        message("auto: going on with " + method + ".");
      }
    else
      method = first_method(objective);

    const OptimizationResult result =
      run(objective, x, criteria, observer, used, restart);

    if (method != broyden || result.reason != StopReason::line_search_failed ||
        dynamic_cast<LeastSquaresObjective *>(&objective) == nullptr ||
        !fits(bytes_needed(levenberg_marquardt, x.size())))
      return result;

    message("auto: " + broyden + " is at its limits, going on with " +
            levenberg_marquardt + ".");
    method           = levenberg_marquardt;
    used.evaluations = result.evaluations;
    used.seconds     = result.seconds;
    return run(objective, x, criteria, observer, used, nullptr);
  }
} // namespace derl
