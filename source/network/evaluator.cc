// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/network/evaluator.h>

#include <deal.II/base/exceptions.h>

#include <functional>

namespace derl
{
  using namespace dealii;

  namespace
  {
    std::vector<JetEntry>
    entries_of(const Surrogate &surrogate, const DerivativeSet &derivatives)
    {
      std::vector<JetEntry> entries;
      for (unsigned int c = 0; c < surrogate.n_components(); ++c)
        for (const MultiIndex &derivative : derivatives)
          entries.push_back({c, derivative});
      return entries;
    }



    DerivativeSet
    derivatives_of(const Surrogate             &surrogate,
                   const std::vector<JetEntry> &entries)
    {
      std::vector<MultiIndex> derivatives;
      for (const JetEntry &entry : entries)
        {
          AssertThrow(entry.component < surrogate.n_components(),
                      ExcMessage("There is no component " +
                                 std::to_string(entry.component) +
                                 ": the surrogate has " +
                                 std::to_string(surrogate.n_components()) +
                                 "."));
          AssertThrow(entry.derivative.size() == surrogate.n_coordinates(),
                      ExcMessage("The surrogate has " +
                                 std::to_string(surrogate.n_coordinates()) +
                                 " coordinates, but a derivative is with "
                                 "respect to " +
                                 std::to_string(entry.derivative.size()) +
                                 "."));
          derivatives.push_back(entry.derivative);
        }
      return DerivativeSet(surrogate.n_coordinates(), derivatives);
    }
  } // namespace



  Evaluator::Evaluator(const Surrogate             &surrogate,
                       const std::vector<JetEntry> &entries,
                       const Precision              precision)
    : plan(surrogate.make_plan(derivatives_of(surrogate, entries), precision))
    , parameters(surrogate.parameters)
    , all_entries(entries)
  {
    for (const JetEntry &entry : entries)
      derivative_of_entry.push_back(
        plan.derivative_set().index_of(entry.derivative));
  }



  Evaluator::Evaluator(const Surrogate                &surrogate,
                       const std::vector<std::string> &names,
                       const Precision                 precision)
    : Evaluator(surrogate, surrogate.names().parse(names), precision)
  {
  }



  Evaluator::Evaluator(const Surrogate                          &surrogate,
                       const std::initializer_list<const char *> names,
                       const Precision                           precision)
    : Evaluator(surrogate, surrogate.names().parse(names), precision)
  {
  }



  Evaluator::Evaluator(const Surrogate     &surrogate,
                       const DerivativeSet &derivatives,
                       const Precision      precision)
    : Evaluator(surrogate, entries_of(surrogate, derivatives), precision)
  {
  }



  Evaluator::Workspace::Workspace(const Evaluator &evaluator)
    : jets(evaluator.plan)
    , coordinates(buffered_points * evaluator.n_coordinates())
    , results(buffered_points * evaluator.entries().size())
  {
    evaluator.plan.set_parameters(evaluator.parameters, jets);
  }



  unsigned int
  Evaluator::n_coordinates() const
  {
    return plan.derivative_set().n_coordinates();
  }



  const std::vector<JetEntry> &
  Evaluator::entries() const
  {
    return all_entries;
  }



  const DerivativeSet &
  Evaluator::derivative_set() const
  {
    return plan.derivative_set();
  }



  void
  Evaluator::check_sizes(const std::size_t n_numbers,
                         const std::size_t n_results) const
  {
    const std::size_t n_points = n_numbers / n_coordinates();
    AssertThrow(n_numbers == n_points * n_coordinates(),
                ExcMessage("A point must have " +
                           std::to_string(n_coordinates()) +
                           " coordinates, but there are " +
                           std::to_string(n_numbers) + " numbers."));
    AssertThrow(n_results == n_points * all_entries.size(),
                ExcMessage("There are " + std::to_string(n_points) +
                           " points and " + std::to_string(all_entries.size()) +
                           " entries, but room for " +
                           std::to_string(n_results) + " results."));
  }



  void
  Evaluator::evaluate(const ArrayView<const double> &points,
                      Workspace                     &workspace,
                      const ArrayView<double>       &results) const
  {
    check_sizes(points.size(), results.size());
    const unsigned int n = all_entries.size();
    const auto collect   = [&](const unsigned int first, const JetBlock &jets) {
      double *const out = results.data() + std::size_t(first) * n;
      for (unsigned int e = 0; e < n; ++e)
        {
          const double *const in =
            jets(all_entries[e].component, derivative_of_entry[e]);
          for (unsigned int k = 0; k < jets.n_points(); ++k)
            out[std::size_t(k) * n + e] = in[k];
        }
    };
    // a reference, because a function object would allocate memory
    plan.evaluate(points, workspace.jets, std::cref(collect));
  }



  void
  Evaluator::evaluate(const ArrayView<const double> &points,
                      Workspace                     &workspace,
                      const JetPlan::JetConsumer    &consumer) const
  {
    plan.evaluate(points, workspace.jets, consumer);
  }
} // namespace derl
