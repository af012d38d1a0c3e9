// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The jet engine, to be included once by a translation unit for each
// instruction set; everything has internal linkage, see jet_engine.h.

#ifndef derl_network_kernels_jet_engine_implementation_h
#define derl_network_kernels_jet_engine_implementation_h

#include "chain_rule_kernels.h"
#include "jet_engine.h"
#include "matrix_products.h"

namespace derl
{
  namespace internal
  {
    namespace
    {
      /**
       * Call functor(activation, order), whose arguments are constants, for
       * those of the shape.
       */
      template <typename Activation, typename Functor>
      void
      with_order(const JetShape &shape, const Functor &functor)
      {
        const Activation *const none = nullptr;
        switch (shape.max_order)
          {
          case 0:
            return functor(none, std::integral_constant<unsigned int, 0>());
          case 1:
            return functor(none, std::integral_constant<unsigned int, 1>());
          case 2:
            return functor(none, std::integral_constant<unsigned int, 2>());
          case 3:
            return functor(none, std::integral_constant<unsigned int, 3>());
          default:
            return functor(none, std::integral_constant<unsigned int, 4>());
          }
      }



      template <typename Functor>
      void
      with_activation_and_order(const JetShape &shape, const Functor &functor)
      {
        switch (shape.activation)
          {
          case 0:
            return with_order<TanhActivation>(shape, functor);
          case 1:
            return with_order<SineActivation>(shape, functor);
          default:
            return with_order<SoftplusActivation>(shape, functor);
          }
      }



      template <typename Pointer>
      using Pointee = std::remove_const_t<std::remove_pointer_t<Pointer>>;



      /**
       * In the first layer the derivatives of z do not depend on the point:
       * first ones are columns of W, higher ones vanish.
       */
      void
      fill_first_layer(const JetShape &shape,
                       const double   *weights,
                       double         *workspace)
      {
        const LayerLayout &layer = shape.layers[0];
        const std::size_t n_all = shape.n_channels + shape.n_collapsed_channels;
        for (unsigned int p = 0; p < shape.n_panels; ++p)
          for (unsigned int c = 1; c < shape.n_channels; ++c)
            {
              const bool         is_first = c <= shape.n_first_order;
              const unsigned int d        = shape.coordinate_of_channel[c];
              double            *z =
                workspace + layer.z + (p * n_all + c) * layer.output_stride;
              for (unsigned int i = 0; i < layer.n_outputs; ++i)
                {
                  const Pack value =
                    is_first
                      ? weights[i * layer.n_inputs + d] * shape.input_slope[d]
                      : 0.;
                  store(value, z + i * panel_size);
                  store(value, z + i * panel_size + n_lanes);
                }
            }
      }



      void
      set_parameters(const JetShape &shape,
                     const double   *parameters,
                     double         *workspace)
      {
        fill_first_layer(shape, parameters, workspace);
        for (unsigned int l = 0; l < shape.n_layers; ++l)
          {
            const LayerLayout &layer = shape.layers[l];
            pack_matrix(layer.n_outputs,
                        layer.n_inputs,
                        parameters,
                        layer.n_inputs,
                        1,
                        workspace + layer.weights);
            // the first layer's transpose serves collapsed first derivatives
            pack_matrix(layer.n_inputs,
                        layer.n_outputs,
                        parameters,
                        1,
                        layer.n_inputs,
                        workspace + layer.transposed_weights);
            parameters += std::size_t(layer.n_inputs) * layer.n_outputs;
            for (unsigned int i = 0; i < layer.n_outputs; ++i)
              workspace[layer.bias + i] = *parameters++;
          }
      }



      /**
       * Multiply channels [begin, end) of all panels by a layer's weights: from
       * the activations of the layer below to this layer's pre-activations.
       */
      void
      apply_weights(const JetShape    &shape,
                    const unsigned int l,
                    const unsigned int n_panels,
                    const unsigned int begin,
                    const unsigned int end,
                    double            *workspace)
      {
        const LayerLayout &layer = shape.layers[l];
        const std::size_t n_all = shape.n_channels + shape.n_collapsed_channels;
        for (unsigned int p = 0; p < n_panels; ++p)
          for (unsigned int c = begin; c < end; ++c)
            multiply(layer.n_outputs,
                     layer.n_inputs,
                     workspace + layer.weights,
                     c == 0 ? workspace + layer.bias : nullptr,
                     workspace + shape.layers[l - 1].a +
                       (p * n_all + c) * layer.input_stride,
                     workspace + layer.z +
                       (p * n_all + c) * layer.output_stride);
      }



      /**
       * Multiply by the first layer's weights: the coordinates (channel 0 of
       * the input) to the value of z, or what stands for tau in the input's
       * channel behind it.
       */
      void
      apply_first_weights(const JetShape    &shape,
                          const unsigned int n_panels,
                          const bool         collapsed,
                          double            *workspace)
      {
        const LayerLayout &layer = shape.layers[0];
        const std::size_t n_all = shape.n_channels + shape.n_collapsed_channels;
        const std::size_t n_inputs = 1 + shape.n_collapsed_channels;
        for (unsigned int p = 0; p < n_panels; ++p)
          for (unsigned int o = 0;
               o < (collapsed ? shape.n_collapsed_channels : 1);
               ++o)
            multiply(layer.n_outputs,
                     layer.n_inputs,
                     workspace + layer.weights,
                     collapsed ? nullptr : workspace + layer.bias,
                     workspace + shape.input +
                       (p * n_inputs + (collapsed ? 1 + o : 0)) *
                         layer.input_stride,
                     workspace + layer.z +
                       (p * n_all + (collapsed ? shape.n_channels + o : 0)) *
                         layer.output_stride);
      }



      /**
       * Back-propagate the components' values to get the collapsed
       * derivatives. Leaves the adjoint of each layer's activations in
       * value_adjoint.
       */
      void
      forward_collapsed(const JetShape    &shape,
                        const unsigned int n_panels,
                        double            *workspace)
      {
        const unsigned int n_components = shape.n_collapsed_channels;
        const unsigned int last         = shape.n_layers - 1;
        for (std::size_t i = 0; i < std::size_t(n_panels) * n_components *
                                      shape.n_collapsed * panel_size;
             i += n_lanes)
          store(Pack(0.), workspace + shape.collapsed + i);

        // in front of the linear output layer: its rows, for every point
        {
          const LayerLayout &layer = shape.layers[last];
          for (unsigned int o = 0; o < n_components; ++o)
            {
              const double *column = workspace + layer.transposed_weights;
              // row o of W is component o of each row of the transpose
              const Tiling tiling(layer.n_inputs, max_tile_rows);
              for (unsigned int tile = 0, unit = 0; tile < tiling.n_tiles;
                   ++tile)
                {
                  const unsigned int rows = tiling.rows(tile);
                  for (unsigned int r = 0; r < rows; ++r, ++unit)
                    {
                      const Pack w = column[o * rows + r];
                      for (unsigned int p = 0; p < n_panels; ++p)
                        for (unsigned int half = 0; half < panel_size;
                             half += n_lanes)
                          store(w,
                                workspace +
                                  shape.layers[last - 1].value_adjoint +
                                  (p * n_components + o) * layer.input_stride +
                                  unit * panel_size + half);
                    }
                  column += std::size_t(rows) * layer.n_outputs;
                }
            }
        }

        double *z_adjoint = workspace + shape.adjoint[0];
        for (unsigned int l = last; l-- > 0;)
          {
            const LayerLayout &layer = shape.layers[l];
            with_activation_and_order(
              shape, [&](const auto *activation, const auto order) {
                if constexpr (order > 0)
                  collect_collapsed<Pointee<decltype(activation)>, order>(
                    shape, layer, n_panels, workspace, z_adjoint);
              });
            if (l > 0)
              for (unsigned int s = 0; s < n_panels * n_components; ++s)
                multiply(layer.n_inputs,
                         layer.n_outputs,
                         workspace + layer.transposed_weights,
                         nullptr,
                         z_adjoint + s * layer.output_stride,
                         workspace + shape.layers[l - 1].value_adjoint +
                           s * layer.input_stride);
          }

        // collapsed first derivatives are the adjoint of the input; adjoint[1]
        // is free for it
        const LayerLayout &layer         = shape.layers[0];
        double            *input_adjoint = workspace + shape.adjoint[1];
        for (unsigned int s = 0; s < n_panels * n_components; ++s)
          {
            multiply(layer.n_inputs,
                     layer.n_outputs,
                     workspace + layer.transposed_weights,
                     nullptr,
                     z_adjoint + s * layer.output_stride,
                     input_adjoint);
            for (unsigned int t = 0; t < shape.n_collapsed; ++t)
              {
                const unsigned int d = shape.coordinate_of_collapsed[t];
                if (d < shape.n_coordinates)
                  for (unsigned int half = 0; half < panel_size;
                       half += n_lanes)
                    store(shape.input_slope[d] *
                            load(input_adjoint + d * panel_size + half),
                          workspace + shape.collapsed +
                            (s * shape.n_collapsed + t) * panel_size + half);
              }
          }
      }



      void
      forward(const JetShape    &shape,
              const unsigned int n_panels,
              double            *workspace)
      {
        apply_first_weights(shape, n_panels, false, workspace);
        for (unsigned int l = 0; l < shape.n_layers; ++l)
          {
            if (l > 0)
              apply_weights(shape, l, n_panels, 0, shape.n_channels, workspace);
            if (l + 1 < shape.n_layers)
              with_activation_and_order(
                shape, [&](const auto *activation, const auto order) {
                  activate<Pointee<decltype(activation)>, order>(
                    shape, shape.layers[l], n_panels, workspace);
                });
          }
        if (shape.n_collapsed_channels > 0)
          forward_collapsed(shape, n_panels, workspace);
      }



      /**
       * Propagate the channels tau, given the loss's derivatives by the
       * collapsed derivatives.
       */
      void
      propagate_collapsed(const JetShape    &shape,
                          const unsigned int n_panels,
                          double            *workspace)
      {
        const unsigned int n_components = shape.n_collapsed_channels;
        const std::size_t  stride       = shape.layers[0].input_stride;
        for (unsigned int p = 0; p < n_panels; ++p)
          for (unsigned int o = 0; o < n_components; ++o)
            {
              double *input = workspace + shape.input +
                              (p * (1 + n_components) + 1 + o) * stride;
              const double *c =
                workspace + shape.collapsed_adjoint +
                (p * n_components + o) * shape.n_collapsed * panel_size;
              for (unsigned int k = 0; k < shape.n_coordinates * panel_size;
                   k += n_lanes)
                store(Pack(0.), input + k);
              for (unsigned int t = 0; t < shape.n_collapsed; ++t)
                {
                  const unsigned int d = shape.coordinate_of_collapsed[t];
                  if (d < shape.n_coordinates)
                    for (unsigned int half = 0; half < panel_size;
                         half += n_lanes)
                      store(shape.input_slope[d] *
                              load(c + t * panel_size + half),
                            input + d * panel_size + half);
                }
            }

        apply_first_weights(shape, n_panels, true, workspace);
        // the output layer has nothing to add
        for (unsigned int l = 0; l + 1 < shape.n_layers; ++l)
          {
            if (l > 0)
              apply_weights(shape,
                            l,
                            n_panels,
                            shape.n_channels,
                            shape.n_channels + n_components,
                            workspace);
            with_activation_and_order(
              shape, [&](const auto *activation, const auto order) {
                if constexpr (order > 0)
                  activate_collapsed<Pointee<decltype(activation)>, order>(
                    shape, shape.layers[l], n_panels, workspace);
              });
          }
      }



      /**
       * lanes[unit] += factor * sum over panels of one channel.
       */
      void
      add_sums(const unsigned int n_units,
               const unsigned int n_panels,
               const double      *in,
               const std::size_t  panel_stride,
               const double       factor,
               const std::size_t  lane_stride,
               double            *lanes)
      {
        for (unsigned int i = 0; i < n_units; ++i)
          {
            Pack sum = 0.;
            for (unsigned int p = 0; p < n_panels; ++p)
              {
                const double *x = in + p * panel_stride + i * panel_size;
                sum += load(x) + load(x + n_lanes);
              }
            double *target = lanes + i * lane_stride;
            store(load(target) + factor * sum, target);
          }
      }



      /**
       * The gradient by the first layer's weights from the adjoint @p bar of
       * its pre-activations.
       */
      void
      add_first_weight_gradient(const JetShape    &shape,
                                const unsigned int n_panels,
                                const double      *bar,
                                double            *workspace)
      {
        const LayerLayout &layer        = shape.layers[0];
        const unsigned int n_components = shape.n_collapsed_channels;
        const std::size_t  bar_stride =
          (shape.n_channels + n_components) * layer.output_stride;
        const std::size_t input_stride =
          (1 + n_components) * layer.input_stride;
        const auto add = [&](const unsigned int channel,
                             const unsigned int input_channel) {
          add_outer_products(layer.n_outputs,
                             layer.n_inputs,
                             n_panels,
                             bar + channel * layer.output_stride,
                             bar_stride,
                             workspace + shape.input +
                               input_channel * layer.input_stride,
                             input_stride,
                             workspace + layer.weight_gradient);
        };
        add(0, 0);
        for (unsigned int o = 0; o < n_components; ++o)
          add(shape.n_channels + o, 1 + o);
        for (unsigned int c = 1; c <= shape.n_first_order; ++c)
          {
            const unsigned int d = shape.coordinate_of_channel[c];
            add_sums(layer.n_outputs,
                     n_panels,
                     bar + c * layer.output_stride,
                     bar_stride,
                     shape.input_slope[d],
                     std::size_t(layer.n_inputs) * n_lanes,
                     workspace + layer.weight_gradient + d * n_lanes);
          }
      }



      void
      backward(const JetShape    &shape,
               const unsigned int n_panels,
               double            *workspace)
      {
        const unsigned int n_all =
          shape.n_channels + shape.n_collapsed_channels;
        double *bar      = workspace + shape.adjoint[0];
        double *next_bar = workspace + shape.adjoint[1];

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
                  for (unsigned int half = 0; half < panel_size;
                       half += n_lanes)
                    store(Pack(o == tau ? 1. : 0.),
                          bar + (p * n_all + shape.n_channels + tau) * stride +
                            o * panel_size + half);
          }

        for (unsigned int l = shape.n_layers; l-- > 0;)
          {
            const LayerLayout &layer = shape.layers[l];
            if (l + 1 < shape.n_layers)
              with_activation_and_order(
                shape, [&](const auto *activation, const auto order) {
                  activate_adjoint<Pointee<decltype(activation)>, order>(
                    shape, layer, n_panels, workspace, bar);
                });

            add_sums(layer.n_outputs,
                     n_panels,
                     bar,
                     n_all * layer.output_stride,
                     1.,
                     n_lanes,
                     workspace + layer.bias_gradient);
            if (l == 0)
              add_first_weight_gradient(shape, n_panels, bar, workspace);
            else
              {
                add_outer_products(layer.n_outputs,
                                   layer.n_inputs,
                                   n_panels * n_all,
                                   bar,
                                   layer.output_stride,
                                   workspace + shape.layers[l - 1].a,
                                   layer.input_stride,
                                   workspace + layer.weight_gradient);
                for (unsigned int p = 0; p < n_panels; ++p)
                  for (unsigned int c = 0; c < shape.n_channels; ++c)
                    multiply(layer.n_inputs,
                             layer.n_outputs,
                             workspace + layer.transposed_weights,
                             nullptr,
                             bar + (p * n_all + c) * layer.output_stride,
                             next_bar + (p * n_all + c) * layer.input_stride);
                double *const swap = bar;
                bar                = next_bar;
                next_bar           = swap;
              }
          }
      }



      void
      collect_gradient(const JetShape &shape,
                       double         *workspace,
                       double         *gradient)
      {
        const auto collect = [&](double *lanes, const std::size_t n) {
          for (std::size_t i = 0; i < n; ++i, lanes += n_lanes)
            {
              *gradient++ += std::experimental::reduce(load(lanes));
              store(Pack(0.), lanes);
            }
        };
        for (unsigned int l = 0; l < shape.n_layers; ++l)
          {
            const LayerLayout &layer = shape.layers[l];
            collect(workspace + layer.weight_gradient,
                    std::size_t(layer.n_inputs) * layer.n_outputs);
            collect(workspace + layer.bias_gradient, layer.n_outputs);
          }
      }
    } // namespace
  }   // namespace internal
} // namespace derl

#endif
