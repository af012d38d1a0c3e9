// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A density that a rotation moves: solve with discontinuous elements, learn the
// density in space and time from samples of many times, and measure both by the
// exact one.

#include <derl/derl.h>

#include <derl/equations/sacado_residual.h>

#include <deal.II/base/quadrature_lib.h>
#include <deal.II/base/timer.h>

#include <algorithm>

#include "measure.h"
#include "parameters.h"

using namespace dealii;
using namespace derl;

/**
 * Samples of all times: in the interior what the terms need, and values at the
 * boundary and at the initial time.
 */
SampleTables
take_samples(const MPI_Comm             &communicator,
             const ContinuityParameters &parameters,
             const FieldNames           &names,
             ContinuitySolver           &solver)
{
  std::vector<unsigned int> orders =
    orders_to_sample(parameters.term_choices(), "interior", names);
  // values choose the samples
  if (std::find(orders.begin(), orders.end(), jet_values) == orders.end())
    orders.insert(orders.begin(), jet_values);
  SampleRequest<2> in_cells(orders), on_faces = {jet_values};
  in_cells.estimator = estimator_of_name(parameters.estimator);
  const QGauss<1> line(parameters.reference.fe_degree + 1);
  SampleReservoir interior(communicator, parameters.n_samples, 30);
  SampleReservoir boundary(communicator, parameters.n_samples / 10 + 1, 30);
  SampleTables    tables;
  for (unsigned int i = 0; i < solver.n_times(); ++i)
    {
      solver.go_to(i);
      const double weight =
        solver.time_weight(i, parameters.least_density > 0.);
      if (parameters.least_density == 0.)
        in_cells.choice = interior.choice(weight);
      const Samples       inside = solver.sample(line, in_cells);
      std::vector<double> indicators;
      if (parameters.least_density > 0.)
        for (unsigned int k = 0; k < inside.size(); ++k)
          indicators.push_back(std::abs(inside.observations(k)[0]) +
                               parameters.least_density);
      interior.add(inside, weight, indicators);
      on_faces.choice = boundary.choice(weight);
      boundary.add(solver.sample_boundary(line, on_faces), weight);
      if (i == 0)
        tables.add("initial",
                   stratified_subset(communicator,
                                     solver.sample(line, {jet_values}),
                                     parameters.n_samples / 5 + 1,
                                     30));
    }
  tables.add("interior", interior.samples());
  tables.add("boundary", boundary.samples());
  return tables;
}



void
solve_and_learn(const MPI_Comm             &communicator,
                const CommandLine          &command_line,
                const ContinuityParameters &parameters)
{
  TrainingRun run(communicator,
                  command_line,
                  parameters,
                  "continuity equation",
                  {"x", "y", "t"},
                  {"u"},
                  OutputMap(),
                  parameters.input_map());
  if (run.starts_anew() && parameters.training.scaling == "automatic")
    run.surrogate.scaling = parameters.scaling();

  Timer            timer;
  ContinuitySolver solver(communicator, parameters.reference);
  solver.solve();
  run.summary.seconds_reference = timer.wall_time();

  // the divergence of the velocity is zero
  const auto equation = residual(
    {"u_x", "u_y", "u_t"}, [](const auto &jet, const auto &, const auto &x) {
      const auto &[u_x, u_y, u_t] = jet;
      return rows(u_t - x[1] * u_x + x[0] * u_y);
    });
  run.train([&](Trainer &trainer) {
    take_samples(communicator, parameters, trainer.names(), solver)
      .add_terms(parameters.term_choices(), trainer, {{"equation", equation}});
    return "continuity equation, discontinuous elements of degree " +
           std::to_string(parameters.reference.fe_degree);
  });
  measure(equation, parameters.n_evaluations, solver, run);
  run.finish();
}



int
main(int argc, char **argv)
{
  return run_application<ContinuityParameters>(
    argc,
    argv,
    "Follows a density that a rotation moves, and learns it in space and time.",
    "continuity",
    solve_and_learn);
}
