// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// An automatic differentiation library must find the same jets, and the same
// derivatives of jets by the parameters, for random networks.

#include <derl/network/jet_plan.h>

#include <Sacado.hpp>

#include "network_tests.h"

namespace test_sacado
{
using namespace dealii;
using namespace derl;

/** Numbers that carry derivatives of up to the given order. */
template <int order>
struct NestedTypes
{
  using type = Sacado::Fad::DFad<typename NestedTypes<order - 1>::type>;
};

template <>
struct NestedTypes<0>
{
  using type = Sacado::Fad::DFad<double>;
};

/** The innermost level carries derivatives by the parameters. */
template <int order>
using Nested = typename NestedTypes<order>::type;



template <int order>
Nested<order>
coordinate(const unsigned int n, const unsigned int i, const double x)
{
  if constexpr (order == 0)
    return Nested<0>(x);
  else
    return Nested<order>(n, i, coordinate<order - 1>(n, i, x));
}



/**
 * The derivative by the coordinates of @p path, one by one, with its
 * derivatives by the parameters.
 */
template <int order>
Nested<0>
derivative(const Nested<order> &number, std::vector<unsigned int> path)
{
  if constexpr (order == 0)
    return number;
  else if (path.empty())
    return derivative<order - 1>(number.val(), path);
  else
    {
      const unsigned int i = path.back();
      path.pop_back();
      // what depends on no coordinate has no derivatives stored
      return number.size() == 0 ? Nested<0>(0.)
                                : derivative<order - 1>(number.dx(i), path);
    }
}



template <typename Number>
std::vector<Number>
evaluate(const RandomNetwork          &network,
         const std::vector<Nested<0>> &parameters,
         std::vector<Number>           x)
{
  using std::exp;
  using std::log;
  using std::sin;
  using std::tanh;
  const Architecture &a = network.architecture;
  for (unsigned int d = 0; d < a.n_inputs; ++d)
    x[d] =
      (x[d] - network.scaling.input_shift[d]) / network.scaling.input_scale[d];
  auto parameter = parameters.begin();
  for (unsigned int l = 1; l <= a.n_layers(); ++l)
    {
      std::vector<Number> z(a.width(l), Number(0.));
      for (unsigned int i = 0; i < a.width(l); ++i)
        for (unsigned int j = 0; j < a.width(l - 1); ++j)
          z[i] += x[j] * Number(*parameter++);
      for (unsigned int i = 0; i < a.width(l); ++i)
        {
          z[i] += Number(*parameter++);
          if (l == a.n_layers())
            continue;
          switch (a.activation)
            {
            case Activation::tanh:
              z[i] = tanh(z[i]);
              break;
            case Activation::sine:
              z[i] = sin(z[i]);
              break;
            case Activation::softplus:
              z[i] = log(1. + exp(z[i] * a.softplus_beta)) / a.softplus_beta;
              break;
            case Activation::silu:
              z[i] = z[i] / (1. + exp(-z[i]));
              break;
            }
        }
      x = z;
    }
  for (unsigned int o = 0; o < a.n_outputs; ++o)
    x[o] =
      x[o] * network.scaling.output_scale[o] + network.scaling.output_shift[o];
  return x;
}



template <int order>
void
test(const Architecture &kind, const unsigned int dim)
{
  constexpr unsigned int n_outputs = 2;
  RandomNetwork          network(kind, dim, {4, 3}, n_outputs, true);
  const auto             set          = DerivativeSet::up_to_order(dim, order);
  const unsigned int     n_parameters = network.parameters.size();
  const auto             points       = network.points(2);
  std::vector<Nested<0>> parameters;
  for (unsigned int i = 0; i < n_parameters; ++i)
    parameters.emplace_back(n_parameters, i, network.parameters(i));

  std::vector<double> expected, expected_rows;
  for (unsigned int p = 0; p < 2; ++p)
    {
      std::vector<Nested<order>> x;
      for (unsigned int d = 0; d < dim; ++d)
        x.push_back(coordinate<order>(dim, d, points[p * dim + d]));
      const auto outputs = evaluate(network, parameters, x);
      for (unsigned int o = 0; o < n_outputs; ++o)
        for (const MultiIndex &index : set)
          {
            std::vector<unsigned int> path;
            for (unsigned int d = 0; d < dim; ++d)
              path.insert(path.end(), index[d], d);
            const Nested<0> jet = derivative<order>(outputs[o], path);
            expected.push_back(jet.val());
            for (unsigned int i = 0; i < n_parameters; ++i)
              expected_rows.push_back(jet.size() == 0 ? 0. : jet.dx(i));
          }
    }

  const unsigned int n_entries = n_outputs * set.size();
  double             error = 0., row_error = 0.;
  for (const auto algorithm :
       {JetPlan::Algorithm::automatic, JetPlan::Algorithm::forward})
    {
      const JetPlan plan(network.architecture, network.scaling, set, algorithm);
      JetPlan::Workspace workspace(plan);
      plan.set_parameters(network.parameters, workspace);
      std::vector<double> jets;
      JacobianFactors     factors;
      plan.factorize_jacobian(
        view(points),
        n_entries,
        workspace,
        [&](const unsigned int,
            const unsigned int row,
            const JetBlock    &block,
            const JetBlock    &adjoints) {
          for (unsigned int p = 0; p < block.n_points(); ++p)
            adjoints(row / set.size(), row % set.size())[p] = 1.;
        },
        factors);
      plan.evaluate(
        view(points), workspace, [&](const unsigned int, const JetBlock &b) {
          for (unsigned int p = 0; p < b.n_points(); ++p)
            for (unsigned int o = 0; o < n_outputs; ++o)
              for (unsigned int e = 0; e < set.size(); ++e)
                jets.push_back(b(o, e)[p]);
        });
      FullMatrix<double> rows(2 * n_entries, n_parameters);
      plan.expand_rows(factors, 0, rows);
      std::vector<double> all_rows;
      for (unsigned int row = 0; row < rows.m(); ++row)
        for (unsigned int i = 0; i < n_parameters; ++i)
          all_rows.push_back(rows(row, i));
      error = std::max(error, relative_error(jets, expected, n_entries));
      row_error =
        std::max(row_error, relative_error(all_rows, expected_rows, 1));
    }
  const std::string name = activation_name(kind) + ", " + std::to_string(dim) +
                           " coordinates, order " + std::to_string(order);
  check_error(name + ", jets", error, 1e-12);
  check_error(name + ", derivatives by the parameters", row_error, 1e-12);
}



DERL_TEST(sacado)
{
  initlog();
  for (const Architecture &kind : all_activations())
    {
      test<1>(kind, 4);
      test<2>(kind, 3);
      test<4>(kind, 2);
    }
}
} // namespace test_sacado
