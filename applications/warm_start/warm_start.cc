// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Solve a parametric nonlinear problem for a few parameters, train one
// surrogate in space and parameters, and start Newton's method for other
// parameters with it.

#include <derl/base/collective.h>
#include <derl/base/file.h>

#include <derl/coupling/comparison_postprocessor.h>

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/timer.h>

#include <common/command_line.h>
#include <common/pictures.h>
#include <common/training_run.h>

#include "start_study.h"

using namespace dealii;
using namespace derl;

const std::string purpose =
  "Solves -div((1 + u^2)^k grad u) = 10^s with finite elements for a few "
  "values "
  "of (s, k), trains\none surrogate in (x, y, s, k), and counts Newton's steps "
  "for other values from several starts.";

void
run(const MPI_Comm            &communicator,
    const CommandLine         &command_line,
    const WarmStartParameters &parameters)
{
  const ConditionalOStream pcout(
    std::cout, Utilities::MPI::this_mpi_process(communicator) == 0);
  const std::string &folder = parameters.output_folder;
  make_output_folder(communicator, folder);
  check_training_memory(
    communicator, parameters.network.architecture(4, 1), parameters.training);

  Summary summary;
  summary.problem      = "nonlinear diffusion with two parameters, 2d";
  summary.n_ranks      = Utilities::MPI::n_mpi_processes(communicator);
  Surrogate surrogate  = initial_surrogate(communicator,
                                          command_line,
                                          parameters.network,
                                          {"x", "y", "s", "k"},
                                          {"u"});
  summary.n_parameters = surrogate.architecture.n_parameters();
  summary.seed         = surrogate.provenance.seed;

  Timer                timer;
  DiffusionSolver      solver(communicator, parameters.solver);
  const KnownSolutions known(parameters, solver, pcout);
  summary.seconds_reference = timer.wall_time();

  if (command_line.evaluate.empty())
    {
      timer.restart();
      if (command_line.resume.empty())
        surrogate.scaling = known.scaling();
      Trainer trainer(surrogate, parameters.training, communicator, pcout);
      surrogate.provenance.reference = known.add_terms(trainer);
      summary.seconds_sampling       = timer.wall_time();
      run_training(
        communicator, command_line, folder, surrogate, trainer, summary, pcout);
    }

  timer.restart();
  SurrogateFunction<2> function(surrogate);
  summary.figures = {
    {"reference", {{"relative_centre_error", known.centre_error()}}}};
  for (const auto &figures :
       compare_starts(parameters, known, function, solver, pcout))
    summary.figures.push_back(figures);
  summary.seconds_evaluation = timer.wall_time();

  surrogate.provenance.errors = summary.figures.back().second;
  if (command_line.evaluate.empty())
    save(communicator, folder + "/model.json", surrogate);

  // pictures in the middle of the box of parameters
  const auto middle = known.random_parameters(0.5, 0.5);
  auto       start  = solver.make_vector();
  known.start_from_nearest(middle, start);
  solver.solve(middle[0], middle[1], start);
  function.set_parameters({middle.begin(), middle.end()});
  write_fields(folder,
               solver.get_mapping(),
               solver.get_dof_handler(),
               start,
               ComparisonPostprocessor<2>(function));
  // columns: x y reference surrogate difference
  draw_maps(communicator,
            folder,
            "surrogate",
            {{"surrogate", "$4"}, {"surrogate - finite elements", "$5"}},
            ColorScale::linear,
            pcout);
  finish_run(communicator, folder, summary, pcout);
}

int
main(int argc, char **argv)
{
  return run_program(argc, argv, [&](const MPI_Comm &communicator) {
    const CommandLine   command_line(argc, argv);
    WarmStartParameters parameters;
    ParameterHandler    prm;
    parameters.declare_parameters(prm);
    if (command_line.parameter_file.empty())
      return explain(
        communicator, command_line, purpose, "warm_start.prm", prm);
    read_parameters(communicator, command_line, prm);
    parameters.check();
    run(communicator, command_line, parameters);
  });
}
