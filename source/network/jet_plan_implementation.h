// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_network_jet_plan_implementation_h
#define derl_network_jet_plan_implementation_h

#include <derl/network/jet_plan.h>
#include <derl/network/maps.h>

#include <algorithm>
#include <array>
#include <memory>
#include <tuple>
#include <vector>

#include "jet_map.h"
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
    /** Any of them for the network's outputs, if there is an output map. */
    dealii::AlignedVector<double> network_jets;
    internal::JetMap::Scratch     map_scratch;
    /** Sums that make the gradient, in the order of the kernels. */
    dealii::AlignedVector<double> sums;
  };



  /**
   * The choice of algorithm and the layout of the workspace, for any number
   * type.
   */
  struct JetPlan::Implementation
  {
    /**
     * @param fixed_layers numbers of layers whose parameters do not count.
     */
    Implementation(const Architecture              &architecture,
                   const Scaling                   &scaling,
                   const InputMap                  &input_map,
                   const OutputMap                 &output_map,
                   const std::vector<unsigned int> &fixed_layers,
                   const DerivativeSet             &derivatives,
                   const Algorithm                  algorithm,
                   const Precision                  precision);

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

    /**
     * Leave the parameters of some layers out of all derivatives.
     */
    void
    fix(const std::vector<unsigned int> &fixed_layers);

    /**
     * List what the input's derivatives are, if they depend on the point.
     */
    void
    tabulate_features();

    /**
     * Coordinate @p d of a point of a block, from its shift on. The padding
     * repeats the last point: any valid one will do.
     */
    double
    shifted(const double      *points,
            const unsigned int n_points,
            const unsigned int point,
            const unsigned int d) const
    {
      const std::size_t p = std::min(point, n_points - 1);
      return points[p * scaling.input_shift.size() + d] -
             scaling.input_shift[d];
    }

    /**
     * Write the network's inputs at a block of points, in all panels.
     */
    template <typename Number>
    void
    fill_inputs(const double      *points,
                const unsigned int n_points,
                const unsigned int n_panels,
                Number            *workspace) const;

    /**
     * The waves of panel @p p, with all their derivatives.
     */
    template <typename Number>
    void
    fill_waves(const double      *points,
               const unsigned int n_points,
               const unsigned int p,
               Number            *workspace) const;

    /**
     * Numbers in the jets of a block of points: the surrogate's and, if they
     * differ, the network's.
     */
    std::size_t
    n_jets() const
    {
      return std::size_t(n_components) * derivatives.size() * block_points;
    }

    std::size_t
    n_network_jets() const
    {
      return jet_map == nullptr ? 0
                                : std::size_t(architecture.n_outputs) *
                                    network_derivatives.size() * block_points;
    }

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
     * Where the engine has an entry of the network's derivative set: among the
     * channels, or, behind them, among the collapsed derivatives.
     */
    struct Place
    {
      bool         is_collapsed;
      unsigned int index;
    };

    /**
     * The points of a panel in an entry of the derivatives of an input.
     */
    template <typename Number>
    Number *
    input_of(Number            *workspace,
             const unsigned int panel,
             const Place       &place,
             const unsigned int input) const
    {
      const std::size_t n_all = shape.n_channels + shape.n_collapsed_channels;
      return workspace +
             (place.is_collapsed
                ? shape.collapsed_features +
                    ((std::size_t(panel) * shape.n_collapsed + place.index) *
                       architecture.n_inputs +
                     input) *
                      panel_size
                : layers[0].input +
                    (panel * n_all + place.index) * layers[0].input_stride +
                    input * panel_size);
    }

    /**
     * The constant first derivative of a linear feature.
     */
    struct LinearSlope
    {
      Place        place;
      unsigned int feature;
      double       value;
    };

    /**
     * A derivative of a wave's cosine and sine: factor times theirs of some
     * order.
     */
    struct WaveDerivative
    {
      Place        place;
      unsigned int order;
      double       factor;
    };

    /**
     * Call function(panel, output, entry, numbers) for all jets that the
     * engine holds, where @p channels is an array over the output layer's
     * channels and @p collapsed one over the collapsed derivatives.
     */
    template <typename Number, typename Function>
    void
    for_each_jet(const unsigned int n_panels,
                 Number            *channels,
                 Number            *collapsed,
                 const Function    &function) const;

    /**
     * The jets of the network's outputs, scaled, or their tangents, which are
     * not shifted, from where the engine has them.
     */
    template <typename Number>
    void
    read_network_jets(const unsigned int n_panels,
                      Number            *workspace,
                      const bool         with_shift,
                      double            *jets) const;

    /**
     * The adjoints of these to where the engine wants them.
     */
    template <typename Number>
    void
    write_network_adjoints(const unsigned int n_points,
                           const unsigned int n_panels,
                           const double      *adjoints,
                           Number            *workspace) const;

    const Architecture  architecture;
    const Scaling       scaling;
    const InputMap      input_map;
    const unsigned int  n_components;
    const DerivativeSet derivatives;
    /** Those that the surrogate's derivatives are made of. */
    const DerivativeSet network_derivatives;
    const Precision     precision;
    /** Empty if each output is a component. */
    std::unique_ptr<const internal::JetMap> jet_map;

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

    std::vector<LinearSlope>                 linear_slopes;
    std::vector<std::vector<WaveDerivative>> wave_derivatives;

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



  template <typename Number>
  void
  JetPlan::Implementation::read_network_jets(const unsigned int n_panels,
                                             Number            *workspace,
                                             const bool         with_shift,
                                             double            *jets) const
  {
    const unsigned int panel = panel_size;
    for_each_jet(
      n_panels,
      workspace + layers.back().z,
      workspace + shape.collapsed,
      [&](const unsigned int  p,
          const unsigned int  output,
          const unsigned int  entry,
          const Number *const in) {
        const double factor = scaling.output_scale[output];
        const double shift =
          entry == 0 && with_shift ? scaling.output_shift[output] : 0.;
        double *const out =
          jets + (std::size_t(output) * places.size() + entry) * block_points +
          p * panel;
        for (unsigned int k = 0; k < panel; ++k)
          out[k] = factor * in[k] + shift;
      });
  }



  template <typename Number>
  void
  JetPlan::Implementation::write_network_adjoints(const unsigned int n_points,
                                                  const unsigned int n_panels,
                                                  const double      *adjoints,
                                                  Number *workspace) const
  {
    const unsigned int panel = panel_size;
    for_each_jet(
      n_panels,
      workspace + shape.adjoint[0],
      workspace + shape.collapsed_adjoint,
      [&](const unsigned int p,
          const unsigned int output,
          const unsigned int entry,
          Number *const      out) {
        const double        factor = scaling.output_scale[output];
        const double *const in =
          adjoints +
          (std::size_t(output) * places.size() + entry) * block_points +
          p * panel;
        for (unsigned int k = 0; k < panel; ++k)
          out[k] =
            static_cast<Number>(p * panel + k < n_points ? factor * in[k] : 0.);
      });
  }
} // namespace derl

#endif
