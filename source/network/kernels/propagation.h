// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Included by the translation units of the jet engine; everything has internal
// linkage, see jet_engine.h.

#ifndef derl_network_kernels_propagation_h
#define derl_network_kernels_propagation_h

#include "chain_rule_kernels.h"
#include "packed_parameters.h"

namespace derl
{
  namespace internal
  {
    namespace
    {
      /**
       * W times, or W^T times, one channel of a panel, with its tangents if
       * the sweep has them. @p in_has_tangents is false for the network's
       * input, which no parameter changes.
       */
      template <typename Access>
      void
      multiply_channel(const JetShape                &shape,
                       const unsigned int             n_rows,
                       const unsigned int             n_columns,
                       const typename Access::Number *matrix,
                       const typename Access::Number *bias,
                       const typename Access::Number *in,
                       const bool                     in_has_tangents,
                       typename Access::Number       *out,
                       typename Access::Number       *out_tangent)
      {
        multiply<false>(n_rows, n_columns, matrix, bias, in, out);
        if constexpr (Access::has_tangents)
          {
            const std::size_t t         = shape.tangents;
            const auto *const bias_rate = bias == nullptr ? bias : bias + t;
            multiply<false>(
              n_rows, n_columns, matrix + t, bias_rate, in, out_tangent);
            if (in_has_tangents)
              multiply<true>(
                n_rows,
                n_columns,
                matrix,
                static_cast<const typename Access::Number *>(nullptr),
                in + t,
                out_tangent);
          }
      }



      /**
       * Multiply channels [begin, end) of a panel by a layer's weights: from
       * the activations of the layer below to this layer's pre-activations.
       */
      template <typename Access>
      void
      apply_weights(const JetShape          &shape,
                    const unsigned int       l,
                    const unsigned int       panel,
                    const unsigned int       begin,
                    const unsigned int       end,
                    typename Access::Number *workspace)
      {
        const LayerLayout &layer = shape.layers[l];
        const std::size_t  first = std::size_t(panel) * n_all_channels(shape);
        for (unsigned int c = begin; c < end; ++c)
          {
            auto *const z =
              workspace + layer.z + (first + c) * layer.output_stride;
            const bool activated_in_place = c == 0 && l + 1 < shape.n_layers;
            multiply_channel<Access>(
              shape,
              layer.n_outputs,
              layer.n_inputs,
              workspace + layer.weights,
              c == 0 ? workspace + layer.bias : nullptr,
              workspace + layer.input + (first + c) * layer.input_stride,
              l > 0,
              activated_in_place
                ? workspace + layer.a + first * layer.output_stride
                : z,
              z + shape.tangents);
          }
      }



      /**
       * The collapsed derivatives of the features at the points of a panel.
       */
      template <typename Number>
      const Number *
      collapsed_features(const JetShape    &shape,
                         const unsigned int panel,
                         Number            *workspace)
      {
        return workspace + shape.collapsed_features +
               std::size_t(panel) * shape.n_collapsed * shape.n_inputs *
                 panel_size<Number>;
      }



      /**
       * What the input adds to the collapsed derivatives of component @p o,
       * given the adjoint of the input.
       */
      template <typename Access>
      void
      collect_input(const JetShape                &shape,
                    const unsigned int             panel,
                    const unsigned int             o,
                    const typename Access::Number *input_adjoint,
                    typename Access::Number       *workspace)
      {
        using Number             = typename Access::Number;
        constexpr unsigned int n = panel_size<Number>;
        const Access           access(shape.tangents);
        Number *const          result =
          workspace + shape.collapsed +
          (panel * shape.n_collapsed_channels + o) * shape.n_collapsed * n;
        const Number *feature = collapsed_features(shape, panel, workspace);
        for (unsigned int t = 0; t < shape.n_collapsed; ++t)
          if (shape.has_features)
            {
              auto sum = access.load(result + t * n);
              for (unsigned int f = 0; f < shape.n_inputs; ++f, feature += n)
                sum +=
                  access.load(input_adjoint + f * n) * access.constant(feature);
              access.store(sum, result + t * n);
            }
          else
            {
              // first derivatives are the adjoint of the input
              const unsigned int d = shape.coordinate_of_collapsed[t];
              if (d < shape.n_inputs)
                access.store(access.load(input_adjoint + d * n) *
                               shape.input_slope[d],
                             result + t * n);
            }
      }



      /**
       * Back-propagate the components' values to get the collapsed
       * derivatives. Leaves the adjoint of each layer's activations in
       * value_adjoint.
       */
      template <typename Access>
      void
      forward_collapsed(const JetShape          &shape,
                        const unsigned int       n_panels,
                        typename Access::Number *workspace)
      {
        using Number = typename Access::Number;
        const Access       access(shape.tangents);
        const unsigned int n_components = shape.n_collapsed_channels;
        const auto        &kernels =
          chain_rule_kernels<Number>(shape, shape.max_order);
        const std::size_t n_collapsed = std::size_t(n_panels) * n_components *
                                        shape.n_collapsed * panel_size<Number>;
        for (std::size_t i = 0; i < n_collapsed; i += panel_size<Number>)
          access.store(0., workspace + shape.collapsed + i);

        // Two arrays that are free now: a component's unit vector in front of
        // the output layer, and what arrives at the input.
        Number *const unit_vector   = workspace + shape.adjoint[0];
        Number *const input_adjoint = workspace + shape.adjoint[1];
        for (unsigned int l = shape.n_layers; l-- > 0;)
          {
            const LayerLayout &layer     = shape.layers[l];
            const bool         is_output = l + 1 == shape.n_layers;
            for (unsigned int p = 0; p < n_panels; ++p)
              {
                if (!is_output)
                  kernels.collect_collapsed[Access::has_tangents](
                    shape, layer, p, workspace);
                for (unsigned int o = 0; o < n_components; ++o)
                  {
                    const std::size_t s = p * n_components + o;
                    if (is_output)
                      for (unsigned int i = 0; i < n_components; ++i)
                        fill_row(i == o ? 1. : 0.,
                                 unit_vector + i * panel_size<Number>);
                    Number *const out =
                      l > 0 ? workspace + shape.layers[l - 1].value_adjoint +
                                s * layer.input_stride
                            : input_adjoint;
                    multiply_channel<Access>(
                      shape,
                      layer.n_inputs,
                      layer.n_outputs,
                      workspace + layer.transposed_weights,
                      nullptr,
                      is_output ? unit_vector
                                : workspace + shape.scaled_adjoint +
                                    o * shape.max_order * shape.scratch_stride,
                      !is_output,
                      out,
                      out + shape.tangents);
                    if (l == 0)
                      collect_input<Access>(
                        shape, p, o, input_adjoint, workspace);
                  }
              }
          }
      }



      /**
       * Jets of the network; see JetEngine::forward().
       */
      template <typename Access>
      void
      propagate(const JetShape          &shape,
                const unsigned int       n_panels,
                typename Access::Number *workspace)
      {
        const auto &kernels = chain_rule_kernels<typename Access::Number>(
          shape, shape.propagated_order);
        for (unsigned int l = 0; l < shape.n_layers; ++l)
          for (unsigned int p = 0; p < n_panels; ++p)
            {
              apply_weights<Access>(
                shape, l, p, 0, shape.n_channels, workspace);
              if (l + 1 < shape.n_layers)
                kernels.activate[Access::has_tangents](
                  shape, shape.layers[l], p, workspace);
            }
        if (shape.n_collapsed_channels > 0)
          forward_collapsed<Access>(shape, n_panels, workspace);
      }



      /**
       * Propagate the channels tau, given the loss's derivatives by the
       * collapsed derivatives.
       */
      template <typename Number>
      void
      propagate_collapsed(const JetShape    &shape,
                          const unsigned int n_panels,
                          Number            *workspace)
      {
        const auto &kernels =
          chain_rule_kernels<Number>(shape, shape.max_order);
        const unsigned int begin = shape.n_channels;
        const unsigned int end   = n_all_channels(shape);
        const LayerLayout &first = shape.layers[0];
        for (unsigned int p = 0; p < n_panels; ++p)
          for (unsigned int o = 0; o < shape.n_collapsed_channels; ++o)
            {
              Number *const input = workspace + first.input +
                                    (p * end + begin + o) * first.input_stride;
              const Number *const c = workspace + shape.collapsed_adjoint +
                                      (p * shape.n_collapsed_channels + o) *
                                        shape.n_collapsed * panel_size<Number>;
              for (unsigned int d = 0; d < shape.n_inputs; ++d)
                fill_row(0., input + d * panel_size<Number>);
              const Number *feature = collapsed_features(shape, p, workspace);
              for (unsigned int t = 0; t < shape.n_collapsed; ++t)
                {
                  const Row<Number> factor(c + t * panel_size<Number>);
                  if (shape.has_features)
                    for (unsigned int f = 0; f < shape.n_inputs;
                         ++f, feature += panel_size<Number>)
                      {
                        Number *const sum = input + f * panel_size<Number>;
                        (Row<Number>(sum) + factor * Row<Number>(feature))
                          .store(sum);
                      }
                  else if (shape.coordinate_of_collapsed[t] < shape.n_inputs)
                    {
                      const unsigned int d = shape.coordinate_of_collapsed[t];
                      (factor * shape.input_slope[d])
                        .store(input + d * panel_size<Number>);
                    }
                }
            }
        // the output layer has nothing to add
        for (unsigned int l = 0; l + 1 < shape.n_layers; ++l)
          for (unsigned int p = 0; p < n_panels; ++p)
            {
              apply_weights<ValueAccess<Number>>(
                shape, l, p, begin, end, workspace);
              kernels.activate_collapsed(shape, shape.layers[l], p, workspace);
            }
      }



      /**
       * Back-propagate the adjoint of the output layer's channels in
       * adjoint[0], and that of the collapsed derivatives. Calls
       * consume(layer, bar) for each layer that is not fixed with the adjoint
       * of its pre-activations, [panel][channel][unit][point].
       */
      template <typename Number, typename Consumer>
      void
      propagate_back(const JetShape    &shape,
                     const unsigned int n_panels,
                     Number            *workspace,
                     const Consumer    &consume)
      {
        const auto &kernels =
          chain_rule_kernels<Number>(shape, shape.max_order);
        const unsigned int n_all = n_all_channels(shape);
        Number            *bar   = workspace + shape.adjoint[0];
        Number            *below = workspace + shape.adjoint[1];

        if (shape.n_collapsed_channels > 0)
          {
            propagate_collapsed(shape, n_panels, workspace);
            // the loss contains tau of each component with the factor one
            const std::size_t stride =
              shape.layers[shape.n_layers - 1].output_stride;
            for (unsigned int p = 0; p < n_panels; ++p)
              for (unsigned int tau = 0; tau < shape.n_collapsed_channels;
                   ++tau)
                for (unsigned int o = 0; o < shape.n_components; ++o)
                  fill_row(o == tau ? 1. : 0.,
                           bar + (p * n_all + shape.n_channels + tau) * stride +
                             o * panel_size<Number>);
          }

        for (unsigned int l = shape.n_layers; l-- > shape.first_free_layer;)
          {
            const LayerLayout &layer = shape.layers[l];
            for (unsigned int p = 0; p < n_panels; ++p)
              {
                const std::size_t first = std::size_t(p) * n_all;
                if (l + 1 < shape.n_layers)
                  kernels.activate_adjoint(shape,
                                           layer,
                                           p,
                                           workspace,
                                           bar + first * layer.output_stride);
                if (l > shape.first_free_layer)
                  for (unsigned int c = 0; c < shape.n_channels; ++c)
                    multiply<false>(layer.n_inputs,
                                    layer.n_outputs,
                                    workspace + layer.transposed_weights,
                                    static_cast<const Number *>(nullptr),
                                    bar + (first + c) * layer.output_stride,
                                    below + (first + c) * layer.input_stride);
              }
            if (!layer.is_fixed)
              consume(layer, bar);
            Number *const swap = bar;
            bar                = below;
            below              = swap;
          }
      }



      template <typename Number>
      void
      backward(const JetShape    &shape,
               const unsigned int n_panels,
               Number            *workspace,
               double            *sums)
      {
        const unsigned int n_all = n_all_channels(shape);
        propagate_back(
          shape,
          n_panels,
          workspace,
          [&](const LayerLayout &layer, const Number *bar) {
            add_outer_products(layer.n_outputs,
                               layer.n_inputs,
                               n_panels * n_all,
                               bar,
                               layer.output_stride,
                               workspace + layer.input,
                               layer.input_stride,
                               sums + layer.weight_sums);
            for (unsigned int i = 0; i < layer.n_outputs; ++i)
              {
                Row<Number> sum = 0.;
                for (unsigned int p = 0; p < n_panels; ++p)
                  sum += Row<Number>(bar + p * n_all * layer.output_stride +
                                     i * panel_size<Number>);
                sums[layer.bias_sums + i] +=
                  std::experimental::reduce(sum.packs[0] + sum.packs[1]);
              }
          });
      }



      template <typename Number>
      void
      add_sums(const JetShape &shape, const double *sums, double *gradient)
      {
        for (unsigned int l = 0; l < shape.n_layers; ++l)
          {
            const LayerLayout &layer   = shape.layers[l];
            double *const      weights = gradient + layer.first_parameter;
            if (layer.is_fixed)
              continue;
            unpack_tiles<Number>(layer.n_outputs,
                                 layer.n_inputs,
                                 sums + layer.weight_sums,
                                 weights);
            double *const bias =
              weights + std::size_t(layer.n_inputs) * layer.n_outputs;
            for (unsigned int i = 0; i < layer.n_outputs; ++i)
              bias[i] += sums[layer.bias_sums + i];
          }
      }
    } // namespace
  }   // namespace internal
} // namespace derl

#endif
