// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Included by the translation units of the jet engine; everything has internal
// linkage, see jet_engine.h.

#ifndef derl_network_kernels_packed_parameters_h
#define derl_network_kernels_packed_parameters_h

#include "matrix_products.h"
#include "simd.h"

namespace derl
{
  namespace internal
  {
    namespace
    {
      /** Propagated channels and channels tau. */
      unsigned int
      n_all_channels(const JetShape &shape)
      {
        return shape.n_channels + shape.n_collapsed_channels;
      }



      template <typename Number>
      void
      fill_row(const double value, Number *row)
      {
        Row<Number>(value).store(row);
      }



      /**
       * Weights and biases into the layout of multiply(), @p offset numbers
       * behind that of the parameters in use.
       */
      template <typename Number>
      void
      pack_parameters(const JetShape   &shape,
                      const double     *parameters,
                      const std::size_t offset,
                      Number           *workspace)
      {
        for (unsigned int l = 0; l < shape.n_layers; ++l)
          {
            const LayerLayout &layer   = shape.layers[l];
            const double      *weights = parameters + layer.first_parameter;
            const double      *bias =
              weights + std::size_t(layer.n_inputs) * layer.n_outputs;
            pack_matrix(layer.n_outputs,
                        layer.n_inputs,
                        weights,
                        layer.n_inputs,
                        1,
                        workspace + offset + layer.weights);
            pack_matrix(layer.n_inputs,
                        layer.n_outputs,
                        weights,
                        1,
                        layer.n_inputs,
                        workspace + offset + layer.transposed_weights);
            for (unsigned int i = 0; i < layer.n_outputs; ++i)
              workspace[offset + layer.bias + i] = static_cast<Number>(bias[i]);
          }
      }



      template <typename Number>
      void
      set_parameters(const JetShape &shape,
                     const double   *parameters,
                     Number         *workspace)
      {
        pack_parameters(shape, parameters, 0, workspace);

        // what of the input's derivatives does not depend on the point
        const LayerLayout &first = shape.layers[0];
        for (unsigned int p = 0; p < shape.n_panels; ++p)
          for (unsigned int c = 1; c < shape.n_channels; ++c)
            if (shape.coordinate_of_channel[c] < shape.n_inputs)
              {
                const unsigned int d = shape.coordinate_of_channel[c];
                fill_row(shape.input_slope[d],
                         workspace + first.input +
                           (p * n_all_channels(shape) + c) *
                             first.input_stride +
                           d * panel_size<Number>);
              }
      }



      template <typename Number>
      void
      set_direction(const JetShape &shape,
                    const double   *direction,
                    Number         *workspace)
      {
        pack_parameters(shape, direction, shape.tangents, workspace);
        for (unsigned int l = 0; l < shape.n_layers; ++l)
          if (shape.layers[l].is_fixed)
            {
              const LayerLayout &layer = shape.layers[l];
              Number *const      rates = workspace + shape.tangents;
              const std::size_t  n_weights =
                std::size_t(layer.n_inputs) * layer.n_outputs;
              for (std::size_t i = 0; i < n_weights; ++i)
                rates[layer.weights + i] = rates[layer.transposed_weights + i] =
                  Number(0);
              for (unsigned int i = 0; i < layer.n_outputs; ++i)
                rates[layer.bias + i] = Number(0);
            }
      }
    } // namespace
  }   // namespace internal
} // namespace derl

#endif
