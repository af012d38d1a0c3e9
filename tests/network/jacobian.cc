// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Derivatives by the parameters must be the same whichever way they are found:
// J v by tangents, J' w by adjoints, rows and their inner products by factors.

#include <derl/network/jet_plan.h>

#include <cstdlib>

#include "mapped_surrogates.h"

namespace test_jacobian
{
using namespace dealii;
using namespace derl;



Vector<double>
random_vector(const std::size_t n, RandomStream &random)
{
  Vector<double> result(n);
  for (double &x : result)
    x = 2. * random.uniform() - 1.;
  return result;
}



/**
 * All jets of a surrogate at some points as one vector valued function of the
 * parameters, index [point][component][derivative].
 */
struct JetFunction
{
  JetFunction(const Surrogate           &surrogate,
              const DerivativeSet       &set,
              const std::vector<double> &points,
              const JetPlan::Algorithm   algorithm,
              const Precision   precision)
    : plan(surrogate, set, algorithm, precision)
    , workspace(plan)
    , points(points)
    , n_outputs(surrogate.n_components())
    , n_entries(set.size())
    , n_parameters(surrogate.parameters.size())
  {
    plan.set_parameters(surrogate.parameters, workspace);
  }

  std::size_t
  n_rows_per_point() const
  {
    return n_outputs * n_entries;
  }

  std::size_t
  n_rows() const
  {
    return points.size() / plan.derivative_set().n_coordinates() *
           n_rows_per_point();
  }

  Vector<double>
  apply(const Vector<double> &direction, Vector<double> &values)
  {
    Vector<double> result(n_rows());
    values.reinit(n_rows());
    plan.apply_jacobian(view(points),
                        direction,
                        workspace,
                        [&](const unsigned int first,
                            const JetBlock    &jets,
                            const JetBlock    &tangents) {
                          std::size_t next = first * n_rows_per_point();
                          for (unsigned int p = 0; p < jets.n_points(); ++p)
                            for (unsigned int o = 0; o < n_outputs; ++o)
                              for (unsigned int e = 0; e < n_entries;
                                   ++e, ++next)
                                {
                                  values(next) = jets(o, e)[p];
                                  result(next) = tangents(o, e)[p];
                                }
                        });
    return result;
  }

  Vector<double>
  apply_transpose(const Vector<double> &w)
  {
    Vector<double> result(n_parameters);
    plan.add_gradient(
      view(points),
      workspace,
      [&](const unsigned int first,
          const JetBlock    &jets,
          const JetBlock    &adjoints) {
        std::size_t next = first * n_rows_per_point();
        for (unsigned int p = 0; p < jets.n_points(); ++p)
          for (unsigned int o = 0; o < n_outputs; ++o)
            for (unsigned int e = 0; e < n_entries; ++e)
              adjoints(o, e)[p] = w(next++);
      },
      result);
    return result;
  }

  /**
   * The factors of the Jacobian at points begin .. end-1.
   */
  JacobianFactors
  factorize(const unsigned int begin, const unsigned int end)
  {
    JacobianFactors    factors;
    const unsigned int dim = plan.derivative_set().n_coordinates();
    plan.factorize_jacobian(
      ArrayView<const double>(points.data() + begin * dim, (end - begin) * dim),
      n_rows_per_point(),
      workspace,
      [&](const unsigned int,
          const unsigned int row,
          const JetBlock    &jets,
          const JetBlock    &adjoints) {
        for (unsigned int p = 0; p < jets.n_points(); ++p)
          adjoints(row / n_entries, row % n_entries)[p] = 1;
      },
      factors);
    return factors;
  }

  const JetPlan             plan;
  JetPlan::Workspace        workspace;
  const std::vector<double> points;
  const unsigned int        n_outputs;
  const unsigned int        n_entries;
  const unsigned int        n_parameters;
};



/**
 * Largest entry of a - b by that of b.
 */
template <typename Object>
double
distance(Object a, const Object &b)
{
  a.add(-1., b);
  return a.linfty_norm() / b.linfty_norm();
}



double
distance(const FullMatrix<double> &a, const FullMatrix<double> &b)
{
  double difference = 0., size = 0.;
  for (unsigned int i = 0; i < a.m(); ++i)
    for (unsigned int j = 0; j < a.n(); ++j)
      {
        const double d = std::abs(a(i, j) - b(i, j));
        if (!(d <= difference))
          difference = d;
        size = std::max(size, std::abs(b(i, j)));
      }
  return difference / size;
}



/**
 * The largest errors over many networks.
 */
struct Errors
{
  void
  add(double &largest, const double error)
  {
    if (!(error <= largest))
      largest = error;
  }

  double duality = 0., tangents = 0., values = 0., rows = 0., products = 0.,
         mixed_products = 0., part = 0.;
};



void
compare(const Surrogate          &surrogate,
        const DerivativeSet      &set,
        const std::vector<double> points,
        const Precision  precision,
        RandomStream             &random,
        Errors                   &errors)
{
  // the tangents of the other algorithm in double precision are the reference
  JetFunction reference(surrogate,
                        set,
                        points,
                        JetPlan::Algorithm::forward,
                        Precision::double_precision);
  for (const auto algorithm :
       {JetPlan::Algorithm::automatic, JetPlan::Algorithm::forward})
    {
      JetFunction          f(surrogate, set, points, algorithm, precision);
      const Vector<double> v = random_vector(f.n_parameters, random);
      const Vector<double> w = random_vector(f.n_rows(), random);

      Vector<double>       values, expected_values;
      const Vector<double> jv          = f.apply(v, values);
      const Vector<double> expected_jv = reference.apply(v, expected_values);
      errors.add(errors.values, distance(values, expected_values));
      errors.add(errors.tangents, distance(jv, expected_jv));
      const Vector<double> jw = f.apply_transpose(w);
      errors.add(
        errors.duality,
        std::abs(jv * w - v * jw) /
          std::min(jv.l2_norm() * w.l2_norm(), v.l2_norm() * jw.l2_norm()));

      const unsigned int    n_points = f.n_rows() / f.n_rows_per_point();
      const JacobianFactors all      = f.factorize(0, n_points);
      FullMatrix<double>    rows(f.n_rows(), f.n_parameters);
      f.plan.expand_rows(all, 0, rows);
      Vector<double> by_rows(f.n_rows());
      rows.vmult(by_rows, v);
      errors.add(errors.rows, distance(by_rows, expected_jv));

      FullMatrix<double> expected_products(f.n_rows()),
        products(f.n_rows(), f.n_rows());
      rows.mTmult(expected_products, rows);
      f.plan.inner_products(all, all, products);
      errors.add(errors.products, distance(products, expected_products));

      // rows of other points on the other side, and a part of the rows
      const JacobianFactors some = f.factorize(n_points / 2, n_points);
      FullMatrix<double>    mixed(f.n_rows(), some.n_rows());
      f.plan.inner_products(all, some, mixed);
      FullMatrix<double> expected_mixed(f.n_rows(), some.n_rows());
      expected_mixed.fill(
        expected_products, 0, 0, 0, f.n_rows() - some.n_rows());
      errors.add(errors.mixed_products, distance(mixed, expected_mixed));
      FullMatrix<double> part(some.n_rows() - 1, f.n_parameters),
        expected_part(part);
      f.plan.expand_rows(all, f.n_rows() - some.n_rows(), part);
      expected_part.fill(rows, 0, 0, f.n_rows() - some.n_rows(), 0);
      errors.add(errors.part, distance(part, expected_part));
    }
}



void
log_errors(const std::string       &name,
           const Precision precision,
           const Errors            &errors)
{
  const bool is_double    = precision == Precision::double_precision;
  const std::string title = name + (is_double ? ", double: " : ", single: ");
  const double      scale = is_double ? 1. : 2e8;
  check_error(title + "values", errors.values, 2e-13 * scale);
  check_error(title + "J v by both algorithms", errors.tangents, 2e-13 * scale);
  check_error(title + "<J v, w> = <v, J' w>", errors.duality, 1e-13 * scale);
  check_error(title + "rows times v", errors.rows, 2e-13 * scale);
  check_error(title + "J J'", errors.products, 1e-13 * scale);
  check_error(
    title + "J of all times J' of some", errors.mixed_products, 1e-13 * scale);
  check_error(title + "some of the rows", errors.part, 1e-15);
}



void
test(const Architecture &kind, const Precision precision)
{
  RandomStream random(11);
  Errors       errors;
  // {u, u_x, u_t, u_xx, u_xxx} and what a biharmonic operator needs
  const std::vector<DerivativeSet> sets = {
    DerivativeSet(1),
    DerivativeSet::up_to_order(1, 4),
    DerivativeSet(2),
    DerivativeSet::up_to_order(2, 1),
    DerivativeSet::up_to_order(2, 2),
    DerivativeSet(2, {{3, 0}, {0, 1}}),
    DerivativeSet(2, {{4, 0}, {2, 2}, {0, 4}}),
    DerivativeSet::up_to_order(3, 2),
    DerivativeSet(4, {{1, 1, 0, 0}, {0, 0, 0, 2}}),
    DerivativeSet::up_to_order(5, 2)};
  for (const DerivativeSet &set : sets)
    for (const unsigned int n_outputs : {1u, 3u})
      {
        RandomNetwork network(
          kind, set.n_coordinates(), {7, 13, 4}, n_outputs, true);
        Surrogate surrogate(network.architecture,
                            std::vector<std::string>(set.n_coordinates(), "x"),
                            std::vector<std::string>(n_outputs, "u"));
        surrogate.parameters = network.parameters;
        surrogate.scaling    = network.scaling;
        // a part of a panel, and a little more than one or two; the time grows
        // with the square of the number of rows
        const std::vector<unsigned int> numbers_of_points =
          set.size() * n_outputs > 10 ? std::vector<unsigned int>{3}
                                      : std::vector<unsigned int>{2, 9, 17};
        for (const unsigned int n_points : numbers_of_points)
          compare(surrogate,
                  set,
                  network.points(n_points),
                  precision,
                  random,
                  errors);
      }
  log_errors(activation_name(kind), precision, errors);
}



/**
 * Through all input maps and output maps, in one to four coordinates.
 */
void
test_maps(const Precision precision)
{
  RandomStream random(17);
  for (const unsigned int dim : {1u, 2u, 3u, 4u})
    for (const MappedSurrogate &mapped :
         mapped_surrogates(Architecture(), dim, {7, 13, 4}))
      {
        Errors errors;
        for (unsigned int order = 0; order <= 2; ++order)
          {
            const auto         set = DerivativeSet::up_to_order(dim, order);
            const unsigned int n_rows =
              mapped.surrogate.n_components() * set.size();
            // the time grows with the square
            if (n_rows <= 15)
              compare(mapped.surrogate,
                      set,
                      random_points(mapped.surrogate, n_rows > 4 ? 3 : 17),
                      precision,
                      random,
                      errors);
          }
        log_errors(std::to_string(dim) + " coordinates, " + mapped.name,
                   precision,
                   errors);
      }
}



DERL_TEST(jacobian)
{
  initlog();
  unsetenv("DERL_INSTRUCTION_SET");
  for (const Architecture &kind : all_activations())
    for (const auto precision : {Precision::double_precision,
                                 Precision::single_precision})
      test(kind, precision);
  test_maps(Precision::double_precision);
  test_maps(Precision::single_precision);
  setenv("DERL_INSTRUCTION_SET", "baseline", 1);
  deallog << "baseline instruction set" << std::endl;
  test(Architecture(), Precision::double_precision);
  test(Architecture(), Precision::single_precision);
}
} // namespace test_jacobian
