// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Layers that are made wider must leave the function as it is, and layers that
// are fixed must not be seen by any derivative.

#include <derl/network/jet_plan.h>

#include "mapped_surrogates.h"

namespace test_layers
{
using namespace dealii;
using namespace derl;



/**
 * A wider surrogate is the same function, and all of its parameters can be
 * trained: none has a gradient of zero after one step.
 */
void
test_widening()
{
  const auto set   = DerivativeSet::up_to_order(2, 3);
  double     worst = 0.;
  for (const Architecture &kind : all_activations())
    for (const MappedSurrogate &mapped : mapped_surrogates(kind, 2, {5, 7, 3}))
      if (mapped.n_orders < 2)
        {
          const Surrogate &old    = mapped.surrogate;
          const Surrogate  wide   = widen(old, {11, 7, 20}, 3);
          const auto       points = random_points(old, 40);
          wide.check();
          worst = std::max(worst,
                           relative_error(jets_of(wide, set, points),
                                          jets_of(old, set, points),
                                          old.n_components() * set.size()));
        }
  check_error("a wider surrogate is the same function", worst, 1e-12);

  const Surrogate old =
    random_surrogate(Architecture(), 2, {5, 7, 3}, 1, InputMap(), OutputMap());
  Surrogate  wide         = widen(old, {11, 9, 20}, 3);
  const auto points       = random_points(old, 40);
  const auto coefficients = random_numbers(40 * set.size());
  wide.parameters.add(
    1e-3, gradient_of(wide.make_plan(set), wide, points, coefficients));
  const Vector<double> gradient =
    gradient_of(wide.make_plan(set), wide, points, coefficients);
  check_true("all parameters of a wider surrogate learn",
             std::count(gradient.begin(), gradient.end(), 0.) == 0);
}



/**
 * Derivatives with respect to parameters of fixed layers are zero, all others
 * are as before.
 */
void
test_fixed_layers()
{
  const auto set  = DerivativeSet::up_to_order(2, 2);
  bool       zero = true, same = true, tangents = true, rows_are_zero = true;
  double     products_error = 0.;
  for (const std::vector<unsigned int> &fixed :
       std::vector<std::vector<unsigned int>>{{0}, {1}, {0, 1}, {0, 2}, {3}})
    for (const unsigned int n_components : {1u, 7u})
      {
        Surrogate  surrogate = random_surrogate(Architecture(),
                                               2,
                                               {13, 20, 7},
                                               n_components,
                                               InputMap(),
                                               OutputMap());
        const auto points    = random_points(surrogate, 30);
        const auto coefficients =
          random_numbers(30 * n_components * set.size());
        const JetPlan        free_plan = surrogate.make_plan(set);
        const Vector<double> all =
          gradient_of(free_plan, surrogate, points, coefficients);
        surrogate.fixed_layers    = fixed;
        const JetPlan        plan = surrogate.make_plan(set);
        const Vector<double> gradient =
          gradient_of(plan, surrogate, points, coefficients);

        std::vector<bool> is_fixed;
        for (unsigned int l = 0; l < 4; ++l)
          is_fixed.insert(is_fixed.end(),
                          (surrogate.architecture.width(l) + 1) *
                            surrogate.architecture.width(l + 1),
                          std::count(fixed.begin(), fixed.end(), l) > 0);
        for (unsigned int i = 0; i < gradient.size(); ++i)
          if (is_fixed[i])
            zero = zero && gradient(i) == 0.;
          else
            same = same && gradient(i) == all(i);

        // a direction among fixed parameters changes nothing
        Vector<double> direction(gradient.size());
        for (unsigned int i = 0; i < direction.size(); ++i)
          direction(i) = is_fixed[i] ? 1. : 0.;
        JetPlan::Workspace workspace(plan);
        plan.set_parameters(surrogate.parameters, workspace);
        plan.apply_jacobian(
          view(points),
          direction,
          workspace,
          [&](const unsigned int, const JetBlock &, const JetBlock &changes) {
            for (unsigned int k = 0; k < changes.n_points(); ++k)
              if (changes(0, 3)[k] != 0.)
                tangents = false;
          });

        JacobianFactors factors;
        plan.factorize_jacobian(
          view(points),
          1,
          workspace,
          [](const unsigned int,
             const unsigned int,
             const JetBlock &,
             const JetBlock &adjoints) {
            for (unsigned int k = 0; k < adjoints.n_points(); ++k)
              adjoints(0, 3)[k] = 1.;
          },
          factors);
        FullMatrix<double> rows(30, gradient.size()), products(30, 30),
          expected(30, 30);
        // what is there before must be overwritten
        std::fill_n(&rows(0, 0), rows.n_elements(), 1.);
        plan.expand_rows(factors, 0, rows);
        for (unsigned int i = 0; i < rows.m(); ++i)
          for (unsigned int j = 0; j < rows.n(); ++j)
            if (is_fixed[j] && rows(i, j) != 0.)
              rows_are_zero = false;
        plan.inner_products(factors, factors, products);
        rows.mTmult(expected, rows);
        const double size = expected.linfty_norm();
        expected.add(-1., products);
        products_error =
          std::max(products_error, expected.linfty_norm() / size);
      }
  check_true("fixed layers: their gradient is zero", zero);
  check_true("fixed layers: the others' is as before, bit by bit", same);
  check_true("fixed layers: J v", tangents);
  check_true("fixed layers: rows", rows_are_zero);
  check_error("fixed layers: J J'", products_error, 1e-13);
}



DERL_TEST(layers)
{
  initlog();
  test_widening();
  test_fixed_layers();
}
} // namespace test_layers
