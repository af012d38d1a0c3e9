// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>
#include <derl/base/objective_function.h>

#include <derl/optimization/optimizers.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "minimization_run.h"
#include "damped_system.h"
#include "finite_point.h"

namespace derl
{
  using namespace dealii;

  void
  LevenbergMarquardt::Parameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Initial damping",
                      initial_damping,
                      "Damping of the first step relative to the scale of the "
                      "normal matrix.",
                      Patterns::Double(0.));
    prm.add_parameter("Acceleration limit",
                      acceleration_limit,
                      "A geodesic acceleration is used if twice its length is "
                      "at most this multiple of the step's; 0 for none.",
                      Patterns::Double(0.));
    prm.add_parameter("Acceleration step",
                      acceleration_step,
                      "Multiple of the step after which residuals are compared "
                      "to find their second derivative.",
                      Patterns::Double(0., 1.));
    prm.add_parameter("Maximal refused steps",
                      max_refused_steps,
                      "Refused steps in a row after which to stop.",
                      Patterns::Integer(1));
    prm.add_parameter("Maximal matrix size",
                      max_matrix_size,
                      "If there are more parameters and more residuals than "
                      "this, systems are solved by conjugate gradients without "
                      "a matrix.",
                      Patterns::Integer(0));
    prm.add_parameter("Linear tolerance",
                      linear_tolerance,
                      "Relative residual at which conjugate gradients stop.",
                      Patterns::Double(0., 1.));
    prm.add_parameter("Maximal linear iterations",
                      max_linear_iterations,
                      "Conjugate gradient iterations after which a step is "
                      "tried as it is.",
                      Patterns::Integer(1));
  }



  void
  LevenbergMarquardt::Parameters::check() const
  {
    AssertThrow(initial_damping > 0. && std::isfinite(initial_damping),
                ExcMessage("The initial damping of the method of Levenberg and "
                           "Marquardt must be positive."));
    AssertThrow(acceleration_limit >= 0.,
                ExcMessage("The limit of the geodesic acceleration must not be "
                           "negative. Give 0 for no acceleration."));
    AssertThrow(acceleration_step > 0. && acceleration_step <= 1.,
                ExcMessage("The step for the geodesic acceleration must be "
                           "above 0 and at most 1."));
    AssertThrow(max_refused_steps > 0,
                ExcMessage("The method of Levenberg and Marquardt needs at "
                           "least one refused step before it gives up."));
    AssertThrow(linear_tolerance > 0. && linear_tolerance < 1.,
                ExcMessage("The relative tolerance of the linear systems must "
                           "lie between 0 and 1."));
    AssertThrow(max_linear_iterations > 0,
                ExcMessage("Conjugate gradients need at least one iteration."));
  }



  LevenbergMarquardt::LevenbergMarquardt(const Parameters &parameters)
    : parameters(parameters)
  {
    parameters.check();
  }



  std::string
  LevenbergMarquardt::name() const
  {
    return method_name;
  }



  double
  LevenbergMarquardt::memory_consumption(const unsigned int n_parameters) const
  {
    const double n = std::min(n_parameters, parameters.max_matrix_size);
    return sizeof(double) * (2. * n * n + 8. * n_parameters);
  }



  OptimizationResult
  LevenbergMarquardt::minimize(ObjectiveFunction      &objective,
                               Vector<double>         &x,
                               const StoppingCriteria &criteria,
                               const Observer         &observer,
                               CheckpointReader       *restart)
  {
    auto *const squares = dynamic_cast<LeastSquaresObjective *>(&objective);
    AssertThrow(squares != nullptr,
                ExcMessage("The method of Levenberg and Marquardt needs an "
                           "objective that is a sum of squares. Choose "
                           "another method."));

    Vector<double> residuals, new_residuals, second_derivative, tangent;
    Vector<double> gradient, step(x.size()), acceleration, x_new;
    double         damping = 0., step_length = 0.;

    const MinimizationRun::State state = [&](CheckpointArchive &archive) {
      archive("Levenberg-Marquardt/damping", damping);
      archive("Levenberg-Marquardt/step length", step_length);
    };
    MinimizationRun run(
      objective, x, criteria, observer, name(), state, restart);

    const auto evaluate = [&](const Vector<double> &point, Vector<double> &r) {
      run.add_evaluations(1);
      return value_at(point, squares->residuals(point, r));
    };
    const auto linearize = [&]() {
      squares->linearize(x);
      squares->apply_transposed_jacobian(residuals, gradient);
      gradient *= 2.;
    };

    double value = evaluate(x, residuals);
    linearize();
    if (restart == nullptr)
      damping = parameters.initial_damping * gradient.norm_sqr() / (4. * value);

    auto system = make_damped_system(*squares, parameters);
    while (true)
      {
        if (const auto reason = run.report(value, gradient, step_length))
          return run.finish(*reason, gradient);
        if (run.objective_has_changed())
          {
            value = evaluate(x, residuals);
            linearize();
            // the number of rows may be another one
            system = make_damped_system(*squares, parameters);
          }
        system->assemble();

        double       growth    = 2.;
        unsigned int n_refused = 0;
        for (bool accepted = false; !accepted;)
          {
            double new_value = std::numeric_limits<double>::infinity();
            double gain      = 0.;
            if (system->factorize(damping))
              {
                system->solve(residuals, step);
                const double length = step.l2_norm();
                const double promised =
                  damping * length * length - 0.5 * (step * gradient);

                bool accelerate = false;
                if (parameters.acceleration_limit > 0.)
                  {
                    const double h = parameters.acceleration_step;
                    x_new          = x;
                    x_new.add(h, step);
                    if (std::isfinite(evaluate(x_new, second_derivative)))
                      {
                        run_collectively(squares->get_communicator(), [&]() {
                          squares->apply_jacobian(step, tangent);
                        });
                        second_derivative -= residuals;
                        second_derivative.sadd(2. / (h * h), -2. / h, tangent);
                        system->solve(second_derivative, acceleration);
                        accelerate = 2. * acceleration.l2_norm() <=
                                     parameters.acceleration_limit * length;
                      }
                  }

                if (accelerate)
                  {
                    x_new = x;
                    x_new.add(1., step, 0.5, acceleration);
                    new_value = evaluate(x_new, new_residuals);
                  }
                if (!(new_value < value))
                  {
                    x_new = x;
                    x_new.add(1., step);
                    new_value = evaluate(x_new, new_residuals);
                  }
                gain        = (value - new_value) / promised;
                step_length = length;
              }

            accepted = new_value < value;
            if (!accepted)
              {
                if (++n_refused == parameters.max_refused_steps)
                  return run.finish(StopReason::steps_refused, gradient);
                damping *= growth;
                growth *= 2.;
              }
            else if (gain > 0.9)
              damping /= 9.;
            else if (gain > 0.25)
              damping /= 3.;
            if (accepted)
              value = new_value;
          }
        x.swap(x_new);
        residuals.swap(new_residuals);
        linearize();
      }
  }
} // namespace derl
