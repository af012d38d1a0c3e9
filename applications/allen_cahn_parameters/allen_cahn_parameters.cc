// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// One surrogate for a family of Allen-Cahn problems, in space and parameters.

#include "evaluation.h"

using namespace dealii;
using namespace derl;

struct FamilyParameters : TrainingRunParameters
{
  FamilyParameters()
    : TrainingRunParameters(
        "output/allen_cahn_parameters",
        "interior: gradient; boundary: value",
        {"interior", "boundary"},
        "value, gradient, Hessian (those observed), named derivatives (u_x "
        "u_xi), or the residual 'equation' at the interior samples; value at "
        "the boundary samples.")
  {
    network.hidden = {30, 30, 30};
  }

  std::string         family = "exp";
  unsigned int        n_map  = 20;
  ReferenceParameters reference;

protected:
  void
  declare_problem(ParameterHandler &prm) override
  {
    prm.add_parameter("Case",
                      family,
                      "One parameter xi, which is the equation's coefficient, "
                      "too (exp), or two, xi1 and xi2 (multi).",
                      Patterns::Selection("exp|multi"));
    prm.add_parameter("Map points per direction",
                      n_map,
                      "The surrogate is also measured for the square of this "
                      "number of parameters; 0 for none.");
    prm.enter_subsection("Reference");
    reference.declare_parameters(prm);
    prm.leave_subsection();
  }
};

void
solve_and_learn(const MPI_Comm         &communicator,
                const CommandLine      &command_line,
                const FamilyParameters &parameters)
{
  const ParametricProblem problem(parameters.family,
                                  parameters.reference.n_training);
  const auto             &known = problem.sets[0].second;
  TrainingRun             run(communicator,
                  command_line,
                  parameters,
                  "Allen-Cahn with parameters, " + parameters.family,
                  problem.coordinates,
                  {"u"});
  const ParameterGroups   groups(communicator, parameters.reference.n_groups);
  ParametricSolver        solver(
    groups.mesh_communicator(), problem, parameters.reference);

  run.train([&](Trainer &trainer) {
    const auto choices = parameters.term_choices();
    const auto orders  = orders_to_sample(choices, "interior", trainer.names());
    SampleTables tables;
    groups.for_each(known.size(), [&](const unsigned int i) {
      problem.set_parameters(known[i]);
      solver.sample(orders, tables);
    });
    tables.join(communicator, groups);
    tables.add_terms(choices, trainer, {{"equation", problem.equation()}});
    return "Allen-Cahn with " + std::to_string(known.size()) + " parameters";
  });
  run.summary.seconds_reference = solver.seconds;

  // measured by all ranks together
  Timer            timer;
  ParametricSolver of_all(communicator, problem, parameters.reference);
  auto             figures = evaluate(problem, of_all, parameters.n_map, run);
  run.summary.seconds_evaluation = timer.wall_time();
  figures[0].second.push_back(
    {"seconds_to_differentiate", solver.seconds_to_differentiate});
  run.record(figures);
  draw_picture(
    run.folder, "parameter_errors.gp", problem.coordinates, run.pcout);
  run.finish();
}

int
main(int argc, char **argv)
{
  return run_application<FamilyParameters>(
    argc,
    argv,
    "Learns solutions of the Allen-Cahn equation in space and parameters.",
    "allen_cahn_parameters",
    solve_and_learn);
}
