// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Included by the translation units of the jet engine; everything has internal
// linkage, see jet_engine.h.

#ifndef derl_network_kernels_hidden_panel_h
#define derl_network_kernels_hidden_panel_h

#include "activation_functions.h"
#include "jet_engine.h"

namespace derl
{
  namespace internal
  {
    namespace
    {
      /**
       * Call function(k) with constants k = 2 .. max_order.
       */
      template <unsigned int max_order, unsigned int k = 2, typename Function>
      DERL_ALWAYS_INLINE void
      for_each_order(const Function &function)
      {
        if constexpr (k <= max_order)
          {
            function(std::integral_constant<unsigned int, k>());
            for_each_order<max_order, k + 1>(function);
          }
      }



      /**
       * Call function(term) for the terms of one group and order of a table.
       */
      template <typename Function>
      DERL_ALWAYS_INLINE void
      for_each_term(const ChainTermTable &table,
                    const unsigned int    group,
                    const unsigned int    order,
                    const Function       &function)
      {
        const unsigned int *const begin = table.begin + 3 * group + order - 2;
        for (unsigned int t = begin[0]; t < begin[1]; ++t)
          function(table.terms[t]);
      }



      /**
       * A panel of a hidden layer: its arrays, and the derivatives of the
       * activation.
       */
      template <template <typename> class Activation, typename Access>
      struct HiddenPanel
      {
        using Number = typename Access::Number;
        using Value  = typename Access::Value;

        DERL_ALWAYS_INLINE
        HiddenPanel(const JetShape    &shape,
                    const LayerLayout &layer,
                    const unsigned int panel,
                    Number            *workspace)
          : access(shape.tangents)
          , activation(shape.softplus_beta)
          , n_components(shape.n_collapsed_channels)
          , n_channels(shape.n_channels)
          , stride(layer.output_stride)
          , end(std::size_t(layer.n_outputs) * panel_size<Number>)
          , z(workspace + layer.z +
              panel * (n_channels + n_components) * stride)
          , a(workspace + layer.a +
              panel * (n_channels + n_components) * stride)
          , auxiliary(workspace + layer.auxiliary + panel * stride)
          , value_adjoint(workspace + layer.value_adjoint +
                          panel * n_components * stride)
          , scratch_stride(shape.scratch_stride)
          , derivatives(workspace + shape.derivatives)
          , collapsed_stride(shape.n_collapsed * panel_size<Number>)
          , collapsed(workspace + shape.collapsed +
                      panel * n_components * collapsed_stride)
          , collapsed_adjoint(workspace + shape.collapsed_adjoint +
                              panel * n_components * collapsed_stride)
        {
        }

        /**
         * Call function(position) for the positions of all units.
         */
        template <typename Function>
        DERL_ALWAYS_INLINE void
        for_each_unit(const Function &function) const
        {
          for (std::size_t i = 0; i < end; i += panel_size<Number>)
            function(i);
        }

        /**
         * Replace the values of z by those of f(z).
         */
        DERL_ALWAYS_INLINE void
        evaluate() const
        {
          for_each_unit([&](
            const std::size_t i) __attribute__((always_inline)) {
            Row<Number> value, second;
            activation.evaluate(Row<Number>(a + i), value, second);
            value.store(a + i);
            if constexpr (Activation<Number>::has_auxiliary)
              second.store(auxiliary + i);
          });
        }

        /**
         * f[k] = f^(k)(z), k = 1 .. n, from what evaluate() has stored.
         */
        template <unsigned int n>
        DERL_ALWAYS_INLINE void
        recall(const std::size_t i, Value (&f)[n + 1]) const
        {
          const Row<Number> value(a + i);
          Row<Number>       second;
          if constexpr (Activation<Number>::has_auxiliary)
            second = Row<Number>(auxiliary + i);
          if constexpr (Access::has_tangents)
            {
              Row<Number> plain[n + 2];
              activation.template derivatives<n + 1>(value, second, plain);
              const Row<Number> z_tangent(z + i + access.offset);
              for (unsigned int k = 1; k <= n; ++k)
                f[k] = {plain[k], plain[k + 1] * z_tangent};
            }
          else
            activation.template derivatives<n>(value, second, f);
        }

        /**
         * @p result times the first n factors of a term.
         */
        template <unsigned int n>
        DERL_ALWAYS_INLINE Value
        times_factors(Value             result,
                      const ChainTerm  &term,
                      const std::size_t i) const
        {
#pragma GCC unroll 4
          for (unsigned int j = 0; j < n; ++j)
            result *= access.load(z + term.factors[j] + i);
          return result;
        }

        /**
         * Keep f[k], k = first .. n, for loops over terms.
         */
        template <unsigned int first, unsigned int n>
        DERL_ALWAYS_INLINE void
        keep(const std::size_t i, const Value (&f)[n + 1]) const
        {
#pragma GCC unroll 5
          for (unsigned int k = first; k <= n; ++k)
            access.store(f[k], derivative(k) + i);
        }

        /**
         * Where f^(k)(z) is kept.
         */
        DERL_ALWAYS_INLINE Number *
        derivative(const unsigned int k) const
        {
          return derivatives + (k - 1) * scratch_stride;
        }

        /**
         * target += factor * the n first factors of a term * the units of the
         * arrays, for all units.
         */
        template <unsigned int n, typename... Arrays>
        DERL_ALWAYS_INLINE void
        add_term(const ChainTerm &term,
                 const Value     &factor,
                 Number          *target,
                 const Arrays *...arrays) const
        {
          for_each_unit([&](const std::size_t i)
                          __attribute__((always_inline)) {
                            Value product = factor;
                            ((product *= access.load(arrays + i)), ...);
                            access.store(access.load(target + i) +
                                           times_factors<n>(product, term, i),
                                         target + i);
                          });
        }

        /**
         * The loss's derivatives by the collapsed derivatives of a component.
         */
        DERL_ALWAYS_INLINE const Number *
        collapsed_adjoint_of(const unsigned int o) const
        {
          return collapsed_adjoint + o * collapsed_stride;
        }

        const Access             access;
        const Activation<Number> activation;
        const unsigned int       n_components;
        const unsigned int       n_channels;
        const std::size_t        stride;
        const std::size_t        end;
        Number *const            z;
        Number *const            a;
        Number *const            auxiliary;
        Number *const            value_adjoint;
        const std::size_t        scratch_stride;
        Number *const            derivatives;
        const std::size_t        collapsed_stride;
        Number *const            collapsed;
        Number *const            collapsed_adjoint;
      };
    } // namespace
  }   // namespace internal
} // namespace derl

#endif
