// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Multi-indices, the chain rule and the random stream are the ground that all
// the rest stands on: their laws and published numbers.

#include <derl/base/jet_entry.h>
#include <derl/base/objective_function.h>

#include <deal.II/base/numbers.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "../../source/base/random.h"
#include "../../source/base/reproducible_math.h"
#include "../../source/network/chain_rule.h"
#include "../tests.h"

namespace test_basics
{
using namespace dealii;
using namespace derl;



void
check_true(const std::string &what, const bool is_true)
{
  deallog << what << ": " << (is_true ? "ok" : "FAILED") << std::endl;
}



void
log_set(const DerivativeSet &set, const std::vector<std::string> &coordinates)
{
  deallog << "set:";
  const FieldNames names(coordinates, {"u"});
  for (const MultiIndex &derivative : set)
    deallog << ' ' << names.name({0, derivative});
  deallog << std::endl;
}



/**
 * Names must be read as they are written, whatever coordinates and components
 * are called, and what has two meanings must be refused.
 */
void
check_names()
{
  const FieldNames names({"x", "t", "mu", "y_0"}, {"u", "u_x", "p"});
  const auto       reads = [&](const std::string &name,
                         const unsigned int component,
                         const MultiIndex  &derivative) {
    check_true(name,
               names.parse(name) == JetEntry{component, derivative} &&
                 names.parse(names.name({component, derivative})) ==
                   JetEntry{component, derivative});
  };
  reads("u", 0, {0, 0, 0, 0});
  reads("u_x_x", 1, {1, 0, 0, 0});
  reads("p_xxt", 2, {2, 1, 0, 0});
  reads("p_x_mu", 2, {1, 0, 1, 0});
  reads("p_mu_mu_x", 2, {1, 0, 2, 0});
  reads("p_y_0", 2, {0, 0, 0, 1});
  reads("u_t_y_0_x", 0, {1, 1, 0, 1});
  for (const std::string wrong :
       {"u_x", "v", "p_", "p_xz", "p_m", "", "p__x", "p_x_", "u_x_xt_"})
    {
      bool is_refused = false;
      try
        {
          names.parse(wrong);
        }
      catch (const std::exception &)
        {
          is_refused = true;
        }
      check_true("'" + wrong + "' is refused", is_refused);
    }

  // two literals are two names, not the ends of one
  const std::vector<JetEntry> two = {{2, {1, 0, 0, 0}}, {0, {0, 0, 0, 0}}};
  check_true("two literals", names.parse({"p_x", "u"}) == two);
}



/**
 * Downward closed, sorted by order, without repetition, value first.
 */
bool
is_proper(const DerivativeSet &set)
{
  for (unsigned int e = 0; e < set.size(); ++e)
    {
      if (set.index_of(set[e]) != e ||
          (e > 0 && order(set[e]) < order(set[e - 1])))
        return false;
      for (unsigned int d = 0; d < set.n_coordinates(); ++d)
        if (set[e][d] > 0)
          {
            MultiIndex lower = set[e];
            --lower[d];
            if (!set.contains(lower))
              return false;
          }
    }
  return order(set[0]) == 0 && set.max_order() == order(set[set.size() - 1]);
}



void
test_multi_indices()
{
  const DerivativeSet third(2, {{3, 0}, {0, 1}}), mixed(2, {{1, 2}}), value(3),
    full = DerivativeSet::up_to_order(3, 4);
  log_set(third, {"x", "t"});
  log_set(mixed, {"x", "t"});
  log_set(third | mixed, {"x", "t"});
  log_set(value, {"x", "y", "t"});
  log_set(DerivativeSet::up_to_order(3, 2), {"x", "y", "t"});
  log_set(mixed, {"x", "Reynolds"});
  for (const DerivativeSet &set : {third, mixed, third | mixed, value, full})
    check_true("set is proper", is_proper(set));
  check_true("35 derivatives", full.size() == 35);
  check_true("equality",
             (third | mixed) == (mixed | third) && !(third == mixed) &&
               DerivativeSet(2, {{3, 0}, {0, 1}, {2, 0}, {3, 0}}) == third &&
               !(DerivativeSet(2) == DerivativeSet(3)));
  check_true("membership",
             third.contains({2, 0}) && !third.contains({1, 1}) &&
               !third.contains({4, 0}));

  bool sums_fit = true;
  for (unsigned int dim = 1; dim <= 4; ++dim)
    for (unsigned int k = 0; k <= 6; ++k)
      {
        double sum = 0.;
        for (const MultiIndex &derivative : derivatives_of_order(dim, k))
          sum += multiplicity(derivative);
        if (sum != std::pow(dim, k))
          sums_fit = false;
      }
  check_true("multiplicities add up to the size of the tensor", sums_fit);
  check_true("multiplicity",
             multiplicity({1, 1}) == 2. && multiplicity({2, 1, 1}) == 12. &&
               multiplicity({4}) == 1.);
}



/**
 * For f = exp and z with all derivatives 1 at a point where z = 0, the
 * derivative of f(z) of any multi-index of order n is the number of ways to
 * partition a set of n elements (Bell number); the products alone count the
 * partitions of the multi-index itself.
 */
void
test_chain_rule()
{
  const double bell[]           = {1., 1., 2., 5., 15., 52.};
  bool         coefficients_fit = true, factors_fit = true;
  for (const DerivativeSet &set : {DerivativeSet::up_to_order(1, 5),
                                   DerivativeSet::up_to_order(3, 5),
                                   DerivativeSet(2, {{3, 1}, {0, 2}})})
    {
      std::vector<double> sums(set.size(), 1.);
      for (const ChainProduct &product : chain_products(set))
        {
          sums[product.target] += product.coefficient;
          MultiIndex total(set.n_coordinates(), 0);
          for (const unsigned int factor : product.factors)
            {
              if (factor == 0)
                factors_fit = false;
              for (unsigned int d = 0; d < total.size(); ++d)
                total[d] += set[factor][d];
            }
          if (total != set[product.target] || product.factors.size() < 2)
            factors_fit = false;
        }
      for (unsigned int e = 1; e < set.size(); ++e)
        if (sums[e] != bell[order(set[e])])
          coefficients_fit = false;
    }
  check_true("coefficients add up to Bell numbers", coefficients_fit);
  check_true("factors add up to the derivative", factors_fit);

  const auto n_products = [](const MultiIndex &derivative) {
    const DerivativeSet set(derivative.size(), {derivative});
    const auto          products = chain_products(set);
    return std::count_if(
      products.begin(), products.end(), [&](const ChainProduct &product) {
        return product.target == set.size() - 1;
      });
  };
  deallog << "products for orders 1 to 6:";
  for (unsigned int n = 1; n <= 6; ++n)
    deallog << ' ' << n_products({n});
  deallog << std::endl
          << "products for xy, xxy, xyt, xxyy: " << n_products({1, 1}) << ' '
          << n_products({2, 1}) << ' ' << n_products({1, 1, 1}) << ' '
          << n_products({2, 2}) << std::endl;
}



void
test_random_stream()
{
  RandomStream random(30);
  for (unsigned int i = 0; i < 3; ++i)
    {
      const double x = 2. * random.uniform() - 1.;
      const double y = 2. * random.uniform() - 1.;
      deallog << "NumPy's RandomState(30): " << x << ' ' << y << std::endl;
    }
  // to the last bit, after RandomState(30).random_sample(1000)
  RandomStream fresh(30);
  double       last = 0.;
  for (unsigned int i = 0; i < 1000; ++i)
    last = fresh.uniform();
  check_true("all bits of the thousandth number", last == 0x1.c687f6194d149p-1);

  double smallest = 1., largest = 0., sum = 0.;
  for (unsigned int i = 0; i < 100000; ++i)
    {
      const double x = random.uniform();
      smallest       = std::min(smallest, x);
      largest        = std::max(largest, x);
      sum += x;
    }
  check_true("range",
             smallest >= 0. && smallest < 1e-4 && largest < 1. &&
               largest > 1. - 1e-4);
  check_true("mean", std::abs(sum / 100000. - 0.5) < 0.005);

  bool is_permutation = true;
  for (const unsigned int n : {0u, 1u, 2u, 17u, 1000u})
    {
      auto permutation = random.permutation(n);
      std::sort(permutation.begin(), permutation.end());
      for (unsigned int i = 0; i < n; ++i)
        if (permutation[i] != i)
          is_permutation = false;
      if (permutation.size() != n)
        is_permutation = false;
    }
  check_true("permutation", is_permutation);
  // each of the 6 arrangements of 3 elements has the same chance
  std::vector<unsigned int> counts(27, 0);
  for (unsigned int i = 0; i < 6000; ++i)
    {
      const auto p = random.permutation(3);
      ++counts[9 * p[0] + 3 * p[1] + p[2]];
    }
  check_true("all permutations alike",
             std::count_if(counts.begin(), counts.end(), [](const auto count) {
               return count > 850 && count < 1150;
             }) == 6);
  check_true(
    "same seed, same stream",
    RandomStream(1).permutation(50) == RandomStream(1).permutation(50) &&
      RandomStream(1).permutation(50) != RandomStream(2).permutation(50));
}



struct Cubic : public ObjectiveFunction
{
  unsigned int
  n_parameters() const override
  {
    return 3;
  }

  double
  value_and_gradient(const Vector<double> &x, Vector<double> &gradient) override
  {
    gradient.reinit(3);
    gradient(0) = 3. * x(0) * x(0) + x(1);
    gradient(1) = x(0) + error;
    gradient(2) = 5.;
    return x(0) * x(0) * x(0) + x(0) * x(1) + 5. * x(2);
  }

  double error = 0.;
};



void
test_check_gradient()
{
  Cubic          cubic;
  Vector<double> x(3), direction(3);
  x(0) = 0.3, x(1) = -2., x(2) = 1.;
  direction(0) = 1., direction(1) = 2., direction(2) = -0.5;
  const auto table = cubic.check_gradient(x, direction, {0.4, 0.2, 0.1, 1e-5});
  deallog << "observed orders:";
  for (unsigned int i = 1; i < 3; ++i)
    deallog << ' '
            << std::lround(std::log2(table[i - 1].error / table[i].error));
  deallog << std::endl;
  // exact for a cubic: the error is step^2 direction_0^3
  check_true("error of the difference",
             std::abs(table[0].error - 0.16) < 1e-12 && table[0].step == 0.4 &&
               table[3].error < 1e-8);
  cubic.error = 1e-3;
  check_true("wrong gradient",
             std::abs(cubic.check_gradient(x, direction, {1e-5})[0].error -
                      2e-3) < 1e-8);
  check_true("defaults",
             cubic.n_batches() == 1 && cubic.elapsed_seconds() >= 0.);
}



/**
 * An objective with more rows than 32 bits can count, and without any memory.
 */
class ManyRows : public LeastSquaresObjective
{
public:
  static constexpr std::uint64_t n = (std::uint64_t(1) << 32) + 300;

  unsigned int
  n_parameters() const override
  {
    return 1;
  }

  MPI_Comm
  get_communicator() const override
  {
    return MPI_COMM_SELF;
  }

  std::uint64_t
  n_local_rows() const override
  {
    return n;
  }

  void
  local_rows(const std::uint64_t begin, FullMatrix<double> &rows) override
  {
    if (begin == next)
      next += rows.m();
  }

  double
  value_and_gradient(const Vector<double> &, Vector<double> &) override
  {
    return 0;
  }

  double
  residuals(const Vector<double> &, Vector<double> &) override
  {
    return 0;
  }

  void
  linearize(const Vector<double> &) override
  {
  }

  void
  apply_jacobian(const Vector<double> &, Vector<double> &) override
  {
  }

  void
  apply_transposed_jacobian(const Vector<double> &, Vector<double> &) override
  {
  }

  void
  sample_kernel(FullMatrix<double> &) override
  {
  }

  std::uint64_t next = 0;
};



void
test_many_rows()
{
  ManyRows many_rows;
  many_rows.for_each_block_of_rows([](const FullMatrix<double> &) {});
  check_true("each of many rows", many_rows.next == ManyRows::n);
}



/**
 * Ranks must get the same numbers, to the last bit, on whatever processor: the
 * digits printed here must not change.
 */
void
test_reproducible_math()
{
  double       power_error = 0., cosine_error = 0.;
  RandomStream random(3);
  for (unsigned int i = 0; i < 10000; ++i)
    {
      const double x     = std::exp(40. * random.uniform() - 20.);
      const double y     = 4. * random.uniform() - 2.;
      const double angle = numbers::PI * random.uniform();
      power_error        = std::max(
        power_error, std::abs(reproducible_power(x, y) / std::pow(x, y) - 1.));
      cosine_error = std::max(
        cosine_error, std::abs(reproducible_cosine(angle) - std::cos(angle)));
    }
  check_true("powers", power_error < 3e-14);
  check_true("cosines", cosine_error < 1e-15);
  check_true(
    "special powers",
    reproducible_power(0., 2.) == 0. && reproducible_power(0., 0.) == 1. &&
      reproducible_power(3., 0.) == 1. && reproducible_power(1., -7.) == 1. &&
      reproducible_power(10., 400.) > 1e308 &&
      reproducible_power(10., -400.) == 0.);
  check_true("special cosines",
             reproducible_cosine(0.) == 1. &&
               reproducible_cosine(numbers::PI) == -1.);
  char text[64];
  std::snprintf(text,
                sizeof(text),
                "%a %a",
                reproducible_power(1.7, -1. / 920.),
                reproducible_cosine(1.));
  deallog << text << std::endl;
}



DERL_TEST(basics)
{
  initlog();

  check_names();
  test_multi_indices();
  test_chain_rule();
  test_random_stream();
  test_check_gradient();
  test_many_rows();
  test_reproducible_math();
}
} // namespace test_basics
