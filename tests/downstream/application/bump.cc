// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A user's application with parameter file, summary and pictures: learn a bump
// from random points.

#include <derl/derl.h>

#include <deal.II/base/function_lib.h>

using namespace dealii;

struct BumpParameters : derl::TrainingRunParameters
{
  BumpParameters()
    : TrainingRunParameters("output/bump",
                            "points: gradient; points: value: 0.1",
                            {"points"},
                            "value or gradient at the points.")
  {
    network.hidden = {10};
  }

  unsigned int n_points = 200;

protected:
  void
  declare_problem(ParameterHandler &prm) override
  {
    prm.add_parameter("Number of points",
                      n_points,
                      "Random points in the square.",
                      Patterns::Integer(1));
  }
};

void
learn_bump(const MPI_Comm          &communicator,
           const derl::CommandLine &command_line,
           const BumpParameters    &parameters)
{
  derl::TrainingRun run(
    communicator, command_line, parameters, "a bump", {"x", "y"}, {"u"});
  const Functions::CosineFunction<2> exact;
  run.train([&](derl::Trainer &trainer) {
    derl::SampleTables tables;
    tables.add("points",
               derl::sample_function(
                 communicator,
                 exact,
                 derl::random_points(
                   Point<2>(-1., -1.), Point<2>(1., 1.), parameters.n_points, 30),
                 {derl::jet_values, derl::jet_gradients}));
    tables.add_terms(parameters.term_choices(), trainer);
    return "cosines";
  });
  const derl::SurrogateFunction<2> surrogate(run.surrogate);
  const Point<2>                   x(0.3, -0.4);
  run.record({{"surrogate",
               {{"error", std::abs(surrogate.value(x) - exact.value(x))}}}});
  run.finish();
}

int
main(int argc, char **argv)
{
  return derl::run_application<BumpParameters>(
    argc, argv, "Learns a bump.", "bump", learn_bump);
}
