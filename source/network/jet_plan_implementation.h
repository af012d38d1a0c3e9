// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_network_jet_plan_implementation_h
#define derl_network_jet_plan_implementation_h

#include <derl/network/jet_plan.h>

#include <vector>

#include "kernels/jet_engine.h"

namespace derl
{
  /**
   * The choices of a plan, made once: instruction set, algorithm, size of a
   * block, layout of a workspace.
   */
  struct JetPlan::Implementation
  {
    Implementation(const Architecture  &architecture,
                   const Scaling       &scaling,
                   const DerivativeSet &derivatives,
                   const Algorithm      algorithm);

    /**
     * Decide which derivatives are propagated and which collapsed.
     */
    void
    choose_algorithm(const Algorithm algorithm);

    void
    choose_block_size();

    void
    lay_out_workspace();

    /**
     * Where the engine has an entry of the derivative set: among the channels,
     * or, behind them, among the collapsed derivatives.
     */
    struct Place
    {
      bool         is_collapsed;
      unsigned int index;
    };

    /**
     * Call function(panel, component, entry, numbers) for all jets that the
     * engine holds, where @p channels is an array over the output layer's
     * channels and @p collapsed one over the collapsed derivatives.
     */
    template <typename Function>
    void
    for_each_jet(const unsigned int n_panels,
                 double            *channels,
                 double            *collapsed,
                 const Function    &function) const;

    const internal::JetEngine &engine;
    const Architecture         architecture;
    const Scaling              scaling;
    const DerivativeSet        derivatives;

    std::vector<Place> places;

    internal::JetShape                 shape;
    std::vector<internal::LayerLayout> layers;
    std::vector<internal::ChainTerm>   chain_terms;
    std::vector<internal::ChainTerm>   collapsed_terms;
    std::vector<unsigned int>          coordinate_of_channel;
    std::vector<unsigned int>          coordinate_of_collapsed;
    std::vector<double>                input_slope;

    unsigned int block_points;
    std::size_t  workspace_size;
  };



  template <typename Function>
  void
  JetPlan::Implementation::for_each_jet(const unsigned int n_panels,
                                        double            *channels,
                                        double            *collapsed,
                                        const Function    &function) const
  {
    const std::size_t panel  = engine.panel_size;
    const std::size_t stride = layers.back().output_stride;
    const std::size_t n_all  = shape.n_channels + shape.n_collapsed_channels;
    for (unsigned int p = 0; p < n_panels; ++p)
      for (unsigned int o = 0; o < architecture.n_outputs; ++o)
        for (unsigned int entry = 0; entry < places.size(); ++entry)
          {
            const unsigned int index = places[entry].index;
            function(p,
                     o,
                     entry,
                     places[entry].is_collapsed
                       ? collapsed + ((p * shape.n_collapsed_channels + o) *
                                        shape.n_collapsed +
                                      index) *
                                       panel
                       : channels + (p * n_all + index) * stride + o * panel);
          }
  }
} // namespace derl

#endif
