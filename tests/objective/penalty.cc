// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A penalty on parameters must be in value, gradient, residuals, products and
// rows alike, as often as it is there on one rank, and must hold parameters.

#include <derl/optimization/optimizers.h>

#include "problem.h"

namespace test_penalty
{
using namespace dealii;
using namespace derl;

Vector<double>
numbers(const unsigned int n, const unsigned int seed, const double lowest)
{
  RandomStream   random(seed);
  Vector<double> result(n);
  for (double &entry : result)
    entry = lowest + random.uniform();
  return result;
}



double
distance(const Vector<double> &a, const Vector<double> &b)
{
  Vector<double> difference = a;
  difference -= b;
  return difference.l2_norm() / b.l2_norm();
}



void
check_jacobian(Problem              &with,
               Problem              &without,
               const Vector<double> &center,
               const Vector<double> &factors)
{
  const unsigned int n = center.size();
  Vector<double>     gradient, expected_gradient, r, w, jv;
  double             penalty = 0.;
  const double value = with.objective.value_and_gradient(with.x, gradient);
  double       expected =
    without.objective.value_and_gradient(with.x, expected_gradient);
  for (unsigned int i = 0; i < n; ++i)
    {
      penalty += factors(i) * std::pow(with.x(i) - center(i), 2);
      expected_gradient(i) += 2. * factors(i) * (with.x(i) - center(i));
    }
  check("value", std::abs(value - expected - penalty), 1e-13 * value);
  check("gradient", distance(gradient, expected_gradient), 1e-13);

  const double same = with.objective.residuals(with.x, r);
  check("residuals' value", std::abs(same - value), 1e-13 * value);
  check("sum of squares",
        std::abs(Utilities::MPI::sum(r * r, MPI_COMM_WORLD) - value),
        1e-13 * value);
  with.objective.linearize(with.x);
  with.objective.apply_transposed_jacobian(r, w);
  w *= 2.;
  check("2 J' r", distance(w, gradient), 1e-13);
  check(
    "order of the error of J v",
    std::abs(
      std::log2(
        with.objective.check_jacobian(with.x, center, {2e-2, 1e-2})[0].error /
        with.objective.check_jacobian(with.x, center, {2e-2, 1e-2})[1].error) -
      2.),
    0.1);

  // rows: those of the samples, and a diagonal matrix
  with.objective.linearize(with.x);
  without.objective.linearize(with.x);
  FullMatrix<double> matrix, expected_matrix;
  with.objective.normal_matrix(matrix);
  without.objective.normal_matrix(expected_matrix);
  for (unsigned int i = 0; i < n; ++i)
    expected_matrix(i, i) += factors(i);
  const Vector<double> diagonal = with.objective.normal_diagonal();
  double               error    = 0.;
  for (unsigned int i = 0; i < n; ++i)
    error = std::max(error, std::abs(diagonal(i) - expected_matrix(i, i)));
  check("diagonal", error, 1e-12 * diagonal.linfty_norm());
  matrix.add(-1., expected_matrix);
  check("normal matrix",
        matrix.frobenius_norm(),
        1e-13 * expected_matrix.frobenius_norm());
  Vector<double> product(n), v = numbers(n, 5, -0.5);
  with.objective.apply_jacobian(v, jv);
  with.objective.apply_transposed_jacobian(jv, product);
  expected_matrix.vmult(w, v);
  check("J' J v", distance(product, w), 1e-12);
  check("rows", with.objective.n_rows() == without.objective.n_rows() + n);
}



/**
 * Infinitely stiff springs leave parameters where they are.
 */
void
check_training(const Owner &owner)
{
  const unsigned int rank = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  for (const std::string method :
       {"Levenberg-Marquardt", "self-scaled Broyden", "L-BFGS"})
    {
      Problem        problem(MPI_COMM_WORLD, rank, owner);
      Vector<double> x = problem.x, factors(x.size());
      for (unsigned int i = 0; i < x.size(); i += 2)
        factors(i) = 1e4;
      problem.objective.set_penalty(problem.x, factors);
      OptimizerParameters options;
      options.method = method;
      StoppingCriteria criteria;
      criteria.max_iterations = 30;
      make_optimizer(options, MPI_COMM_WORLD)
        ->minimize(problem.objective, x, criteria, {});
      double held = 0., moved = 0.;
      for (unsigned int i = 0; i < x.size(); ++i)
        (i % 2 == 0 ? held : moved) =
          std::max(i % 2 == 0 ? held : moved, std::abs(x(i) - problem.x(i)));
      check(method + ": held", held, 1e-3);
      check(method + ": moved", moved > 0.05);
    }
}



DERL_TEST(penalty)
{
  initlog();
  const unsigned int rank  = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  const unsigned int ranks = Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  const Owner        last  = [&](const unsigned int, const unsigned int) {
    return ranks - 1;
  };
  const Owner in_turn = [&](const unsigned int i, const unsigned int) {
    return i % ranks;
  };
  for (const Owner &owner : {last, in_turn})
    {
      Problem with(MPI_COMM_WORLD, rank, owner),
        without(MPI_COMM_WORLD, rank, owner);
      const unsigned int   n       = with.x.size();
      const Vector<double> center  = numbers(n, 2, -0.5),
                           factors = numbers(n, 3, 0.);
      with.objective.set_penalty(center, factors);
      check_jacobian(with, without, center, factors);
    }
  check_training(in_turn);

  Problem              problem(MPI_COMM_WORLD, rank, in_turn);
  const unsigned int   n = problem.x.size();
  const Vector<double> center(n);
  Vector<double>       factors(n);
  expect_error("lengths", [&]() {
    problem.objective.set_penalty(center, Vector<double>(3));
  });
  factors(1) = -1.;
  expect_error("sign",
               [&]() { problem.objective.set_penalty(center, factors); });
  factors(1) = 1.;
  problem.objective.set_penalty(center, factors);
  problem.objective.linearize(problem.x);
  FullMatrix<double> kernel;
  expect_error("kernel", [&]() { problem.objective.sample_kernel(kernel); });
}
} // namespace test_penalty
