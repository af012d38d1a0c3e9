// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// How JetPlan walks over blocks of points: templates that its source files
// share.

#ifndef derl_network_jet_plan_blocks_h
#define derl_network_jet_plan_blocks_h

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <exception>
#include <system_error>
#include <thread>

#include "jet_plan_implementation.h"

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
  JetPlan::fill_inputs(const double      *points,
                       const unsigned int n_points,
                       const unsigned int n_panels,
                       Number            *workspace) const
  {
    const Implementation &i     = *implementation;
    const unsigned int    dim   = i.architecture.n_inputs;
    const unsigned int    panel = i.panel_size;
    const std::size_t     panel_stride =
      (i.shape.n_channels + i.shape.n_collapsed_channels) *
      i.layers[0].input_stride;
    for (unsigned int p = 0; p < n_panels; ++p)
      for (unsigned int d = 0; d < dim; ++d)
        {
          Number *const out =
            workspace + i.layers[0].input + p * panel_stride + d * panel;
          const double shift = i.scaling.input_shift[d];
          const double slope = i.input_slope[d];
          for (unsigned int k = 0; k < panel; ++k)
            {
              // the padding repeats the last point: any valid one will do
              const std::size_t point = std::min(p * panel + k, n_points - 1);
              out[k] =
                static_cast<Number>((points[point * dim + d] - shift) * slope);
            }
        }
  }



  template <typename Number>
  void
  JetPlan::read_jets(const unsigned int n_panels,
                     Number            *workspace,
                     const std::size_t  offset,
                     double            *jets) const
  {
    const Implementation &i     = *implementation;
    const unsigned int    panel = i.panel_size;
    i.for_each_jet(n_panels,
                   workspace + offset + i.layers.back().z,
                   workspace + offset + i.shape.collapsed,
                   [&](const unsigned int  p,
                       const unsigned int  component,
                       const unsigned int  entry,
                       const Number *const in) {
                     const double factor = i.scaling.output_scale[component];
                     // tangents do not see the shift
                     const double  shift = entry == 0 && offset == 0
                                             ? i.scaling.output_shift[component]
                                             : 0.;
                     double *const out =
                       jets +
                       (std::size_t(component) * i.places.size() + entry) *
                         i.block_points +
                       p * panel;
                     for (unsigned int k = 0; k < panel; ++k)
                       out[k] = factor * in[k] + shift;
                   });
  }



  template <typename Number>
  void
  JetPlan::write_adjoints(const unsigned int n_points,
                          const unsigned int n_panels,
                          const double      *adjoints,
                          Number            *workspace) const
  {
    const Implementation &i     = *implementation;
    const unsigned int    panel = i.panel_size;
    i.for_each_jet(
      n_panels,
      workspace + i.shape.adjoint[0],
      workspace + i.shape.collapsed_adjoint,
      [&](const unsigned int p,
          const unsigned int component,
          const unsigned int entry,
          Number *const      out) {
        const double        factor = i.scaling.output_scale[component];
        const double *const in =
          adjoints +
          (std::size_t(component) * i.places.size() + entry) * i.block_points +
          p * panel;
        for (unsigned int k = 0; k < panel; ++k)
          out[k] =
            static_cast<Number>(p * panel + k < n_points ? factor * in[k] : 0.);
      });
  }



  template <typename BlockFunction>
  void
  JetPlan::for_each_block(const dealii::ArrayView<const double> &points,
                          Workspace                             &workspace,
                          const BlockFunction                   &function) const
  {
    const Implementation &i   = *implementation;
    const unsigned int    dim = i.architecture.n_inputs;
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
            using Number             = decltype(zero);
            Workspace::Slot &slot    = workspace.slots[thread];
            Number *const    numbers = slot.numbers<Number>();
            fill_inputs(
              points.data() + std::size_t(first) * dim, n, n_panels, numbers);
            function(Block<Number>{
              i.engine<Number>(), numbers, slot, first, n, n_panels});
          });
        }
    };

    internal::run_on_threads(n_threads, work);
  }
} // namespace derl

#endif
