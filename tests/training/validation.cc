// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Validation must stop a training that overfits and keep the best parameters,
// alike on any number of ranks; what an observer does must cost no time.

#include <derl/base/collective.h>

#include <derl/coupling/surrogate_function.h>

#include <derl/data/samples.h>
#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <derl/equations/residual.h>

#include <allen_cahn/manufactured_solution.h>

#include <derl/training/trainer.h>

#include <algorithm>
#include <chrono>
#include <iomanip>
#include <iostream>
#include <limits>
#include <sstream>
#include <thread>

#include "../check.h"

namespace test_validation
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
 * Relative error of the gradient, which the noisy samples are of.
 */
double
error(const Surrogate &surrogate)
{
  const ManufacturedSolution<2> exact;
  const auto                    points = grid_points<2>({-1, -1}, {1, 1}, 40);
  const auto jets = SurrogateFunction<2>(surrogate).jets(points, 1);
  double     sum = 0., norm = 0.;
  for (unsigned int i = 0; i < points.size(); ++i)
    {
      const Tensor<1, 2> gradient = exact.gradient(points[i]);
      sum += (jets.gradients[i][0] - gradient).norm_square();
      norm += gradient.norm_square();
    }
  return std::sqrt(sum / norm);
}



/**
 * About as many rows as parameters, with much noise.
 */
std::shared_ptr<const Samples>
noisy_samples()
{
  const Samples exact = sample_function<2>(
    MPI_COMM_WORLD,
    ManufacturedSolution<2>(),
    random_points<2>({-1, -1}, {1, 1}, 90, 30),
    {jet_values, jet_gradients},
    {{{"forcing"}, std::make_shared<const AllenCahnForcing<2>>(0.01)}});
  return std::make_shared<const Samples>(
    add_noise(MPI_COMM_WORLD, exact, 0.2, 30));
}



TrainingParameters
training_parameters()
{
  TrainingParameters parameters;
  parameters.stopping.max_iterations = 1000;
  // values are compared in the units of the problem
  parameters.scaling                    = "none";
  parameters.log_interval               = 1;
  parameters.validation.interval        = 5;
  parameters.validation.patience        = 15;
  parameters.validation.patience_factor = 0.;
  return parameters;
}



std::vector<std::vector<double>>
read_log()
{
  std::istringstream text(read_file(MPI_COMM_WORLD, "training.csv", "log"));
  std::string        line;
  std::getline(text, line);
  deallog << line << std::endl;
  std::vector<std::vector<double>> rows;
  while (std::getline(text, line))
    {
      rows.emplace_back();
      std::istringstream entries(line);
      for (std::string entry; std::getline(entries, entry, ',');)
        rows.back().push_back(std::stod(entry));
    }
  return rows;
}



/**
 * The samples that a trainer with the default seed holds out.
 */
std::shared_ptr<const Samples>
held_out(const Samples &samples, const double fraction)
{
  return std::make_shared<const Samples>(samples.subset(
    held_out_indices(MPI_COMM_WORLD, samples, fraction, 30).second));
}



void
check_validation()
{
  const auto         samples    = noisy_samples();
  TrainingParameters parameters = training_parameters();

  Surrogate overfitted = network();
  {
    Trainer trainer(overfitted, parameters, MPI_COMM_WORLD, silent);
    trainer.add_term("gradient", samples, match({jet_gradients}));
    trainer.train();
  }

  parameters.validation.fraction = 0.2;
  Surrogate surrogate            = network();
  Trainer   trainer(surrogate, parameters, MPI_COMM_WORLD, silent);
  trainer.add_term("gradient", samples, match({jet_gradients}));
  trainer.write_log_to("training.csv");
  const TrainingResult result = trainer.train();

  deallog << "samples to train on: " << trainer.objective().n_samples()
          << std::endl;
  check("validation ends it",
        result.optimization.reason == StopReason::validation &&
          result.optimization.iterations < 1000);
  check("overfitting is avoided", error(surrogate) / error(overfitted), 0.5);

  // The column changes with each check. Kept is the last one within a
  // thousandth of the lowest value before; the last one that is lower by a
  // thousandth decides when patience ends.
  const auto                 rows          = read_log();
  double                     lowest        = std::numeric_limits<double>::max();
  double                     progress      = lowest;
  double                     last_progress = 0.;
  const std::vector<double> *kept          = nullptr;
  bool                       steady        = true;
  for (unsigned int i = 0; i < rows.size(); ++i)
    {
      const double value = rows[i][4];
      if (value <= 1.001 * lowest &&
          (int(rows[i][0]) % 5 == 0 || i + 1 == rows.size()))
        kept = &rows[i];
      lowest = std::min(lowest, value);
      if (value < 0.999 * progress)
        {
          progress      = value;
          last_progress = rows[i][0];
        }
      if (i > 0)
        steady =
          steady && (value == rows[i - 1][4]) == (int(rows[i][0]) % 5 != 0);
    }
  deallog << "validation at the start: " << rows[0][4] << std::endl;
  check("interval", steady);
  check("patience", result.optimization.iterations == last_progress + 5 * 15);
  check("the lowest value is kept",
        (*kept)[4] == result.validation && (*kept)[0] == result.kept_iteration);
  check("the loss is that of the kept parameters",
        std::abs((*kept)[2] / result.optimization.value - 1.),
        1e-12);

  // The value on the held-out samples, computed by hand
  SumOfSquares by_hand(surrogate, MPI_COMM_WORLD);
  by_hand.add_term(
    {"gradient", held_out(*samples, 0.2), match({jet_gradients})});
  Vector<double> gradient;
  check("value on the held-out samples",
        std::abs(by_hand.value_and_gradient(surrogate.parameters, gradient) /
                   result.validation -
                 1.),
        1e-12);
}



/**
 * Terms of every kind, two of them on one table.
 */
void
check_terms()
{
  const auto         samples         = noisy_samples();
  TrainingParameters parameters      = training_parameters();
  parameters.validation.fraction     = 0.5;
  parameters.stopping.max_iterations = 12;
  parameters.term_weights.mode       = "initial magnitude";
  Surrogate surrogate                = network();
  Trainer   trainer(surrogate, parameters, MPI_COMM_WORLD, silent);
  trainer.add_term("gradient", samples, match({jet_gradients}), 0.5);
  trainer.add_term("equation", samples, allen_cahn<2>(0.01), 2.);
  const auto boundary = std::make_shared<const Samples>(
    sample_function<2>(MPI_COMM_WORLD,
                       ManufacturedSolution<2>(),
                       boundary_grid_points<2>({-1, -1}, {1, 1}, 11),
                       {jet_values}));
  trainer.add_term("value", boundary, match({jet_values}));
  const TrainingResult result = trainer.train();
  deallog << "two tables, samples to train on: "
          << trainer.objective().n_samples() << std::endl;
  for (const auto &term : result.terms)
    deallog << term.name << ", weight " << term.weight << std::endl;
  check("the last point is checked, too", std::isfinite(result.validation));

  // The weights that were found on the training samples count on the others
  double       sum               = 0.;
  const auto   boundary_held_out = held_out(*boundary, 0.5);
  const auto   interior_held_out = held_out(*samples, 0.5);
  SumOfSquares by_hand(surrogate, MPI_COMM_WORLD);
  by_hand.add_term({"gradient", interior_held_out, match({jet_gradients})});
  by_hand.add_term({"equation", interior_held_out, allen_cahn<2>(0.01)});
  by_hand.add_term({"value", boundary_held_out, match({jet_values})});
  Vector<double> gradient;
  by_hand.value_and_gradient(surrogate.parameters, gradient);
  for (unsigned int t = 0; t < 3; ++t)
    sum += result.terms[t].weight * by_hand.term_values()[t].value;
  check("weights on the held-out samples",
        std::abs(sum / result.validation - 1.),
        1e-12);

  expect_error("nothing held out", [&]() {
    parameters.validation.fraction = 1e-6;
    Surrogate another              = network();
    Trainer   trainer(another, parameters, MPI_COMM_WORLD, silent);
    trainer.add_term("gradient", samples, match({jet_gradients}));
    trainer.train();
  });
}



/**
 * Samples that only judge are no part of the loss, whether or not others are
 * held out, and end training without being asked to; tables without any are
 * judged by all their samples.
 */
void
check_samples_that_judge()
{
  const auto          noisy = noisy_samples();
  Samples             mixed = *noisy;
  std::vector<double> judges;
  for (unsigned int i = 0; i < mixed.size(); ++i)
    judges.push_back(mixed.point(i)[0] > 0.3 ? 1. : 0.);
  mixed.add_auxiliary(check_column, judges);
  const auto samples = std::make_shared<const Samples>(std::move(mixed));
  const auto indices = check_indices(*samples);
  const auto rest =
    std::make_shared<const Samples>(samples->subset(indices.first));
  const auto judging =
    std::make_shared<const Samples>(noisy->subset(indices.second));

  Surrogate    surrogate = network();
  SumOfSquares with(surrogate, MPI_COMM_WORLD);
  with.add_term({"gradient", samples, match({jet_gradients})});
  with.add_term({"equation", rest, allen_cahn<2>(0.01)});
  SumOfSquares without(surrogate, MPI_COMM_WORLD);
  without.add_term({"gradient", rest, match({jet_gradients})});
  without.add_term({"equation", rest, allen_cahn<2>(0.01)});
  SumOfSquares judged(surrogate, MPI_COMM_WORLD);
  judged.add_term({"gradient", judging, match({jet_gradients})});
  judged.add_term({"equation", rest, allen_cahn<2>(0.01)});
  const auto value = [&](SumOfSquares &objective) {
    Vector<double> gradient;
    return objective.value_and_gradient(surrogate.parameters, gradient);
  };
  check(
    "no part of the loss", std::abs(value(with) / value(without) - 1.), 1e-13);
  check(
    "what is judged",
    std::abs(with.held_out_value(surrogate.parameters) / value(judged) - 1.),
    1e-13);
  const auto n_judging = Utilities::MPI::sum(judging->size(), MPI_COMM_WORLD);
  const auto n_rest    = Utilities::MPI::sum(rest->size(), MPI_COMM_WORLD);
  check("numbers",
        with.n_held_out_samples() == n_judging &&
          with.n_samples() == 2 * n_rest && n_rest + n_judging == 90);

  with.hold_out(0.3, 30);
  check("others are held out as well",
        with.n_held_out_samples() > n_judging &&
          with.n_samples() + with.n_held_out_samples() == 90 + n_rest);

  TrainingParameters parameters = training_parameters();
  Trainer            trainer(surrogate, parameters, MPI_COMM_WORLD, silent);
  trainer.add_term("gradient", samples, match({jet_gradients}));
  const TrainingResult result = trainer.train();
  check("they end training",
        result.optimization.reason == StopReason::validation);

  // patience grows with the iterations before
  parameters.validation.patience_factor = 2.;
  Surrogate patient                     = network();
  Trainer   longer(patient, parameters, MPI_COMM_WORLD, silent);
  longer.add_term("gradient", samples, match({jet_gradients}));
  check("patience grows",
        longer.train().optimization.iterations >=
          result.optimization.iterations +
            2 * (result.optimization.iterations - 5 * 15) - 5);

  expect_error("no samples for training", [&]() {
    const auto all =
      std::make_shared<const Samples>(samples->subset(indices.second));
    SumOfSquares objective(surrogate, MPI_COMM_WORLD);
    objective.add_term({"gradient", all, match({jet_gradients})});
  });
}



/**
 * Without validation the lowest loss is kept, when all samples are seen.
 */
void
check_lowest_loss()
{
  for (const bool in_batches : {false, true})
    {
      TrainingParameters parameters           = training_parameters();
      parameters.optimizer.method             = "Adam";
      parameters.optimizer.adam.learning_rate = 1.;
      parameters.stopping.max_iterations      = 100;
      parameters.batch_size                   = in_batches ? 30 : 0;
      Surrogate surrogate                     = network();
      Trainer   trainer(surrogate, parameters, MPI_COMM_WORLD, silent);
      trainer.add_term("gradient", noisy_samples(), match({jet_gradients}));
      trainer.write_log_to("training.csv");
      const TrainingResult result = trainer.train();

      double lowest = std::numeric_limits<double>::max();
      double last   = 0.;
      for (const auto &row : read_log())
        {
          lowest = std::min(lowest, row[2]);
          last   = row[2];
        }
      if (in_batches)
        check("mini-batches, the last parameters are kept",
              result.kept_iteration == 100);
      else
        {
          check("the lowest loss is kept",
                std::abs(result.optimization.value / lowest - 1.),
                1e-12);
          check("it is not the last",
                result.kept_iteration < 100 && lowest < last);
        }
    }
}



void
check_observer()
{
  TrainingParameters parameters      = training_parameters();
  parameters.stopping.max_iterations = 20;
  Surrogate surrogate                = network();
  Trainer   trainer(surrogate, parameters, MPI_COMM_WORLD, silent);
  trainer.add_term("gradient", noisy_samples(), match({jet_gradients}));
  unsigned int n_calls = 0;
  trainer.observe([&](const IterationState &state) {
    n_calls += (state.iteration == n_calls ? 1 : 1000);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  });
  const auto           begin  = std::chrono::steady_clock::now();
  const TrainingResult result = trainer.train();
  const double         total =
    std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
      .count();
  check("calls of the observer", n_calls == 21);
  // what the observer slept is 4.2 seconds
  check("the clock stands still for the observer",
        result.seconds > 0. && result.seconds < total - 4.);
}



void
check_parameters()
{
  TrainingParameters parameters;
  ParameterHandler   prm;
  parameters.declare_parameters(prm);
  prm.parse_input_from_string("set Validation fraction = 0.25\n"
                              "set Validation seed = 3\n"
                              "set Validation interval = 7\n"
                              "set Validation patience = 9\n"
                              "set Validation patience factor = 4\n");
  check("parameters",
        parameters.validation.fraction == 0.25 &&
          parameters.validation.seed == 3 &&
          parameters.validation.interval == 7 &&
          parameters.validation.patience == 9 &&
          parameters.validation.patience_factor == 4.);
  expect_error("fraction", [&]() {
    parameters.validation.fraction = 1.;
    parameters.check();
  });
}



DERL_TEST(validation)
{
  initlog();
  deallog << std::setprecision(10);

  check_validation();
  check_terms();
  check_samples_that_judge();
  check_lowest_loss();
  check_observer();
  check_parameters();
}
} // namespace test_validation
