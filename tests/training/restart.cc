// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Training that was interrupted must go on as if it had not been, with its log;
// a signal to any rank must end it in good order on all; and a checkpoint that
// cannot be written or does not fit must be reported.

#include <derl/base/collective.h>

#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <allen_cahn/manufactured_solution.h>

#include <derl/training/trainer.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include "../../source/base/signals.h"
#include "../../source/training/training_observers.h"
#include "../check.h"

namespace test_restart
{
using namespace dealii;
using namespace derl;
namespace fs = std::filesystem;

const std::string checkpoint = "training.derl";
const std::string log_file   = "training.csv";
const std::string model      = "training.json";

void
on_first_rank(const std::function<void()> &work)
{
  MPI_Barrier(MPI_COMM_WORLD);
  if (Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
    work();
  MPI_Barrier(MPI_COMM_WORLD);
}



void
remove_files()
{
  on_first_rank([]() {
    for (const std::string &file :
         {checkpoint, checkpoint + ".previous", log_file, model})
      fs::remove_all(file);
  });
}



std::string
contents(const std::string &file)
{
  return read_file(MPI_COMM_WORLD, file, "file");
}



void
put(const std::string &file, const std::string &text)
{
  write_file(MPI_COMM_WORLD, file, text);
}



/**
 * The lines of a log without their last column, the seconds; and whether these
 * do not decrease.
 */
std::pair<std::string, bool>
without_seconds(const std::string &log)
{
  std::istringstream in(log);
  std::string        line, result;
  double             last       = 0.;
  bool               increasing = true;
  while (std::getline(in, line))
    {
      const auto comma = line.rfind(',');
      result += line.substr(0, comma) + '\n';
      const double seconds = std::atof(line.c_str() + comma + 1);
      increasing           = increasing && seconds >= last;
      last                 = seconds;
    }
  return {result, increasing};
}



/**
 * A text that raises a signal when its line number n_lines is complete.
 */
class Progress : public std::stringbuf
{
public:
  unsigned int n_lines = 0;
  int          signal  = 0;

private:
  int
  sync() override
  {
    if (n_lines > 0 && --n_lines == 0)
      std::raise(signal);
    return 0;
  }
};



struct Options
{
  std::string               method         = "self-scaled Broyden";
  unsigned int              n_iterations   = 60;
  unsigned int              every          = 0;
  bool                      is_restart     = false;
  std::string               path           = checkpoint;
  std::vector<unsigned int> hidden         = {8, 8};
  bool                      has_maps       = false;
  std::vector<unsigned int> fixed_layers   = {};
  double                    weight         = 1.;
  std::string               weights        = "fixed";
  double                    held_out       = 0.;
  unsigned int              n_points       = 12;
  int                       signal         = 0;
  unsigned int              signalled_rank = 0;
};

struct Outcome
{
  TrainingResult result;
  Vector<double> parameters;
  std::string    progress;
};



Surrogate
surrogate_of(const Options &options)
{
  NetworkParameters network;
  network.hidden = options.hidden;
  OutputMap map  = OutputMap::identity(1, 2);
  map.impose(0, ExactValues::on_box({-1., -1.}, {1., 1.}));
  Surrogate result(network,
                   {"x", "y"},
                   {"u"},
                   options.has_maps ? InputMap::periodic(2, {{0, 4.}})
                                    : InputMap(),
                   options.has_maps ? map : OutputMap());
  result.fixed_layers = options.fixed_layers;
  return result;
}



Outcome
train(const Options &options)
{
  Surrogate surrogate = surrogate_of(options);

  TrainingParameters parameters;
  parameters.optimizer.method             = options.method;
  parameters.optimizer.adam.learning_rate = 0.01;
  parameters.stopping.max_iterations      = options.n_iterations;
  parameters.batch_size                   = options.method == "Adam" ? 50 : 0;
  parameters.term_weights.mode            = options.weights;
  parameters.validation.fraction          = options.held_out;
  parameters.validation.interval          = 4;
  parameters.log_interval                 = 7;
  parameters.checkpoint_interval          = 0.;
  parameters.checkpoint_iterations        = options.every;

  Progress     text;
  std::ostream stream(&text);
  const bool   shows =
    Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == options.signalled_rank;
  if (options.signal != 0)
    {
      // after four lines of header, in iteration 28
      text.n_lines = 4 + 14;
      text.signal  = options.signal;
    }
  Trainer trainer(
    surrogate, parameters, MPI_COMM_WORLD, ConditionalOStream(stream, shows));
  trainer.add_term("gradient",
                   std::make_shared<const Samples>(sample_function<2>(
                     MPI_COMM_WORLD,
                     ManufacturedSolution<2>(),
                     grid_points<2>({-1, -1}, {1, 1}, options.n_points),
                     {jet_values, jet_gradients})),
                   match({jet_values, jet_gradients}),
                   options.weight);
  trainer.write_log_to(log_file);
  trainer.write_checkpoints_to(options.path, model);
  if (options.is_restart)
    trainer.restart();
  trainer.stop_on_signals();

  Outcome outcome{trainer.train(), surrogate.parameters, ""};
  outcome.progress = Utilities::MPI::broadcast(
    MPI_COMM_WORLD, text.str(), options.signalled_rank);
  return outcome;
}



bool
same(const Outcome &a, const Outcome &b)
{
  return a.parameters == b.parameters &&
         a.result.optimization.value == b.result.optimization.value &&
         a.result.optimization.iterations == b.result.optimization.iterations &&
         a.result.optimization.evaluations == b.result.optimization.evaluations;
}



bool
says(const Outcome &outcome, const std::string &text)
{
  return outcome.progress.find(text) != std::string::npos;
}



/**
 * The lines of what a run says that hold a word.
 */
void
show(const Outcome &outcome, const std::string &word)
{
  std::istringstream in(outcome.progress);
  std::string        line;
  while (std::getline(in, line))
    if (line.find(word) != std::string::npos)
      deallog << line << std::endl;
}



void
check_restart(const std::string &method)
{
  remove_files();
  Options options;
  options.method = method;
  if (method == "L-BFGS")
    options.weights = "initial magnitude";
  if (method == "auto" || method == "Levenberg-Marquardt")
    options.held_out = 0.25;
  const Outcome     whole = train(options);
  const std::string log   = contents(log_file);
  check("no checkpoint", !fs::exists(checkpoint) && !fs::exists(model));

  // as if it had been killed after 33 iterations
  remove_files();
  options.every        = 20;
  options.n_iterations = 33;
  options.is_restart   = true;
  const Outcome part   = train(options);
  show(part, "checkpoint");
  const Vector<double> saved  = load(MPI_COMM_WORLD, model).parameters;
  options.every               = 0;
  options.n_iterations        = 20;
  const Outcome at_checkpoint = train(options);
  show(at_checkpoint, "Going on");
  check("model of the checkpoint",
        saved == at_checkpoint.parameters &&
          at_checkpoint.result.optimization.iterations == 20);
  options.n_iterations = 60;
  const Outcome rest   = train(options);
  check("same result", same(whole, rest));
  check("same log",
        without_seconds(contents(log_file)) == without_seconds(log) &&
          without_seconds(log).second);
}



void
check_log()
{
  remove_files();
  Options options;
  options.every           = 20;
  const Outcome     whole = train(options);
  const std::string log   = contents(log_file);

  options.every            = 0;
  options.is_restart       = true;
  const auto restart_gives = [&](const std::string &expected) {
    return same(train(options), whole) &&
           without_seconds(contents(log_file)).first ==
             without_seconds(expected).first;
  };
  // the last checkpoint is that of iteration 60, which the limit gives a line
  const auto        end    = log.rfind('\n', log.size() - 2) + 1;
  const std::string header = log.substr(0, log.find('\n') + 1);
  const std::string last   = log.substr(end);
  check("whole log", restart_gives(log));
  put(log_file, log + "61,3");
  check("lines too many", restart_gives(log));
  put(log_file, log.substr(0, end - 5));
  const auto before = log.rfind('\n', end - 2) + 1;
  check("half a line", restart_gives(log.substr(0, before) + last));
  put(log_file, "something,else\n1,2\n");
  check("another log", restart_gives(header + last));
  on_first_rank([]() { fs::remove(log_file); });
  check("no log", restart_gives(header + last));
}



void
check_signals()
{
  static volatile std::sig_atomic_t n_caught = 0;
  const auto         own_handler = [](int) { n_caught = n_caught + 1; };
  const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);

  remove_files();
  Options           options;
  const Outcome     whole = train(options);
  const std::string log   = contents(log_file);
  for (const int signal : {SIGTERM, SIGINT, SIGUSR1})
    for (const unsigned int rank : {0u, n_ranks - 1})
      {
        remove_files();
        std::signal(signal, own_handler);
        options.signal         = signal;
        options.signalled_rank = rank;
        options.is_restart     = false;
        const Outcome stopped  = train(options);
        check("stops",
              stopped.result.optimization.reason == StopReason::signal &&
                stopped.result.optimization.iterations == 28 &&
                load(MPI_COMM_WORLD, model).parameters == stopped.parameters &&
                n_caught == 0);
        show(stopped, "Caught");
        std::raise(signal);
        check("own handler is back", n_caught == 1);
        n_caught           = 0;
        options.signal     = 0;
        options.is_restart = true;
        check("goes on",
              same(train(options), whole) &&
                without_seconds(contents(log_file)).first ==
                  without_seconds(log).first);
      }

  std::signal(SIGUSR1, SIG_IGN);
  options.signal     = SIGUSR1;
  options.is_restart = false;
  check("ignored signals stay so",
        train(options).result.optimization.reason ==
          StopReason::iteration_limit);
  std::signal(SIGUSR1, SIG_DFL);

  SignalCatcher catcher;
  expect_error("two at a time", []() { SignalCatcher(); });
}



/**
 * Where writing takes longer than the interval, not every iteration may write:
 * the interval counts from the end, on all ranks alike.
 */
void
check_interval()
{
  const bool is_first = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0;
  const SignalWatch no_signals(
    MPI_COMM_WORLD, ConditionalOStream(std::cout, false), false);
  unsigned int       n_written = 0;
  double             seconds   = 0.;
  CheckpointSchedule schedule(
    MPI_COMM_WORLD, 0.0095, 0, no_signals, [&](const IterationState &) {
      const auto begin = std::chrono::steady_clock::now();
      if (is_first)
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      const std::chrono::duration<double> duration =
        std::chrono::steady_clock::now() - begin;
      seconds += Utilities::MPI::broadcast(MPI_COMM_WORLD, duration.count());
      ++n_written;
    });
  const Vector<double>                          x;
  const std::function<void(CheckpointWriter &)> nothing;
  auto run_to = [&, i = 0u](const unsigned int end) mutable {
    for (; i <= end; ++i, seconds += 1e-3)
      schedule.observe({i, i, 1., 0., 0., seconds, x, nothing});
  };
  for (const unsigned int end : {9, 19})
    {
      run_to(end);
      deallog << "checkpoints until iteration " << end << ": "
              << Utilities::MPI::min(n_written, MPI_COMM_WORLD) << " to "
              << Utilities::MPI::max(n_written, MPI_COMM_WORLD) << std::endl;
    }
  run_to(200);
  check("later ones are written", n_written > 2);
}



void
check_failures()
{
  remove_files();
  Options       options;
  const Outcome whole = train(options);

  options.is_restart  = true;
  const Outcome first = train(options);
  check("begins at the start", same(first, whole));
  show(first, "There is no");

  // at the first of three checkpoints the disk is full
  options.is_restart = false;
  options.every      = 20;
  on_first_rank(
    []() { fs::create_symlink("/dev/full", checkpoint + ".part"); });
  const Outcome full = train(options);
  check("training goes on without a disk", same(full, whole));
  show(full, "Warning");
  check("later ones are written",
        fs::exists(checkpoint) && fs::exists(checkpoint + ".previous"));
  options.path          = "no_such_folder/training.derl";
  const Outcome nowhere = train(options);
  check("training goes on without a folder", same(nowhere, whole));
  show(nowhere, "Warning");

  options       = Options();
  options.every = 20;
  train(options);
  options.every      = 0;
  options.is_restart = true;
  const auto refuses = [&](const std::string &what, const Options &other) {
    expect_error(what, [&]() { train(other); });
  };
  Options other = options;
  other.hidden  = {8, 9};
  refuses("network", other);
  other        = options;
  other.weight = 1. / 3.;
  refuses("weight", other);
  other          = options;
  other.has_maps = true;
  refuses("maps", other);
  other              = options;
  other.fixed_layers = {0, 2};
  refuses("fixed layers", other);
  other        = options;
  other.method = "L-BFGS";
  refuses("method", other);
  other          = options;
  other.n_points = 11;
  show(train(other), "Warning");

  put(checkpoint, "nothing");
  const Outcome from_previous = train(options);
  show(from_previous, "Warning");
  check("previous checkpoint",
        same(from_previous, whole) && says(from_previous, "iteration 40 of"));
  put(checkpoint + ".previous", "nothing");
  refuses("both damaged", options);
}



/**
 * No method may move a fixed layer; maps and fixed layers change nothing about
 * restarts.
 */
void
check_maps_and_fixed_layers()
{
  for (const std::string method :
       {"Adam", "L-BFGS", "self-scaled Broyden", "Levenberg-Marquardt"})
    {
      Options options;
      options.method       = method;
      options.has_maps     = true;
      options.fixed_layers = {1};
      options.n_iterations = 30;
      const Outcome whole  = train(options);
      options.every        = 10;
      options.n_iterations = 20;
      train(options);
      options.n_iterations = 30;
      options.is_restart   = true;
      check(method + ", restart with maps", same(train(options), whole));

      // three features, so that layer 1 begins after 4 * 8 parameters
      const Vector<double> start = surrogate_of(options).parameters;
      bool                 fixed = true, moved = true;
      for (unsigned int i = 0; i < start.size(); ++i)
        if (i >= 32 && i < 32 + 9 * 8)
          fixed = fixed && start(i) == whole.parameters(i);
        else
          moved = moved && start(i) != whole.parameters(i);
      check(method + ", a fixed layer", fixed && moved);
    }
}



DERL_TEST(restart)
{
  initlog();

  for (const std::string method :
       {"self-scaled Broyden", "L-BFGS", "Adam", "Levenberg-Marquardt", "auto"})
    {
      deallog.push(method);
      check_restart(method);
      deallog.pop();
    }
  check_log();
  check_signals();
  check_interval();
  check_failures();
  check_maps_and_fixed_layers();
}
} // namespace test_restart
