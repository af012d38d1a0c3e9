// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Solve the Korteweg-de Vries equation, learn the solution in space and time
// from its derivatives, and measure both by a Fourier solution.

#include <derl/derl.h>

#include <deal.II/base/timer.h>

#include <filesystem>

#include "parameters.h"

using namespace dealii;
using namespace derl;

/**
 * The samples that terms may be about. Collective.
 */
SampleTables
take_samples(const MPI_Comm        &communicator,
             const CommandLine     &command_line,
             const KdvParameters   &parameters,
             const KdvSolver       &reference,
             const FourierSolution &exact)
{
  const auto everywhere = [](const auto &) { return true; };
  Teacher    teacher{nullptr, everywhere};
  if (parameters.source == "teacher")
    teacher.surrogate = std::make_shared<const Surrogate>(
      load(communicator,
           std::filesystem::path(command_line.parameter_file)
             .replace_filename(parameters.teacher)));
  const auto observe = [&](const Samples &points) {
    if (parameters.source == "teacher")
      return sample_teachers(
        communicator, {teacher}, points.points(), Jet::names);
    if (parameters.source == "exact")
      return exact.sample(points, "Fourier solution");
    return reference.sample(points, "finite element solution");
  };
  const Places       gauss  = reference.gauss_points();
  const unsigned int last   = parameters.problem.n_steps;
  const auto         points = [&](const Places      &places,
                          const unsigned int first,
                          const unsigned int last) {
    return parameters.problem.points(communicator, places, first, last);
  };
  Samples inside = stratified_subset(
    communicator, points(gauss, 0, last), parameters.n_points, 30);
  // who learns from an equation alone must not know the size of observations
  if (!orders_to_sample(
         parameters.term_choices(), "interior", FieldNames({"x", "t"}, {"u"}))
         .empty())
    inside = observe(inside);

  SampleTables tables;
  tables.add("interior", std::move(inside));
  tables.add("boundary", observe(points({{-1., 1.}, {1., 1.}}, 0, last)));
  tables.add("initial", exact.sample(points(gauss, 0, 0), "initial values"));
  tables.add("final", exact.sample(points(gauss, last, last), "final values"));
  return tables;
}



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

  Timer                  timer;
  const KortewegDeVries &problem = parameters.problem;
  const KdvSolver        reference(problem);
  const FourierSolution  exact(problem);
  run.summary.seconds_reference = timer.wall_time();

  const auto equation = problem.equation();
  run.train([&](Trainer &trainer) {
    take_samples(communicator, command_line, parameters, reference, exact)
      .add_terms(parameters.term_choices(), trainer, {{"equation", equation}});
    return "Korteweg-de Vries equation, " + parameters.source;
  });

  const Samples grid = problem.points(
    communicator, problem.equal_distances(200), 0, problem.n_steps);
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
