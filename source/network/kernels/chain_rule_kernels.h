// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Included by the translation units of the jet engine; everything has internal
// linkage, see jet_engine.h.

#ifndef derl_network_kernels_chain_rule_kernels_h
#define derl_network_kernels_chain_rule_kernels_h

#include "hidden_panel.h"

namespace derl
{
  namespace internal
  {
    namespace
    {
      /**
       * Jets of f(z) from jets of z, propagated channels.
       */
      template <template <typename> class Activation,
                unsigned int max_order,
                typename Access>
      void
      activate(const JetShape          &shape,
               const LayerLayout       &layer,
               const unsigned int       panel,
               typename Access::Number *workspace)
      {
        using Value = typename Access::Value;
        const HiddenPanel<Activation, Access> p(shape, layer, panel, workspace);
        p.evaluate();
        // the tangent of the value needs f'
        constexpr unsigned int n =
          max_order == 0 && Access::has_tangents ? 1 : max_order;
        if constexpr (n > 0)
          p.for_each_unit([&](
            const std::size_t i) __attribute__((always_inline)) {
            Value f[n + 1];
            p.template recall<n>(i, f);
            if constexpr (Access::has_tangents)
              (f[1].value *
               Row<typename Access::Number>(p.z + i + p.access.offset))
                .store(p.a + i + p.access.offset);
            for (unsigned int c = 1; c < p.n_channels; ++c)
              p.access.store(f[1] * p.access.load(p.z + c * p.stride + i),
                             p.a + c * p.stride + i);
            p.template keep<2, n>(i, f);
          });
        for (unsigned int c = 1; c < p.n_channels; ++c)
          for_each_order<max_order>([&](const auto k) {
            for_each_term(layer.chain_terms, c, k, [&](const ChainTerm &term) {
              p.template add_term<k>(
                term, term.coefficient, p.a + c * p.stride, p.derivative(k));
            });
          });
      }



      /**
       * What a layer adds to the collapsed derivatives, given the adjoint of
       * its activations' values; and the adjoint of its pre-activations'
       * values, the first of the arrays scaled_adjoint of each component.
       */
      template <template <typename> class Activation,
                unsigned int max_order,
                typename Access>
      void
      collect_collapsed(const JetShape          &shape,
                        const LayerLayout       &layer,
                        const unsigned int       panel,
                        typename Access::Number *workspace)
      {
        using Number = typename Access::Number;
        using Value  = typename Access::Value;
        const HiddenPanel<Activation, Access> p(shape, layer, panel, workspace);
        const auto scaled_adjoint = [&](const unsigned int o,
                                        const unsigned int k) {
          return workspace + shape.scaled_adjoint +
                 (o * shape.max_order + k - 1) * p.scratch_stride;
        };
        p.for_each_unit([&](
          const std::size_t i) __attribute__((always_inline)) {
          Value f[max_order + 1];
          p.template recall<max_order>(i, f);
          for (unsigned int o = 0; o < p.n_components; ++o)
            {
              const Value bar =
                p.access.load(p.value_adjoint + o * p.stride + i);
#pragma GCC unroll 4
              for (unsigned int k = 1; k <= max_order; ++k)
                p.access.store(f[k] * bar, scaled_adjoint(o, k) + i);
            }
        });
        for (unsigned int o = 0; o < p.n_components; ++o)
          for_each_order<max_order>([&](const auto k) {
            const Number *const scaled = scaled_adjoint(o, k);
            for_each_term(
              layer.collapsed_terms, 0, k, [&](const ChainTerm &term) {
                Value sum = 0.;
                p.for_each_unit([&](const std::size_t i) {
                  sum += p.template times_factors<k>(
                    p.access.load(scaled + i), term, i);
                });
                Number *const result =
                  p.collapsed + o * p.collapsed_stride + term.source;
                p.access.store(p.access.load(result) + sum * term.coefficient,
                               result);
              });
          });
      }



      /**
       * The channels tau of f(z) from those of z, given the loss's derivatives
       * by the collapsed derivatives.
       */
      template <template <typename> class Activation,
                unsigned int max_order,
                typename Number>
      void
      activate_collapsed(const JetShape    &shape,
                         const LayerLayout &layer,
                         const unsigned int panel,
                         Number            *workspace)
      {
        const HiddenPanel<Activation, ValueAccess<Number>> p(
          shape, layer, panel, workspace);
        p.for_each_unit([&](
          const std::size_t i) __attribute__((always_inline)) {
          Row<Number> f[max_order + 1];
          p.template recall<max_order>(i, f);
          for (unsigned int o = 0; o < p.n_components; ++o)
            {
              const std::size_t channel = (p.n_channels + o) * p.stride + i;
              (f[1] * Row<Number>(p.z + channel)).store(p.a + channel);
            }
          p.template keep<2, max_order>(i, f);
        });
        for (unsigned int o = 0; o < p.n_components; ++o)
          for_each_order<max_order>([&](const auto k) {
            for_each_term(
              layer.collapsed_terms, 0, k, [&](const ChainTerm &term) {
                p.template add_term<k>(
                  term,
                  Row<Number>(p.collapsed_adjoint_of(o) + term.source) *
                    term.coefficient,
                  p.a + (p.n_channels + o) * p.stride,
                  p.derivative(k));
              });
          });
      }



      /**
       * The adjoint of activate() and activate_collapsed(): replace the
       * adjoint of the channels of f(z) at @p adjoint by that of the channels
       * of z, tau included.
       */
      template <template <typename> class Activation,
                unsigned int max_order,
                typename Number>
      void
      activate_adjoint(const JetShape    &shape,
                       const LayerLayout &layer,
                       const unsigned int panel,
                       Number            *workspace,
                       Number            *adjoint)
      {
        const HiddenPanel<Activation, ValueAccess<Number>> p(
          shape, layer, panel, workspace);
        p.for_each_unit([&](
          const std::size_t i) __attribute__((always_inline)) {
          Row<Number> f[max_order + 2];
          p.template recall<max_order + 1>(i, f);
          Number *const bar       = adjoint + i;
          Row<Number>   value_bar = f[1] * Row<Number>(bar);
          if constexpr (max_order > 0)
            {
              Row<Number> sum = 0.;
              for (unsigned int c = 1; c < p.n_channels; ++c)
                {
                  const Row<Number> a_bar(bar + c * p.stride);
                  sum += a_bar * Row<Number>(p.z + c * p.stride + i);
                  // terms need the adjoint of f(z) once more
                  if constexpr (max_order == 1)
                    (f[1] * a_bar).store(bar + c * p.stride);
                }
              for (unsigned int o = 0; o < p.n_components; ++o)
                {
                  const Row<Number> tau_bar(p.value_adjoint + o * p.stride + i);
                  const std::size_t channel = (p.n_channels + o) * p.stride;
                  sum += tau_bar * Row<Number>(p.z + channel + i);
                  (f[1] * tau_bar).store(bar + channel);
                }
              value_bar += f[2] * sum;
            }
          value_bar.store(bar);
          if constexpr (max_order > 1)
            p.template keep<1, max_order + 1>(i, f);
        });
        if constexpr (max_order < 2)
          return;

        // Channels in ascending order: those whose products contain a channel
        // come behind it, and still hold the adjoint of f(z).
        for (unsigned int c = 1; c < p.n_channels; ++c)
          {
            Number *const bar = adjoint + c * p.stride;
            for_each_order<max_order>([&](const auto k) {
              for_each_term(
                layer.chain_terms, c, k, [&](const ChainTerm &term) {
                  p.template add_term<k>(
                    term, term.coefficient, adjoint, p.derivative(k + 1), bar);
                });
            });
            p.for_each_unit([&](const std::size_t i) {
              (Row<Number>(p.derivative(1) + i) * Row<Number>(bar + i))
                .store(bar + i);
            });
            for_each_order<max_order>([&](const auto k) {
              for_each_term(
                layer.chain_term_derivatives, c, k, [&](const ChainTerm &term) {
                  p.template add_term<k - 1>(term,
                                             term.coefficient,
                                             bar,
                                             p.derivative(k),
                                             adjoint + term.source);
                });
            });
          }
        for (unsigned int o = 0; o < p.n_components; ++o)
          {
            const Number *const tau_bar = p.value_adjoint + o * p.stride;
            const auto          loss_derivative = [&](const ChainTerm &term) {
              return Row<Number>(p.collapsed_adjoint_of(o) + term.source) *
                     term.coefficient;
            };
            for_each_order<max_order>([&](const auto k) {
              for (unsigned int c = 1; c < p.n_channels; ++c)
                for_each_term(layer.collapsed_term_derivatives,
                              c,
                              k,
                              [&](const ChainTerm &term) {
                                p.template add_term<k - 1>(
                                  term,
                                  loss_derivative(term),
                                  adjoint + c * p.stride,
                                  p.derivative(k),
                                  tau_bar);
                              });
              for_each_term(
                layer.collapsed_terms, 0, k, [&](const ChainTerm &term) {
                  p.template add_term<k>(term,
                                         loss_derivative(term),
                                         adjoint,
                                         p.derivative(k + 1),
                                         tau_bar);
                });
            });
          }
      }



      /**
       * These functions for one activation and order.
       */
      template <typename Number>
      struct ChainRuleKernels
      {
        using Function        = void (*)(const JetShape &,
                                  const LayerLayout &,
                                  unsigned int,
                                  Number *);
        using AdjointFunction = void (*)(const JetShape &,
                                         const LayerLayout &,
                                         unsigned int,
                                         Number *,
                                         Number *);
        Function        activate[2];
        Function        collect_collapsed[2];
        Function        activate_collapsed;
        AdjointFunction activate_adjoint;
      };

      template <typename Number,
                template <typename>
                class Activation,
                unsigned int max_order>
      constexpr ChainRuleKernels<Number>
      make_chain_rule_kernels()
      {
        using Values = ValueAccess<Number>;
        using Duals  = DualAccess<Number>;
        // without derivatives nothing is collapsed
        constexpr unsigned int order = max_order > 0 ? max_order : 1;
        return {{&activate<Activation, max_order, Values>,
                 &activate<Activation, max_order, Duals>},
                {&collect_collapsed<Activation, order, Values>,
                 &collect_collapsed<Activation, order, Duals>},
                &activate_collapsed<Activation, order, Number>,
                &activate_adjoint<Activation, max_order, Number>};
      }

      template <typename Number, template <typename> class Activation>
      const ChainRuleKernels<Number> &
      chain_rule_kernels_of_order(const unsigned int order)
      {
        static constexpr ChainRuleKernels<Number> kernels[] = {
          make_chain_rule_kernels<Number, Activation, 0>(),
          make_chain_rule_kernels<Number, Activation, 1>(),
          make_chain_rule_kernels<Number, Activation, 2>(),
          make_chain_rule_kernels<Number, Activation, 3>(),
          make_chain_rule_kernels<Number, Activation, 4>()};
        return kernels[order];
      }

      template <typename Number>
      const ChainRuleKernels<Number> &
      chain_rule_kernels(const JetShape &shape, const unsigned int order)
      {
        switch (shape.activation)
          {
          case Activation::tanh:
            return chain_rule_kernels_of_order<Number, TanhActivation>(order);
          case Activation::sine:
            return chain_rule_kernels_of_order<Number, SineActivation>(order);
          case Activation::softplus:
            return chain_rule_kernels_of_order<Number, SoftplusActivation>(
              order);
          case Activation::silu:
            return chain_rule_kernels_of_order<Number, SiluActivation>(order);
          }
        __builtin_unreachable();
      }
    } // namespace
  }   // namespace internal
} // namespace derl

#endif
