// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Solve the Navier-Stokes equations past a cylinder with finite elements, train
// a surrogate on the derivatives of velocity and pressure, and compare the
// forces of both with published ones.

#include <derl/coupling/errors.h>

#include <derl/program/program.h>
#include <derl/program/training_run.h>

#include <deal.II/base/timer.h>

#include <solvers/flow_equations.h>

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
solve_and_learn(const MPI_Comm       &communicator,
                const CommandLine    &command_line,
                const FlowParameters &parameters)
{
  TrainingRun run(communicator,
                  command_line,
                  parameters,
                  "cylinder flow, DFG 2D-1",
                  {"x", "y"},
                  {"u", "v", "p"},
                  flow_output_map(parameters.stream_function));
  if (run.starts_anew())
    run.surrogate.scaling =
      flow_scaling(parameters.length_unit, parameters.stream_function);

  Timer          timer;
  CylinderSolver solver(communicator, parameters.reference, run.pcout);
  solver.solve();
  run.summary.seconds_reference = timer.wall_time();

  run.train([&](Trainer &trainer) {
    run.write_history<2>(
      trainer,
      "figures.csv",
      parameters.figures_interval,
      {"drag", "lift", "pressure_difference"},
      [](const SurrogateFunction<2> &function) {
        const auto figures = coefficients_from_stress(function);
        return std::vector<double>{
          figures.drag, figures.lift, figures.pressure_difference};
      });
    return add_terms(parameters, solver, trainer);
  });

  timer.restart();
  const SurrogateFunction<2> function(run.surrogate);
  run.judge(assess(solver.get_mapping(),
                   solver.get_dof_handler(),
                   solver.get_solution(),
                   run.surrogate));
  run.record(compare(solver, run.surrogate));
  run.summary.seconds_evaluation = timer.wall_time();

  write_fields(run.folder,
               solver.get_mapping(),
               solver.get_dof_handler(),
               solver.get_solution(),
               ComparisonPostprocessor<2>(function));
  // columns: x y, then u v p of reference, surrogate, and their difference
  draw_maps(run.folder,
            "flow",
            {{"speed of the surrogate", "sqrt($6**2 + $7**2)"},
             {"pressure of the surrogate", "$8"}},
            ColorScale::linear,
            run.pcout);
  draw_maps(run.folder,
            "differences",
            {{"|velocity of surrogate - finite element solution|",
              "sqrt($9**2 + $10**2)"},
             {"|pressure of surrogate - finite element solution|", "abs($11)"}},
            ColorScale::logarithmic,
            run.pcout);
  run.finish();
}

int
main(int argc, char **argv)
{
  return run_application<FlowParameters>(
    argc, argv, purpose, "cylinder_flow", solve_and_learn);
}
