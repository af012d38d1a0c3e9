// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Training must reach the accuracy that users may expect, alike on any number
// of ranks; what it writes must be readable and complete; what cannot work must
// be refused on all ranks.

#include <derl/base/collective.h>

#include <derl/coupling/surrogate_function.h>

#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <allen_cahn/manufactured_solution.h>

#include <derl/training/trainer.h>

#include <algorithm>
#include <chrono>
#include <iomanip>
#include <iostream>
#include <limits>
#include <sstream>
#include <thread>

#include "../../source/training/loss_trend.h"
#include "../check.h"

namespace test_training
{
using namespace dealii;
using namespace derl;

const ConditionalOStream silent(std::cout, false);



Surrogate
network(const unsigned int seed)
{
  NetworkParameters options;
  options.hidden = {10, 10};
  options.seed   = seed;
  return Surrogate(options, {"x", "y"}, {"u"});
}



TrainingParameters
training_parameters(const std::string &method,
                    const unsigned int max_iterations)
{
  TrainingParameters parameters;
  parameters.optimizer.method        = method;
  parameters.stopping.max_iterations = max_iterations;
  // losses and weights below are in the units of the problem
  parameters.scaling = "none";
  return parameters;
}



void
add_terms(Trainer &trainer, const bool with_boundary = true)
{
  const ManufacturedSolution<2> exact;
  trainer.add_term("gradient",
                   std::make_shared<const Samples>(
                     sample_function<2>(MPI_COMM_WORLD,
                                        exact,
                                        grid_points<2>({-1, -1}, {1, 1}, 20),
                                        {jet_gradients})),
                   match({jet_gradients}));
  if (with_boundary)
    trainer.add_term("boundary",
                     std::make_shared<const Samples>(sample_function<2>(
                       MPI_COMM_WORLD,
                       exact,
                       boundary_grid_points<2>({-1, -1}, {1, 1}, 21),
                       {jet_values})),
                     match({jet_values}));
}



TrainingResult
train(Surrogate                &surrogate,
      const TrainingParameters &parameters,
      const bool                with_boundary = true)
{
  Trainer trainer(surrogate, parameters, MPI_COMM_WORLD, silent);
  add_terms(trainer, with_boundary);
  return trainer.train();
}



/**
 * The loss at the surrogate's own parameters.
 */
double
loss(const Surrogate &surrogate)
{
  Surrogate copy = surrogate;
  return train(copy, training_parameters("Adam", 0)).optimization.value;
}



/**
 * Relative errors in L2 of the values and of the gradient, and the mean of the
 * values' error.
 */
struct Errors
{
  explicit Errors(const Surrogate &surrogate)
  {
    const ManufacturedSolution<2> exact;
    const SurrogateFunction<2>    u(surrogate);
    const auto                    points = grid_points<2>({-1, -1}, {1, 1}, 63);
    const auto                    jets   = u.jets(points, 1);
    double                        value_norm = 0, gradient_norm = 0;
    for (unsigned int i = 0; i < points.size(); ++i)
      {
        const double error = jets.values[i](0) - exact.value(points[i]);
        value += error * error;
        value_norm += std::pow(exact.value(points[i]), 2);
        gradient +=
          (jets.gradients[i][0] - exact.gradient(points[i])).norm_square();
        gradient_norm += exact.gradient(points[i]).norm_square();
        mean += error / points.size();
      }
    value    = std::sqrt(value / value_norm);
    gradient = std::sqrt(gradient / gradient_norm);
  }

  double value    = 0;
  double gradient = 0;
  double mean     = 0;
};



/**
 * Whether @p value is below @p bound on all ranks.
 */
void
check_below(const std::string &what, const double value, const double bound)
{
  std::ostringstream text;
  text << what << " below " << bound;
  check(text.str(), value, bound);
}



void
check_accuracy()
{
  // About three times the largest of the errors measured on 1, 2, 3 ranks
  for (const unsigned int seed : {30, 42, 2025})
    {
      Surrogate surrogate = network(seed);
      train(surrogate, training_parameters("self-scaled Broyden", 300));
      const Errors      e(surrogate);
      const std::string name = "seed " + std::to_string(seed);
      check_below(name + ", error of the values", e.value, 8e-3);
      check_below(name + ", error of the gradient", e.gradient, 3e-2);
    }

  // The gradient does not know of a constant; the boundary term does
  Surrogate surrogate = network(30);
  train(surrogate, training_parameters("self-scaled Broyden", 300), false);
  const Errors e(surrogate);
  check_below("without boundary, error of the gradient", e.gradient, 2e-2);
  check("without boundary, offset", std::abs(e.mean) > 0.1);

  const double start = loss(network(30));
  for (const bool in_batches : {false, true})
    {
      TrainingParameters parameters =
        training_parameters(in_batches ? "Adam" : "L-BFGS", 300);
      parameters.optimizer.adam.learning_rate = 0.01;
      parameters.batch_size                   = in_batches ? 100 : 0;
      Surrogate    surrogate                  = network(30);
      const double end = train(surrogate, parameters).optimization.value;
      check(parameters.optimizer.method + ", result is that of all samples",
            std::abs(loss(surrogate) / end - 1.),
            1e-12);
      check_below(parameters.optimizer.method + ", reduction of the loss",
                  end / start,
                  in_batches ? 1. / 35 : 1. / 300);
    }
}



/**
 * The numbers in the lines of a log, after a check of the column names.
 */
std::vector<std::vector<double>>
read_log(const std::string &path, const std::string &expected_header)
{
  std::istringstream text(read_file(MPI_COMM_WORLD, path, "log"));
  std::string        line;
  std::getline(text, line);
  deallog << line << std::endl;
  const unsigned int n_columns = 1 + std::count(line.begin(), line.end(), ',');
  check("columns", line == expected_header);

  bool                             good = true;
  std::vector<std::vector<double>> rows;
  while (std::getline(text, line))
    {
      rows.emplace_back();
      std::istringstream entries(line);
      for (std::string entry; std::getline(entries, entry, ',');)
        {
          std::size_t n_read = 0;
          rows.back().push_back(std::stod(entry, &n_read));
          good = good && n_read == entry.size();
        }
      good = good && rows.back().size() == n_columns;
    }
  check("numbers", good);
  return rows;
}



void
check_log()
{
  TrainingParameters parameters =
    training_parameters("self-scaled Broyden", 37);
  parameters.log_interval = 15;
  Surrogate surrogate     = network(30);
  Trainer   trainer(surrogate, parameters, MPI_COMM_WORLD, silent);
  add_terms(trainer);
  trainer.write_log_to("training.csv");
  const TrainingResult result = trainer.train();

  const auto rows = read_log(
    "training.csv",
    "iteration,evaluations,loss,gradient,boundary,gradient_norm,seconds");
  deallog << "iterations:";
  for (const auto &row : rows)
    deallog << ' ' << row[0];
  deallog << std::endl;
  deallog << "losses:";
  for (unsigned int i = 0; i < 10; ++i)
    deallog << ' ' << rows[i][2];
  deallog << std::endl;

  const auto &last = rows.back();
  check("last line is the result",
        last[1] == result.optimization.evaluations &&
          last[2] == result.optimization.value &&
          last[3] == result.terms[0].value &&
          last[4] == result.terms[1].value &&
          last[5] == result.optimization.gradient_norm);
  double sum_error = 0;
  for (const auto &row : rows)
    sum_error =
      std::max(sum_error, std::abs(row[3] + row[4] - row[2]) / row[2]);
  check("terms add up to the loss", sum_error, 1e-14);

  check("provenance",
        surrogate.provenance.n_ranks ==
            Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD) &&
          surrogate.provenance.optimizer == "self-scaled Broyden" &&
          surrogate.provenance.terms.size() == 2 &&
          surrogate.provenance.terms[1].final_value == last[4] &&
          surrogate.provenance.box_lower == std::vector<double>{-1., -1.} &&
          surrogate.provenance.box_upper == std::vector<double>{1., 1.});
}



/**
 * The clock must start with training, for each run anew, whatever ranks do
 * before; and be the same on all ranks.
 */
void
check_clock()
{
  TrainingParameters parameters   = training_parameters("L-BFGS", 3);
  parameters.stopping.max_seconds = 1.;
  Surrogate surrogate             = network(30);
  Trainer   trainer(surrogate, parameters, MPI_COMM_WORLD, silent);
  add_terms(trainer);
  const unsigned int rank = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  for (const std::string run : {"first", "second"})
    {
      std::this_thread::sleep_for(
        std::chrono::milliseconds(rank == 0 ? 1500 : 1200));
      const OptimizationResult result = trainer.train().optimization;
      deallog << run << " run: " << result.iterations << " iterations, "
              << to_string(result.reason) << std::endl;
      check("seconds",
            result.seconds < 1. &&
              Utilities::MPI::min(result.seconds, MPI_COMM_WORLD) ==
                Utilities::MPI::max(result.seconds, MPI_COMM_WORLD));
    }
}



void
check_model()
{
  Surrogate                surrogate = network(42);
  const TrainingParameters parameters =
    training_parameters("self-scaled Broyden", 50);
  train(surrogate, parameters);
  save(MPI_COMM_WORLD, "model.json", surrogate);
  Surrogate loaded = load(MPI_COMM_WORLD, "model.json");
  check("loaded is what was saved",
        loaded.parameters == surrogate.parameters &&
          loss(loaded) == loss(surrogate));
  const double before = loss(loaded);
  check_below(
    "continued", train(loaded, parameters).optimization.value / before, 0.5);
}



/**
 * The mismatch of gradients, which is not a number as soon as it is broken.
 */
class BreakingMatch : public Residual
{
public:
  Binding
  bind(const FieldNames &names, const Columns &available) const override
  {
    return unbroken->bind(names, available);
  }

  void
  evaluate(const Batch &batch, const std::vector<double *> &rows) const override
  {
    unbroken->evaluate(batch, rows);
  }

  void
  linearize(const Batch                 &batch,
            const std::vector<double *> &rows,
            const std::vector<double *> &derivatives) const override
  {
    unbroken->linearize(batch, rows, derivatives);
    if (is_broken)
      rows[0][0] = std::numeric_limits<double>::quiet_NaN();
  }

  bool is_broken = false;

private:
  const std::shared_ptr<const Residual> unbroken = match({jet_gradients});
};



/**
 * A run that diverges must fail, but not lose what it found before.
 */
void
check_divergence()
{
  Surrogate surrogate = network(30);
  expect_error("divergence", [&]() {
    TrainingParameters parameters           = training_parameters("Adam", 10);
    parameters.optimizer.adam.learning_rate = 1e300;
    train(surrogate, parameters);
  });
  check("parameters are those of the start",
        surrogate.parameters == network(30).parameters);

  TrainingParameters parameters           = training_parameters("Adam", 10);
  parameters.optimizer.adam.learning_rate = 0.01;
  const auto residual                     = std::make_shared<BreakingMatch>();
  Trainer    trainer(surrogate, parameters, MPI_COMM_WORLD, silent);
  trainer.add_term("gradient",
                   std::make_shared<const Samples>(
                     sample_function<2>(MPI_COMM_WORLD,
                                        ManufacturedSolution<2>(),
                                        grid_points<2>({-1, -1}, {1, 1}, 20),
                                        {jet_gradients})),
                   residual);
  trainer.write_checkpoints_to("diverged.derl", "diverged.json");
  Vector<double> last;
  trainer.observe([&](const IterationState &state) {
    last                = state.x;
    residual->is_broken = state.iteration == 5;
  });
  bool is_told = false;
  expect_error("divergence after iteration 5", [&]() {
    try
      {
        trainer.train();
      }
    catch (const TrainingDiverged &)
      {
        is_told = true;
        throw;
      }
  });
  check("it can be told from other errors", is_told);
  check("the best parameters are kept",
        surrogate.parameters == last &&
          !(surrogate.parameters == network(30).parameters));
  check("and saved", load(MPI_COMM_WORLD, "diverged.json").parameters == last);

  residual->is_broken = true;
  expect_error("no number at the start", [&]() { trainer.train(); });
}



void
check_errors()
{
  const auto train_with = [](const std::function<void(Trainer &)> &change) {
    Surrogate surrogate = network(30);
    Trainer   trainer(
      surrogate, training_parameters("L-BFGS", 2), MPI_COMM_WORLD, silent);
    change(trainer);
    trainer.train();
  };
  expect_error("no terms", [&]() { train_with([](Trainer &) {}); });
  expect_error("log", [&]() {
    train_with([](Trainer &trainer) {
      add_terms(trainer);
      trainer.write_log_to("no_such_folder/training.csv");
    });
  });
  expect_error("mini-batches", []() {
    TrainingParameters parameters = training_parameters("L-BFGS", 2);
    parameters.batch_size         = 100;
    parameters.check();
  });

  // The numbers in the message depend on the machine
  for (const std::vector<unsigned int> &hidden :
       std::vector<std::vector<unsigned int>>{{60000, 60000}, {70000, 70000}})
    {
      Architecture architecture;
      architecture.hidden = hidden;
      expect_error("memory", [&]() {
        try
          {
            check_training_memory(
              MPI_COMM_WORLD,
              architecture,
              training_parameters("self-scaled Broyden", 1));
          }
        catch (const AgreedError &error)
          {
            const std::string message = error.what();
            const auto        begin   = message.find("for a network");
            throw AgreedError(
              message.substr(begin, message.find(", but") - begin));
          }
      });
    }
  check_training_memory(MPI_COMM_WORLD,
                        network(30).architecture,
                        training_parameters("self-scaled Broyden", 1));
}



/**
 * The smallest number in the last column of the table that follows @p title.
 */
double
smallest_error(const std::string &text, const std::string &title)
{
  const auto position = text.find(title);
  if (position == std::string::npos)
    return 1e300;
  std::istringstream lines(text.substr(position));
  std::string        line;
  std::getline(lines, line);
  std::getline(lines, line);
  double smallest = 1e300, step, quotient, derivative, error;
  while (std::getline(lines, line) &&
         std::istringstream(line) >> step >> quotient >> derivative >> error)
    smallest = std::min(smallest, std::abs(error / derivative));
  return smallest;
}



/**
 * Whether the titles of the table of iterations are apart and end where the
 * numbers end.
 */
bool
columns_are_apart(const std::string &text)
{
  std::istringstream lines(text);
  std::string        titles, numbers;
  while (std::getline(lines, titles))
    if (titles.find("boundary  values at other points") != std::string::npos)
      return std::getline(lines, numbers) && numbers.size() == titles.size();
  return false;
}



void
check_options()
{
  TrainingParameters parameters = training_parameters("L-BFGS", 3);
  parameters.check_derivatives  = true;
  parameters.term_weights.mode  = "initial magnitude";
  std::ostringstream       text;
  const ConditionalOStream stream(text, true);
  Surrogate                surrogate = network(30);
  {
    Trainer trainer(surrogate, parameters, MPI_COMM_WORLD, stream);
    add_terms(trainer);
    trainer.add_term("values at other points",
                     std::make_shared<const Samples>(sample_function<2>(
                       MPI_COMM_WORLD,
                       ManufacturedSolution<2>(),
                       random_points<2>({-1, -1}, {1, 1}, 20, 3),
                       {jet_values})),
                     match({jet_values}));
    trainer.train();
  }
  check("columns are apart", columns_are_apart(text.str()));
  check("gradient", smallest_error(text.str(), "Check of the gradient"), 1e-6);
  check("Jacobian", smallest_error(text.str(), "Check of the Jacobian"), 1e-8);
  check(
    "communication is reported",
    (text.str().find("bytes per iteration and rank") != std::string::npos) ==
      (Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD) > 1));

  // the weights in the model's provenance are those that were chosen
  Surrogate            start  = network(30);
  const TrainingResult result = train(start, training_parameters("L-BFGS", 0));
  const auto          &terms  = surrogate.provenance.terms;
  check("weights",
        std::abs(terms[0].weight * result.terms[0].value /
                   (terms[1].weight * result.terms[1].value) -
                 1.),
        1e-12);
  check("weights are shown",
        text.str().find("Weights by initial magnitude") != std::string::npos);

  Surrogate single                  = network(30);
  parameters                        = training_parameters("L-BFGS", 0);
  parameters.precision              = "single";
  const TrainingResult in_single    = train(single, parameters);
  const double         double_value = result.optimization.value;
  const double error = std::abs(in_single.optimization.value - double_value);
  check("single precision", error > 0 ? error : 1e300, 1e-5 * double_value);
}



/**
 * The lines of a text that begin with certain words.
 */
void
show(const std::string &text, const std::string &words)
{
  std::istringstream in(text);
  std::string        line;
  while (std::getline(in, line))
    if (line.find(words) == 0)
      deallog << line << std::endl;
}



/**
 * Users must learn of components that nothing determines.
 */
void
check_components()
{
  NetworkParameters options;
  options.hidden = {4};
  for (const bool with_values : {false, true})
    {
      Surrogate          surrogate(options, {"x", "y"}, {"u", "p"});
      std::ostringstream text;
      Trainer            trainer(surrogate,
                      training_parameters("L-BFGS", 1),
                      MPI_COMM_WORLD,
                      ConditionalOStream(text, true));
      add_terms(trainer, with_values);
      trainer.train();
      deallog << (with_values ? "with" : "without") << " values" << std::endl;
      show(text.str(), "Warning");
    }
}



/**
 * Users must learn that a run met a limit too early, and only then.
 */
void
check_trend()
{
  const auto last_line = [](const StoppingCriteria &stopping) {
    TrainingParameters parameters = training_parameters("L-BFGS", 0);
    parameters.stopping           = stopping;
    std::ostringstream text;
    Surrogate          surrogate = network(30);
    Trainer            trainer(
      surrogate, parameters, MPI_COMM_WORLD, ConditionalOStream(text, true));
    add_terms(trainer);
    trainer.train();
    const std::string all   = text.str();
    const auto        begin = all.rfind('\n', all.size() - 2) + 1;
    // without the number, which depends on round-off
    const std::string line = all.substr(begin, all.size() - 1 - begin);
    return line.substr(0, line.find(", by")) +
           (line.find("a larger") == std::string::npos
              ? ""
              : " ... " + line.substr(line.find("a larger")));
  };
  StoppingCriteria stopping;
  stopping.max_iterations = 40;
  deallog << last_line(stopping) << std::endl;
  stopping.max_iterations = 1000000;
  stopping.max_seconds    = 1.;
  deallog << last_line(stopping) << std::endl;
  stopping.max_seconds     = 0.;
  stopping.value_tolerance = 1.;
  check("no advice without a limit",
        last_line(stopping).find("falling") == std::string::npos);

  const auto decrease = [](const std::function<double(double)> &value) {
    LossTrend                                     trend;
    const Vector<double>                          x;
    const std::function<void(CheckpointWriter &)> nothing;
    for (unsigned int i = 0; i < 1000; ++i)
      trend.observe({i, i, value(i), 0., 0., 0., x, nothing});
    return trend.decrease();
  };
  check("steady fall",
        std::abs(decrease([](const double i) { return std::exp(-i / 100.); }) -
                 (1. - std::exp(-1.))),
        0.05);
  check("fall at the beginning only",
        decrease([](const double i) { return i < 500. ? 1e6 : 1.; }) == 0.);
  check("one iteration", LossTrend().decrease() == 0.);
}



void
check_parameters()
{
  TrainingParameters parameters;
  ParameterHandler   prm;
  parameters.declare_parameters(prm);
  prm.parse_input_from_string("set Method = Adam\n"
                              "set Maximal number of iterations = 7\n"
                              "set Batch size = 32\n"
                              "set Batch seed = 4\n"
                              "set Log interval = 5\n"
                              "set Checkpoint interval = 2.5\n"
                              "set Weights of terms = noise level\n"
                              "set Noise levels = 0.1, 0\n"
                              "set Precision = single\n"
                              "set Check derivatives = true\n"
                              "set Checkpoint iterations = 6\n");
  parameters.check();
  check(
    "parameters",
    parameters.optimizer.method == "Adam" &&
      parameters.stopping.max_iterations == 7 && parameters.batch_size == 32 &&
      parameters.batch_seed == 4 && parameters.log_interval == 5 &&
      parameters.checkpoint_interval == 2.5 &&
      parameters.checkpoint_iterations == 6 &&
      parameters.term_weights.mode == "noise level" &&
      parameters.term_weights.noise_levels == std::vector<double>{0.1, 0.} &&
      parameters.precision == "single" && parameters.check_derivatives);
}



DERL_TEST(training)
{
  initlog();
  deallog << std::setprecision(10);

  check_accuracy();
  check_log();
  check_clock();
  check_model();
  check_divergence();
  check_errors();
  check_components();
  check_trend();
  check_options();
  check_parameters();
}
} // namespace test_training
