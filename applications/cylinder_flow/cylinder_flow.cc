// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Solve the Navier-Stokes equations past a cylinder with finite elements, train
// a surrogate on the derivatives of velocity and pressure, and compare the
// forces of both with published ones.

#include <derl/base/collective.h>
#include <derl/base/file.h>

#include <derl/coupling/comparison_postprocessor.h>

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/timer.h>

#include <common/command_line.h>
#include <common/history.h>
#include <common/pictures.h>
#include <common/summary.h>
#include <common/training_run.h>

#include "flow_measures.h"
#include "flow_parameters.h"
#include "flow_terms.h"

using namespace dealii;
using namespace derl;

const std::string purpose =
  "Solves the stationary Navier-Stokes equations past a cylinder (DFG "
  "benchmark 2D-1) with finite\nelements, trains a neural surrogate on the "
  "derivatives of velocity and pressure, and compares the\ndrag and lift of "
  "both with the published ones.";

void
run(const MPI_Comm       &communicator,
    const CommandLine    &command_line,
    const FlowParameters &parameters)
{
  const ConditionalOStream pcout(
    std::cout, Utilities::MPI::this_mpi_process(communicator) == 0);
  const std::string &folder = parameters.output_folder;
  make_output_folder(communicator, folder);
  check_training_memory(
    communicator,
    parameters.network.architecture(2, flow_benchmark::n_components),
    parameters.training);

  Summary summary;
  summary.problem     = "cylinder flow, DFG 2D-1";
  summary.n_ranks     = Utilities::MPI::n_mpi_processes(communicator);
  Surrogate surrogate = initial_surrogate(communicator,
                                          command_line,
                                          parameters.network,
                                          {"x", "y"},
                                          {"u", "v", "p"});
  if (command_line.evaluate.empty() && command_line.resume.empty())
    surrogate.scaling = flow_scaling(parameters.length_unit);
  summary.n_parameters = surrogate.architecture.n_parameters();
  summary.seed         = surrogate.provenance.seed;

  Timer      timer;
  FlowSolver solver(communicator, parameters.reference, pcout);
  solver.solve();
  summary.seconds_reference = timer.wall_time();

  if (command_line.evaluate.empty())
    {
      timer.restart();
      Trainer trainer(surrogate, parameters.training, communicator, pcout);
      surrogate.provenance.reference = add_terms(parameters, solver, trainer);
      summary.seconds_sampling       = timer.wall_time();
      if (parameters.figures_interval > 0.)
        {
          const auto history = std::make_shared<History<2>>(
            communicator,
            surrogate,
            std::vector<std::string>{"drag", "lift", "pressure_difference"},
            [](const SurrogateFunction<2> &function) -> std::vector<double> {
              const auto figures = coefficients_from_stress(function);
              return {figures.drag, figures.lift, figures.pressure_difference};
            },
            parameters.figures_interval,
            folder + "/figures.csv");
          trainer.observe(
            [history](const IterationState &state) { history->update(state); });
        }
      run_training(
        communicator, command_line, folder, surrogate, trainer, summary, pcout);
    }

  timer.restart();
  const SurrogateFunction<2> function(surrogate);
  summary.figures            = compare(solver, function);
  summary.seconds_evaluation = timer.wall_time();
  print_comparison(pcout, summary.figures);

  if (command_line.evaluate.empty())
    {
      for (const auto &[of, figures] : summary.figures)
        if (of == "surrogate")
          surrogate.provenance.errors = figures;
      save(communicator, folder + "/model.json", surrogate);
    }
  write_fields(folder,
               solver.get_mapping(),
               solver.get_dof_handler(),
               solver.get_solution(),
               ComparisonPostprocessor<2>(function));
  // columns: x y, then u v p of reference, surrogate, and their difference
  draw_maps(communicator,
            folder,
            "flow",
            {{"speed of the surrogate", "sqrt($6**2 + $7**2)"},
             {"pressure of the surrogate", "$8"}},
            ColorScale::linear,
            pcout);
  draw_maps(communicator,
            folder,
            "differences",
            {{"|velocity of surrogate - finite element solution|",
              "sqrt($9**2 + $10**2)"},
             {"|pressure of surrogate - finite element solution|", "abs($11)"}},
            ColorScale::logarithmic,
            pcout);
  finish_run(communicator, folder, summary, pcout);
}

int
main(int argc, char **argv)
{
  return run_program(argc, argv, [&](const MPI_Comm &communicator) {
    const CommandLine command_line(argc, argv);
    FlowParameters    parameters;
    ParameterHandler  prm;
    parameters.declare_parameters(prm);
    if (command_line.parameter_file.empty())
      return explain(
        communicator, command_line, purpose, "cylinder_flow.prm", prm);
    read_parameters(communicator, command_line, prm);
    parameters.check();
    run(communicator, command_line, parameters);
  });
}
