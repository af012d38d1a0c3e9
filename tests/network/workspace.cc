// An evaluation must allocate nothing, give on several threads what it gives on
// one, whenever they run, and refuse a workspace of another plan.
// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <atomic>
#include <cstdlib>
#include <stdexcept>

#include "network_tests.h"

// glibc's own allocator, to count what comes by
extern "C" void *__libc_malloc(size_t);
extern "C" void *__libc_memalign(size_t, size_t);

std::atomic<unsigned int> n_allocations(0);

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



DERL_TEST(workspace)
{
  initlog();
  test_allocations();
  test_threads();
  test_misuse();
}
} // namespace test_workspace
