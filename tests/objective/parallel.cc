// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The objective must be the same function on any number of ranks, however the
// samples lie on them, for one reduction per evaluation; an error on one rank
// must become the same exception on all.

#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <derl/equations/residual.h>

#include <allen_cahn/manufactured_solution.h>

#include <derl/objective/sum_of_squares.h>

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

#include "../../source/base/random.h"
#include "../check.h"
#include "watched_residual.h"

namespace test_parallel
{
using namespace dealii;
using namespace derl;

/**
 * How often MPI functions were called: these definitions come before those of
 * the MPI library, for the libraries that this program uses, too. In
 * parentheses, since PETSc's headers make macros of the names.
 */
std::map<std::string, unsigned int> calls;

extern "C"
{
  int(MPI_Allreduce)(const void  *in,
                     void        *out,
                     int          n,
                     MPI_Datatype type,
                     MPI_Op       operation,
                     MPI_Comm     communicator)
  {
    ++calls["Allreduce"];
    return PMPI_Allreduce(in, out, n, type, operation, communicator);
  }

  int(MPI_Reduce)(const void  *in,
                  void        *out,
                  int          n,
                  MPI_Datatype type,
                  MPI_Op       operation,
                  int          root,
                  MPI_Comm     communicator)
  {
    ++calls["Reduce"];
    return PMPI_Reduce(in, out, n, type, operation, root, communicator);
  }

  int(MPI_Bcast)(void        *data,
                 int          n,
                 MPI_Datatype type,
                 int          root,
                 MPI_Comm     communicator)
  {
    ++calls["Bcast"];
    return PMPI_Bcast(data, n, type, root, communicator);
  }

  int(MPI_Allgather)(const void  *in,
                     int          n_in,
                     MPI_Datatype type_in,
                     void        *out,
                     int          n_out,
                     MPI_Datatype type_out,
                     MPI_Comm     communicator)
  {
    ++calls["Allgather"];
    return PMPI_Allgather(
      in, n_in, type_in, out, n_out, type_out, communicator);
  }

  int(MPI_Barrier)(MPI_Comm communicator)
  {
    ++calls["Barrier"];
    return PMPI_Barrier(communicator);
  }

  int(MPI_Send)(const void  *data,
                int          n,
                MPI_Datatype type,
                int          receiver,
                int          tag,
                MPI_Comm     communicator)
  {
    ++calls["Send"];
    return PMPI_Send(data, n, type, receiver, tag, communicator);
  }

  int(MPI_Isend)(const void  *data,
                 int          n,
                 MPI_Datatype type,
                 int          receiver,
                 int          tag,
                 MPI_Comm     communicator,
                 MPI_Request *request)
  {
    ++calls["Isend"];
    return PMPI_Isend(data, n, type, receiver, tag, communicator, request);
  }
}



void
print_calls(const std::string &what, const std::function<void()> &work)
{
  calls.clear();
  work();
  const auto made = calls;
  deallog << what << ", MPI calls:";
  for (const auto &[name, n] : made)
    deallog << ' ' << n << ' ' << name;
  deallog << std::endl;
}



/**
 * A data set of which each rank holds the samples that @p owner gives it.
 */
struct DataSet
{
  using Owner = std::function<unsigned int(const unsigned int sample,
                                           const unsigned int n_samples)>;

  DataSet(const unsigned int rank, const Owner &owner)
    : interior(select(random_points<2>({-1, -1}, {1, 1}, 1000, 30),
                      {0, 1},
                      rank,
                      owner))
    , boundary(
        select(boundary_grid_points<2>({-1, -1}, {1, 1}, 26), {0}, rank, owner))
  {
  }

  static std::shared_ptr<Samples>
  select(const std::vector<Point<2>>     &points,
         const std::vector<unsigned int> &orders,
         const unsigned int               rank,
         const Owner                     &owner)
  {
    const Samples all = sample_function<2>(
      MPI_COMM_SELF, ManufacturedSolution<2>(), points, orders);
    auto samples = std::make_shared<Samples>(
      2, all.columns(), "sines", std::vector<std::string>{"number", "forcing"});
    const AllenCahnForcing<2> forcing(0.1);
    RandomStream              random(1);
    for (unsigned int i = 0; i < all.size(); ++i)
      {
        const double weight = 0.5 + random.uniform();
        if (owner(i, all.size()) != rank)
          continue;
        const std::array<double, 2> auxiliary = {
          {double(samples->size()), forcing.value(points[i])}};
        samples->add(
          ArrayView<const double>(all.point(i), 2),
          ArrayView<const double>(all.observations(i), all.columns().size()),
          weight,
          ArrayView<const double>(auxiliary.data(), 2));
      }
    return samples;
  }

  std::shared_ptr<const Samples> interior;
  std::shared_ptr<const Samples> boundary;
};



Surrogate
network()
{
  NetworkParameters options;
  options.hidden = {8, 8};
  return Surrogate(options, {"x", "y"}, {"u"});
}



/**
 * An objective with all kinds of terms, and the one that is watched.
 */
struct Problem
{
  Problem(const DataSet &data, const MPI_Comm &communicator)
    : surrogate(network())
    , objective(surrogate, communicator)
    , parameters(surrogate.parameters)
  {
    const auto residual =
      std::make_shared<WatchedResidual>(data.interior->size());
    watched = residual.get();
    objective.add_term({"gradients", data.interior, match({1u})});
    objective.add_term({"boundary", data.boundary, match({jet_values}), 10.});
    objective.add_term({"equation", data.interior, allen_cahn<2>(0.1), 0.7});
    objective.add_term({"values", data.interior, residual, 0.2});
  }

  double
  evaluate()
  {
    return objective.value_and_gradient(parameters, gradient);
  }

  const Surrogate      surrogate;
  SumOfSquares         objective;
  const Vector<double> parameters;
  Vector<double>       gradient;
  WatchedResidual     *watched;
};



double
relative_difference(const Vector<double> &a, const Vector<double> &b)
{
  Vector<double> difference = a;
  difference -= b;
  return difference.linfty_norm() / b.linfty_norm();
}



bool
same_on_all_ranks(std::vector<double> numbers)
{
  std::vector<double> smallest = numbers, largest = numbers;
  Utilities::MPI::min(smallest, MPI_COMM_WORLD, smallest);
  Utilities::MPI::max(largest, MPI_COMM_WORLD, largest);
  return smallest == numbers && largest == numbers;
}



bool
same_on_all_ranks(const double value, const Vector<double> &gradient)
{
  std::vector<double> numbers(gradient.begin(), gradient.end());
  numbers.push_back(value);
  return same_on_all_ranks(numbers);
}



/**
 * Over an epoch each sample is used once, and mini-batches average to the
 * whole.
 */
void
check_batches(Problem &problem, const unsigned int size)
{
  const double         full_value    = problem.evaluate();
  const Vector<double> full_gradient = problem.gradient;
  SumOfSquares        &objective     = problem.objective;
  objective.set_batch_size(size, 5);
  const unsigned int n = objective.n_batches();
  check("  " + std::to_string(n) + " batches", n == (1000 + size - 1) / size);

  auto      &visits       = problem.watched->visits;
  const auto visits_after = [&](const unsigned int epoch,
                                const unsigned int batch) {
    std::fill(visits.begin(), visits.end(), 0);
    objective.use_batch(epoch, batch);
    problem.evaluate();
    return visits;
  };
  const auto first = visits_after(3, 0);
  check("  batch is repeatable", visits_after(3, 0) == first);
  const unsigned int n_changed =
    Utilities::MPI::sum(visits_after(4, 0) != first ? 1u : 0u, MPI_COMM_WORLD);
  check("  batch depends on the epoch", (n_changed > 0) == (n > 1));
  const double n_visited = Utilities::MPI::sum(
    std::accumulate(first.begin(), first.end(), 0u), MPI_COMM_WORLD);
  check("  size of a batch",
        std::abs(n_visited - 1000. / n),
        Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD));

  bool   same = true, once = true;
  double value_error = 0, gradient_error = 0;
  for (const unsigned int epoch : {0, 1, 7})
    {
      std::fill(visits.begin(), visits.end(), 0);
      double         value = 0;
      Vector<double> gradient(full_gradient.size());
      for (unsigned int batch = 0; batch < n; ++batch)
        {
          objective.use_batch(epoch, batch);
          const double of_batch = problem.evaluate();
          value += of_batch / n;
          gradient.add(1. / n, problem.gradient);
          same = same && same_on_all_ranks(of_batch, problem.gradient);
        }
      once = once && std::all_of(visits.begin(),
                                 visits.end(),
                                 [](const unsigned int i) { return i == 1; });
      value_error =
        std::max(value_error, std::abs(value - full_value) / full_value);
      gradient_error =
        std::max(gradient_error, relative_difference(gradient, full_gradient));
    }
  check("  same on all ranks", same);
  check("  each sample once", once);
  check("  mean value", value_error, 1e-12);
  check("  mean gradient", gradient_error, 1e-12);

  objective.use_all_samples();
  check("  all samples again",
        problem.evaluate() == full_value && problem.gradient == full_gradient);
}



void
check_distribution(const std::string    &name,
                   const DataSet::Owner &owner,
                   Problem              &reference)
{
  const unsigned int rank = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  Problem            problem(DataSet(rank, owner), MPI_COMM_WORLD);

  deallog << name << std::endl;
  // the first evaluation makes the plans
  problem.evaluate();
  double value = 0;
  print_calls("  evaluation", [&]() { value = problem.evaluate(); });
  const double expected = reference.evaluate();
  check("  value", std::abs(value - expected) / expected, 1e-12);
  check("  gradient",
        relative_difference(problem.gradient, reference.gradient),
        1e-12);
  check("  same on all ranks", same_on_all_ranks(value, problem.gradient));

  double     term_error = 0;
  const auto terms      = problem.objective.term_values();
  for (unsigned int t = 0; t < terms.size(); ++t)
    {
      const auto other = reference.objective.term_values()[t];
      term_error       = std::max(
        term_error,
        std::abs(terms[t].value / other.value - 1.) +
          (terms[t].name == other.name && terms[t].weight == other.weight
                   ? 0.
                   : 1.));
    }
  check("  terms", term_error, 1e-12);
  check("  samples and their box",
        problem.objective.n_samples() == reference.objective.n_samples() &&
          problem.objective.bounding_box() ==
            reference.objective.bounding_box());
  check("  agreed time",
        same_on_all_ranks({problem.objective.elapsed_seconds()}));

  problem.objective.set_batch_size(60, 1);
  print_calls("  choice of a batch",
              [&]() { problem.objective.use_batch(0, 2); });
  problem.objective.use_all_samples();
  for (const unsigned int size : {64, 400, 2000})
    check_batches(problem, size);
}



void
check_errors()
{
  const unsigned int rank = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  const unsigned int last = Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD) - 1;
  const auto         on_last = [=](unsigned int, unsigned int) { return last; };

  // One bad number on one rank, and no samples at all on the others
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (unsigned int position = 0; position < 4; ++position)
    {
      std::vector<double> numbers = {0.25, -0.5, 2., 1.};
      numbers[position]           = nan;
      const auto samples          = std::make_shared<Samples>(
        2, std::vector<JetEntry>{{0, {0, 0}}}, "measurements");
      if (rank == last)
        samples->add(ArrayView<const double>(&numbers[0], 2),
                     ArrayView<const double>(&numbers[2], 1),
                     numbers[3]);
      const Surrogate surrogate = network();
      SumOfSquares    objective(surrogate, MPI_COMM_WORLD);
      expect_error("not a number", [&]() {
        objective.add_term({"f", samples, match({jet_values})});
      });
    }

  {
    const Surrogate surrogate = network();
    SumOfSquares    objective(surrogate, MPI_COMM_WORLD);
    const auto      nothing = std::make_shared<Samples>(
      2, std::vector<JetEntry>{{0, {0, 0}}}, "measurements");
    expect_error("no samples", [&]() {
      objective.add_term({"f", nothing, match({jet_values})});
    });
  }

  Problem problem(DataSet(rank, on_last), MPI_COMM_WORLD);
  expect_error("batch size", [&]() { problem.objective.set_batch_size(0, 1); });
  const double value       = problem.evaluate();
  problem.watched->fails   = (rank == last);
  problem.watched->message = "The sky fell.";
  expect_error("a term fails", [&]() { problem.evaluate(); });
  problem.watched->message = "";
  bool failed              = false;
  try
    {
      problem.evaluate();
    }
  catch (const AgreedError &)
    {
      failed = true;
    }
  check("a term fails without a word", failed);
  problem.watched->fails = false;
  check("it goes on", problem.evaluate() == value);

  // No exception, as the interface promises
  Vector<double> far_away = problem.parameters;
  far_away.add(std::numeric_limits<double>::max());
  check("overflow",
        !std::isfinite(
          problem.objective.value_and_gradient(far_away, problem.gradient)));
}



DERL_TEST(parallel)
{
  initlog();

  const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  const auto         first   = [](unsigned int, unsigned int) { return 0u; };
  Problem            reference(DataSet(0, first), MPI_COMM_SELF);
  deallog << "value: " << reference.evaluate() << std::endl;

  check_distribution(
    "contiguous",
    [=](const unsigned int i, const unsigned int n) { return i * n_ranks / n; },
    reference);
  check_distribution(
    "all on the last rank",
    [=](unsigned int, unsigned int) { return n_ranks - 1; },
    reference);
  check_distribution(
    "cyclic",
    [=](const unsigned int i, unsigned int) { return i % n_ranks; },
    reference);
  check_distribution(
    "three on the last rank",
    [=](const unsigned int i, unsigned int) { return i < 3 ? n_ranks - 1 : 0; },
    reference);
  check_errors();
}
} // namespace test_parallel
