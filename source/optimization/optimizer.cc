// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/optimization/optimizer.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "minimization_run.h"
#include "finite_point.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * Not Vector::l2_norm(), which asserts in debug mode that it is finite.
     */
    double
    norm(const Vector<double> &v)
    {
      return std::sqrt(std::inner_product(v.begin(), v.end(), v.begin(), 0.));
    }
  } // namespace



  std::string
  to_string(const StopReason reason)
  {
    switch (reason)
      {
      case StopReason::iteration_limit:
        return "iteration limit";
      case StopReason::time_limit:
        return "time limit";
      case StopReason::gradient_small:
        return "gradient small";
      case StopReason::value_small:
        return "value small";
      case StopReason::stagnation:
        return "stagnation";
      case StopReason::line_search_failed:
        return "line search cannot decrease the objective further";
      case StopReason::steps_refused:
        return "no damped step decreases the objective further";
      case StopReason::validation:
        return "validation";
      case StopReason::signal:
        return "signal";
      case StopReason::non_finite_value:
        return "non-finite value";
      }
    Assert(false, ExcInternalError());
    return "";
  }



  void
  StoppingCriteria::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Maximal number of iterations",
                      max_iterations,
                      "Number of accepted steps after which to stop.",
                      Patterns::Integer(0));
    prm.add_parameter("Maximal time",
                      max_seconds,
                      "Wall time in seconds after which to stop; 0 for no "
                      "limit.",
                      Patterns::Double(0.));
    prm.add_parameter("Gradient tolerance",
                      gradient_tolerance,
                      "Stop when the Euclidean norm of the gradient is not "
                      "above this.",
                      Patterns::Double(0.));
    prm.add_parameter("Value tolerance",
                      value_tolerance,
                      "Stop when the value of the objective is not above "
                      "this.");
    prm.add_parameter("Stagnation iterations",
                      stagnation_iterations,
                      "Stop when this many steps together have not decreased "
                      "the objective by the stagnation tolerance; 0 for "
                      "never.",
                      Patterns::Integer(0));
    prm.add_parameter("Stagnation tolerance",
                      stagnation_tolerance,
                      "The relative decrease of the objective that counts.",
                      Patterns::Double(0., 1.));
  }



  void
  StoppingCriteria::check() const
  {
    AssertThrow(max_seconds >= 0.,
                ExcMessage("The time limit of a minimisation must not be "
                           "negative. Give 0 for no limit."));
    AssertThrow(gradient_tolerance >= 0.,
                ExcMessage("The gradient tolerance of a minimisation must not "
                           "be negative."));
    AssertThrow(!std::isnan(value_tolerance),
                ExcMessage("The value tolerance of a minimisation must be a "
                           "number."));
    AssertThrow(stagnation_tolerance >= 0. && stagnation_tolerance < 1.,
                ExcMessage("The stagnation tolerance of a minimisation must be "
                           "at least 0 and below 1."));
  }



  MinimizationRun::MinimizationRun(ObjectiveFunction         &objective,
                                   Vector<double>            &x,
                                   const StoppingCriteria    &criteria,
                                   const Optimizer::Observer &observer,
                                   const std::string         &method,
                                   const State               &state,
                                   CheckpointReader          *restart)
    : objective(objective)
    , x(x)
    , criteria(criteria)
    , observer(observer)
    , method(method)
    , state(state)
    , seconds_before(0.)
    , n_restored(0)
    , n_reports(0)
    , n_evaluations(0)
    , revision(objective.revision())
    , evaluated_at_accepted_point(false)
    , last_value(std::numeric_limits<double>::quiet_NaN())
    , last_gradient_norm(std::numeric_limits<double>::quiet_NaN())
    , lowest_value(std::numeric_limits<double>::max())
    , lowest_iteration(0)
  {
    criteria.check();
    AssertThrow(
      x.size() == objective.n_parameters(),
      ExcMessage("The starting point has " + std::to_string(x.size()) +
                 " entries, but the objective has " +
                 std::to_string(objective.n_parameters()) + " parameters."));
    if (restart != nullptr)
      load(*restart, x);
    objective.restart_clock();
  }



  double
  MinimizationRun::seconds() const
  {
    return seconds_before + objective.elapsed_seconds();
  }



  void
  MinimizationRun::save(CheckpointWriter &writer) const
  {
    writer.add("run/method", method);
    writer.add("run/parameters", x);
    writer.add("run/iterations", std::uint64_t(iteration()));
    writer.add("run/evaluations", std::uint64_t(n_evaluations));
    writer.add("run/seconds", seconds());
    writer.add("run/lowest value", lowest_value);
    writer.add("run/lowest iteration", std::uint64_t(lowest_iteration));
    CheckpointArchive archive(writer);
    state(archive);
  }



  void
  MinimizationRun::load(CheckpointReader &reader, Vector<double> &x)
  {
    const std::string other_method = reader.text("run/method");
    if (other_method != method)
      throw AgreedError("The checkpoint '" + reader.path() +
                        "' is of the method '" + other_method + "', not '" +
                        method + "'.");
    reader.read("run/parameters", x);

    const unsigned int max = std::numeric_limits<unsigned int>::max() / 2;
    n_restored             = reader.integer("run/iterations", max);
    n_reports              = n_restored;
    n_evaluations          = reader.integer("run/evaluations", max);
    if (n_evaluations > 0)
      --n_evaluations;
    seconds_before   = reader.number("run/seconds");
    lowest_value     = reader.number("run/lowest value");
    lowest_iteration = reader.integer("run/lowest iteration", max);

    CheckpointArchive archive(reader);
    state(archive);
  }



  double
  MinimizationRun::evaluate(const Vector<double> &x, Vector<double> &gradient)
  {
    add_evaluations(1);
    return value_at(x, objective.value_and_gradient(x, gradient));
  }



  void
  MinimizationRun::add_evaluations(const unsigned int n)
  {
    n_evaluations += n;
    evaluated_at_accepted_point = false;
  }



  bool
  MinimizationRun::is_finite(const double value, const Vector<double> &gradient)
  {
    return std::isfinite(value) && std::isfinite(norm(gradient));
  }



  unsigned int
  MinimizationRun::first_iteration() const
  {
    return n_restored;
  }



  unsigned int
  MinimizationRun::iteration() const
  {
    Assert(n_reports > 0, ExcMessage("The start has not been reported yet."));
    return n_reports - 1;
  }



  std::optional<StopReason>
  MinimizationRun::report(const double          value,
                          const Vector<double> &gradient,
                          const double          step_length,
                          const bool            is_sample)
  {
    ++n_reports;
    evaluated_at_accepted_point = !is_sample;
    last_value                  = value;
    last_gradient_norm          = norm(gradient);

    const std::function<void(CheckpointWriter &)> save_state =
      [this](CheckpointWriter &writer) { save(writer); };
    std::optional<StopReason> wish;
    if (observer)
      wish = observer({iteration(),
                       n_evaluations,
                       last_value,
                       last_gradient_norm,
                       step_length,
                       seconds(),
                       x,
                       save_state});

    if (!is_finite(value, gradient))
      return StopReason::non_finite_value;
    if (!is_sample && last_value <= criteria.value_tolerance)
      return StopReason::value_small;
    if (!is_sample && last_gradient_norm <= criteria.gradient_tolerance)
      return StopReason::gradient_small;
    if (wish)
      return wish;
    if (!is_sample && criteria.stagnation_iterations > 0)
      {
        if (lowest_value - value >
            criteria.stagnation_tolerance * std::abs(lowest_value))
          {
            lowest_value     = value;
            lowest_iteration = iteration();
          }
        else if (iteration() - lowest_iteration >=
                 criteria.stagnation_iterations)
          return StopReason::stagnation;
      }
    if (iteration() >= criteria.max_iterations)
      return StopReason::iteration_limit;
    if (criteria.max_seconds > 0. && seconds() >= criteria.max_seconds)
      return StopReason::time_limit;
    return {};
  }



  bool
  MinimizationRun::objective_has_changed()
  {
    if (objective.revision() == revision)
      return false;
    revision                    = objective.revision();
    lowest_value                = std::numeric_limits<double>::max();
    lowest_iteration            = iteration();
    evaluated_at_accepted_point = false;
    return true;
  }



  OptimizationResult
  MinimizationRun::finish(const StopReason reason, Vector<double> &gradient)
  {
    objective_has_changed();
    if (!evaluated_at_accepted_point)
      {
        last_value         = evaluate(x, gradient);
        last_gradient_norm = norm(gradient);
      }
    return {reason,
            iteration(),
            n_evaluations,
            last_value,
            last_gradient_norm,
            seconds()};
  }
} // namespace derl
