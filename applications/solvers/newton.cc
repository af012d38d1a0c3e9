// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <deal.II/base/exceptions.h>
#include <deal.II/base/patterns.h>

#include <solvers/newton.h>

#include <algorithm>

namespace derl
{
  using namespace dealii;

  void
  NewtonOptions::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Newton relative tolerance",
                      relative_tolerance,
                      "Newton's method stops when the l2 norm of the residual "
                      "vector is below this multiple of its norm at u=0.",
                      Patterns::Double(0., 0.1));
    prm.add_parameter("Newton absolute tolerance",
                      absolute_tolerance,
                      "Newton's method stops when the l2 norm of the residual "
                      "vector is below this number.",
                      Patterns::Double(0., 1.));
    prm.add_parameter("Maximal Newton steps",
                      n_max_steps,
                      "The number of Newton steps in one solve after which "
                      "the solver gives up.",
                      Patterns::Integer(1, 1000));
  }



  void
  NewtonOptions::check() const
  {
    AssertThrow(relative_tolerance >= 0. && absolute_tolerance >= 0. &&
                  relative_tolerance + absolute_tolerance > 0.,
                ExcMessage("'Newton relative tolerance' and 'Newton absolute "
                           "tolerance' must not be negative, and at least one "
                           "of them must be positive; otherwise Newton's "
                           "method never stops."));
  }



  unsigned int
  NewtonLog::n_steps() const
  {
    return steps.size() - 1;
  }



  unsigned int
  NewtonLog::n_damped_steps() const
  {
    return std::count_if(
      steps.begin() + 1, steps.end(), [](const NewtonStep &step) {
        return step.step_length < 1.;
      });
  }



  unsigned int
  NewtonLog::n_linear_iterations() const
  {
    unsigned int result = 0;
    for (const NewtonStep &step : steps)
      result += step.n_linear_iterations;
    return result;
  }



  NewtonLog
  solve_by_newton(const NonlinearEquations                      &equations,
                  const NewtonOptions                           &options,
                  TrilinosWrappers::MPI::Vector                 &solution,
                  const std::function<void(const NewtonStep &)> &observer)
  {
    TrilinosWrappers::MPI::Vector residual(solution.locally_owned_elements(),
                                           solution.get_mpi_communicator());
    TrilinosWrappers::MPI::Vector owned(residual), update(residual);
    TrilinosWrappers::MPI::Vector candidate(solution);

    NewtonLog  log;
    const auto record = [&](const NewtonStep &step) {
      log.steps.push_back(step);
      if (observer)
        observer(step);
    };
    const auto norm_at = [&](const TrilinosWrappers::MPI::Vector &u) {
      equations.residual(u, residual);
      return residual.l2_norm();
    };
    const std::string method = "Newton's method, " + equations.name + ",";

    double tolerance = options.absolute_tolerance;
    if (options.relative_tolerance > 0.)
      {
        candidate = owned;
        tolerance =
          std::max(tolerance, options.relative_tolerance * norm_at(candidate));
      }

    NewtonStep step;
    step.residual_norm = norm_at(solution);
    record(step);
    while (step.residual_norm > tolerance)
      {
        AssertThrow(step.step < options.n_max_steps,
                    ExcMessage(method + " has not converged within " +
                               std::to_string(step.step) + " steps. " +
                               equations.remedy +
                               ", or raise 'Maximal Newton steps'."));
        const double norm = step.residual_norm;
        residual *= -1.;
        step.n_linear_iterations =
          equations.solve_linearized(solution, residual, update);
        step.step_length = 2.;
        step.n_residuals = 0;
        do
          {
            step.step_length /= 2.;
            AssertThrow(
              step.step_length > 1e-6,
              ExcMessage(method + " is stuck at the residual norm " +
                         Patterns::Tools::to_string(norm) +
                         ", above the tolerance " +
                         Patterns::Tools::to_string(tolerance) + ". " +
                         equations.remedy +
                         "; if the two norms are close, raise the Newton "
                         "tolerances."));
            owned = solution;
            owned.add(step.step_length, update);
            candidate          = owned;
            step.residual_norm = norm_at(candidate);
            ++step.n_residuals;
          }
        while (!(step.residual_norm < (1. - 1e-4 * step.step_length) * norm));
        solution = candidate;
        ++step.step;
        record(step);
      }
    return log;
  }
} // namespace derl
