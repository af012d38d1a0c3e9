// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_network_jet_plan_implementation_h
#define derl_network_jet_plan_implementation_h

#include <derl/network/jet_plan.h>

#include <array>
#include <tuple>
#include <vector>

#include "kernels/jet_engine.h"

namespace derl
{
  /**
   * What a thread needs to work on a block of points.
   */
  struct JetPlan::Workspace::Slot
  {
    /** The workspace of the kernels, in one of the two precisions. */
    dealii::AlignedVector<double> doubles;
    dealii::AlignedVector<float>  floats;

    template <typename Number>
    Number *
    numbers()
    {
      if constexpr (std::is_same<Number, double>::value)
        return doubles.data();
      else
        return floats.data();
    }

    dealii::AlignedVector<double> jets;
    /** Adjoints of jets, or their tangents. */
    dealii::AlignedVector<double> jet_changes;
    /** Sums that make the gradient, in the order of the kernels. */
    dealii::AlignedVector<double> sums;
  };



  /**
   * The choice of algorithm and the layout of the workspace, for any number
   * type.
   */
  struct JetPlan::Implementation
  {
    Implementation(const Architecture  &architecture,
                   const Scaling       &scaling,
                   const DerivativeSet &derivatives,
                   const Algorithm      algorithm,
                   const Precision      precision);

    /**
     * Decide which derivatives are propagated and which collapsed.
     */
    void
    choose_algorithm(const Algorithm algorithm);

    /**
     * List the products of the chain rule and their derivatives for each
     * layer.
     */
    void
    tabulate_chain_rule();

    void
    choose_block_size();

    void
    lay_out_workspace();

    template <typename Number>
    const internal::JetEngine<Number> &
    engine() const
    {
      return std::get<const internal::JetEngine<Number> &>(engines);
    }

    /**
     * Call function(Number()) for the number type of the chosen precision.
     */
    template <typename Function>
    void
    with_number(const Function &function) const
    {
      if (precision == Precision::double_precision)
        function(double());
      else
        function(float());
    }

    /**
     * Terms of the chain rule and what a table of them points to.
     */
    struct TermTable
    {
      /** By group and order minus two. */
      std::vector<std::array<std::vector<internal::ChainTerm>, 3>> groups;

      std::vector<unsigned int>        begin;
      std::vector<internal::ChainTerm> terms;

      /**
       * Collect the groups; to be called once.
       */
      internal::ChainTermTable
      finish();
    };

    /**
     * The tables of a hidden layer, see LayerLayout.
     */
    struct LayerTables
    {
      TermTable chain_terms;
      TermTable chain_term_derivatives;
      TermTable collapsed_terms;
      TermTable collapsed_term_derivatives;
    };

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
    template <typename Number, typename Function>
    void
    for_each_jet(const unsigned int n_panels,
                 Number            *channels,
                 Number            *collapsed,
                 const Function    &function) const;

    const Architecture  architecture;
    const Scaling       scaling;
    const DerivativeSet derivatives;
    const Precision     precision;

    const std::tuple<const internal::JetEngine<double> &,
                     const internal::JetEngine<float> &>
                 engines;
    unsigned int panel_size;
    std::string  instruction_set;

    std::vector<Place> places;

    internal::JetShape                 shape;
    std::vector<internal::LayerLayout> layers;
    std::vector<LayerTables>           tables;
    std::vector<unsigned int>          coordinate_of_channel;
    std::vector<unsigned int>          coordinate_of_collapsed;
    std::vector<double>                input_slope;

    unsigned int block_points;
    std::size_t  workspace_size;
    /** Numbers in the sums that make a gradient. */
    std::size_t n_sums;
  };



  template <typename Number, typename Function>
  void
  JetPlan::Implementation::for_each_jet(const unsigned int n_panels,
                                        Number            *channels,
                                        Number            *collapsed,
                                        const Function    &function) const
  {
    const std::size_t panel  = panel_size;
    const std::size_t stride = layers.back().output_stride;
    const std::size_t n_all  = shape.n_channels + shape.n_collapsed_channels;
    for (unsigned int o = 0; o < architecture.n_outputs; ++o)
      for (unsigned int entry = 0; entry < places.size(); ++entry)
        {
          const unsigned int index = places[entry].index;
          for (unsigned int p = 0; p < n_panels; ++p)
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
