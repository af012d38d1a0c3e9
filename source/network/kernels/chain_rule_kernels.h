// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Included once by each translation unit of the jet engine; everything has
// internal linkage, see jet_engine.h.

#ifndef derl_network_kernels_chain_rule_kernels_h
#define derl_network_kernels_chain_rule_kernels_h

#include "activation_functions.h"
#include "jet_engine.h"

namespace derl
{
  namespace internal
  {
    namespace
    {
      /**
       * A pack of units and points of a hidden layer: where its numbers are,
       * and the derivatives f', f'', ... of the activation.
       */
      template <typename Activation, unsigned int n_derivatives>
      struct PackOfUnits
      {
        inline __attribute__((always_inline))
        PackOfUnits(const LayerLayout &layer,
                    const std::size_t  n_all_channels,
                    const unsigned int panel,
                    const std::size_t  offset,
                    double            *workspace)
          : stride(layer.output_stride)
          , z(workspace + layer.z + panel * n_all_channels * stride + offset)
          , a(workspace + layer.a + panel * n_all_channels * stride + offset)
          , auxiliary(workspace + layer.auxiliary + panel * stride + offset)
        {
        }

        /**
         * Compute f, and its derivatives, at the value of z.
         */
        inline __attribute__((always_inline)) void
        evaluate(const Activation &activation)
        {
          Pack value, second;
          activation.evaluate(load(z), value, second);
          store(value, a);
          if constexpr (Activation::has_auxiliary)
            store(second, auxiliary);
          if constexpr (n_derivatives > 0)
            activation.template derivatives<n_derivatives>(value, second, f);
        }

        /**
         * The derivatives again, from what evaluate() has stored.
         */
        inline __attribute__((always_inline)) void
        recall(const Activation &activation)
        {
          Pack second;
          if constexpr (Activation::has_auxiliary)
            second = load(auxiliary);
          activation.template derivatives<n_derivatives>(load(a), second, f);
        }

        /**
         * The product of a term's factors.
         */
        inline __attribute__((always_inline)) Pack
        product(const ChainTerm &term) const
        {
          Pack result = load(z + term.factors[0] * stride);
          for (unsigned int j = 1; j < term.n_factors; ++j)
            result *= load(z + term.factors[j] * stride);
          return result;
        }

        const std::size_t stride;
        double           *z;
        double           *a;
        double           *auxiliary;
        Pack              f[n_derivatives + 1];
      };



      /**
       * Call function(panel, offset) for all packs of a layer.
       */
      template <typename Function>
      inline __attribute__((always_inline)) void
      for_each_pack(const LayerLayout &layer,
                    const unsigned int n_panels,
                    const Function    &function)
      {
        const std::size_t end = std::size_t(layer.n_outputs) * panel_size;
        for (unsigned int panel = 0; panel < n_panels; ++panel)
          for (std::size_t offset = 0; offset < end; offset += n_lanes)
            function(panel, offset);
      }



      /**
       * Jets of f(z) from jets of z, propagated channels.
       */
      template <typename Activation, unsigned int max_order>
      void
      activate(const JetShape    &shape,
               const LayerLayout &layer,
               const unsigned int n_panels,
               double            *workspace)
      {
        const Activation  activation(shape.softplus_beta);
        const std::size_t n_all = shape.n_channels + shape.n_collapsed_channels;
        for_each_pack(
          layer,
          n_panels,
          [&](const unsigned int panel, const std::size_t offset)
            __attribute__((always_inline)) {
              PackOfUnits<Activation, max_order> pack(
                layer, n_all, panel, offset, workspace);
              pack.evaluate(activation);
              if constexpr (max_order > 0)
                for (unsigned int c = 1; c < shape.n_channels; ++c)
                  store(pack.f[1] * load(pack.z + c * pack.stride),
                        pack.a + c * pack.stride);
              if constexpr (max_order > 1)
                for (unsigned int t = 0; t < shape.n_chain_terms; ++t)
                  {
                    const ChainTerm &term = shape.chain_terms[t];
                    double *target        = pack.a + term.target * pack.stride;
                    store(load(target) + term.coefficient *
                                           pack.f[term.n_factors] *
                                           pack.product(term),
                          target);
                  }
            });
      }



      /**
       * What a layer adds to the collapsed derivatives, given the adjoint of
       * its values; and the adjoint of the pre-activations' values, written to
       * @p z_adjoint as [panel][component][unit][point].
       */
      template <typename Activation, unsigned int max_order>
      void
      collect_collapsed(const JetShape    &shape,
                        const LayerLayout &layer,
                        const unsigned int n_panels,
                        double            *workspace,
                        double            *z_adjoint)
      {
        const Activation   activation(shape.softplus_beta);
        const unsigned int n_components = shape.n_collapsed_channels;
        const std::size_t  n_all        = shape.n_channels + n_components;
        for_each_pack(
          layer,
          n_panels,
          [&](const unsigned int panel, const std::size_t offset)
            __attribute__((always_inline)) {
              PackOfUnits<Activation, max_order> pack(
                layer, n_all, panel, offset, workspace);
              pack.recall(activation);
              for (unsigned int o = 0; o < n_components; ++o)
                {
                  const std::size_t position =
                    (panel * n_components + o) * pack.stride + offset;
                  const Pack bar =
                    load(workspace + layer.value_adjoint + position);
                  store(pack.f[1] * bar, z_adjoint + position);
                  if constexpr (max_order > 1)
                    {
                      double *collapsed = workspace + shape.collapsed +
                                          (panel * n_components + o) *
                                            shape.n_collapsed * panel_size +
                                          offset % panel_size;
                      for (unsigned int t = 0; t < shape.n_collapsed_terms; ++t)
                        {
                          const ChainTerm &term = shape.collapsed_terms[t];
                          double *target = collapsed + term.target * panel_size;
                          store(load(target) + term.coefficient * bar *
                                                 pack.f[term.n_factors] *
                                                 pack.product(term),
                                target);
                        }
                    }
                }
            });
      }



      /**
       * The channels tau of f(z) from those of z, given the loss's derivatives
       * by the collapsed derivatives.
       */
      template <typename Activation, unsigned int max_order>
      void
      activate_collapsed(const JetShape    &shape,
                         const LayerLayout &layer,
                         const unsigned int n_panels,
                         double            *workspace)
      {
        const Activation   activation(shape.softplus_beta);
        const unsigned int n_components = shape.n_collapsed_channels;
        const std::size_t  n_all        = shape.n_channels + n_components;
        for_each_pack(
          layer,
          n_panels,
          [&](const unsigned int panel, const std::size_t offset)
            __attribute__((always_inline)) {
              PackOfUnits<Activation, max_order> pack(
                layer, n_all, panel, offset, workspace);
              pack.recall(activation);
              for (unsigned int o = 0; o < n_components; ++o)
                {
                  const std::size_t channel =
                    (shape.n_channels + o) * pack.stride;
                  Pack sum = pack.f[1] * load(pack.z + channel);
                  if constexpr (max_order > 1)
                    {
                      const double *c = workspace + shape.collapsed_adjoint +
                                        (panel * n_components + o) *
                                          shape.n_collapsed * panel_size +
                                        offset % panel_size;
                      for (unsigned int t = 0; t < shape.n_collapsed_terms; ++t)
                        {
                          const ChainTerm &term = shape.collapsed_terms[t];
                          sum += term.coefficient *
                                 load(c + term.target * panel_size) *
                                 pack.f[term.n_factors] * pack.product(term);
                        }
                    }
                  store(sum, pack.a + channel);
                }
            });
      }



      /**
       * The adjoint of one product of the chain rule, times @p scale: add to
       * @p value_bar, the adjoint of the value of z, and to those of the
       * factors' channels at @p bar.
       */
      template <typename PackType>
      inline __attribute__((always_inline)) void
      add_term_adjoint(const PackType  &pack,
                       const ChainTerm &term,
                       const Pack      &scale,
                       Pack            &value_bar,
                       double          *bar)
      {
        Pack factors[max_derivative_order];
        for (unsigned int j = 0; j < term.n_factors; ++j)
          factors[j] = load(pack.z + term.factors[j] * pack.stride);
        const Pack by_factor = scale * pack.f[term.n_factors];
        Pack       all       = scale * pack.f[term.n_factors + 1];
        for (unsigned int j = 0; j < term.n_factors; ++j)
          {
            all *= factors[j];
            Pack others = by_factor;
            for (unsigned int k = 0; k < term.n_factors; ++k)
              if (k != j)
                others *= factors[k];
            double *target = bar + term.factors[j] * pack.stride;
            store(load(target) + others, target);
          }
        value_bar += all;
      }



      /**
       * The adjoint of activate() and activate_collapsed(): replace the
       * adjoint of the channels of f(z) by that of the channels of z, tau
       * included.
       */
      template <typename Activation, unsigned int max_order>
      void
      activate_adjoint(const JetShape    &shape,
                       const LayerLayout &layer,
                       const unsigned int n_panels,
                       double            *workspace,
                       double            *adjoint)
      {
        const Activation   activation(shape.softplus_beta);
        const unsigned int n_components = shape.n_collapsed_channels;
        const std::size_t  n_all        = shape.n_channels + n_components;
        for_each_pack(
          layer,
          n_panels,
          [&](const unsigned int panel,
              const std::size_t  offset) __attribute__((always_inline)) {
            PackOfUnits<Activation, max_order + 1> pack(
              layer, n_all, panel, offset, workspace);
            pack.recall(activation);
            const std::size_t stride = pack.stride;
            double           *bar = adjoint + panel * n_all * stride + offset;

            Pack value_bar = pack.f[1] * load(bar);
            if constexpr (max_order > 0)
              {
                // the adjoints of channels are needed once more after their
                // places in bar have been overwritten
                Pack above[max_order > 1 ? max_channels : 1];
                for (unsigned int c = 1; c < shape.n_channels; ++c)
                  {
                    const Pack a_bar = load(bar + c * stride);
                    if constexpr (max_order > 1)
                      above[c] = a_bar;
                    value_bar += pack.f[2] * a_bar * load(pack.z + c * stride);
                    store(pack.f[1] * a_bar, bar + c * stride);
                  }
                if constexpr (max_order > 1)
                  for (unsigned int t = 0; t < shape.n_chain_terms; ++t)
                    {
                      const ChainTerm &term = shape.chain_terms[t];
                      add_term_adjoint(pack,
                                       term,
                                       term.coefficient * above[term.target],
                                       value_bar,
                                       bar);
                    }
                for (unsigned int o = 0; o < n_components; ++o)
                  {
                    const Pack a_bar =
                      load(workspace + layer.value_adjoint +
                           (panel * n_components + o) * stride + offset);
                    const std::size_t channel = (shape.n_channels + o) * stride;
                    store(pack.f[1] * a_bar, bar + channel);
                    value_bar += pack.f[2] * a_bar * load(pack.z + channel);
                    if constexpr (max_order > 1)
                      {
                        const double *c = workspace + shape.collapsed_adjoint +
                                          (panel * n_components + o) *
                                            shape.n_collapsed * panel_size +
                                          offset % panel_size;
                        for (unsigned int t = 0; t < shape.n_collapsed_terms;
                             ++t)
                          {
                            const ChainTerm &term = shape.collapsed_terms[t];
                            add_term_adjoint(
                              pack,
                              term,
                              term.coefficient *
                                load(c + term.target * panel_size) * a_bar,
                              value_bar,
                              bar);
                          }
                      }
                  }
              }
            store(value_bar, bar);
          });
      }
    } // namespace
  }   // namespace internal
} // namespace derl

#endif
