// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Mini-batches must have alike numbers of samples of each table, however the
// samples lie on the ranks, and be unbiased estimates of the whole.

#include <derl/objective/sum_of_squares.h>

#include <algorithm>
#include <numeric>

#include "../../source/base/random.h"
#include "../check.h"
#include "watched_residual.h"

namespace test_mini_batches
{
using namespace dealii;
using namespace derl;

/**
 * The number of samples on each rank.
 */
using Distribution = std::vector<unsigned int>;



/**
 * An objective with a term on each of some tables.
 */
struct Problem
{
  explicit Problem(const std::vector<Distribution> &tables)
    : surrogate(network())
    , objective(surrogate, MPI_COMM_WORLD)
    , x(surrogate.parameters)
  {
    const unsigned int rank = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
    for (const Distribution &table : tables)
      {
        auto samples =
          std::make_shared<Samples>(1,
                                    std::vector<JetEntry>{{0, {0}}},
                                    "random numbers",
                                    std::vector<std::string>{"number"});
        RandomStream random(rank);
        for (unsigned int i = 0; i < table[rank]; ++i)
          {
            const double point = random.uniform(), value = random.uniform();
            const double number = i;
            samples->add(ArrayView<const double>(&point, 1),
                         ArrayView<const double>(&value, 1),
                         0.5 + random.uniform(),
                         ArrayView<const double>(&number, 1));
          }
        const auto residual = std::make_shared<WatchedResidual>(table[rank]);
        objective.add_term({name(residuals.size()), samples, residual});
        residuals.push_back(residual.get());
      }
  }

  static Surrogate
  network()
  {
    NetworkParameters options;
    options.hidden = {2};
    return Surrogate(options, {"x"}, {"u"});
  }

  double
  evaluate_batch(const unsigned int epoch, const unsigned int batch)
  {
    for (WatchedResidual *const residual : residuals)
      std::fill(residual->visits.begin(), residual->visits.end(), 0u);
    objective.use_batch(epoch, batch);
    return objective.value_and_gradient(x, gradient);
  }

  static std::string
  name(const unsigned int table)
  {
    return "table " + std::to_string(table);
  }

  const Surrogate                surrogate;
  SumOfSquares                   objective;
  const Vector<double>           x;
  Vector<double>                 gradient;
  std::vector<WatchedResidual *> residuals;
};



bool
differ_by_one(const std::vector<unsigned int> &counts)
{
  const auto ends = std::minmax_element(counts.begin(), counts.end());
  return *ends.second - *ends.first <= 1;
}



/**
 * The mini-batches of one epoch.
 */
void
check_epoch(Problem &problem, const unsigned int epoch)
{
  SumOfSquares      &objective = problem.objective;
  const unsigned int n         = objective.n_batches();
  Vector<double>     gradient, mean(problem.x.size());
  const double       value = objective.value_and_gradient(problem.x, gradient);
  double             mean_value = 0;
  std::vector<std::vector<unsigned int>> visits,
    counts(problem.residuals.size());
  for (const WatchedResidual *const residual : problem.residuals)
    visits.emplace_back(residual->visits.size());
  for (unsigned int batch = 0; batch < n; ++batch)
    {
      mean_value += problem.evaluate_batch(epoch, batch) / n;
      mean.add(1. / n, problem.gradient);
      for (unsigned int t = 0; t < problem.residuals.size(); ++t)
        {
          const auto &of_batch = problem.residuals[t]->visits;
          counts[t].push_back(
            std::accumulate(of_batch.begin(), of_batch.end(), 0u));
          for (unsigned int i = 0; i < of_batch.size(); ++i)
            visits[t][i] += of_batch[i];
        }
    }
  objective.use_all_samples();

  check("  mean value", std::abs(mean_value / value - 1), 1e-13);
  mean -= gradient;
  check("  mean gradient", mean.l2_norm(), 1e-13 * gradient.l2_norm());
  for (unsigned int t = 0; t < problem.residuals.size(); ++t)
    {
      deallog << "  " << Problem::name(t) << std::endl;
      check("    each sample once",
            std::all_of(visits[t].begin(),
                        visits[t].end(),
                        [](const unsigned int i) { return i == 1; }));
      check("    alike on each rank", differ_by_one(counts[t]));
      Utilities::MPI::sum(counts[t], MPI_COMM_WORLD, counts[t]);
      check("    alike over all ranks", differ_by_one(counts[t]));

      const double n_samples =
        std::accumulate(counts[t].begin(), counts[t].end(), 0.);
      unsigned int gap = 0, largest_gap = 0;
      for (const unsigned int n_visited : counts[t])
        {
          gap         = n_visited > 0 ? 0 : gap + 1;
          largest_gap = std::max(largest_gap, gap);
        }
      check("    spread over the epoch", largest_gap <= 2.62 * n / n_samples);
    }
}



/**
 * Over many epochs a mini-batch of given number has the mean share of each
 * table: without that, its value would be a biased estimate.
 */
void
check_shares(Problem &problem)
{
  const unsigned int        n_epochs = 400;
  const unsigned int        last     = problem.objective.n_batches() - 1;
  std::vector<unsigned int> counts(problem.residuals.size()), sizes;
  for (const WatchedResidual *const residual : problem.residuals)
    sizes.push_back(residual->visits.size());
  for (unsigned int epoch = 0; epoch < n_epochs; ++epoch)
    {
      problem.evaluate_batch(epoch, last);
      for (unsigned int t = 0; t < problem.residuals.size(); ++t)
        for (const unsigned int visited : problem.residuals[t]->visits)
          counts[t] += visited;
    }
  problem.objective.use_all_samples();
  Utilities::MPI::sum(counts, MPI_COMM_WORLD, counts);
  Utilities::MPI::sum(sizes, MPI_COMM_WORLD, sizes);
  for (unsigned int t = 0; t < problem.residuals.size(); ++t)
    {
      // the number in an epoch is one of two neighbours
      const double mean  = double(sizes[t]) / problem.objective.n_batches();
      const double above = mean - std::floor(mean);
      check("  " + Problem::name(t) + ": share of the last batch",
            std::abs(counts[t] / double(n_epochs) - mean),
            3. * std::sqrt(above * (1 - above) / n_epochs));
    }
}



void
check_distribution(const std::string               &name,
                   const std::vector<Distribution> &tables)
{
  Problem problem(tables);
  // with more mini-batches than a table has samples, with some, with one
  for (const unsigned int size : {7, 150, 1000})
    {
      problem.objective.set_batch_size(size, 5);
      deallog << name << ", " << problem.objective.n_batches()
              << " mini-batches" << std::endl;
      check_epoch(problem, 3);
    }
  problem.objective.set_batch_size(7, 5);
  check_shares(problem);
}



DERL_TEST(mini_batches)
{
  initlog();

  // a large table, a small one, and one with less samples than mini-batches
  const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  const std::vector<unsigned int> sizes = {1000, 60, 17};
  const auto                      all   = [&](const auto &distribute) {
    std::vector<Distribution> tables;
    for (const unsigned int size : sizes)
      {
        Distribution counts(n_ranks, 0);
        for (unsigned int i = 0; i < size; ++i)
          ++counts[distribute(i, size)];
        tables.push_back(counts);
      }
    return tables;
  };
  check_distribution("even", all([&](const unsigned int i, unsigned int) {
                       return i % n_ranks;
                     }));
  check_distribution("few on the first rank, none on the second",
                     all([&](const unsigned int i, unsigned int) {
                       return i < 5 ? 0 : n_ranks - 1;
                     }));
  check_distribution("each table on another rank",
                     all([&](const unsigned int, const unsigned int size) {
                       return size % n_ranks;
                     }));
}
} // namespace test_mini_batches
