// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Included by the translation units of the jet engine; everything has internal
// linkage, see jet_engine.h.

#ifndef derl_network_kernels_jacobian_factors_h
#define derl_network_kernels_jacobian_factors_h

#include "propagation.h"

namespace derl
{
  namespace internal
  {
    namespace
    {
      /**
       * The factors of one layer within those of a panel of rows: adjoints,
       * then activations, of all channels.
       */
      struct FactorLayout
      {
        FactorLayout(const unsigned int n_channels, const LayerLayout &layer)
          : n_adjoints(n_channels * layer.output_stride)
          , size(n_adjoints + n_channels * layer.input_stride)
        {
        }

        const std::size_t n_adjoints;
        const std::size_t size;
      };



      /**
       * Call function(layer, adjoints, activations) for the factors of each
       * layer of a panel that is not fixed.
       */
      template <typename Number, typename Function>
      DERL_ALWAYS_INLINE void
      for_each_layer(const JetShape &shape,
                     Number         *factors,
                     const Function &function)
      {
        for (unsigned int l = 0; l < shape.n_layers; ++l)
          if (!shape.layers[l].is_fixed)
            {
              const FactorLayout layout(n_all_channels(shape), shape.layers[l]);
              function(shape.layers[l], factors, factors + layout.n_adjoints);
              factors += layout.size;
            }
      }



      template <typename Number>
      void
      factorize(const JetShape    &shape,
                const unsigned int n_panels,
                Number            *workspace,
                Number            *factors,
                const std::size_t  stride)
      {
        const auto copy =
          [](const Number *from, const std::size_t n, Number *to) {
            for (std::size_t i = 0; i < n; ++i)
              to[i] = from[i];
          };
        std::size_t begin = shape.factor_size;
        propagate_back(
          shape,
          n_panels,
          workspace,
          [&](const LayerLayout &layer, const Number *bar) {
            const FactorLayout layout(n_all_channels(shape), layer);
            const std::size_t  n_inputs = layout.size - layout.n_adjoints;
            begin -= layout.size;
            for (unsigned int p = 0; p < n_panels; ++p)
              {
                Number *const target = factors + p * stride + begin;
                copy(bar + p * layout.n_adjoints, layout.n_adjoints, target);
                copy(workspace + layer.input + p * n_inputs,
                     n_inputs,
                     target + layout.n_adjoints);
              }
          });
      }



      template <typename Number>
      void
      expand_rows(const JetShape &shape,
                  const Number   *factors,
                  double *const  *rows)
      {
        constexpr unsigned int panel       = panel_size<Number>;
        constexpr unsigned int max_columns = 16;
        alignas(64) Number     columns[max_columns * panel];
        // from lanes to rows
        const auto write = [&](const unsigned int n, const std::size_t first) {
          for (unsigned int k = 0; k < panel; ++k)
            if (rows[k] != nullptr)
              for (unsigned int j = 0; j < n; ++j)
                rows[k][first + j] = columns[j * panel + k];
        };

        for_each_layer(
          shape,
          factors,
          [&](const LayerLayout &layer,
              const Number      *adjoints,
              const Number      *activations) {
            std::size_t parameter = layer.first_parameter;
            for (unsigned int i = 0; i < layer.n_outputs; ++i)
              for (unsigned int begin = 0; begin < layer.n_inputs;
                   begin += max_columns)
                {
                  const unsigned int n = layer.n_inputs - begin < max_columns
                                           ? layer.n_inputs - begin
                                           : max_columns;
                  for (unsigned int j = 0; j < n; ++j)
                    {
                      Row<Number> sum = 0.;
                      for (unsigned int c = 0; c < n_all_channels(shape); ++c)
                        sum +=
                          Row<Number>(adjoints + c * layer.output_stride +
                                      i * panel) *
                          Row<Number>(activations + c * layer.input_stride +
                                      (begin + j) * panel);
                      sum.store(columns + j * panel);
                    }
                  write(n, parameter);
                  parameter += n;
                }
            for (unsigned int i = 0; i < layer.n_outputs; ++i)
              {
                Row<Number>(adjoints + i * panel).store(columns);
                write(1, parameter++);
              }
          });
      }



      template <typename Number>
      void
      inner_products(const JetShape    &shape,
                     const unsigned int n_first,
                     const Number      *first,
                     const unsigned int n_second,
                     const Number      *second,
                     Number            *products)
      {
        // (sum_c b_c a_c^T) : (sum_d b'_d a'_d^T) is the sum of
        // (b_c b'_d) (a_c a'_d), whatever the channels mean
        constexpr unsigned int panel     = panel_size<Number>;
        constexpr unsigned int tile_rows = 4;
        for (unsigned int tile = 0; tile < panel; tile += tile_rows)
          {
            Row<Number> total[tile_rows];
            for (unsigned int r = 0; r < tile_rows; ++r)
              total[r] = 0.;
            std::size_t first_begin = 0, second_begin = 0;
            for (unsigned int l = 0; l < shape.n_layers; ++l)
              {
                const LayerLayout &layer = shape.layers[l];
                if (layer.is_fixed)
                  continue;
                const FactorLayout first_layout(n_first, layer);
                const FactorLayout second_layout(n_second, layer);
                for (unsigned int c = 0; c < n_first; ++c)
                  for (unsigned int d = 0; d < n_second; ++d)
                    {
                      Row<Number> adjoints[tile_rows], inputs[tile_rows];
                      for (unsigned int r = 0; r < tile_rows; ++r)
                        {
                          adjoints[r] = 0.;
                          // the bias sees an input of one
                          inputs[r] = c == 0 && d == 0 ? 1. : 0.;
                        }
                      contract<tile_rows>(
                        layer.n_outputs,
                        second + second_begin + d * layer.output_stride + tile,
                        panel,
                        first + first_begin + c * layer.output_stride,
                        adjoints);
                      contract<tile_rows>(
                        layer.n_inputs,
                        second + second_begin + second_layout.n_adjoints +
                          d * layer.input_stride + tile,
                        panel,
                        first + first_begin + first_layout.n_adjoints +
                          c * layer.input_stride,
                        inputs);
                      for (unsigned int r = 0; r < tile_rows; ++r)
                        total[r] += adjoints[r] * inputs[r];
                    }
                first_begin += first_layout.size;
                second_begin += second_layout.size;
              }
            for (unsigned int r = 0; r < tile_rows; ++r)
              total[r].store(products + (tile + r) * panel);
          }
      }
    } // namespace
  }   // namespace internal
} // namespace derl

#endif
