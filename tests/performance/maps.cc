// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// What maps around a network cost, beside the network alone, and how fast a
// surrogate is evaluated at points with coordinates of their own.
// maps_benchmark  The first table has one loss with its parameter gradient at
// 10000 points, 4x50: with the map, for the bare network with the derivatives
// that the map takes of it, and for a network without a map that has the same
// components.

#include <derl/coupling/surrogate_function.h>

#include <derl/network/evaluator.h>
#include <derl/network/jet_plan.h>

#include <deal.II/base/mpi.h>

#include <array>
#include <cstdio>

#include "../../source/base/random.h"
#include "measure.h"

using namespace dealii;
using namespace derl;



std::vector<double>
random_numbers(const std::size_t n)
{
  RandomStream        random(42);
  std::vector<double> result(n);
  for (double &x : result)
    x = random.uniform();
  return result;
}



/**
 * Half the sum of the squares of all jets of a surrogate, with its gradient.
 */
class Loss
{
public:
  Loss(const Surrogate &surrogate, const DerivativeSet &set)
    : n_components(surrogate.n_components())
    , points(random_numbers(10000 * set.n_coordinates()))
    , plan(surrogate.make_plan(set))
    , workspace(plan)
    , parameters(surrogate.parameters)
    , gradient(parameters.size())
  {
  }

  void
  evaluate()
  {
    gradient = 0.;
    plan.set_parameters(parameters, workspace);
    plan.add_gradient(
      make_array_view(std::as_const(points)),
      workspace,
      [&](const unsigned int, const JetBlock &jets, const JetBlock &adjoints) {
        for (unsigned int c = 0; c < n_components; ++c)
          for (unsigned int e = 0; e < plan.derivative_set().size(); ++e)
            std::copy_n(jets(c, e), jets.n_points(), adjoints(c, e));
      },
      gradient);
  }

private:
  const unsigned int        n_components;
  const std::vector<double> points;
  const JetPlan             plan;
  JetPlan::Workspace        workspace;
  const Vector<double>      parameters;
  Vector<double>            gradient;
};



/**
 * Milliseconds of each loss, the fastest twentieth, measured in turns.
 */
std::array<double, 3>
milliseconds(std::array<Loss, 3> losses)
{
  const unsigned int  n_evaluations = 60;
  std::vector<double> seconds[3];
  for (unsigned int i = 0; i < n_evaluations; ++i)
    for (unsigned int l = 0; l < 3; ++l)
      {
        const double start = thread_seconds();
        losses[l].evaluate();
        seconds[l].push_back(thread_seconds() - start);
      }
  std::array<double, 3> result;
  for (unsigned int l = 0; l < 3; ++l)
    {
      std::sort(seconds[l].begin(), seconds[l].end());
      result[l] = 1e3 * seconds[l][n_evaluations / 20];
    }
  return result;
}



Surrogate
make(const unsigned int               n_coordinates,
     const unsigned int               n_components,
     const std::vector<unsigned int> &hidden     = {50, 50, 50, 50},
     const InputMap                  &input_map  = InputMap(),
     const OutputMap                 &output_map = OutputMap())
{
  NetworkParameters parameters;
  parameters.hidden = hidden;
  return Surrogate(parameters,
                   std::vector<std::string>(n_coordinates, "x"),
                   std::vector<std::string>(n_components, "u"),
                   input_map,
                   output_map);
}



void
print_maps()
{
  std::printf("%-44s %9s %9s %7s %9s %7s\n",
              "4x50, 10000 points",
              "ms",
              "bare ms",
              "ratio",
              "free ms",
              "ratio");
  const auto print = [](const std::string   &name,
                        const unsigned int   n_components,
                        const DerivativeSet &set,
                        const InputMap      &input_map,
                        const OutputMap     &output_map) {
    const unsigned int              n      = set.n_coordinates();
    const std::vector<unsigned int> hidden = {50, 50, 50, 50};
    const auto [mapped, bare, free]        = milliseconds(
      {{{make(n, n_components, hidden, input_map, output_map), set},
               {make(n, output_map.n_outputs(n_components)),
                output_map.needed_derivatives(set)},
               {make(n, n_components), set}}});
    std::printf("%-44s %9.2f %9.2f %7.3f %9.2f %7.3f\n",
                name.c_str(),
                mapped,
                bare,
                mapped / bare,
                free,
                mapped / free);
  };
  const DerivativeSet gradient = DerivativeSet::up_to_order(2, 1),
                      hessian  = DerivativeSet::up_to_order(2, 2),
                      space    = DerivativeSet::up_to_order(3, 1);
  const InputMap affine;
  print("no map, gradient", 1, gradient, affine, {});
  print("periodic in x, gradient",
        1,
        gradient,
        InputMap::periodic(2, {{0, 1.}}),
        {});
  print("periodic in x, y, two waves each, gradient",
        1,
        gradient,
        InputMap::periodic(2, {{0, 1., 2}, {1, 1., 2}}),
        {});
  print(
    "periodic in x, Hessian", 1, hessian, InputMap::periodic(2, {{0, 1.}}), {});
  ExactValues zero       = ExactValues::on_box({0., 0.}, {1., 1.});
  ExactValues polynomial = zero, surrogate = zero;
  polynomial.polynomial = {{{0, 0}, 1.}, {{1, 1}, 2.}};
  surrogate.surrogate =
    std::make_shared<const Surrogate>(make(2, 1, {20, 20, 20}));
  for (const DerivativeSet &set : {gradient, hessian})
    {
      const std::string name =
        set.max_order() == 1 ? ", gradient" : ", Hessian";
      print("zero on a square" + name,
            1,
            set,
            affine,
            OutputMap::identity(1, 2).impose(0, zero));
      print("a polynomial on a square" + name,
            1,
            set,
            affine,
            OutputMap::identity(1, 2).impose(0, polynomial));
      print("a surrogate (3x20) on a square" + name,
            1,
            set,
            affine,
            OutputMap::identity(1, 2).impose(0, surrogate));
    }
  print("gradient of a potential, values",
        2,
        DerivativeSet(2),
        affine,
        OutputMap::gradient(2, 2));
  print(
    "curl in 2-D, values", 2, DerivativeSet(2), affine, OutputMap::curl(2, 2));
  print("curl in 2-D, gradient", 2, gradient, affine, OutputMap::curl(2, 2));
  print("curl in 3-D, gradient", 3, space, affine, OutputMap::curl(3, 3));
  print("conservation law in 3 coordinates, values",
        3,
        DerivativeSet(3),
        affine,
        OutputMap::conservation_law(3));
  print("conservation law in 3 coordinates, gradient",
        3,
        space,
        affine,
        OutputMap::conservation_law(3));
}



/**
 * Values, gradients and Hessians of 3x20 with 6 inputs, as a constitutive law
 * needs them.
 */
void
print_evaluator()
{
  const Surrogate      surrogate = make(6, 1, {20, 20, 20});
  const auto           set       = DerivativeSet::up_to_order(6, 2);
  SurrogateFunction<3> function(surrogate, OutsideBox::ignore);
  const Evaluator      evaluator(surrogate, set),
    single(surrogate, set, Precision::single_precision);
  Evaluator::Workspace workspace(evaluator), single_workspace(single);
  const auto           numbers = random_numbers(6 * 10000);
  function.set_parameters({0.1, 0.2, 0.3});
  std::printf("\n%-24s %16s %16s %16s\n",
              "3x20, 6 inputs, Hessian",
              "derivatives()",
              "Evaluator",
              "single precision");
  for (const unsigned int n : {1u, 8u, 64u, 512u, 10000u})
    {
      std::vector<Point<3>> points(n);
      for (unsigned int i = 0; i < n; ++i)
        for (unsigned int d = 0; d < 3; ++d)
          points[i][d] = numbers[6 * i + d];
      std::vector<double> results(n * set.size());
      const unsigned int  n_calls = std::max(1u, 2000 / n);
      const auto          rate    = [&](const auto &evaluate) {
        return n * n_calls / measure([&]() {
                               for (unsigned int i = 0; i < n_calls; ++i)
                                 evaluate();
                             }).seconds;
      };
      const ArrayView<const double> coordinates(numbers.data(), 6 * n);
      std::printf("%8u points at once  %16.3g %16.3g %16.3g\n",
                  n,
                  rate([&]() { function.derivatives(points, set); }),
                  rate([&]() {
                    evaluator.evaluate(
                      coordinates, workspace, make_array_view(results));
                  }),
                  rate([&]() {
                    single.evaluate(
                      coordinates, single_workspace, make_array_view(results));
                  }));
    }
}



int
main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  print_maps();
  print_evaluator();
}
