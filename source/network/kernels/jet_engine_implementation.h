// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The jet engine, to be included once by a translation unit for each
// instruction set; everything has internal linkage, see jet_engine.h.

#ifndef derl_network_kernels_jet_engine_implementation_h
#define derl_network_kernels_jet_engine_implementation_h

#include "jet_engine.h"
#include "matrix_products.h"

namespace derl
{
  namespace internal
  {
    namespace
    {
      void
      set_parameters(const JetShape &shape,
                     const double   *parameters,
                     double         *workspace)
      {
        for (unsigned int l = 0; l < shape.n_layers; ++l)
          {
            const LayerLayout &layer = shape.layers[l];
            const double      *w     = parameters;
            pack_matrix(layer.n_outputs,
                        layer.n_inputs,
                        w,
                        layer.n_inputs,
                        1,
                        workspace + layer.weights);
            if (l > 0)
              pack_matrix(layer.n_inputs,
                          layer.n_outputs,
                          w,
                          1,
                          layer.n_inputs,
                          workspace + layer.transposed_weights);
            parameters += std::size_t(layer.n_inputs) * layer.n_outputs;
            for (unsigned int i = 0; i < layer.n_outputs; ++i)
              workspace[layer.bias + i] = *parameters++;

            // In the first layer the derivatives of z do not depend on the
            // point: first ones are columns of W, higher ones vanish.
            if (l == 0)
              {
                const std::size_t per_channel =
                  std::size_t(layer.n_outputs) * panel_size;
                for (unsigned int p = 0; p < shape.n_panels; ++p)
                  for (unsigned int c = 1; c < shape.n_channels; ++c)
                    {
                      double *z = workspace + layer.z +
                                  (p * shape.n_channels + c) * per_channel;
                      for (unsigned int i = 0; i < layer.n_outputs; ++i)
                        for (unsigned int k = 0; k < panel_size; ++k)
                          if (c <= shape.n_first_order)
                            {
                              const unsigned int d =
                                shape.coordinate_of_channel[c];
                              z[i * panel_size + k] =
                                w[i * layer.n_inputs + d] *
                                shape.input_slope[d];
                            }
                          else
                            z[i * panel_size + k] = 0.;
                    }
              }
          }
      }



      /**
       * Jets of f(z) from jets of z, for all units of all panels.
       */
      template <typename Activation, unsigned int max_order>
      void
      activate(const JetShape    &shape,
               const LayerLayout &layer,
               const unsigned int n_panels,
               double            *workspace)
      {
        const Activation  activation(shape.softplus_beta);
        const std::size_t stride = std::size_t(layer.n_outputs) * panel_size;
        for (unsigned int p = 0; p < n_panels; ++p)
          for (std::size_t i = 0; i < stride; i += n_lanes)
            {
              const std::size_t first = p * shape.n_channels * stride + i;
              const double     *z     = workspace + layer.z + first;
              double           *a     = workspace + layer.a + first;

              Pack value, auxiliary;
              activation.evaluate(load(z), value, auxiliary);
              store(value, a);
              if constexpr (Activation::has_auxiliary)
                store(auxiliary, workspace + layer.auxiliary + p * stride + i);

              if constexpr (max_order > 0)
                {
                  Pack f[max_order + 1];
                  activation.template derivatives<max_order>(
                    value, auxiliary, f);
                  for (unsigned int c = 1; c < shape.n_channels; ++c)
                    store(f[1] * load(z + c * stride), a + c * stride);
                  if constexpr (max_order > 1)
                    for (unsigned int t = 0; t < shape.n_chain_terms; ++t)
                      {
                        const ChainTerm &term = shape.chain_terms[t];
                        Pack product = term.coefficient * f[term.n_factors];
                        for (unsigned int j = 0; j < term.n_factors; ++j)
                          product *= load(z + term.factors[j] * stride);
                        double *target = a + term.target * stride;
                        store(load(target) + product, target);
                      }
                }
            }
      }



      /**
       * The adjoint of activate(): replace the adjoint of the jets of f(z) by
       * that of the jets of z.
       */
      template <typename Activation, unsigned int max_order>
      void
      activate_adjoint(const JetShape    &shape,
                       const LayerLayout &layer,
                       const unsigned int n_panels,
                       const double      *workspace,
                       double            *adjoint)
      {
        const Activation  activation(shape.softplus_beta);
        const std::size_t stride = std::size_t(layer.n_outputs) * panel_size;
        for (unsigned int p = 0; p < n_panels; ++p)
          for (std::size_t i = 0; i < stride; i += n_lanes)
            {
              const std::size_t first = p * shape.n_channels * stride + i;
              const double     *z     = workspace + layer.z + first;
              double           *bar   = adjoint + first;

              Pack auxiliary;
              if constexpr (Activation::has_auxiliary)
                auxiliary = load(workspace + layer.auxiliary + p * stride + i);
              Pack f[max_order + 2];
              activation.template derivatives<max_order + 1>(
                load(workspace + layer.a + first), auxiliary, f);

              Pack value_bar = f[1] * load(bar);
              if constexpr (max_order > 0)
                {
                  // higher derivatives are needed once more after their
                  // places in bar have been overwritten
                  Pack above[max_order > 1 ? max_channels : 1];
                  for (unsigned int c = 1; c < shape.n_channels; ++c)
                    {
                      const Pack a_bar = load(bar + c * stride);
                      if constexpr (max_order > 1)
                        above[c] = a_bar;
                      value_bar += f[2] * a_bar * load(z + c * stride);
                      store(f[1] * a_bar, bar + c * stride);
                    }
                  if constexpr (max_order > 1)
                    for (unsigned int t = 0; t < shape.n_chain_terms; ++t)
                      {
                        const ChainTerm &term = shape.chain_terms[t];
                        const Pack       scaled =
                          term.coefficient * above[term.target];
                        Pack factors[max_derivative_order];
                        Pack all = 1.;
                        for (unsigned int j = 0; j < term.n_factors; ++j)
                          {
                            factors[j] = load(z + term.factors[j] * stride);
                            all *= factors[j];
                          }
                        value_bar += scaled * f[term.n_factors + 1] * all;
                        for (unsigned int j = 0; j < term.n_factors; ++j)
                          {
                            Pack others = scaled * f[term.n_factors];
                            for (unsigned int k = 0; k < term.n_factors; ++k)
                              if (k != j)
                                others *= factors[k];
                            double *target = bar + term.factors[j] * stride;
                            store(load(target) + others, target);
                          }
                      }
                }
              store(value_bar, bar);
            }
      }



      /**
       * Call functor(activation type, order) for those of the shape.
       */
      template <typename Activation, typename Functor>
      void
      with_order(const JetShape &shape, const Functor &functor)
      {
        const auto call = [&](const auto order) {
          functor(static_cast<const Activation *>(nullptr), order);
        };
        switch (shape.max_order)
          {
          case 0:
            return call(std::integral_constant<unsigned int, 0>());
          case 1:
            return call(std::integral_constant<unsigned int, 1>());
          case 2:
            return call(std::integral_constant<unsigned int, 2>());
          case 3:
            return call(std::integral_constant<unsigned int, 3>());
          default:
            return call(std::integral_constant<unsigned int, 4>());
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



      void
      forward(const JetShape    &shape,
              const unsigned int n_panels,
              double            *workspace)
      {
        for (unsigned int l = 0; l < shape.n_layers; ++l)
          {
            const LayerLayout &layer = shape.layers[l];
            const std::size_t  out_stride =
              std::size_t(layer.n_outputs) * panel_size;
            const std::size_t in_stride =
              std::size_t(layer.n_inputs) * panel_size;
            if (l == 0)
              for (unsigned int p = 0; p < n_panels; ++p)
                multiply(layer.n_outputs,
                         layer.n_inputs,
                         workspace + layer.weights,
                         workspace + layer.bias,
                         workspace + shape.input + p * in_stride,
                         workspace + layer.z +
                           p * shape.n_channels * out_stride);
            else
              for (unsigned int p = 0; p < n_panels; ++p)
                for (unsigned int c = 0; c < shape.n_channels; ++c)
                  multiply(layer.n_outputs,
                           layer.n_inputs,
                           workspace + layer.weights,
                           c == 0 ? workspace + layer.bias : nullptr,
                           workspace + shape.layers[l - 1].a +
                             (p * shape.n_channels + c) * in_stride,
                           workspace + layer.z +
                             (p * shape.n_channels + c) * out_stride);

            if (l + 1 < shape.n_layers)
              with_activation_and_order(
                shape, [&](const auto *activation, const auto order) {
                  using Activation = std::remove_const_t<
                    std::remove_pointer_t<decltype(activation)>>;
                  activate<Activation, order>(
                    shape, layer, n_panels, workspace);
                });
          }
      }



      /**
       * lanes[unit] += sum over panels of one channel.
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



      void
      backward(const JetShape    &shape,
               const unsigned int n_panels,
               double            *workspace)
      {
        double *bar      = workspace + shape.adjoint[0];
        double *next_bar = workspace + shape.adjoint[1];
        for (unsigned int l = shape.n_layers; l-- > 0;)
          {
            const LayerLayout &layer = shape.layers[l];
            const std::size_t  out_stride =
              std::size_t(layer.n_outputs) * panel_size;
            const std::size_t in_stride =
              std::size_t(layer.n_inputs) * panel_size;
            const std::size_t bar_panel_stride = shape.n_channels * out_stride;

            if (l + 1 < shape.n_layers)
              with_activation_and_order(
                shape, [&](const auto *activation, const auto order) {
                  using Activation = std::remove_const_t<
                    std::remove_pointer_t<decltype(activation)>>;
                  activate_adjoint<Activation, order>(
                    shape, layer, n_panels, workspace, bar);
                });

            add_sums(layer.n_outputs,
                     n_panels,
                     bar,
                     bar_panel_stride,
                     1.,
                     n_lanes,
                     workspace + layer.bias_gradient);
            if (l == 0)
              {
                add_outer_products(layer.n_outputs,
                                   layer.n_inputs,
                                   n_panels,
                                   bar,
                                   bar_panel_stride,
                                   workspace + shape.input,
                                   in_stride,
                                   workspace + layer.weight_gradient);
                for (unsigned int c = 1; c <= shape.n_first_order; ++c)
                  {
                    const unsigned int d = shape.coordinate_of_channel[c];
                    add_sums(layer.n_outputs,
                             n_panels,
                             bar + c * out_stride,
                             bar_panel_stride,
                             shape.input_slope[d],
                             std::size_t(layer.n_inputs) * n_lanes,
                             workspace + layer.weight_gradient + d * n_lanes);
                  }
              }
            else
              {
                add_outer_products(layer.n_outputs,
                                   layer.n_inputs,
                                   n_panels * shape.n_channels,
                                   bar,
                                   out_stride,
                                   workspace + shape.layers[l - 1].a,
                                   in_stride,
                                   workspace + layer.weight_gradient);
                for (unsigned int s = 0; s < n_panels * shape.n_channels; ++s)
                  multiply(layer.n_inputs,
                           layer.n_outputs,
                           workspace + layer.transposed_weights,
                           nullptr,
                           bar + s * out_stride,
                           next_bar + s * in_stride);
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
