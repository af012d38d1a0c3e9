// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The gradient by the parameters must be the exact derivative of what the jets
// say, whatever the batch, the instruction set and numbers that are not finite.

#include <derl/network/jet_plan.h>

#include <cstdlib>
#include <limits>

#include "network_tests.h"
#include "taylor_reference.h"

namespace test_adjoint
{
using namespace dealii;
using namespace derl;



/**
 * The sum over points, components and derivatives of coefficient times jet
 * entry, and its gradient; @p coefficients are as from all_jets().
 */
struct LinearLoss
{
  LinearLoss(const JetPlan             &plan,
             const unsigned int         n_outputs,
             const std::vector<double> &points,
             const std::vector<double> &coefficients)
    : plan(plan)
    , n_outputs(n_outputs)
    , points(points)
    , coefficients(coefficients)
    , workspace(plan)
  {
  }

  void
  add_gradient(const Vector<double> &parameters,
               const unsigned int    begin,
               const unsigned int    end,
               Vector<double>       &gradient)
  {
    const unsigned int n_entries = plan.derivative_set().size();
    const unsigned int dim       = plan.derivative_set().n_coordinates();
    plan.set_parameters(parameters, workspace);
    plan.add_gradient(
      ArrayView<const double>(points.data() + begin * dim, (end - begin) * dim),
      workspace,
      [&](const unsigned int first,
          const JetBlock    &jets,
          const JetBlock    &adjoints) {
        std::size_t next = std::size_t(begin + first) * n_outputs * n_entries;
        for (unsigned int p = 0; p < jets.n_points(); ++p)
          for (unsigned int o = 0; o < n_outputs; ++o)
            for (unsigned int e = 0; e < n_entries; ++e)
              adjoints(o, e)[p] = coefficients[next++];
      },
      gradient);
  }

  Vector<double>
  gradient(const Vector<double> &parameters)
  {
    Vector<double> result(parameters.size());
    add_gradient(parameters,
                 0,
                 points.size() / plan.derivative_set().n_coordinates(),
                 result);
    return result;
  }

  double
  value(const Vector<double> &parameters) const
  {
    const auto  jets = all_jets(plan, parameters, points, n_outputs);
    long double sum  = 0;
    for (std::size_t i = 0; i < jets.size(); ++i)
      sum += (long double)(coefficients[i]) * jets[i];
    return sum;
  }

  const JetPlan            &plan;
  const unsigned int        n_outputs;
  const std::vector<double> points;
  const std::vector<double> coefficients;
  JetPlan::Workspace        workspace;
};



std::vector<double>
random_numbers(const std::size_t n, RandomStream &random)
{
  std::vector<double> result(n);
  for (double &x : result)
    x = 2. * random.uniform() - 1.;
  return result;
}



double
distance(const Vector<double> &a, const Vector<double> &b)
{
  Vector<double> difference(a);
  difference -= b;
  return difference.linfty_norm() / b.linfty_norm();
}



/**
 * Every parameter of small networks, by complex steps in extended precision,
 * which are exact to round-off.
 */
void
test_complex_steps(const Architecture &kind)
{
  using Complex                     = std::complex<long double>;
  constexpr long double tiny        = 1e-30L;
  const unsigned int    n_points    = 4;
  const unsigned int    n_outputs[] = {1, 2, 3, 1};
  double                worst       = 0.;
  for (const unsigned int dim : {1u, 2u, 3u})
    {
      RandomNetwork      network(kind, dim, {3, 2}, n_outputs[dim], true);
      const unsigned int n_parameters = network.parameters.size();
      const auto         points       = network.points(n_points);

      // polynomials[parameter][point][component]
      std::vector<std::vector<std::vector<reference::Polynomial<Complex>>>>
        polynomials(n_parameters);
      for (unsigned int i = 0; i < n_parameters; ++i)
        {
          std::vector<Complex> parameters(network.parameters.begin(),
                                          network.parameters.end());
          parameters[i] += Complex(0., tiny);
          for (unsigned int p = 0; p < n_points; ++p)
            polynomials[i].push_back(reference::network(network.architecture,
                                                        network.scaling,
                                                        parameters,
                                                        &points[p * dim]));
        }

      for (unsigned int max_order = 0; max_order <= 4; ++max_order)
        {
          const auto    set = DerivativeSet::up_to_order(dim, max_order);
          const JetPlan plan(network.architecture, network.scaling, set);
          const auto    coefficients = random_numbers(
            n_points * n_outputs[dim] * set.size(), network.random);
          Vector<double> expected(n_parameters);
          for (unsigned int i = 0; i < n_parameters; ++i)
            {
              const double *coefficient = coefficients.data();
              long double   sum         = 0;
              for (const auto &components : polynomials[i])
                for (const auto &component : components)
                  for (const MultiIndex &alpha : set)
                    sum += *coefficient++ *
                           (component.derivative(alpha).imag() / tiny);
              expected(i) = sum;
            }
          LinearLoss   loss(plan, n_outputs[dim], points, coefficients);
          const double error =
            distance(loss.gradient(network.parameters), expected);
          if (!(error <= worst))
            worst = error;
        }
    }
  check_error(activation_name(kind) + ", every parameter", worst, 1e-12);
}



/**
 * Central differences in random directions, with one Richardson step.
 */
void
test_directions(const Architecture &kind)
{
  double       worst         = 0.;
  unsigned int n_good_orders = 0, n_directions = 0;
  for (unsigned int max_order = 0; max_order <= 4; ++max_order)
    {
      RandomNetwork network(kind, 2, {13, 20, 7}, 3, true);
      const auto    set    = DerivativeSet::up_to_order(2, max_order);
      const auto    points = network.points(37);
      const JetPlan plan(network.architecture, network.scaling, set);
      LinearLoss    loss(
        plan, 3, points, random_numbers(37 * 3 * set.size(), network.random));
      const Vector<double> gradient = loss.gradient(network.parameters);
      for (unsigned int k = 0; k < 3; ++k)
        {
          const auto numbers =
            random_numbers(network.parameters.size(), network.random);
          Vector<double> direction(numbers.begin(), numbers.end());
          const auto     quotient = [&](const double step) {
            Vector<double> right(network.parameters), left(network.parameters);
            right.add(step, direction);
            left.add(-step, direction);
            return (loss.value(right) - loss.value(left)) / (2. * step);
          };
          // beta is the inverse of the length over which softplus bends
          const double h  = kind.activation == Activation::softplus
                              ? 0.004 / kind.softplus_beta
                              : 0.002;
          const double q1 = quotient(h), q2 = quotient(h / 2.);
          const double slope = gradient * direction;
          const double size  = gradient.l2_norm() * direction.l2_norm();
          const double error = std::abs((4. * q2 - q1) / 3. - slope) / size;
          ++n_directions;
          if (std::lround(std::log2((q1 - slope) / (q2 - slope))) == 2)
            ++n_good_orders;
          if (!(error <= worst))
            worst = error;
        }
    }
  deallog << activation_name(kind) << ", differences of order 2 in "
          << n_good_orders << " of " << n_directions << " directions"
          << std::endl;
  check_error(activation_name(kind) + ", directions", worst, 1e-8);
}



/**
 * Neither jets nor gradient depend on how points are grouped.
 */
void
test_batches(const Architecture &kind)
{
  const unsigned int  n_points = 1000;
  RandomNetwork       network(kind, 2, {13, 20, 7}, 2, true);
  const auto          points = network.points(n_points);
  const DerivativeSet set(2, {{3, 0}, {0, 1}});
  const JetPlan       plan(network.architecture, network.scaling, set);
  const unsigned int  n_columns = 2 * set.size();
  LinearLoss          loss(
    plan, 2, points, random_numbers(n_points * n_columns, network.random));
  const Vector<double> whole = loss.gradient(network.parameters);
  const auto           jets  = all_jets(plan, network.parameters, points, 2);

  unsigned int block = 0, n_seen = 0;
  plan.set_parameters(network.parameters, loss.workspace);
  plan.evaluate(view(points),
                loss.workspace,
                [&](const unsigned int first, const JetBlock &block_jets) {
                  block = std::max(block, block_jets.n_points());
                  if (first == n_seen)
                    n_seen += block_jets.n_points();
                });
  check_true(activation_name(kind) + ", blocks are successive",
             n_seen == n_points && jets.size() == n_points * n_columns);

  double gradient_error = 0., jet_error = 0.;
  for (const unsigned int length :
       {1u, 15u, 16u, 17u, block - 1, block, block + 1, n_points})
    {
      Vector<double>      sum(whole.size());
      std::vector<double> pieces;
      for (unsigned int begin = 0; begin < n_points; begin += length)
        {
          const unsigned int end = std::min(begin + length, n_points);
          loss.add_gradient(network.parameters, begin, end, sum);
          const auto piece =
            all_jets(plan,
                     network.parameters,
                     {points.begin() + 2 * begin, points.begin() + 2 * end},
                     2);
          pieces.insert(pieces.end(), piece.begin(), piece.end());
        }
      gradient_error = std::max(gradient_error, distance(sum, whole));
      jet_error = std::max(jet_error, relative_error(pieces, jets, n_columns));
    }
  check_error(
    activation_name(kind) + ", gradient by pieces", gradient_error, 1e-12);
  check_error(activation_name(kind) + ", jets by pieces", jet_error, 1e-13);

  Vector<double> unchanged(whole);
  loss.add_gradient(network.parameters, 0, 0, unchanged);
  check_true(activation_name(kind) + ", empty batch",
             unchanged == whole &&
               all_jets(plan, network.parameters, {}, 2).empty());
}



bool
has_nan(const Vector<double> &vector)
{
  return std::any_of(
    vector.begin(), vector.end(), [](const double x) { return std::isnan(x); });
}



void
test_not_a_number(const Architecture &kind)
{
  const double       nan      = std::numeric_limits<double>::quiet_NaN();
  const unsigned int n_points = 21;
  RandomNetwork      network(kind, 2, {13, 20, 7}, 1, true);
  const auto         points = network.points(n_points);
  const auto         set    = DerivativeSet::up_to_order(2, 2);
  const JetPlan      plan(network.architecture, network.scaling, set);
  const auto         coefficients =
    random_numbers(n_points * set.size(), network.random);
  const auto jets = all_jets(plan, network.parameters, points, 1);

  bool only_there = true, in_gradient = true;
  // among others, alone in its panel, and the point that padding repeats
  for (const unsigned int bad : {0u, 3u, 16u, n_points - 1})
    {
      auto damaged         = points;
      damaged[2 * bad + 1] = nan;
      const auto result    = all_jets(plan, network.parameters, damaged, 1);
      for (std::size_t i = 0; i < jets.size(); ++i)
        if (i / set.size() == bad ? !std::isnan(result[i])
                                  : !(std::abs(result[i] - jets[i]) < 1e-12))
          only_there = false;
      LinearLoss loss(plan, 1, damaged, coefficients);
      if (!has_nan(loss.gradient(network.parameters)))
        in_gradient = false;
      // nothing of it stays in the workspace
      Vector<double> gradient(network.parameters.size());
      loss.add_gradient(network.parameters, 4, 16, gradient);
      if (has_nan(gradient))
        in_gradient = false;
    }
  check_true(activation_name(kind) + ", NaN in a point", only_there);
  check_true(activation_name(kind) + ", NaN in the gradient", in_gradient);

  bool seen = true;
  for (unsigned int i = 0; i < network.parameters.size(); i += 5)
    {
      Vector<double> damaged(network.parameters);
      damaged(i)        = nan;
      const auto result = all_jets(plan, damaged, points, 1);
      for (std::size_t p = 0; p < n_points; ++p)
        if (!std::isnan(result[p * set.size()]))
          seen = false;
    }
  check_true(activation_name(kind) + ", NaN in a parameter", seen);
}



void
test_instruction_sets(const Architecture &kind)
{
  RandomNetwork network(kind, 2, {13, 20, 7}, 3, true);
  const auto    points = network.points(100);
  const auto    set    = DerivativeSet::up_to_order(2, 4);
  const auto    coefficients =
    random_numbers(100 * 3 * set.size(), network.random);
  std::vector<double> jets;
  Vector<double>      gradient;
  double              jet_error = 0., gradient_error = 0.;
  for (const std::string name : {"baseline", "avx2", "avx512"})
    {
      setenv("DERL_INSTRUCTION_SET", name.c_str(), 1);
      const JetPlan plan(network.architecture, network.scaling, set);
      if (plan.instruction_set() != name)
        continue; // not a processor that has it
      LinearLoss loss(plan, 3, points, coefficients);
      const auto other_jets = all_jets(plan, network.parameters, points, 3);
      const Vector<double> other_gradient = loss.gradient(network.parameters);
      if (jets.empty())
        {
          jets     = other_jets;
          gradient = other_gradient;
        }
      jet_error =
        std::max(jet_error, relative_error(other_jets, jets, 3 * set.size()));
      gradient_error =
        std::max(gradient_error, distance(other_gradient, gradient));
    }
  unsetenv("DERL_INSTRUCTION_SET");
  check_error(
    activation_name(kind) + ", jets by all instruction sets", jet_error, 1e-12);
  check_error(activation_name(kind) + ", gradient by all instruction sets",
              gradient_error,
              1e-12);
  check_true(activation_name(kind) + ", the baseline ran",
             jets.size() == 100 * 3 * set.size());
}



void
test_unknown_instruction_set()
{
  bool is_rejected = false;
#ifdef __x86_64__
  setenv("DERL_INSTRUCTION_SET", "AVX2", 1);
  try
    {
      const JetPlan plan(
        Architecture(), Scaling::identity(2, 1), DerivativeSet(2));
    }
  catch (const ExceptionBase &error)
    {
      is_rejected =
        std::string(error.what()).find("'AVX2'") != std::string::npos;
    }
  unsetenv("DERL_INSTRUCTION_SET");
#else
  is_rejected = true; // there is nothing to choose
#endif
  check_true("unknown instruction set", is_rejected);
}



DERL_TEST(adjoint)
{
  initlog();
  unsetenv("DERL_INSTRUCTION_SET");
  for (const Architecture &kind : all_activations())
    {
      test_complex_steps(kind);
      test_directions(kind);
      test_batches(kind);
      test_not_a_number(kind);
      test_instruction_sets(kind);
    }
  test_unknown_instruction_set();
}
} // namespace test_adjoint
