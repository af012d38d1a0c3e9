// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/optimization/optimizers.h>

#include <deal.II/base/numbers.h>

#include <algorithm>
#include <cmath>

#include "../base/choices.h"
#include "../base/reproducible_math.h"
#include "minimization_run.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * The factor on the step length at a time in units of the schedule length,
     * when it shall have fallen by @p decay at time 1.
     */
    using Schedule = double (*)(const double decay, const double time);

    const Choices<Schedule> &
    schedules()
    {
      static const Choices<Schedule> table(
        "schedule",
        {{"constant", [](const double, const double) { return 1.; }},
         {"step",
          [](const double decay, const double time) {
            return reproducible_power(decay, std::floor(time));
          }},
         {"exponential",
          [](const double decay, const double time) {
            return reproducible_power(decay, time);
          }},
         {"cosine", [](const double decay, const double time) {
            const double angle = numbers::PI * std::min(time, 1.);
            return decay +
                   (1. - decay) / 2. * (1. + reproducible_cosine(angle));
          }}});
      return table;
    }
  } // namespace



  void
  Adam::Parameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Learning rate",
                      learning_rate,
                      "Step length before the schedule makes it shorter.",
                      Patterns::Double(0.));
    prm.add_parameter("Schedule",
                      schedule,
                      "How the step length falls by the decay factor: not at "
                      "all (constant), at once after each schedule length "
                      "(step), evenly over each schedule length (exponential), "
                      "or once along half a cosine (cosine).",
                      schedules().pattern());
    prm.add_parameter("Schedule length",
                      schedule_length,
                      "Number of iterations in which the step length falls by "
                      "the decay factor; 0 for the maximal number of "
                      "iterations.",
                      Patterns::Integer(0));
    prm.add_parameter("Decay factor",
                      decay_factor,
                      "Factor on the step length after the schedule length.",
                      Patterns::Double(0., 1.));
    prm.add_parameter("Warm-up",
                      warm_up,
                      "Number of iterations over which the step length grows "
                      "linearly to what the schedule says.",
                      Patterns::Integer(0));
    prm.add_parameter("Gradient clipping",
                      gradient_clipping,
                      "Gradients with a larger Euclidean norm are shortened to "
                      "this; 0 for never.",
                      Patterns::Double(0.));
    prm.add_parameter("Beta 1",
                      beta_1,
                      "Decay of the mean of the gradient.",
                      Patterns::Double(0., 1.));
    prm.add_parameter("Beta 2",
                      beta_2,
                      "Decay of the mean of the squared gradient.",
                      Patterns::Double(0., 1.));
    prm.add_parameter("Epsilon",
                      epsilon,
                      "Added to the root of the mean squared gradient.",
                      Patterns::Double(0.));
  }



  void
  Adam::Parameters::check() const
  {
    AssertThrow(learning_rate > 0. && std::isfinite(learning_rate),
                ExcMessage("The learning rate of Adam must be positive."));
    schedules().at(schedule);
    AssertThrow(decay_factor >= 0. && decay_factor <= 1.,
                ExcMessage("The decay factor of Adam must lie between 0 and "
                           "1."));
    AssertThrow(gradient_clipping >= 0.,
                ExcMessage("The gradient clipping of Adam must not be "
                           "negative. Give 0 for none."));
    AssertThrow(beta_1 >= 0. && beta_1 < 1. && beta_2 >= 0. && beta_2 < 1.,
                ExcMessage("The constants beta of Adam must be at least 0 and "
                           "below 1."));
    AssertThrow(epsilon > 0.,
                ExcMessage("The constant epsilon of Adam must be positive."));
  }



  double
  Adam::Parameters::step_length(const unsigned int iteration,
                                const unsigned int max_iterations) const
  {
    const unsigned int length =
      std::max(schedule_length > 0 ? schedule_length : max_iterations, 1u);
    double factor =
      schedules().at(schedule)(decay_factor, double(iteration) / length);
    if (iteration < warm_up)
      factor *= (iteration + 1.) / warm_up;
    return learning_rate * factor;
  }



  Adam::Adam(const Parameters &parameters)
    : parameters(parameters)
  {
    parameters.check();
  }



  std::string
  Adam::name() const
  {
    return method_name;
  }



  double
  Adam::memory_consumption(const unsigned int n_parameters) const
  {
    return 4. * n_parameters * sizeof(double);
  }



  OptimizationResult
  Adam::minimize(ObjectiveFunction      &objective,
                 Vector<double>         &x,
                 const StoppingCriteria &criteria,
                 const Observer         &observer,
                 CheckpointReader       *restart)
  {
    const unsigned int n = x.size();
    Vector<double>     gradient(n), mean(n), mean_square(n), previous_x(n);
    double             rate = 0.;

    const MinimizationRun::State state = [&](CheckpointArchive &archive) {
      archive("Adam/mean", mean);
      archive("Adam/mean square", mean_square);
      archive("Adam/rate", rate);
    };
    MinimizationRun run(
      objective, x, criteria, observer, name(), state, restart);

    const unsigned int n_batches   = objective.n_batches();
    const bool         has_batches = n_batches > 1;

    const auto evaluate_for_step = [&](const unsigned int step) {
      if (has_batches)
        objective.use_batch(step / n_batches, step % n_batches);
      return run.evaluate(x, gradient);
    };
    const auto finish = [&](const StopReason reason) {
      if (has_batches)
        objective.use_all_samples();
      return run.finish(reason, gradient);
    };

    double value = evaluate_for_step(run.first_iteration());
    if (const auto reason = run.report(value, gradient, rate, has_batches))
      return finish(*reason);
    if (run.objective_has_changed())
      evaluate_for_step(run.iteration());

    for (unsigned int step = run.iteration();; ++step)
      {
        const double correction_1 =
          1. - reproducible_power(parameters.beta_1, step + 1.);
        const double correction_2 =
          1. - reproducible_power(parameters.beta_2, step + 1.);
        rate = parameters.step_length(step, criteria.max_iterations);
        if (parameters.gradient_clipping > 0.)
          gradient *=
            std::min(1., parameters.gradient_clipping / gradient.l2_norm());

        previous_x = x;
        for (unsigned int i = 0; i < n; ++i)
          {
            mean[i] += (1. - parameters.beta_1) * (gradient[i] - mean[i]);
            mean_square[i] =
              parameters.beta_2 * mean_square[i] +
              (1. - parameters.beta_2) * gradient[i] * gradient[i];
            x[i] -=
              rate / correction_1 * mean[i] /
              (std::sqrt(mean_square[i] / correction_2) + parameters.epsilon);
          }

        value = evaluate_for_step(step + 1);
        if (!MinimizationRun::is_finite(value, gradient))
          {
            x = previous_x;
            return finish(StopReason::non_finite_value);
          }
        if (const auto reason = run.report(value, gradient, rate, has_batches))
          return finish(*reason);
        if (run.objective_has_changed())
          evaluate_for_step(step + 1);
      }
  }
} // namespace derl
