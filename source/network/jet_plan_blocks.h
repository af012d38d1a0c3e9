// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// How JetPlan walks over blocks of points: templates that its source files
// share.

#ifndef derl_network_jet_plan_blocks_h
#define derl_network_jet_plan_blocks_h

#include <derl/network/jet_plan.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <exception>
#include <system_error>
#include <thread>

#include "jet_plan_implementation.h"
#include "jet_plan_inputs.h"

namespace derl
{
  namespace internal
  {
    /**
     * Call work(t), t < n_threads, on a thread each, the first on this one.
     * The exception of the first thread that failed is passed on when all have
     * ended.
     */
    template <typename Work>
    void
    run_on_threads(const unsigned int n_threads, const Work &work)
    {
      if (n_threads == 1)
        {
          work(0u);
          return;
        }
      std::vector<std::exception_ptr> failures(n_threads);
      const auto                      guarded = [&](const unsigned int t) {
        try
          {
            work(t);
          }
        catch (...)
          {
            failures[t] = std::current_exception();
          }
      };
      std::vector<std::thread> threads;
      unsigned int             n_started = 1;
      try
        {
          threads.reserve(n_threads - 1);
          for (; n_started < n_threads; ++n_started)
            threads.emplace_back(guarded, n_started);
        }
      catch (const std::system_error &)
        {
          // no more threads to be had: their work is done here
        }
      guarded(0);
      for (unsigned int t = n_started; t < n_threads; ++t)
        guarded(t);
      for (std::thread &thread : threads)
        thread.join();
      for (const std::exception_ptr &failure : failures)
        if (failure)
          std::rethrow_exception(failure);
    }
  } // namespace internal



  /**
   * Points that the engine handles together, their inputs being in place.
   */
  template <typename Number>
  struct JetPlan::Block
  {
    const internal::JetEngine<Number> &engine;
    /** The engine's numbers for this block, in the slot of this thread. */
    Number *const    numbers;
    Workspace::Slot &slot;
    /** Index of the first point among all. */
    const unsigned int first;
    const unsigned int n_points;
    const unsigned int n_panels;
  };



  template <typename Number>
  void
  JetPlan::read_jets(const Block<Number> &block, double *jets) const
  {
    const Implementation &i       = *implementation;
    Workspace::Slot      &slot    = block.slot;
    double *const         network = i.jet_map ? slot.network_jets.data() : jets;
    i.read_network_jets(block.n_panels, block.numbers, true, network);
    if (i.jet_map)
      i.jet_map->apply(network, block.n_points, true, slot.map_scratch, jets);
  }



  template <typename Number>
  void
  JetPlan::read_tangents(const Block<Number> &block, double *tangents) const
  {
    const Implementation &i    = *implementation;
    Workspace::Slot      &slot = block.slot;
    double *const network = i.jet_map ? slot.network_jets.data() : tangents;
    i.read_network_jets(
      block.n_panels, block.numbers + i.shape.tangents, false, network);
    if (i.jet_map)
      i.jet_map->apply(
        network, block.n_points, false, slot.map_scratch, tangents);
  }



  template <typename Number>
  void
  JetPlan::write_adjoints(const Block<Number> &block,
                          const double        *adjoints) const
  {
    const Implementation &i    = *implementation;
    Workspace::Slot      &slot = block.slot;
    if (i.jet_map)
      {
        i.jet_map->apply_transposed(
          adjoints, block.n_points, slot.map_scratch, slot.network_jets.data());
        adjoints = slot.network_jets.data();
      }
    i.write_network_adjoints(
      block.n_points, block.n_panels, adjoints, block.numbers);
  }



  template <typename BlockFunction>
  void
  JetPlan::for_each_block(const dealii::ArrayView<const double> &points,
                          Workspace                             &workspace,
                          const BlockFunction                   &function) const
  {
    const Implementation &i   = *implementation;
    const unsigned int    dim = i.derivatives.n_coordinates();
    AssertDimension(points.size() % dim, 0);
    check_workspace(workspace);
    const unsigned int n_points  = points.size() / dim;
    const unsigned int n_threads = workspace.slots.size();
    const unsigned int n_blocks =
      (n_points + i.block_points - 1) / i.block_points;

    const auto work = [&](const unsigned int thread) {
      const auto first_block = [&](const unsigned int t) {
        return static_cast<unsigned int>(std::uint64_t(n_blocks) * t /
                                         n_threads);
      };
      for (unsigned int block = first_block(thread);
           block < first_block(thread + 1);
           ++block)
        {
          const unsigned int first = block * i.block_points;
          const unsigned int n     = std::min(i.block_points, n_points - first);
          const unsigned int n_panels = (n + i.panel_size - 1) / i.panel_size;
          i.with_number([&](auto zero) {
            using Number                = decltype(zero);
            Workspace::Slot    &slot    = workspace.slots[thread];
            Number *const       numbers = slot.numbers<Number>();
            const double *const x = points.data() + std::size_t(first) * dim;
            i.fill_inputs(x, n, n_panels, numbers);
            if (i.jet_map)
              i.jet_map->prepare(x, n, slot.map_scratch);
            function(Block<Number>{
              i.engine<Number>(), numbers, slot, first, n, n_panels});
          });
        }
    };

    internal::run_on_threads(n_threads, work);
  }
} // namespace derl

#endif
