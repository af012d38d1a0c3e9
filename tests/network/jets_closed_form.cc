// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Jets of small networks must equal formulas that share nothing with the code
// of the library; the activations must be accurate over their whole range.

#include <derl/network/jet_plan.h>

#include <limits>

#include "network_tests.h"
#include "taylor_reference.h"

namespace test_jets_closed_form
{
using namespace dealii;
using namespace derl;

constexpr double infinity = std::numeric_limits<double>::infinity();



/**
 * One hidden layer: the derivative alpha of c + sum_i v_i f(w_i x + b_i) is
 * sum_i v_i f^(|alpha|)(w_i x + b_i) w_i^alpha.
 */
void
test_one_hidden_layer(const Architecture &kind)
{
  double worst = 0.;
  for (const unsigned int dim : {1u, 2u, 3u})
    for (const unsigned int n_units : {1u, 2u})
      {
        RandomNetwork network(kind, dim, {n_units}, 1, false);
        const auto    points     = network.points(19);
        const auto   &parameters = network.parameters;
        const auto    set        = DerivativeSet::up_to_order(dim, 4);
        const JetPlan plan(network.architecture, network.scaling, set);

        std::vector<double> expected;
        for (unsigned int p = 0; p < 19; ++p)
          for (const MultiIndex &alpha : set)
            {
              const unsigned int v = n_units * (dim + 1);
              long double        sum =
                order(alpha) == 0 ? parameters(v + n_units) : 0.;
              for (unsigned int i = 0; i < n_units; ++i)
                {
                  long double z = parameters(n_units * dim + i), power = 1;
                  for (unsigned int d = 0; d < dim; ++d)
                    {
                      const double w = parameters(i * dim + d);
                      z += (long double)(w)*points[p * dim + d];
                      for (unsigned int k = 0; k < alpha[d]; ++k)
                        power *= w;
                    }
                  sum += parameters(v + i) * power *
                         reference::activation_derivatives(network.architecture,
                                                           z)[order(alpha)];
                }
              expected.push_back(sum);
            }
        worst = std::max(worst,
                         relative_error(all_jets(plan, parameters, points, 1),
                                        expected,
                                        set.size()));
      }
  check_error(activation_name(kind) + ", one hidden layer", worst, 1e-12);
}



void
test_composition(const Architecture              &kind,
                 const std::vector<unsigned int> &hidden,
                 const unsigned int               n_outputs,
                 const bool                       with_scaling,
                 const std::string               &what)
{
  double worst = 0.;
  for (const unsigned int dim : {1u, 2u, 3u})
    {
      RandomNetwork network(kind, dim, hidden, n_outputs, with_scaling);
      const auto    points = network.points(19);
      const std::vector<long double> parameters(network.parameters.begin(),
                                                network.parameters.end());
      std::vector<std::vector<reference::Polynomial<long double>>> polynomials;
      for (unsigned int p = 0; p < 19; ++p)
        polynomials.push_back(reference::network(
          network.architecture, network.scaling, parameters, &points[p * dim]));
      for (unsigned int max_order = 0; max_order <= 4; ++max_order)
        {
          const auto          set = DerivativeSet::up_to_order(dim, max_order);
          const JetPlan       plan(network.architecture, network.scaling, set);
          std::vector<double> expected;
          for (const auto &components : polynomials)
            for (const auto &component : components)
              for (const MultiIndex &alpha : set)
                expected.push_back(component.derivative(alpha));
          const double error = relative_error(
            all_jets(plan, network.parameters, points, n_outputs),
            expected,
            n_outputs * set.size());
          if (!(error <= worst))
            worst = error;
        }
    }
  check_error(activation_name(kind) + ", " + what, worst, 1e-12);
}



/**
 * Value and derivatives of f itself, by a network of one unit.
 */
std::vector<double>
activation_jets(const Architecture        &kind,
                const std::vector<double> &x,
                const unsigned int         max_order)
{
  Architecture one_unit = kind;
  one_unit.n_inputs     = 1;
  one_unit.hidden       = {1};
  one_unit.n_outputs    = 1;
  Vector<double> parameters(4);
  parameters(0) = parameters(2) = 1.;
  const JetPlan plan(one_unit,
                     Scaling::identity(1, 1),
                     DerivativeSet::up_to_order(1, max_order));
  return all_jets(plan, parameters, x, 1);
}



template <typename Function>
double
worst_relative_error(const std::vector<double> &x,
                     const std::vector<double> &computed,
                     const Function            &function)
{
  double worst = 0.;
  for (unsigned int i = 0; i < x.size(); ++i)
    {
      const long double exact = function((long double)(x[i]));
      const double      error = std::abs((computed[i] - exact) / exact);
      if (!(error <= worst))
        worst = error;
    }
  return worst;
}



void
test_activations()
{
  const Architecture tanh     = with_activation(Activation::tanh),
                     sine     = with_activation(Activation::sine),
                     softplus = with_activation(Activation::softplus),
                     sharp    = with_activation(Activation::softplus, 25.),
                     silu     = with_activation(Activation::silu);
  const double tiny           = std::numeric_limits<double>::min();

  std::vector<double> x;
  for (double size = 1e-12; size < 40.; size *= 1.01)
    {
      x.push_back(size);
      x.push_back(-size);
    }
  check_error("accuracy of SiLU",
              worst_relative_error(
                x,
                activation_jets(silu, x, 0),
                [](const long double z) { return z / (1 + std::exp(-z)); }),
              2e-15);
  for (const double size : {tiny, tiny / 1024., 4.9e-324, 0.346573590, 19.0615})
    x.push_back(size);
  check_error(
    "accuracy of tanh",
    worst_relative_error(x,
                         activation_jets(tanh, x, 0),
                         [](const long double z) { return std::tanh(z); }),
    2e-15);
  check_error("accuracy of softplus",
              worst_relative_error(
                x,
                activation_jets(softplus, x, 0),
                [](const long double z) { return std::log1p(std::exp(z)); }),
              2e-15);
  // round-off is relative to the unit here: the argument is exact
  x.clear();
  for (double size = 1e-12; size < 1e16; size *= 1.1)
    {
      x.push_back(size);
      x.push_back(-size);
    }
  const auto sines = activation_jets(sine, x, 1);
  double     worst = 0.;
  for (unsigned int i = 0; i < x.size(); ++i)
    {
      const long double z     = x[i];
      const double      error = std::max<double>(
        std::abs(sines[2 * i] - std::sin(z)) / std::min(1.L, std::abs(z)),
        std::abs(sines[2 * i + 1] - std::cos(z)));
      if (!(error <= worst))
        worst = error;
    }
  check_error("accuracy of sine and cosine", worst, 1e-15);

  // special arguments, each beside ordinary ones in the same SIMD register
  const auto jets_among_others = [&](const Architecture &kind, const double z) {
    const auto jets    = activation_jets(kind, {0.25, z, -0.5}, 4);
    const auto without = activation_jets(kind, {0.25, 0.25, -0.5}, 4);
    const bool others_unharmed =
      std::equal(jets.begin(), jets.begin() + 5, without.begin()) &&
      std::equal(jets.end() - 5, jets.end(), without.end() - 5);
    return others_unharmed
             ? std::vector<double>(jets.begin() + 5, jets.begin() + 10)
             : std::vector<double>(5, -7.);
  };
  const auto all_nan = [](const std::vector<double> &jet) {
    return std::all_of(jet.begin(), jet.end(), [](const double number) {
      return std::isnan(number);
    });
  };
  using Jet = std::vector<double>;
  for (const Architecture &kind : all_activations())
    check_true(activation_name(kind) + " of NaN",
               all_nan(jets_among_others(kind, std::nan(""))));
  check_true("sine of infinity", all_nan(jets_among_others(sine, infinity)));
  for (const double z : {40., 1e300, infinity})
    {
      check_true("tanh far out",
                 jets_among_others(tanh, z) == Jet({1., 0., 0., 0., 0.}) &&
                   jets_among_others(tanh, -z) == Jet({-1., 0., 0., 0., 0.}));
      check_true("softplus far out",
                 jets_among_others(sharp, z) == Jet({z, 1., 0., 0., 0.}) &&
                   (z < 100. || jets_among_others(sharp, -z) == Jet(5, 0.)));
    }
  check_true("tanh of minus zero",
             jets_among_others(tanh, -0.) == Jet({0., 1., 0., -2., 0.}));

  for (const double z : {40., 1e300})
    check_true("SiLU far out",
               jets_among_others(silu, z) == Jet({z, 1., 0., 0., 0.}) &&
                 (z < 100. || jets_among_others(silu, -z) == Jet(5, 0.)));

  // softplus falls like exp(z), with all derivatives, and SiLU like z exp(z)
  const Jet    low  = jets_among_others(softplus, -700.);
  const double e700 = std::exp(-700.);
  worst             = 0.;
  for (const double number : low)
    worst = std::max(worst, std::abs(number / e700 - 1.));
  check_error("softplus at -700", worst, 1e-13);
  const Jet low_silu = jets_among_others(silu, -700.);
  worst              = 0.;
  for (unsigned int k = 0; k < low_silu.size(); ++k)
    worst = std::max(worst, std::abs(low_silu[k] / e700 / (k - 700.) - 1.));
  check_error("SiLU at -700", worst, 1e-13);
  check_true("softplus at 700",
             jets_among_others(softplus, 700.) == Jet({700., 1., 0., 0., 0.}));
}



DERL_TEST(jets_closed_form)
{
  initlog();
  for (const Architecture &kind : all_activations())
    {
      test_one_hidden_layer(kind);
      test_composition(kind, {1, 1}, 1, false, "two layers of one unit");
      test_composition(kind, {2, 3}, 1, false, "two layers");
      test_composition(kind, {3, 2}, 3, true, "scaling and three components");
    }
  test_activations();
}
} // namespace test_jets_closed_form
