// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Residuals, J v, J' w, rows, normal matrix and sample kernel must belong to
// one and the same Jacobian, on any number of ranks, however the samples lie on
// them.

#include <algorithm>

#include "problem.h"

namespace test_least_squares
{
using namespace dealii;
using namespace derl;

Vector<double>
random_vector(const unsigned int n, const unsigned int seed)
{
  RandomStream   random(seed);
  Vector<double> result(n);
  for (double &entry : result)
    entry = 2. * random.uniform() - 1.;
  return result;
}



double
distance(const Vector<double> &a, const Vector<double> &b)
{
  if (a.size() != b.size())
    return 1e300;
  Vector<double> difference = a;
  difference -= b;
  return difference.l2_norm();
}



double
distance(const FullMatrix<double> &a, const FullMatrix<double> &b)
{
  if (a.m() != b.m() || a.n() != b.n())
    return 1e300;
  FullMatrix<double> difference(a);
  difference.add(-1., b);
  return difference.frobenius_norm() / b.frobenius_norm();
}



bool
same_on_all_ranks(const FullMatrix<double> &matrix)
{
  std::vector<double> numbers;
  for (unsigned int i = 0; i < matrix.m(); ++i)
    numbers.insert(numbers.end(), matrix.begin(i), matrix.end(i));
  std::vector<double> largest = numbers;
  Utilities::MPI::max(largest, MPI_COMM_WORLD, largest);
  return largest == numbers;
}



/**
 * The rows of all ranks, put where they are if one rank has all samples.
 */
FullMatrix<double>
all_rows(Problem &problem, const MPI_Comm &communicator)
{
  SumOfSquares      &objective = problem.objective;
  const unsigned int n         = objective.n_parameters();
  FullMatrix<double> local(objective.n_rows(), n), result(local);
  // blocks that begin and end anywhere, within a point or a table
  for (std::uint64_t begin = 0; begin < objective.n_local_rows();)
    {
      FullMatrix<double> block(
        std::min(31u + begin % 5, objective.n_local_rows() - begin), n);
      objective.local_rows(begin, block);
      for (unsigned int i = 0; i < block.m(); ++i)
        std::copy(block.begin(i),
                  block.end(i),
                  local.begin(problem.global_rows[begin + i]));
      begin += block.m();
    }
  Utilities::MPI::sum(local, communicator, result);
  return result;
}



/**
 * A vector over rows in the same order.
 */
Vector<double>
all_entries(const Problem        &problem,
            const Vector<double> &local,
            const unsigned int    n,
            const MPI_Comm       &communicator)
{
  Vector<double> result(n);
  for (unsigned int i = 0; i < local.size(); ++i)
    result(problem.global_rows[i]) = local(i);
  Utilities::MPI::sum(result, communicator, result);
  return result;
}



void
check_differences(Problem &problem)
{
  const Vector<double> v = random_vector(problem.objective.n_parameters(), 12);
  const std::vector<double> steps = {4e-2, 2e-2, 1e-2};
  const auto jacobian = problem.objective.check_jacobian(problem.x, v, steps);
  const auto gradient = problem.objective.check_gradient(problem.x, v, steps);
  for (unsigned int i = 1; i < steps.size(); ++i)
    {
      check("  order of the error of J v",
            std::abs(std::log2(jacobian[i - 1].error / jacobian[i].error) - 2),
            0.02);
      check("  order of the error of the gradient",
            std::abs(std::log2(gradient[i - 1].error / gradient[i].error) - 2),
            0.1);
    }
  check(
    "  norms",
    std::abs(
      jacobian[2].difference_quotient / jacobian[2].directional_derivative - 1),
    1e-3);
}



/**
 * All that follows from the Jacobian, as seen by @p problem, against its rows,
 * and these against J v with unit vectors.
 */
void
check_jacobian(Problem &problem, const double tolerance)
{
  SumOfSquares        &objective = problem.objective;
  const unsigned int   n         = objective.n_parameters();
  const Vector<double> v         = random_vector(n, 2);
  Vector<double>       r, jv, jw, gradient;

  const double value = objective.value_and_gradient(problem.x, gradient);
  const auto   terms = objective.term_values();
  const double same  = objective.residuals(problem.x, r);
  check("  value", std::abs(same - value), tolerance * value);
  double term_error = 0;
  for (unsigned int t = 0; t < terms.size(); ++t)
    term_error = std::max(
      term_error, std::abs(objective.term_values()[t].value - terms[t].value));
  check("  terms", term_error, tolerance * value);
  check("  sum of squares",
        std::abs(Utilities::MPI::sum(r * r, MPI_COMM_WORLD) - value),
        tolerance * value);

  objective.linearize(problem.x);
  objective.apply_transposed_jacobian(r, jw);
  jw *= 2;
  check("  gradient", distance(jw, gradient), tolerance * gradient.l2_norm());

  // the point of linearization does not depend on evaluations
  Vector<double> elsewhere = problem.x;
  elsewhere *= 1.1;
  objective.value_and_gradient(elsewhere, gradient);
  const Vector<double> w =
    random_vector(objective.n_local_rows(),
                  3 + Utilities::MPI::this_mpi_process(MPI_COMM_WORLD));
  objective.apply_jacobian(v, jv);
  objective.apply_transposed_jacobian(w, jw);
  check("  duality",
        std::abs(Utilities::MPI::sum(jv * w, MPI_COMM_WORLD) - v * jw),
        tolerance * v.l2_norm() * jw.l2_norm());

  const FullMatrix<double> rows      = all_rows(problem, MPI_COMM_WORLD);
  double                   row_error = 0;
  for (unsigned int j = 0; j < n; ++j)
    {
      Vector<double> unit(n), column(rows.m());
      unit(j) = 1.;
      objective.apply_jacobian(unit, jv);
      rows.vmult(column, unit);
      row_error = std::max(
        row_error,
        distance(all_entries(problem, jv, rows.m(), MPI_COMM_WORLD), column));
    }
  check("  rows", row_error, tolerance * rows.frobenius_norm());

  FullMatrix<double> matrix, expected(n, n);
  objective.normal_matrix(matrix);
  rows.Tmmult(expected, rows);
  check("  normal matrix", distance(matrix, expected), tolerance);
  check("  same on all ranks", same_on_all_ranks(matrix));

  // rows and columns of the kernel are ordered by ranks
  std::vector<unsigned int> order;
  for (const auto &of_rank :
       Utilities::MPI::all_gather(MPI_COMM_WORLD, problem.global_rows))
    order.insert(order.end(), of_rank.begin(), of_rank.end());
  FullMatrix<double> kernel(rows.m(), rows.m()), expected_kernel(kernel);
  objective.sample_kernel(matrix);
  check("  same on all ranks", same_on_all_ranks(matrix));
  for (unsigned int i = 0; i < rows.m(); ++i)
    for (unsigned int j = 0; j < rows.m(); ++j)
      kernel(order[i], order[j]) = matrix(i, j);
  rows.mTmult(expected_kernel, rows);
  check("  sample kernel", distance(kernel, expected_kernel), tolerance);
}



void
check_distribution(const std::string &name,
                   const Owner       &owner,
                   Problem           &reference)
{
  deallog << name << std::endl;
  const unsigned int rank = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  Problem            problem(MPI_COMM_WORLD, rank, owner);
  SumOfSquares      &objective = problem.objective;
  check_jacobian(problem, 1e-13);
  check_differences(problem);

  Vector<double> r, expected_r;
  objective.residuals(problem.x, r);
  reference.objective.residuals(problem.x, expected_r);
  check("  residuals of one rank",
        distance(all_entries(problem, r, expected_r.size(), MPI_COMM_WORLD),
                 expected_r),
        1e-14);
  reference.objective.linearize(problem.x);
  check("  rows of one rank",
        distance(all_rows(problem, MPI_COMM_WORLD),
                 all_rows(reference, MPI_COMM_SELF)),
        1e-14);

  // matrices of mini-batches average to the whole
  FullMatrix<double> whole, of_batch;
  objective.normal_matrix(whole);
  FullMatrix<double> mean(whole.m(), whole.n());
  objective.set_batch_size(30, 5);
  double difference = 0;
  for (unsigned int batch = 0; batch < objective.n_batches(); ++batch)
    {
      objective.use_batch(1, batch);
      objective.normal_matrix(of_batch);
      mean.add(1. / objective.n_batches(), of_batch);
      Vector<double> gradient, jr;
      const double   value = objective.residuals(problem.x, r);
      difference           = std::max(
        difference,
        std::abs(value - objective.value_and_gradient(problem.x, gradient)));
      objective.apply_transposed_jacobian(r, jr);
      jr *= 2;
      difference = std::max(difference, distance(jr, gradient));
      objective.apply_jacobian(problem.x, jr);
      difference = std::max(difference, jr.size() == r.size() ? 0. : 1.);
    }
  objective.use_all_samples();
  check("  mean of mini-batches", distance(mean, whole), 1e-13);
  check("  residuals of mini-batches", difference, 1e-12);
}



/**
 * A term without weight may overflow: only its reported value tells.
 */
void
check_overflow(Problem &problem)
{
  SumOfSquares      &objective = problem.objective;
  FullMatrix<double> normal[2], kernel[2];
  Vector<double>     gradient[2], r[2], jv[2], jw[2];
  double             value[2];
  for (const bool overflows : {false, true})
    {
      problem.watched->overflows = overflows;
      objective.value_and_gradient(problem.x, gradient[overflows]);
      value[overflows] = objective.residuals(problem.x, r[overflows]);
      check(overflows ? "  an overflow is reported" : "  no overflow",
            std::isfinite(objective.term_values()[1].value) != overflows);
      objective.linearize(problem.x);
      objective.apply_jacobian(problem.x, jv[overflows]);
      objective.apply_transposed_jacobian(r[0], jw[overflows]);
      objective.normal_matrix(normal[overflows]);
      objective.sample_kernel(kernel[overflows]);
    }
  problem.watched->overflows = false;
  check("  value in spite of it", value[0] == value[1]);
  check("  gradient in spite of it", gradient[0] == gradient[1]);
  check("  residuals in spite of it", r[0] == r[1]);
  check("  J v in spite of it", jv[0] == jv[1]);
  check("  J' w in spite of it", jw[0] == jw[1]);
  check("  normal matrix in spite of it", normal[0] == normal[1]);
  check("  sample kernel in spite of it", kernel[0] == kernel[1]);
}



void
check_weights(const Owner &owner)
{
  deallog << "weights" << std::endl;
  const unsigned int rank = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  Problem            problem(MPI_COMM_WORLD, rank, owner);
  SumOfSquares      &objective = problem.objective;
  Vector<double>     r, gradient;
  objective.set_weights({2., 0., 3., 0.});
  check_jacobian(problem, 1e-13);
  const double value = objective.residuals(problem.x, r);
  const auto   terms = objective.term_values();
  check("  weighted sum",
        std::abs(value - 2 * terms[0].value - 3 * terms[2].value),
        1e-14 * value);
  check("  terms without weight are known",
        terms[1].value > 0 && terms[1].weight == 0);
  check_overflow(problem);
  expect_error("  too few", [&]() { objective.set_weights({1.}); });
  expect_error("  negative", [&]() {
    objective.set_weights({1., 1., -1., 1.});
  });
}



void
check_single_precision(const Owner &owner, Problem &reference)
{
  deallog << "single precision" << std::endl;
  const unsigned int rank = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  Problem            problem(
    MPI_COMM_WORLD, rank, owner, Precision::single_precision);
  check_jacobian(problem, 1e-5);
  Vector<double> gradient, expected;
  const double   value =
    reference.objective.value_and_gradient(problem.x, expected);
  check(
    "  value in double precision",
    std::abs(problem.objective.value_and_gradient(problem.x, gradient) - value),
    1e-5 * value);
  check("  gradient in double precision",
        distance(gradient, expected),
        1e-5 * expected.l2_norm());
  check("  it is single precision", gradient != expected);
}



void
check_errors(const Owner &owner)
{
  const unsigned int rank = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  Problem            problem(MPI_COMM_WORLD, rank, owner);
  SumOfSquares      &objective = problem.objective;
  Vector<double>     r, jw;
  FullMatrix<double> matrix;
  expect_error("no point", [&]() { objective.normal_matrix(matrix); });
  objective.linearize(problem.x);
  problem.watched->fails = true;
  r.reinit(objective.n_local_rows());
  expect_error("J' w", [&]() { objective.apply_transposed_jacobian(r, jw); });
  expect_error("normal matrix", [&]() { objective.normal_matrix(matrix); });
  expect_error("sample kernel", [&]() { objective.sample_kernel(matrix); });
  expect_error("residuals", [&]() { objective.residuals(problem.x, r); });
  problem.watched->fails = false;
  const double value     = objective.residuals(problem.x, r);
  check("it goes on", std::isfinite(value));
  Vector<double> far_away = problem.x;
  far_away.add(std::numeric_limits<double>::max());
  check("overflow", !std::isfinite(objective.residuals(far_away, r)));
}



/**
 * A residual of many rows.
 */
class ManyRows : public Residual
{
public:
  explicit ManyRows(const unsigned int n_rows)
    : n_rows(n_rows)
  {
  }

  Binding
  bind(const FieldNames &names, const Columns &) const override
  {
    Binding result;
    result.entries = {names.parse("u")};
    result.rows.resize(n_rows);
    return result;
  }

  void
  evaluate(const Batch &, const std::vector<double *> &) const override
  {
    AssertThrow(false, ExcNotImplemented());
  }

  void
  linearize(const Batch &,
            const std::vector<double *> &,
            const std::vector<double *> &) const override
  {
    AssertThrow(false, ExcNotImplemented());
  }

private:
  const unsigned int n_rows;
};



/**
 * More rows than 32 bits can count must be counted, and refused where they do
 * not fit into a vector.
 */
void
check_many_rows()
{
  const unsigned int rank = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  auto               samples =
    std::make_shared<Samples>(2, std::vector<JetEntry>{{0, {0, 0}}}, "zeros");
  const std::vector<double> zeros(2);
  if (rank == 0)
    for (unsigned int i = 0; i < 65536 + 2; ++i)
      samples->add(
        make_array_view(zeros), ArrayView<const double>(zeros.data(), 1), 1.);
  const Surrogate surrogate = Problem::network();
  SumOfSquares    objective(surrogate, MPI_COMM_WORLD);
  objective.add_term(
    {"many rows", samples, std::make_shared<const ManyRows>(65536)});
  deallog << objective.n_rows() << " rows" << std::endl;
  check("  on the first rank",
        objective.n_local_rows() == (rank == 0 ? 65538ull * 65536 : 0));
  Vector<double> r;
  if (std::numeric_limits<Vector<double>::size_type>::max() <= 0xffffffffu)
    expect_error("  vector", [&]() {
      objective.residuals(Problem::network().parameters, r);
    });
}



DERL_TEST(least_squares)
{
  initlog();

  const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  const Owner contiguous     = [=](const unsigned int i, const unsigned int n) {
    return i * n_ranks / n;
  };
  Problem reference(
    MPI_COMM_SELF, 0, [](unsigned int, unsigned int) { return 0u; });

  check_distribution("contiguous", contiguous, reference);
  check_distribution(
    "all on the last rank",
    [=](unsigned int, unsigned int) { return n_ranks - 1; },
    reference);
  check_distribution(
    "tables on different ranks",
    [=](const unsigned int i, const unsigned int n) {
      return n == 90 ? (i % 2) % n_ranks : n == 17 ? n_ranks - 1 : 0;
    },
    reference);
  check_weights(contiguous);
  check_single_precision(contiguous, reference);
  check_errors(contiguous);
  check_many_rows();
}
} // namespace test_least_squares
