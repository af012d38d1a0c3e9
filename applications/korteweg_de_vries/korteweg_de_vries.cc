// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Solve the Korteweg-de Vries equation, learn the solution in space and time
// from its derivatives, and measure both by a Fourier solution.

#include <derl/derl.h>

#include <derl/equations/sacado_residual.h>

#include <deal.II/base/timer.h>

#include <filesystem>

#include "terms.h"

using namespace dealii;
using namespace derl;

void
solve_and_learn(const MPI_Comm      &communicator,
                const CommandLine   &command_line,
                const KdvParameters &parameters)
{
  TrainingRun run(communicator,
                  command_line,
                  parameters,
                  "Korteweg-de Vries equation",
                  {"x", "t"},
                  {"u"},
                  OutputMap(),
                  parameters.n_waves == 0
                    ? InputMap()
                    : InputMap::periodic(2, {{0, 2., parameters.n_waves}}));

  Timer                 timer;
  const KdvSolver       reference(parameters.problem);
  const FourierSolution exact(parameters.problem);
  run.summary.seconds_reference = timer.wall_time();

  const auto equation =
    residual({"u", "u_t", "u_x", "u_xxx"},
             [dispersion = parameters.problem.dispersion](
               const auto &jet, const auto &, const auto &) {
               const auto &[u, u_t, u_x, u_xxx] = jet;
               return rows(u_t + u * u_x + dispersion * u_xxx);
             });

  run.train([&](Trainer &trainer) {
    const std::filesystem::path file = command_line.parameter_file;
    sample(communicator, parameters, reference, exact, file.parent_path())
      .add_terms(parameters.term_choices(), trainer, {{"equation", equation}});
    return "Korteweg-de Vries equation, " + parameters.source;
  });

  // measure both on a grid in space and time
  std::vector<std::pair<double, double>> places;
  for (unsigned int i = 0; i < 200; ++i)
    places.emplace_back(-1. + (i + 0.5) / 100., 1.);
  const Samples grid = parameters.problem.points(
    communicator, places, 0, parameters.problem.n_steps);
  run.compare(exact.sample(grid, "Fourier solution"),
              reference.sample(grid, "finite element solution"),
              equation);
  run.finish();
}

int
main(int argc, char **argv)
{
  return run_application<KdvParameters>(
    argc,
    argv,
    "Solves u_t + u u_x + 0.0025 u_xxx = 0 and learns its solution in space "
    "and time.",
    "korteweg_de_vries",
    solve_and_learn);
}
