// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/optimization/adam.h>

#include <cmath>

namespace derl
{
  using namespace dealii;

  void
  Adam::Parameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Learning rate",
                      learning_rate,
                      "Step length in the first epoch.",
                      Patterns::Double(0.));
    prm.add_parameter("Decay per epoch",
                      decay_per_epoch,
                      "Factor on the step length after each epoch.",
                      Patterns::Double(0., 1.));
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
    AssertThrow(decay_per_epoch > 0. && decay_per_epoch <= 1.,
                ExcMessage("The decay per epoch of Adam must be above 0 and at "
                           "most 1."));
    AssertThrow(beta_1 >= 0. && beta_1 < 1. && beta_2 >= 0. && beta_2 < 1.,
                ExcMessage("The constants beta of Adam must be at least 0 and "
                           "below 1."));
    AssertThrow(epsilon > 0.,
                ExcMessage("The constant epsilon of Adam must be positive."));
  }



  Adam::Adam(const Parameters &parameters)
    : parameters(parameters)
  {
    parameters.check();
  }



  std::string
  Adam::name() const
  {
    return "Adam";
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

    for (unsigned int step = run.iteration();; ++step)
      {
        const double correction_1 = 1. - std::pow(parameters.beta_1, step + 1.);
        const double correction_2 = 1. - std::pow(parameters.beta_2, step + 1.);
        rate                      = parameters.learning_rate *
               std::pow(parameters.decay_per_epoch, step / n_batches);

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
      }
  }
} // namespace derl
