// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The weights of terms must make what they promise equal; what ranks send must
// be counted and be no more than announced.

#include <derl/objective/terms.h>

#include <algorithm>
#include <numeric>

#include "../../source/base/communication.h"
#include "problem.h"

namespace test_weights
{
using namespace dealii;
using namespace derl;

void
check_weights(const Owner &owner)
{
  const unsigned int rank = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  const auto         weights_of = [](const SumOfSquares &objective) {
    std::vector<double> weights;
    for (const auto &term : objective.term_values())
      weights.push_back(term.weight);
    return weights;
  };
  const auto contributions = [&](Problem &problem, const bool of_gradient) {
    const std::vector<double> weights = weights_of(problem.objective);
    std::vector<double>       result;
    Vector<double>            gradient;
    for (unsigned int t = 0; t < weights.size(); ++t)
      {
        std::vector<double> only_one(weights.size(), 0.);
        only_one[t] = weights[t];
        problem.objective.set_weights(only_one);
        const double value =
          problem.objective.value_and_gradient(problem.x, gradient);
        result.push_back(of_gradient ? gradient.l2_norm() : value);
      }
    problem.objective.set_weights(weights);
    return result;
  };
  const auto sum = [](const std::vector<double> &numbers) {
    return std::accumulate(numbers.begin(), numbers.end(), 0.);
  };

  TermWeightParameters parameters;
  for (const std::string mode : {"initial magnitude", "gradient norm"})
    {
      deallog << mode << std::endl;
      parameters.mode                       = mode;
      const bool                of_gradient = mode == "gradient norm";
      Problem                   problem(MPI_COMM_WORLD, rank, owner);
      const std::vector<double> own    = weights_of(problem.objective);
      const std::vector<double> before = contributions(problem, of_gradient);
      choose_weights(problem.objective, problem.x, parameters);
      const std::vector<double> after = contributions(problem, of_gradient);
      // terms of equal own weights would contribute alike
      double error = 0;
      for (unsigned int t = 0; t < own.size(); ++t)
        error =
          std::max(error, std::abs(after[t] / own[t] * own[0] / after[0] - 1));
      check("  balance", error, 1e-12);
      check("  sum", std::abs(sum(after) / sum(before) - 1), 1e-12);
      double smallest = 1e300, largest = 0;
      for (unsigned int t = 0; t < own.size(); ++t)
        {
          smallest = std::min(smallest, before[t] / own[t]);
          largest  = std::max(largest, before[t] / own[t]);
        }
      check("  they were not equal before", largest > 1.5 * smallest);

      Problem other(
        MPI_COMM_WORLD, rank, owner, Precision::double_precision, 0.);
      choose_weights(other.objective, other.x, parameters);
      const std::vector<double> some = weights_of(other.objective);
      check("  a weight of zero remains",
            some[0] > 0 && some[1] == 0 && some[2] > 0 && some[3] > 0);
      choose_weights(other.objective, other.x, parameters);
      check("  the same again", weights_of(other.objective) == some);
    }

  deallog << "noise level" << std::endl;
  parameters.mode = "noise level";
  Problem problem(MPI_COMM_WORLD, rank, owner);
  expect_error("  no levels", [&]() { parameters.check(); });
  parameters.noise_levels = {1., 2.};
  expect_error("  too few levels", [&]() {
    choose_weights(problem.objective, problem.x, parameters);
  });
  parameters.noise_levels       = {0.1, 0., 2., 1.};
  const std::vector<double> own = weights_of(problem.objective);
  choose_weights(problem.objective, problem.x, parameters);
  const std::vector<double> weights = weights_of(problem.objective);
  // the mean of the samples' own weights, which are random in [0.5, 1.5]
  RandomStream random(1);
  double       mean = 0;
  for (unsigned int i = 0; i < Problem::n_boundary_samples; ++i)
    mean += (0.5 + random.uniform()) / Problem::n_boundary_samples;
  check(
    "  inverse variances",
    std::abs(weights[0] / own[0] - 100) + std::abs(weights[1] / own[1] - mean) +
      std::abs(weights[2] / own[2] - 0.25) + std::abs(weights[3] / own[3] - 1),
    1e-12);

  deallog << "errors" << std::endl;
  parameters.mode = "fixed";
  expect_error("  levels without use", [&]() { parameters.check(); });
  parameters.noise_levels.clear();
  choose_weights(problem.objective, problem.x, parameters);
  check("  fixed", weights_of(problem.objective) == own);
  expect_error("  too few", [&]() { problem.objective.set_weights({1.}); });
  expect_error("  negative", [&]() {
    problem.objective.set_weights({1., 1., -1., 1.});
  });
  // without parameters the network is zero: so are gradients
  parameters.mode = "gradient norm";
  Problem zero(MPI_COMM_WORLD, rank, owner);
  expect_error("  no gradient", [&]() {
    choose_weights(zero.objective, Vector<double>(zero.x.size()), parameters);
  });
}



/**
 * Log what was sent, and check the sums of a matrix of several messages.
 */
void
check_communication(const Owner &owner)
{
  const unsigned int rank    = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  Problem            problem(MPI_COMM_WORLD, rank, owner);
  SumOfSquares      &objective = problem.objective;
  Vector<double>     r, g;
  FullMatrix<double> matrix;
  const auto         log = [](const std::string           &what,
                      const std::function<void()> &work) {
    const CommunicationCount before = communication_count();
    work();
    const CommunicationCount sent = communication_count() - before;
    deallog << what << ": " << sent.collectives << " collectives, "
            << sent.bytes << " bytes" << std::endl;
  };
  deallog << objective.n_parameters() << " parameters, " << objective.n_rows()
          << " rows" << std::endl;
  // the first evaluation makes the plans
  objective.value_and_gradient(problem.x, g);
  log("value and gradient",
      [&]() { objective.value_and_gradient(problem.x, g); });
  log("residuals", [&]() { objective.residuals(problem.x, r); });
  log("linearize", [&]() { objective.linearize(problem.x); });
  log("J v", [&]() { objective.apply_jacobian(problem.x, r); });
  log("J' w", [&]() { objective.apply_transposed_jacobian(r, g); });
  log("normal matrix", [&]() { objective.normal_matrix(matrix); });

  matrix.reinit(1500, 1500);
  for (unsigned int i = 0; i < matrix.m(); ++i)
    for (unsigned int j = i; j < matrix.n(); ++j)
      matrix(i, j) = i + 2000. * j + rank;
  log("sum of a large matrix",
      [&]() { sum_symmetric(MPI_COMM_WORLD, matrix); });
  double error = 0;
  for (unsigned int i = 0; i < matrix.m(); ++i)
    for (unsigned int j = 0; j < matrix.n(); ++j)
      error =
        std::max(error,
                 std::abs(matrix(i, j) -
                          n_ranks * (std::min(i, j) + 2000. * std::max(i, j) +
                                     0.5 * (n_ranks - 1))));
  check("its entries", error, 0.);
}



DERL_TEST(weights)
{
  initlog();

  const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  const Owner contiguous     = [=](const unsigned int i, const unsigned int n) {
    return i * n_ranks / n;
  };
  check_weights(contiguous);
  check_communication(contiguous);
}
} // namespace test_weights
