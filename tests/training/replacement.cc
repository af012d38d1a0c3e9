// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Samples that are replaced between iterations: what an optimizer knows of the
// curvature must stay, and be right; values of before must not count any more.

#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <derl/training/trainer.h>

#include <deal.II/base/function_lib.h>

#include <iostream>
#include <sstream>

#include "../check.h"

namespace test_replacement
{
using namespace dealii;
using namespace derl;

const ConditionalOStream silent(std::cout, false);

Surrogate
network()
{
  NetworkParameters options;
  options.hidden = {10, 10};
  return Surrogate(options, {"x", "y"}, {"u"});
}



/**
 * A wave at random points of a box.
 */
std::shared_ptr<const Samples>
samples(const Point<2> &lower, const Point<2> &upper, const unsigned int seed)
{
  return std::make_shared<const Samples>(
    sample_function<2>(MPI_COMM_WORLD,
                       Functions::CosineFunction<2>(),
                       random_points<2>(lower, upper, 200, seed),
                       {jet_values, jet_gradients}));
}



TrainingParameters
training_parameters(const std::string &method, const unsigned int n_iterations)
{
  TrainingParameters parameters;
  parameters.optimizer.method               = method;
  parameters.stopping.max_iterations        = n_iterations;
  parameters.stopping.stagnation_iterations = 0;
  parameters.stopping.max_seconds           = 0.;
  parameters.optimizer.adam.learning_rate   = 0.01;
  return parameters;
}



/**
 * The value after training with a replacement by @p next (if any) behind
 * iteration @p when.
 */
TrainingResult
train(Surrogate                            &surrogate,
      const TrainingParameters             &parameters,
      const std::shared_ptr<const Samples> &first,
      const std::shared_ptr<const Samples> &next,
      const unsigned int                    when)
{
  Trainer trainer(surrogate, parameters, MPI_COMM_WORLD, silent);
  trainer.add_term("gradient", first, match({jet_gradients}));
  trainer.observe([&](const IterationState &state) {
    if (next && state.iteration == when)
      trainer.replace_samples("gradient", next);
  });
  return trainer.train();
}



/**
 * Samples replaced by equal ones change nothing but round-off.
 */
void
check_equal_samples()
{
  const auto first = samples({-1, -1}, {1, 1}, 1);
  const auto equal = std::make_shared<const Samples>(*first);
  for (const std::string method :
       {"L-BFGS", "self-scaled Broyden", "Adam", "Levenberg-Marquardt"})
    for (const unsigned int when : {0, 7})
      {
        const auto parameters = training_parameters(method, 12);
        Surrogate  once = network(), replaced = network();
        train(once, parameters, first, nullptr, 0);
        const auto     result = train(replaced, parameters, first, equal, when);
        Vector<double> difference(once.parameters);
        difference -= replaced.parameters;
        check(method + ", behind iteration " + std::to_string(when),
              difference.linfty_norm() +
                (result.optimization.iterations == 12 ? 0. : 1.),
              1e-9);
      }
}



/**
 * With other points of the same function, what is known of the curvature makes
 * the rest of the way shorter than from the same parameters without it.
 */
void
check_curvature()
{
  const auto first = samples({-1, -1}, {1, 1}, 1);
  const auto next  = samples({-1, -1}, {1, 1}, 2);
  for (const std::string method : {"L-BFGS", "self-scaled Broyden"})
    {
      auto       parameters = training_parameters(method, 300);
      Surrogate  with       = network();
      Surrogate  without    = network();
      const auto known      = train(with, parameters, first, next, 250);
      parameters.stopping.max_iterations = 250;
      train(without, parameters, first, nullptr, 0);
      parameters.stopping.max_iterations = 50;
      const auto unknown = train(without, parameters, next, nullptr, 0);
      check(method + ", curvature is kept",
            known.optimization.value / unknown.optimization.value,
            0.9);
    }
}



/**
 * Best parameters, the model's box, checks and refusals.
 */
void
check_trainer()
{
  // much easier before than after
  const auto left       = samples({-1, -1}, {-0.9, 1}, 1);
  const auto all        = samples({-1, -1}, {1, 1}, 2);
  Surrogate  surrogate  = network();
  auto       parameters = training_parameters("self-scaled Broyden", 60);
  const auto result     = train(surrogate, parameters, left, all, 50);
  check("what is kept is of the new samples", result.kept_iteration > 50);
  SumOfSquares objective(surrogate, MPI_COMM_WORLD);
  objective.add_term({"gradient", all, match({jet_gradients})});
  objective.use_network_units(surrogate.parameters);
  Vector<double> gradient;
  check("its value, too",
        std::abs(objective.value_and_gradient(surrogate.parameters, gradient) /
                   result.optimization.value -
                 1.),
        1e-10);
  check("the box has grown",
        surrogate.provenance.box_lower[0] < -0.9 &&
          surrogate.provenance.box_upper[0] > 0.9);

  // stagnation does not compare with the values of before
  parameters.stopping.stagnation_iterations = 20;
  parameters.stopping.stagnation_tolerance  = 0.01;
  Surrogate another                         = network();
  check("stagnation begins anew",
        train(another, parameters, left, all, 30).optimization.reason ==
          StopReason::iteration_limit);

  // a share is held out of new samples as of old ones
  parameters                     = training_parameters("L-BFGS", 20);
  parameters.validation.fraction = 0.25;
  Surrogate validated            = network();
  Trainer   trainer(validated, parameters, MPI_COMM_WORLD, silent);
  trainer.add_term("gradient", left, match({jet_gradients}));
  trainer.add_term("value", left, match({jet_values}));
  bool is_split = false;
  trainer.observe([&](const IterationState &state) {
    if (state.iteration != 10)
      return;
    trainer.replace_samples("gradient", all);
    const auto n_held_out = trainer.objective().n_held_out_samples();
    is_split =
      n_held_out > 20 && trainer.objective().n_samples() + n_held_out == 200;
  });
  check("the last point is checked", std::isfinite(trainer.train().validation));
  check("new samples of both terms are held out", is_split);

  const auto refuse = [&](const std::string &what,
                          const std::string &term,
                          const Samples     &table) {
    expect_error(what, [&]() {
      trainer.replace_samples(term, std::make_shared<const Samples>(table));
    });
  };
  refuse("another term", "gradients", *all);
  refuse("other columns",
         "gradient",
         sample_function<2>(MPI_COMM_WORLD,
                            Functions::CosineFunction<2>(),
                            {Point<2>(), Point<2>(1., 1.)},
                            {jet_gradients}));
  refuse("no samples", "gradient", all->subset({}));
}



/**
 * What is forgotten is announced, on the screen of the first rank.
 */
void
check_warning()
{
  std::ostringstream       text;
  const ConditionalOStream out(
    text, Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0);
  Surrogate surrogate = network();
  Trainer   trainer(
    surrogate, training_parameters("L-BFGS", 1), MPI_COMM_WORLD, out);
  trainer.add_term(
    "gradient", samples({-1, -1}, {0, 1}, 1), match({jet_gradients}));
  trainer.replace_samples("gradient", samples({-1, -1}, {1, 1}, 2));
  check("no warning where a domain grows",
        text.str().find("forget") == std::string::npos);
  trainer.replace_samples("gradient", samples({0, -1}, {1, 1}, 3));
  deallog << text.str() << std::endl;
}



DERL_TEST(replacement)
{
  initlog();

  check_equal_samples();
  check_curvature();
  check_trainer();
  check_warning();
}
} // namespace test_replacement
