// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Residuals of systems must have the rows and derivatives that their formulas
// say, whoever differentiates them, and refuse names that do not exist.

#include <derl/equations/sacado_residual.h>

#include <algorithm>

#include "../../source/base/random.h"
#include "../check.h"

namespace test_residuals
{
using namespace dealii;
using namespace derl;

const FieldNames names({"x", "y", "nu"}, {"u", "v", "p"});

const double viscosity = 0.3;



/**
 * The momentum equations, by Sacado.
 */
std::shared_ptr<const Residual>
momentum()
{
  return residual(
    {"u",
     "u_x",
     "u_y",
     "u_xx",
     "u_yy",
     "v",
     "v_x",
     "v_y",
     "v_xx",
     "v_yy",
     "p_x",
     "p_y"},
    {"force_x", "u_nu"},
    [](const auto &jet, const auto &columns, const auto &point) {
      const auto &[u, u_x, u_y, u_xx, u_yy, v, v_x, v_y, v_xx, v_yy, p_x, p_y] =
        jet;
      const auto &[force, observed] = columns;
      return rows(u * u_x + v * u_y + p_x - viscosity * (u_xx + u_yy) - force,
                  u * v_x + v * v_y + p_y - viscosity * (v_xx + v_yy) +
                    observed * point[2]);
    });
}



/**
 * The same with derivatives by hand.
 */
std::shared_ptr<const Residual>
momentum_by_hand()
{
  return residual_with_derivatives<2>(
    {"u",
     "u_x",
     "u_y",
     "u_xx",
     "u_yy",
     "v",
     "v_x",
     "v_y",
     "v_xx",
     "v_yy",
     "p_x",
     "p_y"},
    {"force_x", "u_nu"},
    [](const auto &jet,
       const auto &columns,
       const auto &point,
       auto       &derivatives) {
      const auto &[u, u_x, u_y, u_xx, u_yy, v, v_x, v_y, v_xx, v_yy, p_x, p_y] =
        jet;
      const auto &[force, observed] = columns;
      derivatives                   = {
                          {{{u_x, u, v, -viscosity, -viscosity, u_y, 0, 0, 0, 0, 1, 0}},
                           {{v_x, 0, 0, 0, 0, v_y, u, v, -viscosity, -viscosity, 0, 1}}}};
      return std::array<double, 2>{
        {u * u_x + v * u_y + p_x - viscosity * (u_xx + u_yy) - force,
         u * v_x + v * v_y + p_y - viscosity * (v_xx + v_yy) +
           observed * point[2]}};
    });
}



struct Values
{
  std::vector<double> rows, derivatives, evaluated;
};

/**
 * Rows and derivatives at three points, each an array over these.
 */
Values
linearize(const Residual            &residual,
          const Residual::Columns   &available,
          const std::vector<double> &numbers)
{
  const unsigned int      n       = 3;
  const Residual::Binding binding = residual.bind(names, available);
  Residual::check(binding,
                  names.n_coordinates(),
                  available.observed.size() + available.auxiliary.size());
  const std::size_t width =
    available.observed.size() + available.auxiliary.size();
  // [entries | columns][point], then the points
  Residual::Batch batch{
    n, {}, {}, &numbers[(binding.entries.size() + width) * n], 3};
  for (std::size_t e = 0; e < binding.entries.size(); ++e)
    batch.jets.push_back(&numbers[e * n]);
  for (const unsigned int column : binding.columns)
    batch.columns.push_back(&numbers[(binding.entries.size() + column) * n]);
  Values                result;
  std::vector<double *> rows, derivatives;
  result.rows.resize(binding.rows.size() * n);
  result.derivatives.resize(binding.pattern.size() * n);
  for (std::size_t r = 0; r < binding.rows.size(); ++r)
    rows.push_back(&result.rows[r * n]);
  for (std::size_t d = 0; d < binding.pattern.size(); ++d)
    derivatives.push_back(&result.derivatives[d * n]);
  residual.linearize(batch, rows, derivatives);
  result.evaluated.resize(result.rows.size());
  std::vector<double *> evaluated;
  for (std::size_t r = 0; r < binding.rows.size(); ++r)
    evaluated.push_back(&result.evaluated[r * n]);
  residual.evaluate(batch, evaluated);
  return result;
}



void
check_system()
{
  const Residual::Columns available = {{names.parse("u_nu"), names.parse("v")},
                                       {"normal_x", "force_x"}};
  RandomStream            random(7);
  std::vector<double>     numbers(3 * (12 + 4 + 3));
  for (double &number : numbers)
    number = 2. * random.uniform() - 1.;

  const Values by_sacado = linearize(*momentum(), available, numbers);
  const Values by_hand   = linearize(*momentum_by_hand(), available, numbers);
  double       error     = 0;
  for (unsigned int i = 0; i < by_hand.rows.size(); ++i)
    error = std::max({error,
                      std::abs(by_hand.rows[i] - by_sacado.rows[i]),
                      std::abs(by_hand.evaluated[i] - by_hand.rows[i]),
                      std::abs(by_sacado.evaluated[i] - by_sacado.rows[i])});
  for (unsigned int i = 0; i < by_hand.derivatives.size(); ++i)
    error = std::max(
      error, std::abs(by_hand.derivatives[i] - by_sacado.derivatives[i]));
  check("by Sacado and by hand", error, 1e-14);

  // the equations are quadratic, so that central differences are exact
  std::array<double, 2> errors = {};
  for (unsigned int k = 0; k < 2; ++k)
    for (unsigned int e = 0; e < 12; ++e)
      {
        const double h    = 0.1 / (1 + k);
        auto         more = numbers, less = numbers;
        for (unsigned int i = 0; i < 3; ++i)
          {
            more[3 * e + i] += h;
            less[3 * e + i] -= h;
          }
        const Values a = linearize(*momentum(), available, more);
        const Values b = linearize(*momentum(), available, less);
        for (unsigned int row = 0; row < 2; ++row)
          for (unsigned int i = 0; i < 3; ++i)
            errors[k] = std::max(
              errors[k],
              std::abs((a.rows[3 * row + i] - b.rows[3 * row + i]) / (2 * h) -
                       by_sacado.derivatives[3 * (12 * row + e) + i]));
      }
  check("difference quotients", errors[0] + errors[1], 1e-13);

  const auto              mismatch = match({"v", "u_nu"});
  const Residual::Binding binding  = mismatch->bind(names, available);
  check("multiplicities and factors",
        binding.rows[0].factor == 1 && binding.rows[1].factor == 0 &&
          binding.rows[0].multiplicity == 1);
  const Values values = linearize(*mismatch, available, numbers);
  error               = 0;
  for (unsigned int i = 0; i < 3; ++i)
    error = std::max(
      {error,
       std::abs(values.rows[i] - numbers[i] + numbers[9 + i]),
       std::abs(values.rows[3 + i] - numbers[3 + i] + numbers[6 + i])});
  check("mismatch", error, 0.);
  check("a mixed derivative counts twice",
        match({"u_xy"})
            ->bind(names, {{names.parse("u_xy")}, {}})
            .rows[0]
            .multiplicity == 2);
}



/**
 * A user's class that forgets something.
 */
class Wrong : public Residual
{
public:
  Binding
  bind(const FieldNames &names, const Columns &) const override
  {
    Binding result;
    result.entries = {names.parse("u")};
    result.rows.resize(1);
    result.pattern = {{0, 0}};
    change(result);
    return result;
  }

  void
  evaluate(const Batch &, const std::vector<double *> &) const override
  {
  }

  void
  linearize(const Batch &,
            const std::vector<double *> &,
            const std::vector<double *> &) const override
  {
  }

  std::function<void(Binding &)> change;
};



void
check_errors()
{
  const Residual::Columns available = {{names.parse("u_nu")}, {"force_x"}};
  const auto              bind      = [&](const Residual &residual) {
    Residual::check(residual.bind(names, available), 3, 2);
  };
  const auto reads = [](const auto &entry, const auto &column) {
    return residual(
      {entry}, {column}, [](const auto &jet, const auto &c, const auto &) {
        return rows(jet[0] - c[0]);
      });
  };
  expect_error("component", [&]() { bind(*reads("w", "force_x")); });
  expect_error("coordinate", [&]() { bind(*reads("u_z", "force_x")); });
  expect_error("column", [&]() { bind(*reads("u", "force_y")); });
  expect_error("not observed", [&]() { bind(*match({"v"})); });
  expect_error("no such order", [&]() { bind(*match({2u})); });
  expect_error("two columns", [&]() {
    reads("u", "u_nu")->bind(names, {available.observed, {"u_nu"}});
  });

  using Binding = Residual::Binding;
  const std::vector<std::pair<std::string, std::function<void(Binding &)>>>
    mistakes = {
      {"no rows", [](Binding &b) { b.rows.clear(); }},
      {"row", [](Binding &b) { b.pattern[0].row = 1; }},
      {"entry", [](Binding &b) { b.pattern[0].entry = 1; }},
      {"column", [](Binding &b) { b.columns = {2}; }},
      {"factor", [](Binding &b) { b.rows[0].factor = 2; }},
      {"multiplicity", [](Binding &b) { b.rows[0].multiplicity = 0.; }},
      {"derivative", [](Binding &b) { b.entries[0].derivative = {0}; }}};
  for (const auto &[name, change] : mistakes)
    {
      Wrong wrong;
      wrong.change = change;
      expect_error(name, [&]() { bind(wrong); });
    }
}



DERL_TEST(residuals)
{
  initlog();

  check_system();
  check_errors();
}
} // namespace test_residuals
