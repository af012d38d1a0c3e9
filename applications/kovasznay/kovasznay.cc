// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Solve the Navier-Stokes equations for Kovasznay's flow with finite elements,
// train a surrogate for velocity and pressure on the derivatives of the
// solution, or of the exact flow, and measure both.

#include <derl/derl.h>

#include <deal.II/base/timer.h>

#include <solvers/flow_equations.h>

#include "parameters.h"
#include "solver.h"

using namespace dealii;
using namespace derl;

void
solve_and_learn(const MPI_Comm            &communicator,
                const CommandLine         &command_line,
                const KovasznayParameters &parameters)
{
  TrainingRun run(communicator,
                  command_line,
                  parameters,
                  "Kovasznay's flow",
                  {"x", "y"},
                  {"u", "v", "p"},
                  flow_output_map(parameters.stream_function));

  Timer                 timer;
  const KovasznayFlow   flow(50.);
  const KovasznaySolver solver(
    communicator, flow, parameters.reference, run.pcout);
  run.summary.seconds_reference = timer.wall_time();

  const auto &mapping     = solver.get_mapping();
  const auto &dof_handler = solver.get_dof_handler();
  const auto &solution    = solver.get_solution();
  const auto  choices     = parameters.term_choices();

  run.train([&](Trainer &trainer) {
    SampleRequest<2> request(
      orders_to_sample(choices, "interior", trainer.names()));
    request.estimator    = estimator_of_name(parameters.estimator);
    const unsigned int n = parameters.n_points;
    SampleTables       tables;
    tables.add("interior",
               parameters.source == "exact"
                 ? sample_function(communicator,
                                   *flow.exact,
                                   random_points(flow.lower, flow.upper, n, 30),
                                   request.orders)
                 : sample(mapping, dof_handler, solution, request));
    tables.add("boundary",
               sample_function(
                 communicator,
                 *flow.exact,
                 boundary_grid_points(flow.lower, flow.upper, 2 * std::sqrt(n)),
                 {jet_values}));
    tables.add("pressure point",
               sample_function<2>(communicator,
                                  Functions::ZeroFunction<2>(3),
                                  {flow.lower},
                                  {jet_values}));
    tables.add_terms(choices, trainer, flow.equations);
    return "Kovasznay's flow, " + parameters.source;
  });
  // the constant of the pressure is arbitrary, unless the boundary has values
  const bool is_given =
    std::any_of(choices.begin(), choices.end(), [](const TermChoice &choice) {
      return choice.samples == "boundary" && choice.name() != "boundary u v";
    });
  if (run.trains() && !is_given)
    flow.normalize_pressure(run.surrogate);

  timer.restart();
  run.judge(assess(mapping, dof_handler, solution, run.surrogate));
  run.record(solver.measure(run.surrogate));
  run.summary.seconds_evaluation = timer.wall_time();

  const SurrogateFunction<2> function(run.surrogate);
  write_fields(run.folder,
               mapping,
               dof_handler,
               solution,
               ComparisonPostprocessor<2>(
                 function, flow.exact.get(), flow.equations.at("momentum")));
  // columns: x y, then u v p of reference, surrogate, exact, and of the errors
  // of the first two; two residuals; u v p of the difference; their gradients;
  // the exact vorticity is the Reynolds number times v
  draw_maps(run.folder,
            "errors",
            {{"|velocity of finite elements - exact|", "sqrt($12**2 + $13**2)"},
             {"|velocity of surrogate - exact|", "sqrt($15**2 + $16**2)"}},
            ColorScale::logarithmic,
            run.pcout);
  draw_maps(
    run.folder,
    "vorticity",
    {{"|vorticity of finite elements - exact|", "abs($25 - $24 - 50 * $10)"},
     {"|vorticity of surrogate - exact|", "abs($31 - $30 - 50 * $10)"}},
    ColorScale::logarithmic,
    run.pcout);
  run.finish();
}

int
main(int argc, char **argv)
{
  return run_application<KovasznayParameters>(
    argc,
    argv,
    "Solves the Navier-Stokes equations for Kovasznay's flow and learns it.",
    "kovasznay",
    solve_and_learn);
}
