// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// An evaluation must allocate nothing, give on several threads what it gives on
// one, whenever they run, and refuse a workspace of another plan. The same for
// the evaluator of a surrogate with maps, in numbers of any width.

#include <derl/base/collective.h>

#include <derl/network/evaluator.h>
#include <derl/network/jet_plan.h>

#include <deal.II/base/vectorization.h>

#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "mapped_surrogates.h"

std::atomic<unsigned int> n_allocations(0);

// An allocator in front of that of the address sanitizer would be called before
// that one is ready, but it calls a hook.
#ifdef __SANITIZE_ADDRESS__
extern "C" int
__sanitizer_install_malloc_and_free_hooks(
  void (*malloc_hook)(const volatile void *, size_t),
  void (*free_hook)(const volatile void *));

const int hooks = __sanitizer_install_malloc_and_free_hooks(
  [](const volatile void *, size_t) { ++n_allocations; },
  [](const volatile void *) {});
#else
// glibc's own allocator, to count what comes by
extern "C" void *__libc_malloc(size_t);
extern "C" void *__libc_memalign(size_t, size_t);

extern "C" void *
malloc(size_t size)
{
  ++n_allocations;
  return __libc_malloc(size);
}

extern "C" int
posix_memalign(void **pointer, size_t alignment, size_t size)
{
  ++n_allocations;
  *pointer = __libc_memalign(alignment, size);
  return *pointer == nullptr ? 12 : 0;
}
#endif

namespace test_workspace
{
using namespace dealii;
using namespace derl;



void
test_allocations()
{
  RandomNetwork network(Architecture(), 2, {20, 20}, 1, true);
  const auto    points = network.points(500);
  const JetPlan plan(
    network.architecture, network.scaling, DerivativeSet::up_to_order(2, 2));
  JetPlan::Workspace   workspace(plan);
  Vector<double>       gradient(network.parameters.size());
  JacobianFactors      factors;
  JetPlan::JetConsumer ignore_jets = [](unsigned int, const JetBlock &) {};
  JetPlan::JetLoss     loss =
    [](unsigned int, const JetBlock &jets, const JetBlock &adjoints) {
      adjoints(0, 3)[0] = jets(0, 3)[0];
    };
  JetPlan::JetTangentConsumer ignore_tangents =
    [](unsigned int, const JetBlock &, const JetBlock &) {};
  JetPlan::RowDefinition row =
    [](unsigned int, unsigned int, const JetBlock &, const JetBlock &adjoints) {
      adjoints(0, 0)[0] = 1.;
    };
  const auto evaluate = [&]() {
    plan.set_parameters(network.parameters, workspace);
    plan.evaluate(view(points), workspace, ignore_jets);
    plan.add_gradient(view(points), workspace, loss, gradient);
    plan.apply_jacobian(
      view(points), network.parameters, workspace, ignore_tangents);
    plan.factorize_jacobian(view(points), 2, workspace, row, factors);
  };
  evaluate();
  const unsigned int before = n_allocations;
  evaluate();
  const unsigned int during = n_allocations - before;
  check_true("allocations are counted", before > 0);
  check_true("an evaluation allocates nothing", during == 0);
}



void
test_threads()
{
  RandomNetwork network(Architecture(), 3, {20, 20}, 2, true);
  const auto    points = network.points(1000);
  const JetPlan plan(
    network.architecture, network.scaling, DerivativeSet::up_to_order(3, 2));
  const auto gradient = [&](const unsigned int   n_threads,
                            const unsigned int   n_points,
                            std::vector<double> &values) {
    JetPlan::Workspace workspace(plan, n_threads);
    Vector<double>     result(network.parameters.size());
    values.assign(n_points, 0.);
    plan.set_parameters(network.parameters, workspace);
    plan.add_gradient(
      ArrayView<const double>(points.data(), 3 * n_points),
      workspace,
      [&](const unsigned int first,
          const JetBlock    &jets,
          const JetBlock    &adjoints) {
        for (unsigned int p = 0; p < jets.n_points(); ++p)
          {
            values[first + p] = jets(1, 5)[p];
            adjoints(1, 5)[p] = jets(1, 5)[p];
          }
      },
      result);
    return result;
  };

  bool   same_jets = true, repeatable = true;
  double error = 0.;
  // less blocks than threads, and more
  for (const unsigned int n_points : {0u, 3u, 1000u})
    {
      std::vector<double>  one, several;
      const Vector<double> expected = gradient(1, n_points, one);
      for (const unsigned int n_threads : {2u, 3u, 7u})
        {
          const Vector<double> first = gradient(n_threads, n_points, several);
          same_jets                  = same_jets && one == several;
          for (unsigned int i = 0; i < 10; ++i)
            if (!(gradient(n_threads, n_points, several) == first))
              repeatable = false;
          for (unsigned int i = 0; i < first.size(); ++i)
            error = std::max(error,
                             std::abs(first(i) - expected(i)) /
                               std::max(expected.linfty_norm(), 1e-300));
        }
    }
  check_true("the same jets on any number of threads", same_jets);
  check_error("the gradient on any number of threads", error, 1e-13);
  check_true("the same again, bit by bit", repeatable);

  // what a callback throws on another thread arrives here
  std::string        message;
  JetPlan::Workspace workspace(plan, 3);
  plan.set_parameters(network.parameters, workspace);
  try
    {
      plan.evaluate(view(points),
                    workspace,
                    [](const unsigned int first, const JetBlock &) {
                      if (first > 500)
                        throw std::runtime_error("thrown on a thread");
                    });
    }
  catch (const std::exception &exception)
    {
      message = exception.what();
    }
  check_true("exception of a thread", message == "thrown on a thread");
}



void
test_misuse()
{
  RandomNetwork network(Architecture(), 2, {20, 20}, 1, true);
  const auto    points = network.points(10);
  const auto    make   = [&](const unsigned int order) {
    return JetPlan(network.architecture,
                   network.scaling,
                   DerivativeSet::up_to_order(2, order));
  };
  const JetPlan      plan = make(1), other = make(2);
  JetPlan::Workspace of_other(other), empty;
  for (JetPlan::Workspace *workspace : {&of_other, &empty})
    {
      std::string message;
      try
        {
          plan.set_parameters(network.parameters, *workspace);
        }
      catch (const ExceptionBase &exception)
        {
          message = exception.what();
        }
      check_true("workspace without this plan",
                 message.find("This workspace was made") != std::string::npos);
    }
}



/**
 * What Debian's deal.II does not have: numbers of several lanes.
 */
struct FourLanes
{
  static constexpr std::size_t
  size()
  {
    return 4;
  }

  double &
  operator[](const unsigned int i)
  {
    return lanes[i];
  }

  const double &
  operator[](const unsigned int i) const
  {
    return lanes[i];
  }

  double lanes[4];
};



/**
 * The largest difference of what an evaluator finds for rows of lanes from what
 * it finds for the same points.
 */
template <typename Lanes>
double
lane_error(const Evaluator           &evaluator,
           Evaluator::Workspace      &workspace,
           const std::vector<double> &points,
           const std::vector<double> &expected,
           const unsigned int         n_lanes)
{
  const unsigned int dim    = evaluator.n_coordinates();
  const unsigned int n      = evaluator.entries().size();
  const unsigned int n_rows = points.size() / dim / n_lanes;
  std::vector<Lanes> rows(n_rows * dim), results(n_rows * n);
  for (unsigned int i = 0; i < n_rows * n_lanes; ++i)
    for (unsigned int d = 0; d < dim; ++d)
      rows[i / n_lanes * dim + d][i % n_lanes] = points[i * dim + d];
  evaluator.evaluate(ArrayView<const Lanes>(rows.data(), rows.size()),
                     workspace,
                     ArrayView<Lanes>(results.data(), results.size()),
                     n_lanes);
  double error = 0.;
  for (unsigned int i = 0; i < n_rows; ++i)
    for (unsigned int e = 0; e < n; ++e)
      for (unsigned int lane = 0; lane < Lanes::size(); ++lane)
        error = std::max(
          error,
          std::abs(
            results[i * n + e][lane] -
            (lane < n_lanes ? expected[(i * n_lanes + lane) * n + e] : 0.)));
  return error;
}



void
test_evaluator()
{
  double     error = 0., errors_of_lanes = 0.;
  bool       allocates = false, same_on_threads = true;
  const auto set = DerivativeSet::up_to_order(3, 2);
  for (const MappedSurrogate &mapped :
       mapped_surrogates(Architecture(), 3, {20, 20}))
    {
      const Surrogate   &surrogate = mapped.surrogate;
      const unsigned int n         = surrogate.n_components() * set.size();
      const auto         points    = random_points(surrogate, 600);
      const auto         jets      = jets_of(surrogate, set, points);

      const Evaluator      all(surrogate, set);
      Evaluator::Workspace workspace(all);
      std::vector<double>  results(jets.size());
      all.evaluate(view(points), workspace, make_array_view(results));
      error = std::max(error, relative_error(results, jets, n));
      const unsigned int before = n_allocations;
      all.evaluate(view(points), workspace, make_array_view(results));
      errors_of_lanes = std::max(
        {errors_of_lanes,
         lane_error<VectorizedArray<double>>(
           all, workspace, points, results, VectorizedArray<double>::size()),
         lane_error<FourLanes>(all, workspace, points, results, 4),
         lane_error<FourLanes>(all, workspace, points, results, 3)});
      // each call of lane_error() needs two arrays, and nothing else
      allocates = allocates || n_allocations != before + 6;

      // some entries in another order, by their numbers and by their names
      const Evaluator some(
        surrogate,
        std::vector<JetEntry>{{0, {0, 1, 1}}, {0, {0, 0, 0}}, {0, {1, 0, 0}}});
      const Evaluator      named(surrogate, {"x_yz", "x", "x_x"});
      Evaluator::Workspace of_some(some), of_named(named);
      std::vector<double>  expected, found(3 * 600), by_name(3 * 600);
      for (std::size_t i = 0; i < jets.size(); i += n)
        for (const JetEntry &entry : some.entries())
          expected.push_back(jets[i + set.index_of(entry.derivative)]);
      some.evaluate(view(points), of_some, make_array_view(found));
      named.evaluate(view(points), of_named, make_array_view(by_name));
      const Evaluator two_literals(surrogate, {"x_yz", "x"});
      error = std::max({error,
                        relative_error(found, expected, 3),
                        relative_error(by_name, expected, 3),
                        two_literals.entries().size() == 2 ? 0. : 1.});

      std::vector<std::thread>         threads;
      std::vector<std::vector<double>> of_thread(3, results);
      for (std::vector<double> &mine : of_thread)
        threads.emplace_back([&]() {
          Evaluator::Workspace my_workspace(all);
          for (unsigned int repetition = 0; repetition < 20; ++repetition)
            {
              mine.assign(mine.size(), 0.);
              all.evaluate(view(points), my_workspace, make_array_view(mine));
            }
        });
      for (std::thread &thread : threads)
        thread.join();
      for (const std::vector<double> &mine : of_thread)
        same_on_threads = same_on_threads && mine == results;
    }
  check_error("evaluator: entries", error, 1e-12);
  check_error("evaluator: lanes", errors_of_lanes, 0.);
  check_true("evaluator: allocates nothing", !allocates);
  check_true("evaluator: the same on all threads", same_on_threads);

  // sizes and names are checked also where assertions are off
  const Surrogate      u = random_surrogate(Architecture(), 2, {3}, 1, {}, {});
  const Evaluator      evaluator(u, DerivativeSet(2));
  Evaluator::Workspace workspace(evaluator);
  const auto           log = [](const std::string           &what,
                      const std::function<void()> &work) {
    try
      {
        work();
        deallog << what << ": FAILED, no exception" << std::endl;
      }
    catch (const std::exception &exception)
      {
        deallog << what << ": " << error_message(exception) << std::endl;
      }
  };
  std::vector<double> numbers(3);
  log("half a point", [&]() {
    evaluator.evaluate(view(numbers), workspace, make_array_view(numbers));
  });
  log("no room", [&]() {
    evaluator.evaluate(ArrayView<const double>(numbers.data(), 2),
                       workspace,
                       make_array_view(numbers));
  });
  log("component", [&]() {
    Evaluator bad(u, std::vector<JetEntry>{{1, {0, 0}}});
  });
  log("coordinates", [&]() { Evaluator bad(u, DerivativeSet(3)); });
  log("order", [&]() { Evaluator bad(u, DerivativeSet(2, {{3, 2}})); });
}



DERL_TEST(workspace)
{
  initlog();
  test_allocations();
  test_threads();
  test_misuse();
  test_evaluator();
}
} // namespace test_workspace
