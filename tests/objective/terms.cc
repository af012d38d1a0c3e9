// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Each term must have the value that its formula says, and a gradient that
// belongs to the value; wrong terms must be refused with a helpful message.

#include <derl/data/sampling.h>

#include <derl/equations/residual.h>

#include <derl/network/evaluator.h>

#include <derl/objective/sum_of_squares.h>
#include <derl/objective/terms.h>

#include <algorithm>
#include <limits>

#include "../../source/base/random.h"
#include "../check.h"

namespace test_terms
{
using namespace dealii;
using namespace derl;

const double lambda = 0.3;



/**
 * Samples with random points, observations and weights.
 */
std::shared_ptr<const Samples>
random_samples(const unsigned int               dim,
               const unsigned int               n_components,
               const std::vector<unsigned int> &orders,
               const unsigned int               n)
{
  auto samples =
    std::make_shared<Samples>(dim,
                              jet_entries_of_orders(dim, n_components, orders),
                              "random numbers",
                              std::vector<std::string>{"forcing"});
  RandomStream random(1);
  const auto   numbers = [&](const unsigned int size) {
    std::vector<double> result(size);
    for (double &x : result)
      x = 2. * random.uniform() - 1.;
    return result;
  };
  for (unsigned int i = 0; i < n; ++i)
    {
      const std::vector<double> point = numbers(dim);
      const std::vector<double> observations =
        numbers(samples->columns().size());
      const double              weight    = 0.1 + random.uniform();
      const std::vector<double> auxiliary = numbers(1);
      samples->add(make_array_view(point),
                   make_array_view(observations),
                   weight,
                   make_array_view(auxiliary));
    }
  return samples;
}



/**
 * The jets u, u_x, u_y, u_xx, u_xy, u_yy of two components of the form
 * u = w tanh(a x + b y + c) + d, one after the other.
 */
std::array<double, 12>
jets_of_one_unit(const Vector<double> &parameters, const double *point)
{
  const double a = parameters[0], b = parameters[1];
  const double t = std::tanh(a * point[0] + b * point[1] + parameters[2]);
  std::array<double, 12> result;
  for (unsigned int c = 0; c < 2; ++c)
    {
      const double w = parameters[3 + c], d = parameters[5 + c];
      const double first = w * (1 - t * t), second = -2 * t * first;
      const std::array<double, 6> jet = {{w * t + d,
                                          a * first,
                                          b * first,
                                          a * a * second,
                                          a * b * second,
                                          b * b * second}};
      std::copy(jet.begin(), jet.end(), result.begin() + 6 * c);
    }
  return result;
}



void
check_values()
{
  // enough points for several blocks of the kernel
  const auto   samples = random_samples(2, 2, {0, 1, 2}, 300);
  Architecture architecture;
  architecture.hidden    = {1};
  architecture.n_outputs = 2;
  const Surrogate           surrogate(architecture, {"x", "y"}, {"u", "v"});
  const std::vector<double> numbers = {0.7, -1.2, 0.4, 1.5, -0.8, -0.3, 0.6};
  const Vector<double>      parameters(numbers.begin(), numbers.end());
  Vector<double>            gradient;

  const std::array<double, 6> multiplicities = {{1, 1, 1, 1, 2, 1}};
  const auto mismatch = [&](const std::vector<unsigned int> &columns) {
    double sum = 0, weights = 0;
    for (unsigned int i = 0; i < samples->size(); ++i)
      for (const unsigned int c : columns)
        {
          const double r = jets_of_one_unit(parameters, samples->point(i))[c] -
                           samples->observations(i)[c];
          sum += samples->weight(i) * multiplicities[c % 6] * r * r;
          weights += samples->weight(i) * multiplicities[c % 6];
        }
    return sum / weights;
  };

  SumOfSquares all(surrogate, MPI_COMM_WORLD);
  double       expected_sum = 0;
  const auto   check_term   = [&](const std::string                     &name,
                              const std::shared_ptr<const Residual> &residual,
                              const double                           expected) {
    SumOfSquares objective(surrogate, MPI_COMM_WORLD);
    const double weight = 0.5 + expected_sum;
    objective.add_term({name, samples, residual, weight});
    const double value = objective.value_and_gradient(parameters, gradient);
    const auto   term  = objective.term_values()[0];
    check(term.name,
          std::abs(value / weight - expected) + std::abs(term.value - expected),
          1e-13 * expected);
    all.add_term({name, samples, residual, weight});
    expected_sum += weight * expected;
  };

  check_term("values", match({jet_values}), mismatch({0, 6}));
  check_term("gradients", match({jet_gradients}), mismatch({1, 2, 7, 8}));
  check_term("Hessians", match({jet_hessians}), mismatch({3, 4, 5, 9, 10, 11}));
  check_term("all",
             match({2u, 0u, 1u}),
             mismatch({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
  check_term("u_y and v_xx", match({"v_xx", "u_y"}), mismatch({2, 9}));
  check_term("u_xy", match({"u_xy"}), mismatch({4}));

  double sum = 0, weights = 0;
  for (unsigned int i = 0; i < samples->size(); ++i)
    {
      const double *const x   = samples->point(i);
      const auto          jet = jets_of_one_unit(parameters, x);
      const double r = lambda * (jet[3] + jet[5]) + jet[0] * jet[0] * jet[0] -
                       jet[0] - samples->auxiliary(i)[0];
      sum += samples->weight(i) * r * r;
      weights += samples->weight(i);
    }
  check_term("equation", allen_cahn<2>(lambda), sum / weights);

  check("sum of all",
        std::abs(all.value_and_gradient(parameters, gradient) - expected_sum),
        1e-13 * expected_sum);
  check("samples of a shared table count once",
        all.n_samples() == samples->size());
}



/**
 * Misfits are root mean squares in the user's units, whatever weights and units
 * the terms have, and are there for observed entries only.
 */
void
check_misfits()
{
  auto samples = std::make_shared<Samples>(*random_samples(2, 2, {0, 1}, 300));
  RandomStream        random(5);
  std::vector<double> factors(300 * samples->columns().size());
  for (double &factor : factors)
    factor = 0.5 + random.uniform();
  samples->set_factors(factors);
  samples->set_estimated_errors({1., 2., 3., 4., 5., 6.}, 7.);
  Architecture architecture;
  architecture.hidden    = {1};
  architecture.n_outputs = 2;
  Surrogate surrogate(architecture, {"x", "y"}, {"u", "v"});
  surrogate.scaling.input_scale[0]  = 0.5;
  const std::vector<double> numbers = {0.7, -1.2, 0.4, 1.5, -0.8, -0.3, 0.6};
  const Vector<double>      parameters(numbers.begin(), numbers.end());

  SumOfSquares objective(surrogate, MPI_COMM_WORLD);
  objective.add_term({"first", samples, match({"v_x", "u"}), 3.});
  objective.add_term({"equation", samples, allen_cahn<2>(lambda)});
  objective.use_network_units(parameters);
  const auto misfits = objective.misfits(parameters);
  check("an entry for each observation", misfits.size() == 2);
  surrogate.parameters = parameters;
  const Evaluator evaluator(surrogate, std::vector<std::string>{"v_x", "u"});
  Evaluator::Workspace workspace(evaluator);
  std::vector<double>  found(2 * samples->size());
  evaluator.evaluate(
    make_array_view(samples->points()), workspace, make_array_view(found));
  const FieldNames names = surrogate.names();
  for (unsigned int i = 0; i < 2; ++i)
    {
      const unsigned int column =
        samples->column_of(names.parse(misfits[i].entry));
      double sum = 0., weights = 0.;
      for (unsigned int k = 0; k < samples->size(); ++k)
        {
          const double w = samples->weight(k) * samples->factors(k)[column];
          sum += w * std::pow(
                       found[2 * k + i] - samples->observations(k)[column], 2);
          weights += w;
        }
      check("misfit of " + misfits[i].entry,
            std::abs(misfits[i].rms - std::sqrt(sum / weights)),
            1e-13);
      check("estimated error", misfits[i].estimated_error == column + 1.);
    }
}



/**
 * Whether central differences along a random direction converge to the
 * gradient's component: with order two, until round-off takes over.
 */
void
check_differences(const std::string    &name,
                  ObjectiveFunction    &objective,
                  const Vector<double> &parameters)
{
  RandomStream   random(7);
  Vector<double> direction(parameters.size());
  for (double &entry : direction)
    entry = 2. * random.uniform() - 1.;
  direction /= direction.l2_norm();

  const auto table = objective.check_gradient(
    parameters, direction, {1. / 32., 1. / 64., 1e-3, 1e-4, 3e-5, 1e-5});
  double best = std::numeric_limits<double>::max();
  for (const auto &row : table)
    best = std::min(best, row.error);
  const double order = std::round(std::log2(table[0].error / table[1].error));

  Vector<double> gradient;
  objective.value_and_gradient(parameters, gradient);
  check(name, order == 2 ? best / gradient.l2_norm() : 100. + order, 1e-8);
}



template <int dim>
void
check_gradients(const Activation activation, const unsigned int n_components)
{
  const auto   samples = random_samples(dim, n_components, {0, 1, 2}, 20);
  const auto   others  = random_samples(dim, n_components, {1}, 150);
  Architecture architecture;
  architecture.n_inputs                = dim;
  architecture.hidden                  = {7, 5};
  architecture.n_outputs               = n_components;
  architecture.activation              = activation;
  architecture.softplus_beta           = 3.;
  std::vector<std::string> coordinates = {"x", "y", "z"};
  std::vector<std::string> components  = {"u", "v"};
  coordinates.resize(dim);
  components.resize(n_components);
  Surrogate surrogate(architecture, coordinates, components);
  surrogate.scaling.input_scale[0] = 0.5;
  surrogate.scaling.output_scale   = std::vector<double>(n_components, 2.);
  const Vector<double> parameters  = initial_parameters(architecture, 3);

  const std::vector<Term> terms = {
    {"values", samples, match({jet_values})},
    {"gradients", others, match({jet_gradients})},
    {"Hessians", samples, match({jet_hessians})},
    {"equation", samples, allen_cahn<dim>(lambda)}};

  const std::string network = to_string(activation) + ", " +
                              std::to_string(dim) + "d, " +
                              std::to_string(n_components) + " components, ";
  SumOfSquares sum(surrogate, MPI_COMM_WORLD);
  double       weight = 0.3;
  for (Term term : terms)
    {
      SumOfSquares objective(surrogate, MPI_COMM_WORLD);
      objective.add_term(term);
      check_differences(network + term.name, objective, parameters);
      term.weight = weight *= 2;
      sum.add_term(term);
    }
  check_differences(network + "sum", sum, parameters);
}



void
check_errors()
{
  const auto   values_only = random_samples(2, 1, {0}, 5);
  const auto   in_3d       = random_samples(3, 1, {0}, 5);
  const auto   vectors     = random_samples(2, 2, {0}, 5);
  Architecture architecture;
  architecture.hidden = {3};
  const Surrogate surrogate(architecture, {"x", "y"}, {"u"});

  SumOfSquares   objective(surrogate, MPI_COMM_WORLD);
  Vector<double> gradient;
  const auto     parameters = initial_parameters(architecture, 3);
  expect_error("no terms",
               [&]() { objective.value_and_gradient(parameters, gradient); });
  expect_error("empty", [&]() { match(std::vector<std::string>()); });
  expect_error("no orders", [&]() { match(std::vector<unsigned int>()); });
  expect_error("not observed", [&]() {
    objective.add_term({"f", values_only, match({0u, 1u})});
  });
  expect_error("column not observed", [&]() {
    objective.add_term({"f", values_only, match({"u_x"})});
  });
  for (const double weight : {-1.,
                              std::numeric_limits<double>::quiet_NaN(),
                              std::numeric_limits<double>::infinity()})
    expect_error("weight", [&]() {
      objective.add_term({"f", values_only, match({jet_values}), weight});
    });

  objective.add_term({"f", values_only, match({jet_values})});
  const double value = objective.value_and_gradient(parameters, gradient);

  expect_error("same name", [&]() {
    objective.add_term({"f", values_only, match({jet_values})});
  });
  expect_error("coordinates", [&]() {
    objective.add_term({"g", in_3d, match({jet_values})});
  });
  expect_error("components", [&]() {
    objective.add_term({"g", vectors, match({jet_values})});
  });
  expect_error("order", [&]() {
    const JetEntry u_xxxxx = {0, {5, 0}};
    const auto     samples = std::make_shared<Samples>(
      2, std::vector<JetEntry>{u_xxxxx}, "random numbers");
    const std::vector<double> zeros(2);
    samples->add(
      make_array_view(zeros), ArrayView<const double>(&zeros[0], 1), 1.);
    objective.add_term({"g", samples, match({"u_xxxxx"})});
  });
  expect_error("equation of another dimension", [&]() {
    objective.add_term({"g", values_only, allen_cahn<3>(lambda)});
  });
  check("refused terms have no effect",
        objective.value_and_gradient(parameters, gradient) == value &&
          objective.term_values().size() == 1);
}



/**
 * What parameter files say must become terms, and what they cannot mean must be
 * refused.
 */
void
check_choices()
{
  const FieldNames               names({"x", "y"}, {"u", "v"});
  const std::vector<std::string> known = {"interior", "boundary"};
  const auto                     terms = parse_terms(
    "interior: u_x  v_y: 0.5; boundary: value; interior: flow: 2;", known);
  for (const TermChoice &term : terms)
    deallog << term.name() << ", weight " << term.weight << std::endl;
  const std::map<std::string, std::shared_ptr<const Residual>> residuals = {
    {"flow", match({"u_yy"})}};
  const auto entries = [&](const TermChoice &term) {
    return term.residual(names, residuals)
      ->bind(names, {jet_entries_of_orders(2, 2, {0, 1, 2}), {}})
      .entries;
  };
  check("their entries",
        entries(terms[0]) == std::vector<JetEntry>{{0, {1, 0}}, {1, {0, 1}}} &&
          entries(terms[1]) ==
            std::vector<JetEntry>{{0, {0, 0}}, {1, {0, 0}}} &&
          entries(terms[2]) == std::vector<JetEntry>{{0, {0, 2}}});
  check("what to sample",
        orders_to_sample(terms, "interior", names) ==
            std::vector<unsigned int>{1} &&
          orders_to_sample(terms, "boundary", names) ==
            std::vector<unsigned int>{0} &&
          uses_samples(terms, "boundary") && !uses_samples(terms, "other"));
  for (const std::string wrong : {"",
                                  "u_x",
                                  "interior: : 1",
                                  "inside: u",
                                  "interior: u: -1",
                                  "interior: u: many",
                                  "interior: u: 1; interior: u"})
    expect_error("'" + wrong + "'", [&]() { parse_terms(wrong, known); });
  expect_error("no quantity", [&]() {
    parse_terms("interior: gradent", known)[0].residual(names, residuals);
  });
}



/**
 * A scaling that is set after the objective was made, or between evaluations,
 * must be the one that is used.
 */
void
check_scaling()
{
  const auto   samples = random_samples(2, 1, {0, 1}, 20);
  Architecture architecture;
  architecture.hidden = {3};
  Surrogate surrogate(architecture, {"x", "y"}, {"u"});
  surrogate.parameters = initial_parameters(architecture, 3);
  Vector<double> gradient;

  SumOfSquares objective(surrogate, MPI_COMM_WORLD);
  objective.add_term({"gradient", samples, match({"u_x", "u_y"})});
  const auto is_used = [&](const std::string &when) {
    SumOfSquares other(surrogate, MPI_COMM_WORLD);
    other.add_term({"gradient", samples, match({"u_x", "u_y"})});
    check(when,
          objective.value_and_gradient(surrogate.parameters, gradient) ==
            other.value_and_gradient(surrogate.parameters, gradient));
  };
  surrogate.scaling.input_scale[0] = 0.5;
  is_used("scaling after the objective was made");
  const double before =
    objective.value_and_gradient(surrogate.parameters, gradient);
  surrogate.scaling.output_scale[0] = 3.;
  is_used("scaling between evaluations");
  check("it matters",
        objective.value_and_gradient(surrogate.parameters, gradient) != before);
}



DERL_TEST(terms)
{
  initlog();

  check_values();
  for (const ActivationDescription &entry : activation_table)
    for (const unsigned int n_components : {1, 2})
      {
        check_gradients<2>(entry.activation, n_components);
        check_gradients<3>(entry.activation, n_components);
      }
  check_misfits();
  check_errors();
  check_choices();
  check_scaling();
}
} // namespace test_terms
