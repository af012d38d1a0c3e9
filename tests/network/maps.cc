// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// What is done around the network: jets and gradients through input maps and
// output maps must be those of the composition.

#include <derl/network/jet_plan.h>

#include <cstdlib>

#include "mapped_surrogates.h"
#include "taylor_reference.h"

namespace test_maps
{
using namespace dealii;
using namespace derl;

/**
 * Jets against Taylor polynomials in extended precision, by both algorithms,
 * and every parameter of the gradient by complex steps.
 */
void
test_closed_forms(const MappedSurrogate &mapped, const unsigned int dim)
{
  using Complex                    = std::complex<long double>;
  constexpr long double tiny       = 1e-30L;
  const Surrogate      &surrogate  = mapped.surrogate;
  const unsigned int    n_points   = 5;
  const unsigned int    n_user     = surrogate.n_components();
  const unsigned int    max_order  = 4 - mapped.n_orders;
  const auto            set        = DerivativeSet::up_to_order(dim, max_order);
  const auto            points     = random_points(surrogate, n_points);
  const unsigned int    n_columns  = n_user * set.size();
  const auto            parameters = surrogate.parameters;
  const auto            coefficients = random_numbers(n_points * n_columns);

  const auto all_derivatives = [&](const auto &numbers, const auto &use) {
    for (unsigned int p = 0; p < n_points; ++p)
      for (const auto &component :
           reference::components(surrogate, numbers, &points[p * dim]))
        for (const MultiIndex &alpha : set)
          use(component.derivative(alpha));
  };
  std::vector<double> expected;
  all_derivatives(
    std::vector<long double>(parameters.begin(), parameters.end()),
    [&](const long double x) { expected.push_back(x); });
  Vector<double> expected_gradient(parameters.size());
  for (unsigned int i = 0; i < parameters.size(); ++i)
    {
      std::vector<Complex> numbers(parameters.begin(), parameters.end());
      numbers[i] += Complex(0., tiny);
      unsigned int next = 0;
      long double  sum  = 0;
      all_derivatives(numbers, [&](const Complex &x) {
        sum += coefficients[next++] * (x.imag() / tiny);
      });
      expected_gradient(i) = sum;
    }

  double error = 0., gradient_error = 0.;
  for (const auto algorithm : algorithms)
    {
      error = std::max(
        error,
        relative_error(
          jets_of(surrogate, set, points, algorithm), expected, n_columns));
      Vector<double> difference = gradient_of(
        JetPlan(surrogate, set, algorithm), surrogate, points, coefficients);
      difference -= expected_gradient;
      gradient_error =
        std::max(gradient_error,
                 difference.linfty_norm() / expected_gradient.linfty_norm());
    }
  const std::string title =
    std::to_string(dim) + " coordinates, " + mapped.name;
  check_error(title + ": jets", error, 1e-12);
  check_error(title + ": every parameter", gradient_error, 1e-12);
}



/**
 * Each derivative is that of the next lower one: central differences of second
 * order, and of fourth order after one Richardson step.
 */
void
test_differences(const MappedSurrogate &mapped, const unsigned int dim)
{
  const Surrogate   &surrogate = mapped.surrogate;
  const unsigned int max_order = 4 - mapped.n_orders;
  const auto         set       = DerivativeSet::up_to_order(dim, max_order);
  const auto         points    = random_points(surrogate, 17);
  const auto         jets      = jets_of(surrogate, set, points);
  for (unsigned int k = 1; k <= max_order; ++k)
    {
      unsigned int n_checked = 0, n_good = 0;
      for (unsigned int d = 0; d < dim; ++d)
        {
          const auto jets_at = [&](const double step) {
            auto shifted = points;
            for (std::size_t i = d; i < shifted.size(); i += dim)
              shifted[i] += step;
            return jets_of(surrogate, set, shifted);
          };
          const double        h = 0.05;
          std::vector<double> sides[6];
          for (unsigned int i = 0; i < 3; ++i)
            {
              sides[2 * i]     = jets_at(h / (1 << i));
              sides[2 * i + 1] = jets_at(-h / (1 << i));
            }
          for (unsigned int e = 0; e < set.size(); ++e)
            if (order(set[e]) == k && set[e][d] > 0)
              {
                MultiIndex lower = set[e];
                --lower[d];
                const unsigned int from = set.index_of(lower);
                double squares[2][2] = {{0., 0.}, {0., 0.}}, size = 0.;
                for (std::size_t j = 0; j < jets.size(); j += set.size())
                  {
                    double quotient[3];
                    for (unsigned int i = 0; i < 3; ++i)
                      quotient[i] =
                        (sides[2 * i][j + from] - sides[2 * i + 1][j + from]) /
                        (2. * h / (1 << i));
                    for (unsigned int i = 0; i < 2; ++i)
                      {
                        const double better =
                          (4. * quotient[i + 1] - quotient[i]) / 3.;
                        squares[0][i] += std::pow(quotient[i] - jets[j + e], 2);
                        squares[1][i] += std::pow(better - jets[j + e], 2);
                      }
                    size += jets[j + e] * jets[j + e];
                  }
                ++n_checked;
                const auto observed = [&](const unsigned int i) {
                  return std::lround(std::log2(squares[i][0] / squares[i][1]) /
                                     2.);
                };
                // a derivative that is constant or linear has no error at all
                const bool is_exact = squares[0][0] <= 1e-18 * (size + 1.);
                if (is_exact || (observed(0) == 2 && observed(1) == 4))
                  ++n_good;
              }
        }
      deallog << dim << " coordinates, " << mapped.name << ", order " << k
              << ": " << n_checked
              << " differences, of order 2 and 4: " << n_good << std::endl;
    }
}



/**
 * All that is computed for a surrogate whose maps do nothing must be what is
 * computed for the network alone, bit by bit.
 */
void
test_affine()
{
  RandomNetwork network(Architecture(), 2, {13, 7}, 2, true);
  Surrogate     surrogate(network.architecture, {"x", "y"}, {"u", "v"});
  surrogate.parameters = network.parameters;
  surrogate.scaling    = network.scaling;
  Surrogate mapped     = surrogate;
  mapped.input_map     = InputMap::periodic(2, {});
  mapped.output_map    = OutputMap::direct_sum(
    {OutputMap::identity(1, 2), OutputMap::identity(1, 2)});
  mapped.check();

  const auto    set          = DerivativeSet::up_to_order(2, 3);
  const auto    points       = network.points(100);
  const auto    coefficients = random_numbers(100 * 2 * set.size());
  const JetPlan bare(network.architecture, network.scaling, set);
  check_true("maps that do nothing: jets, bit by bit",
             all_jets(bare, network.parameters, points, 2) ==
               jets_of(mapped, set, points));
  check_true(
    "maps that do nothing: gradient, bit by bit",
    gradient_of(bare, surrogate, points, coefficients) ==
      gradient_of(mapped.make_plan(set), mapped, points, coefficients));
  check_true("maps that do nothing: as many matrix products",
             bare.n_matrix_products() ==
               mapped.make_plan(set).n_matrix_products());
}



/**
 * Instruction sets, precision and threads see the same maps.
 */
void
test_variants()
{
  const auto set    = DerivativeSet::up_to_order(3, 2);
  double     single = 0., baseline = 0.;
  bool       same_on_threads = true;
  for (const MappedSurrogate &mapped :
       mapped_surrogates(Architecture(), 3, {13, 20, 7}))
    {
      const Surrogate   &surrogate = mapped.surrogate;
      const auto         points    = random_points(surrogate, 300);
      const auto         expected  = jets_of(surrogate, set, points);
      const unsigned int n         = surrogate.n_components();
      single                       = std::max(
        single,
        relative_error(all_jets(surrogate.make_plan(
                                  set, Precision::single_precision),
                                surrogate.parameters,
                                points,
                                n),
                       expected,
                       n * set.size()));
      setenv("DERL_INSTRUCTION_SET", "baseline", 1);
      baseline =
        std::max(baseline,
                 relative_error(
                   jets_of(surrogate, set, points), expected, n * set.size()));
      unsetenv("DERL_INSTRUCTION_SET");

      const JetPlan       plan = surrogate.make_plan(set);
      JetPlan::Workspace  workspace(plan, 3);
      std::vector<double> computed(expected.size());
      plan.set_parameters(surrogate.parameters, workspace);
      plan.evaluate(view(points),
                    workspace,
                    [&](const unsigned int first, const JetBlock &jets) {
                      for (unsigned int k = 0; k < jets.n_points(); ++k)
                        for (unsigned int c = 0; c < n; ++c)
                          for (unsigned int e = 0; e < set.size(); ++e)
                            computed[((first + k) * n + c) * set.size() + e] =
                              jets(c, e)[k];
                    });
      same_on_threads = same_on_threads && computed == expected;
    }
  check_error("jets in single precision", single, 1e-4);
  check_error("jets by the baseline instruction set", baseline, 1e-12);
  check_true("the same jets on several threads", same_on_threads);
}



DERL_TEST(maps)
{
  initlog();
  unsetenv("DERL_INSTRUCTION_SET");
  test_affine();
  for (const unsigned int dim : {1u, 2u, 3u})
    for (const MappedSurrogate &mapped :
         mapped_surrogates(Architecture(), dim, {4, 3}))
      test_closed_forms(mapped, dim);
  for (const Architecture &kind : all_activations())
    test_closed_forms(mapped_surrogates(kind, 2, {4, 3}).back(), 2);
  for (const unsigned int dim : {1u, 2u, 3u, 4u})
    for (const MappedSurrogate &mapped :
         mapped_surrogates(Architecture(), dim, {13, 7}))
      test_differences(mapped, dim);
  test_variants();
}
} // namespace test_maps
