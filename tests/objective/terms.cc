// Each term must have the value that its formula says, and a gradient that
// belongs to the value; wrong terms must be refused with a helpful message.
// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/random.h>

#include <derl/data/sampling.h>

#include <derl/equations/allen_cahn.h>

#include <derl/objective/equation_term.h>
#include <derl/objective/sum_of_squares.h>

#include <algorithm>
#include <limits>

#include "../check.h"

using namespace dealii;
using namespace derl;

const double lambda = 0.3;

using TermFactory = std::function<std::unique_ptr<Term>(const double weight)>;



/**
 * Samples with random points, observations and weights.
 */
std::shared_ptr<const Samples>
random_samples(const unsigned int               dim,
               const unsigned int               n_components,
               const std::vector<unsigned int> &orders,
               const unsigned int               n)
{
  auto samples = std::make_shared<Samples>(
    dim, jet_entries_of_orders(dim, n_components, orders), "random numbers");
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
      samples->add(make_array_view(point),
                   make_array_view(observations),
                   0.1 + random.uniform());
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
  const auto   check_term   = [&](const TermFactory &factory,
                              const double       expected) {
    SumOfSquares objective(surrogate, MPI_COMM_WORLD);
    const double weight = 0.5 + expected_sum;
    objective.add_term(factory(weight));
    const double value = objective.value_and_gradient(parameters, gradient);
    const auto   term  = objective.term_values()[0];
    check(term.name,
          std::abs(value / weight - expected) + std::abs(term.value - expected),
          1e-13 * expected);
    all.add_term(factory(weight));
    expected_sum += weight * expected;
  };

  const auto matched_orders = [&](const std::string               &name,
                                  const std::vector<unsigned int> &orders) {
    return
      [=](const double weight) { return match(name, samples, orders, weight); };
  };
  check_term(matched_orders("values", {values}), mismatch({0, 6}));
  check_term(matched_orders("gradients", {first_derivatives}),
             mismatch({1, 2, 7, 8}));
  check_term(matched_orders("Hessians", {second_derivatives}),
             mismatch({3, 4, 5, 9, 10, 11}));
  check_term(matched_orders("all", {2, 0, 1}),
             mismatch({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));

  const auto matched_columns = [&](const std::string               &name,
                                   const std::vector<unsigned int> &columns) {
    return [=](const double weight) {
      std::vector<JetEntry> entries;
      for (const unsigned int c : columns)
        entries.push_back(samples->columns()[c]);
      return std::make_unique<MatchTerm>(name, samples, entries, weight);
    };
  };
  check_term(matched_columns("u_y and v_xx", {9, 2}), mismatch({2, 9}));
  check_term(matched_columns("u_xy", {4}), mismatch({4}));

  const AllenCahn<2> equation(lambda);
  double             sum = 0, weights = 0;
  for (unsigned int i = 0; i < samples->size(); ++i)
    {
      const double *const x   = samples->point(i);
      const auto          jet = jets_of_one_unit(parameters, x);
      const double r = lambda * (jet[3] + jet[5]) + jet[0] * jet[0] * jet[0] -
                       jet[0] - equation.forcing({x[0], x[1]});
      sum += samples->weight(i) * r * r;
      weights += samples->weight(i);
    }
  check_term(
    [&](const double weight) {
      return std::make_unique<EquationTerm<AllenCahn<2>>>(
        "equation", samples, equation, weight);
    },
    sum / weights);

  check("sum of all",
        std::abs(all.value_and_gradient(parameters, gradient) - expected_sum),
        1e-13 * expected_sum);
  check("samples of a shared table count once",
        all.n_samples() == samples->size());
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

  const AllenCahn<dim>                                   equation(lambda);
  const std::vector<std::pair<std::string, TermFactory>> factories = {
    {"values",
     [&](const double weight) {
       return match("values", samples, {0}, weight);
     }},
    {"gradients",
     [&](const double weight) {
       return match("gradients", others, {1}, weight);
     }},
    {"Hessians",
     [&](const double weight) {
       return match("Hessians", samples, {2}, weight);
     }},
    {"equation", [&](const double weight) {
       return std::make_unique<EquationTerm<AllenCahn<dim>>>(
         "equation", samples, equation, weight);
     }}};

  const std::string network = to_string(activation) + ", " +
                              std::to_string(dim) + "d, " +
                              std::to_string(n_components) + " components, ";
  SumOfSquares sum(surrogate, MPI_COMM_WORLD);
  double       weight = 0.3;
  for (const auto &[name, factory] : factories)
    {
      SumOfSquares objective(surrogate, MPI_COMM_WORLD);
      objective.add_term(factory(1.));
      check_differences(network + name, objective, parameters);
      sum.add_term(factory(weight *= 2));
    }
  check_differences(network + "sum", sum, parameters);
}



/**
 * What EquationTerm gets from automatic differentiation against derivatives
 * by hand.
 */
template <int dim>
void
check_derivatives()
{
  using Equation                          = AllenCahn<dim>;
  constexpr unsigned int          n       = Equation::n_jet_entries;
  const auto                      samples = random_samples(dim, 1, {0}, 3);
  const Equation                  equation(lambda);
  const EquationTerm<Equation>    term("equation", samples, equation);
  const std::vector<unsigned int> batch = {2, 0};

  std::vector<std::array<double, 2>> jets(n), derivatives(n);
  std::array<double, 2>              residuals;
  std::vector<const double *>        jet_arrays;
  std::vector<double *>              derivative_arrays;
  RandomStream                       random(5);
  for (unsigned int e = 0; e < n; ++e)
    {
      jets[e] = {{random.uniform(), random.uniform()}};
      jet_arrays.push_back(jets[e].data());
      derivative_arrays.push_back(derivatives[e].data());
    }
  term.linearize(
    make_array_view(batch), jet_arrays, {residuals.data()}, derivative_arrays);

  double error = 0;
  for (unsigned int k = 0; k < 2; ++k)
    {
      Point<dim> x;
      for (unsigned int d = 0; d < dim; ++d)
        x[d] = samples->point(batch[k])[d];
      const double u        = jets[0][k];
      double       residual = u * u * u - u - equation.forcing(x);
      for (unsigned int e = 0; e < n; ++e)
        {
          const MultiIndex derivative = Equation::derivative_set()[e];
          const bool       in_laplacian =
            *std::max_element(derivative.begin(), derivative.end()) == 2;
          const double expected =
            e == 0 ? 3 * u * u - 1 : (in_laplacian ? lambda : 0.);
          if (in_laplacian)
            residual += lambda * jets[e][k];
          error = std::max(error, std::abs(derivatives[e][k] - expected));
        }
      error = std::max(error, std::abs(residuals[k] - residual));
    }
  check(
    "derivatives of the residual, " + std::to_string(dim) + "d", error, 1e-14);
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

  const JetEntry u_x = {0, {1, 0}};
  expect_error("not observed", [&]() { match("f", values_only, {0, 1}); });
  expect_error("column not observed",
               [&]() { MatchTerm("f", values_only, {u_x}); });
  expect_error("empty", [&]() { MatchTerm("f", values_only, {}); });
  expect_error("empty", [&]() { match("f", values_only, {}); });
  for (const double weight : {-1.,
                              std::numeric_limits<double>::quiet_NaN(),
                              std::numeric_limits<double>::infinity()})
    expect_error("weight", [&]() { match("f", values_only, {0}, weight); });

  SumOfSquares   objective(surrogate, MPI_COMM_WORLD);
  Vector<double> gradient;
  const auto     parameters = initial_parameters(architecture, 3);
  expect_error("no terms",
               [&]() { objective.value_and_gradient(parameters, gradient); });
  objective.add_term(match("f", values_only, {0}));
  const double value = objective.value_and_gradient(parameters, gradient);

  expect_error("same name",
               [&]() { objective.add_term(match("f", values_only, {0})); });
  expect_error("coordinates",
               [&]() { objective.add_term(match("g", in_3d, {0})); });
  expect_error("components",
               [&]() { objective.add_term(match("g", vectors, {0})); });
  expect_error("order", [&]() {
    const JetEntry u_xxxxx = {0, {5, 0}};
    const auto     samples = std::make_shared<Samples>(
      2, std::vector<JetEntry>{u_xxxxx}, "random numbers");
    const std::vector<double> zeros(2);
    samples->add(
      make_array_view(zeros), ArrayView<const double>(&zeros[0], 1), 1.);
    objective.add_term(
      std::make_unique<MatchTerm>("g", samples, samples->columns()));
  });

  architecture.n_inputs = 3;
  SumOfSquares in_3d_objective(Surrogate(architecture, {"x", "y", "z"}, {"u"}),
                               MPI_COMM_WORLD);
  expect_error("equation of another dimension", [&]() {
    in_3d_objective.add_term(std::make_unique<EquationTerm<AllenCahn<2>>>(
      "g", in_3d, AllenCahn<2>(lambda)));
  });
  check("refused terms have no effect",
        objective.value_and_gradient(parameters, gradient) == value &&
          objective.term_values().size() == 1);
}



int
main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  initlog();

  check_values();
  for (const Activation activation :
       {Activation::tanh, Activation::sine, Activation::softplus})
    for (const unsigned int n_components : {1, 2})
      {
        check_gradients<2>(activation, n_components);
        check_gradients<3>(activation, n_components);
      }
  check_derivatives<2>();
  check_derivatives<3>();
  check_errors();
}
