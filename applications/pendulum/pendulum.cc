// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Learn the motion of a pendulum for all initial states from 30 trajectories,
// and measure it on others.

#include <derl/coupling/errors.h>

#include <derl/program/program.h>
#include <derl/program/training_run.h>

#include <deal.II/base/timer.h>

#include <solvers/energies.h>

#include "measures.h"
#include "terms.h"

using namespace dealii;
using namespace derl;

void
learn(const MPI_Comm           &communicator,
      const CommandLine        &command_line,
      const PendulumParameters &parameters)
{
  const bool is_motion   = parameters.learned == "motion";
  const auto coordinates = is_motion ? std::vector<std::string>{"t", "u0", "v0"}
                           : parameters.learned == "Hamiltonian"
                             ? std::vector<std::string>{"q", "p"}
                             : std::vector<std::string>{"q", "v"};
  TrainingRun run(communicator,
                  command_line,
                  parameters,
                  "pendulum, " + parameters.learned,
                  coordinates,
                  {is_motion ? "u" : parameters.learned.substr(0, 1)});

  const Pendulum pendulum(parameters.damping);
  run.train([&](Trainer &trainer) {
    add_terms(communicator, parameters, pendulum, trainer);
    return "trajectories of a pendulum";
  });

  Timer      timer;
  Prediction predict;
  if (is_motion)
    predict = predict_motion(communicator, run.surrogate);
  else
    predict = [equations =
                 implied_equations(run.surrogate, parameters.damping)](
                const States &states, const std::vector<double> &times) {
      return sample_motion(equations, states, times, 1e-10);
    };
  auto figures = measure(communicator, pendulum, predict, run.folder);
  if (is_motion)
    {
      const auto tests = std::make_shared<const Samples>(
        sample_motion(pendulum.equations(),
                      share_of_rank(communicator, test_states()),
                      regular_times(1001)));
      figures.back().second.emplace_back(
        "consistency_rms",
        residual_rms(
          communicator, run.surrogate, tests, pendulum.linearized_residual()));
    }
  draw_picture(run.folder, "pendulum.gp", {}, run.pcout);
  run.summary.seconds_evaluation = timer.wall_time();
  run.record(figures);
  run.finish();
}



int
main(int argc, char **argv)
{
  return run_application<PendulumParameters>(
    argc,
    argv,
    "Learns the motion of a pendulum for all initial states, or its energy, "
    "from 30 trajectories.",
    "pendulum",
    learn);
}
