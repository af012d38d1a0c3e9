// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The units that a network gets from samples must be those of the samples, on
// any number of ranks; with them the objective must not depend on the units of
// the problem, whatever its terms are.

#include <derl/data/sources.h>

#include <derl/equations/sacado_residual.h>

#include <derl/objective/sum_of_squares.h>
#include <derl/objective/terms.h>

#include <cmath>

#include "../check.h"

namespace test_automatic_scaling
{
using namespace dealii;
using namespace derl;

/** Lengths in user's units per metre, times, and two fields. */
struct Units
{
  double length = 1., time = 1., u = 1., v = 1.;
};



/**
 * Samples of u = 3 + sin(x) t, v = 5 x^2 at x in [2, 4], t in [0, 10] (in
 * metres and seconds), dealt out to the ranks.
 */
std::shared_ptr<Samples>
samples(const Units &units, const bool with_derivatives)
{
  std::vector<JetEntry> columns = {{0, {0, 0}}, {1, {0, 0}}};
  if (with_derivatives)
    columns = {{0, {1, 0}}, {0, {0, 1}}, {1, {1, 0}}, {1, {2, 0}}};
  auto result = std::make_shared<Samples>(
    2, columns, "formulas", std::vector<std::string>{"force"});
  const unsigned int n       = 30;
  const unsigned int rank    = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  for (unsigned int i = rank; i < n; i += n_ranks)
    {
      const double        x = 2. + 2. * i / (n - 1.);
      const double        t = 10. * ((7 * i) % n) / (n - 1.);
      const double        l = units.length, s = units.time;
      std::vector<double> point = {x * l, t * s};
      std::vector<double> values;
      if (with_derivatives)
        values = {std::cos(x) * t * units.u / l,
                  std::sin(x) * units.u / s,
                  10. * x * units.v / l,
                  10. * units.v / l / l};
      else
        values = {(3. + std::sin(x) * t) * units.u, 5. * x * x * units.v};
      const std::vector<double> force = {x * units.u * units.v / l};
      result->add(ArrayView<const double>(point.data(), 2),
                  ArrayView<const double>(values.data(), values.size()),
                  1. + i,
                  ArrayView<const double>(force.data(), 1));
    }
  return result;
}



Surrogate
network()
{
  NetworkParameters options;
  options.hidden = {7, 7};
  return Surrogate(options, {"x", "t"}, {"u", "v"});
}



void
compare_scaling()
{
  const auto    values = samples({}, false), derivatives = samples({}, true);
  const Scaling scaling =
    automatic_scaling(MPI_COMM_WORLD, 3, {values.get(), derivatives.get()});
  check("box",
        std::abs(scaling.input_shift[0] - 3.) +
          std::abs(scaling.input_scale[0] - 1.) +
          std::abs(scaling.input_shift[1] - 5.) +
          std::abs(scaling.input_scale[1] - 5.),
        1e-14);
  check("nothing is known of the third component",
        scaling.output_shift[2] == 0. && scaling.output_scale[2] == 1.);

  double sum = 0., weight = 0., of_u = 0., of_v = 0., v_squares = 0.;
  for (unsigned int i = 0; i < 30; ++i)
    {
      const double x = 2. + 2. * i / 29., t = 10. * ((7 * i) % 30) / 29.;
      const double w = 1. + i;
      weight += w;
      sum += w * 5. * x * x;
      v_squares += w * 25. * x * x * x * x;
      of_u += w * std::pow(std::cos(x) * t, 2);
      of_v += w * 100. * x * x;
    }
  check("shift", std::abs(scaling.output_shift[1] - sum / weight), 1e-12);
  check("scale of v: of its derivative, larger than that of its values",
        std::abs(scaling.output_scale[1] / std::sqrt(of_v / weight) - 1.),
        1e-12);
  check("scale of u",
        std::abs(scaling.output_scale[0] / std::sqrt(of_u / weight) - 1.),
        1e-12);
  const Scaling of_values =
    automatic_scaling(MPI_COMM_WORLD, 2, {values.get()});
  check("scale of values alone",
        std::abs(of_values.output_scale[1] /
                   std::sqrt(v_squares / weight - std::pow(sum / weight, 2)) -
                 1.),
        1e-10);
}



// a coordinate and a component that are constant
void
compare_constants()
{
  Samples constant(2, {{0, {0, 0}}, {1, {0, 0}}}, "constants");
  if (Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
    for (const double x : {1., 2.})
      {
        const double point[] = {x, 7.}, values[] = {1e6, 0.};
        constant.add(ArrayView<const double>(point, 2),
                     ArrayView<const double>(values, 2),
                     1.);
      }
  const Scaling scaling = automatic_scaling(MPI_COMM_WORLD, 2, {&constant});
  check("a constant coordinate",
        scaling.input_shift[1] == 7. && scaling.input_scale[1] == 7.);
  check("constant components",
        scaling.output_shift[0] == 1e6 && scaling.output_scale[0] == 1. &&
          scaling.output_shift[1] == 0. && scaling.output_scale[1] == 1.);
}



void
compare_units_of_entries()
{
  const Scaling scaling{{0., 0., 0.}, {2., 8., 5.}, {0., 0.}, {3., -7.}};
  const std::vector<std::string> names = {"x", "y", "t"};
  check("units of entries",
        std::abs(unit_of({0, {0, 0, 0}}, scaling, names) - 3.) +
          std::abs(unit_of({1, {0, 0, 1}}, scaling, names) - 7. / 5.) +
          std::abs(unit_of({0, {1, 0, 0}}, scaling, names) - 3. / 4.) +
          std::abs(unit_of({0, {0, 2, 0}}, scaling, names) - 3. / 16.),
        1e-14);
}



/**
 * Value and gradient of an objective with matching terms and an equation
 * u_x v + force = 0, in the network's units.
 */
std::pair<double, Vector<double>>
objective(const Units &units, const bool use_network_units)
{
  const auto values = samples(units, false), derivatives = samples(units, true);
  Surrogate  surrogate = network();
  surrogate.scaling =
    automatic_scaling(MPI_COMM_WORLD, 2, {values.get(), derivatives.get()});
  SumOfSquares sum(surrogate, MPI_COMM_WORLD);
  sum.add_term({"values", values, match({"u", "v"})});
  sum.add_term(
    {"slopes", derivatives, match({"u_x", "u_t", "v_x", "v_xx"}), 2.});
  sum.add_term(
    {"equation",
     values,
     residual({"u_x", "v"},
              {"force"},
              [](const auto &jet, const auto &columns, const auto &) {
                const auto &[u_x, v] = jet;
                return rows(u_x * v + columns[0]);
              }),
     0.5});
  if (use_network_units)
    sum.use_network_units(surrogate.parameters);
  std::pair<double, Vector<double>> result;
  result.first = sum.value_and_gradient(surrogate.parameters, result.second);
  return result;
}



void
compare_objectives()
{
  const Units units{1000., 1. / 3600., 2e5, 1e-3};
  const auto  one = objective({}, true), other = objective(units, true);
  check("value in other units", std::abs(other.first / one.first - 1.), 1e-11);
  Vector<double> difference = other.second;
  difference -= one.second;
  check("gradient in other units",
        difference.l2_norm() / one.second.l2_norm(),
        1e-10);
  check("without units of the network it would differ",
        std::abs(objective(units, false).first / one.first - 1.) > 1.);
  check("value of about one", one.first > 0.1 && one.first < 100.);
}



DERL_TEST(automatic_scaling)
{
  initlog();
  compare_scaling();
  compare_constants();
  compare_units_of_entries();
  compare_objectives();
}
} // namespace test_automatic_scaling
