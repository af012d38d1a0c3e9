// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The optimizers must find the minima of ill-conditioned functions, keep the
// promises of their interface, and read their parameters.

#include <deal.II/base/parameter_handler.h>

#include <derl/base/collective.h>

#include <derl/optimization/optimizers.h>

#include <limits>
#include <numeric>
#include <sstream>

#include "../../source/optimization/minimization_run.h"
#include "../tests.h"
#include "test_functions.h"

namespace test_optimizers
{
using namespace dealii;
using namespace derl;

void
minimize(const std::string         &name,
         const OptimizerParameters &parameters,
         FunctionObjective          objective,
         Vector<double>             x,
         const StoppingCriteria    &criteria,
         const double               value_tolerance,
         const unsigned int         stop_at = numbers::invalid_unsigned_int)
{
  const auto optimizer = make_optimizer(parameters, MPI_COMM_WORLD);

  bool         observations_ok = true;
  unsigned int n_observations  = 0;
  const auto   observer        = [&](const IterationState &state) {
    Vector<double>    gradient;
    FunctionObjective copy  = objective;
    const double      value = copy.value_and_gradient(state.x, gradient);
    const double      norm  = std::sqrt(std::inner_product(
      gradient.begin(), gradient.end(), gradient.begin(), 0.));
    observations_ok = observations_ok && state.iteration == n_observations &&
                      state.evaluations == objective.n_evaluations &&
                      state.value == value &&
                      !(std::abs(state.gradient_norm - norm) > 1e-12 * norm) &&
                      (state.iteration == 0 || state.step_length > 0.) &&
                      state.seconds >= 0. && state.x == objective.last_x;
    ++n_observations;
    return state.iteration == stop_at ? std::make_optional(StopReason::signal)
                                               : std::optional<StopReason>();
  };
  const OptimizationResult result =
    optimizer->minimize(objective, x, criteria, observer);

  Vector<double> gradient;
  const bool     last_evaluation_ok = objective.last_x == x;
  const bool     counts_ok = result.evaluations == objective.n_evaluations &&
                         result.iterations + 1 == n_observations;
  const bool value_ok =
    result.value == objective.value_and_gradient(x, gradient);

  deallog << optimizer->name() << ", " << name << ": "
          << to_string(result.reason)
          << (result.value <= value_tolerance ? ", minimum found"
                                              : ", MINIMUM NOT FOUND")
          << (observations_ok ? "" : ", WRONG OBSERVATIONS")
          << (last_evaluation_ok ? "" : ", EVALUATED ELSEWHERE")
          << (counts_ok ? "" : ", WRONG COUNTS")
          << (value_ok ? "" : ", WRONG VALUE") << std::endl;
}



void
check_minima()
{
  StoppingCriteria criteria;
  criteria.gradient_tolerance = 1e-10;

  Vector<double> far_away(3);
  far_away[0] = 1e4;
  far_away[1] = 1.;
  far_away[2] = -1.;

  OptimizerParameters parameters;
  for (const std::string method : {"self-scaled Broyden", "L-BFGS"})
    {
      parameters.method           = method;
      criteria.gradient_tolerance = 1e-10;
      minimize("quadratic",
               parameters,
               quadratic(50, 1e4),
               Vector<double>(50),
               criteria,
               1e-20);
      // From n = 4 on there are two minima
      for (const unsigned int n : {2, 3})
        minimize("Rosenbrock " + std::to_string(n),
                 parameters,
                 rosenbrock(n),
                 rosenbrock_start(n),
                 criteria,
                 1e-20);
      // No scaling of the function may matter, nor a start far away
      criteria.gradient_tolerance = 1e-20;
      minimize("tiny quadratic, far away",
               parameters,
               {3,
                [](const Vector<double> &x, Vector<double> &g) {
                  g.equ(1e-12, x);
                  return 0.5e-12 * x.norm_sqr();
                }},
               far_away,
               criteria,
               1e-25);
    }

  criteria.gradient_tolerance = 1e-10;
  criteria.max_iterations     = 400;
  parameters.method           = "L-BFGS";
  parameters.lbfgs.step_rule  = "fixed step";
  parameters.lbfgs.fixed_step = 1.;
  minimize("quadratic, fixed step",
           parameters,
           quadratic(10, 1e2),
           Vector<double>(10),
           criteria,
           1e-9);

  criteria.max_iterations       = 5000;
  parameters.method             = "Adam";
  parameters.adam.learning_rate = 0.02;
  minimize("Rosenbrock 2",
           parameters,
           rosenbrock(2),
           rosenbrock_start(2),
           criteria,
           1e-6);
}



/**
 * With the same number of steps, who knows more of the curvature must come
 * closer to the minimum.
 */
void
check_order()
{
  StoppingCriteria criteria;
  criteria.max_iterations = 200;

  OptimizerParameters parameters;
  parameters.lbfgs.history_size = 5;
  double previous               = -1.;
  for (const std::string method : {"self-scaled Broyden", "L-BFGS", "Adam"})
    {
      parameters.method   = method;
      FunctionObjective f = quadratic(50, 1e4);
      Vector<double>    x(50);
      const double      value = make_optimizer(parameters, MPI_COMM_WORLD)
                             ->minimize(f, x, criteria, {})
                             .value;
      deallog << method
              << (value > 10. * previous ? " comes next" : " IS TOO GOOD")
              << std::endl;
      previous = value;
    }
}



/**
 * The square root of a sum of squares has a kink at its minimum: no gradient is
 * small there, and no step decreases it in the end.
 */
FunctionObjective
cone()
{
  return {2, [](const Vector<double> &x, Vector<double> &g) {
            const double norm = std::hypot(x[0], 3. * x[1]);
            g[0]              = norm > 0. ? x[0] / norm : 1.;
            g[1]              = norm > 0. ? 9. * x[1] / norm : 1.;
            return 1. + norm;
          }};
}



void
check_stopping()
{
  const double nan_value = std::numeric_limits<double>::quiet_NaN();
  for (const std::string method :
       {"Adam", "L-BFGS", "L-BFGS, fixed step", "self-scaled Broyden"})
    {
      OptimizerParameters parameters;
      parameters.method = method.substr(0, method.find(','));
      if (method == "L-BFGS, fixed step")
        parameters.lbfgs.step_rule = "fixed step";
      parameters.adam.learning_rate = 0.5;

      const auto run = [&](const std::string       &name,
                           const FunctionObjective &f,
                           const StoppingCriteria  &criteria,
                           const double             expected,
                           const unsigned int       stop_at =
                             numbers::invalid_unsigned_int) {
        Vector<double> start(f.n_parameters());
        start = 2.;
        minimize(method == "L-BFGS, fixed step" ? "fixed step, " + name : name,
                 parameters,
                 f,
                 start,
                 criteria,
                 expected,
                 stop_at);
      };
      StoppingCriteria criteria;
      criteria.max_iterations = 3;
      run("three iterations", rosenbrock(2), criteria, 1e10);
      criteria.max_iterations = 0;
      run("no iterations", rosenbrock(2), criteria, 1e10);
      criteria.max_iterations = 1000000;
      run("the observer stops", rosenbrock(2), criteria, 1e10, 5);
      criteria.max_seconds = 1e-9;
      run("no time", rosenbrock(2), criteria, 1e10);
      criteria.max_seconds     = std::numeric_limits<double>::infinity();
      criteria.value_tolerance = 1e-2;
      run("value", quadratic(2, 2.), criteria, 1e-2);
      criteria.value_tolerance    = 0.;
      criteria.gradient_tolerance = 1e-3;
      run("gradient", quadratic(2, 2.), criteria, 1e-5);

      // The run ends with the last point that was finite
      run("wall",
          {2,
           [=](const Vector<double> &x, Vector<double> &g) {
             g[0] = g[1] = 1.;
             return x[0] > 1.9 ? x[0] : nan_value;
           }},
          criteria,
          2.);
      run("gradient not finite",
          {2,
           [=](const Vector<double> &, Vector<double> &g) {
             g[0] = nan_value;
             return 1.;
           }},
          criteria,
          1.);
      if (method == "Adam")
        {
          // as of saturated units, finite even where the point is not
          parameters.adam.learning_rate = 1e308;
          run("infinite point",
              {2,
               [](const Vector<double> &, Vector<double> &g) {
                 g[0] = g[1] = 1.;
                 return 1.;
               }},
              criteria,
              1.);
        }
      if (parameters.method != "Adam" &&
          parameters.lbfgs.step_rule != "fixed step")
        {
          run("cone", cone(), criteria, 1. + 1e-3);
          // A minimum that is not zero: differences of the values vanish in
          // round-off before the gradient does
          criteria.gradient_tolerance = 1e-10;
          FunctionObjective f         = rosenbrock(10);
          run("Rosenbrock 10 plus one",
              {10,
               [f](const Vector<double> &x, Vector<double> &g) mutable {
                 return 1. + f.value_and_gradient(x, g);
               }},
              criteria,
              1. + 1e-15);
        }
    }
}



/**
 * A run stagnates when some steps together have not decreased the value by the
 * tolerance, whatever each of them did.
 */
void
check_stagnation()
{
  StoppingCriteria criteria;
  criteria.stagnation_iterations = 3;
  criteria.stagnation_tolerance  = 0.1;
  criteria.value_tolerance       = -1e10;
  criteria.gradient_tolerance    = 0.;

  const auto run = [&](const std::vector<double> &values,
                       const bool                 is_sample = false) {
    FunctionObjective   f = rosenbrock(2);
    Vector<double>      x(2), gradient(2);
    Optimizer::Observer nobody;
    gradient                              = 1.;
    const MinimizationRun::State no_state = [](CheckpointArchive &) {};
    MinimizationRun run(f, x, criteria, nobody, "test", no_state, nullptr);
    for (const double value : values)
      if (const auto reason = run.report(value, gradient, 1., is_sample))
        return to_string(*reason) + " at " + std::to_string(run.iteration());
    return std::string("no end");
  };
  deallog << "small decreases: " << run({10., 8., 7.9, 7.8, 7.7, 7.6})
          << std::endl
          << "they add up: " << run({10., 9.6, 9.3, 8.9, 8.6, 8.3, 7.9, 7.8})
          << std::endl
          << "up and down: " << run({10., 12., 5., 6., 8., 4.9, 4.8, 4.7})
          << std::endl
          << "below zero: " << run({1., -1., -2., -2.1, -2.1, -2.1, -3.})
          << std::endl
          << "mini-batches: " << run({1., 1., 1., 1., 1., 1.}, true)
          << std::endl;
  criteria.stagnation_iterations = 0;
  deallog << "never: " << run({1., 1., 1., 1., 1., 1.}) << std::endl;
}



void
check_parameters()
{
  OptimizerParameters parameters, defaults;
  StoppingCriteria    criteria;
  ParameterHandler    prm;
  parameters.declare_parameters(prm);
  criteria.declare_parameters(prm);
  prm.print_parameters(deallog.get_file_stream(), ParameterHandler::ShortText);

  // Declaring rounds to six digits in deal.II 9.4
  deallog << "defaults kept: "
          << (parameters.adam.epsilon == defaults.adam.epsilon &&
              parameters.lbfgs.line_search.noise_level ==
                defaults.lbfgs.line_search.noise_level &&
              parameters.self_scaled_broyden.line_search.sufficient_decrease ==
                1e-4)
          << std::endl;

  prm.parse_input_from_string("set Method = Adam\n"
                              "set Maximal time = 7\n"
                              "subsection Adam\n"
                              "  set Learning rate = 0.25\n"
                              "end\n"
                              "subsection Self-scaled Broyden\n"
                              "  subsection Line search\n"
                              "    set Curvature = 0.5\n"
                              "  end\n"
                              "end\n");
  deallog << parameters.method << ' ' << criteria.max_seconds << ' '
          << parameters.adam.learning_rate << ' '
          << parameters.self_scaled_broyden.line_search.curvature << ' '
          << parameters.lbfgs.line_search.curvature << std::endl;

  const auto expect_error = [&](const std::function<void()> &function) {
    try
      {
        function();
        deallog << "NO ERROR" << std::endl;
      }
    catch (const ExceptionBase &error)
      {
        deallog << error_message(error) << std::endl;
      }
  };
  for (unsigned int i = 0; i < 6; ++i)
    expect_error([&]() {
      OptimizerParameters wrong;
      if (i == 0)
        wrong.method = "Newton";
      else if (i == 1)
        wrong.adam.learning_rate = 0.;
      else if (i == 2)
        wrong.lbfgs.history_size = 0;
      else if (i == 3)
        wrong.lbfgs.step_rule = "none";
      else if (i == 4)
        wrong.self_scaled_broyden.line_search.sufficient_decrease = 0.95;
      else
        wrong.lbfgs.line_search.curvature = 1e-5;
      make_optimizer(wrong, MPI_COMM_WORLD);
    });
  expect_error([]() {
    FunctionObjective f = rosenbrock(2);
    Vector<double>    x(3);
    Adam({}).minimize(f, x, {}, {});
  });

  for (const std::string method : {"Adam", "L-BFGS", "self-scaled Broyden"})
    {
      defaults.method = method;
      deallog << method << ", MiB for a million parameters: "
              << std::round(make_optimizer(defaults, MPI_COMM_WORLD)
                              ->memory_consumption(1000000) /
                            (1 << 20))
              << std::endl;
    }
}



DERL_TEST(optimizers)
{
  initlog();

  check_minima();
  check_order();
  check_stopping();
  check_stagnation();
  check_parameters();
}
} // namespace test_optimizers
