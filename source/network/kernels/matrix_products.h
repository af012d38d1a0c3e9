// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Included once by each translation unit of the jet engine; everything has
// internal linkage, see jet_engine.h.

#ifndef derl_network_kernels_matrix_products_h
#define derl_network_kernels_matrix_products_h

#include "activation_functions.h"

#include <cstddef>

namespace derl
{
  namespace internal
  {
    namespace
    {
      // Tile sizes: as many accumulators as fit into the SIMD registers (32
      // with AVX-512, else 16) beside the operands, found by measurement.
#ifdef __AVX512F__
      constexpr unsigned int max_tile_rows        = 10;
      constexpr unsigned int max_gradient_rows    = 5;
      constexpr unsigned int max_gradient_columns = 5;
#else
      constexpr unsigned int max_tile_rows        = 5;
      constexpr unsigned int max_gradient_rows    = 4;
      constexpr unsigned int max_gradient_columns = 3;
#endif

      /**
       * Tiles of near-equal height, none above the maximum.
       */
      struct Tiling
      {
        Tiling(const unsigned int n_rows, const unsigned int max_rows)
          : n_tiles((n_rows + max_rows - 1) / max_rows)
          , height(n_rows / n_tiles)
          , n_taller(n_rows % n_tiles)
        {
        }

        unsigned int
        rows(const unsigned int tile) const
        {
          return height + (tile < n_taller ? 1 : 0);
        }

        unsigned int n_tiles;
        unsigned int height;
        unsigned int n_taller;
      };



      /**
       * Copy element (row, column) -> matrix[row * row_stride + column *
       * column_stride] to the order in which multiply() reads it.
       */
      void
      pack_matrix(const unsigned int n_rows,
                  const unsigned int n_columns,
                  const double      *matrix,
                  const std::size_t  row_stride,
                  const std::size_t  column_stride,
                  double            *packed)
      {
        const Tiling tiling(n_rows, max_tile_rows);
        for (unsigned int tile = 0, row = 0; tile < tiling.n_tiles; ++tile)
          {
            const unsigned int rows = tiling.rows(tile);
            for (unsigned int column = 0; column < n_columns; ++column)
              for (unsigned int r = 0; r < rows; ++r)
                *packed++ =
                  matrix[(row + r) * row_stride + column * column_stride];
            row += rows;
          }
      }



      /**
       * Steps of the contraction between two looks at its end: a loop that is
       * left after few rounds is left without a mispredicted branch.
       */
      constexpr unsigned int unrolled_steps = 8;

      template <unsigned int rows>
      inline __attribute__((always_inline)) void
      multiply_tile(const unsigned int n_columns,
                    const double      *packed,
                    const double      *bias,
                    const double      *in,
                    double            *out)
      {
        Pack sum0[rows], sum1[rows];
#pragma GCC unroll 10
        for (unsigned int r = 0; r < rows; ++r)
          sum0[r] = sum1[r] = (bias != nullptr ? Pack(bias[r]) : Pack(0.));

        const auto step = [&]() __attribute__((always_inline))
        {
          const Pack in0 = load(in);
          const Pack in1 = load(in + n_lanes);
#pragma GCC unroll 10
          for (unsigned int r = 0; r < rows; ++r)
            {
              const Pack w = packed[r];
              sum0[r] += w * in0;
              sum1[r] += w * in1;
            }
          in += panel_size;
          packed += rows;
        };
        unsigned int k = 0;
        for (; k + unrolled_steps <= n_columns; k += unrolled_steps)
          {
#pragma GCC unroll 8
            for (unsigned int u = 0; u < unrolled_steps; ++u)
              step();
          }
        for (; k < n_columns; ++k)
          step();

#pragma GCC unroll 10
        for (unsigned int r = 0; r < rows; ++r)
          {
            store(sum0[r], out + r * panel_size);
            store(sum1[r], out + r * panel_size + n_lanes);
          }
      }



      /**
       * Call functor.template operator()<rows>() for a number of rows only
       * known at run time.
       */
      template <unsigned int max_rows, typename Functor>
      inline void
      with_static_rows(const unsigned int rows, const Functor &functor)
      {
        if constexpr (max_rows == 1)
          functor(std::integral_constant<unsigned int, 1>());
        else if (rows == max_rows)
          functor(std::integral_constant<unsigned int, max_rows>());
        else
          with_static_rows<max_rows - 1>(rows, functor);
      }



      /**
       * out = matrix * in (+ bias) for one panel: in is [column][point], out
       * [row][point], the matrix as packed by pack_matrix().
       */
      void
      multiply(const unsigned int n_rows,
               const unsigned int n_columns,
               const double      *packed,
               const double      *bias,
               const double      *in,
               double            *out)
      {
        const Tiling tiling(n_rows, max_tile_rows);
        for (unsigned int tile = 0; tile < tiling.n_tiles; ++tile)
          {
            const unsigned int rows = tiling.rows(tile);
            with_static_rows<max_tile_rows>(rows, [&](const auto static_rows) {
              multiply_tile<static_rows>(n_columns, packed, bias, in, out);
            });
            packed += rows * n_columns;
            if (bias != nullptr)
              bias += rows;
            out += rows * panel_size;
          }
      }



      template <unsigned int rows, unsigned int columns>
      inline __attribute__((always_inline)) void
      outer_product_tile(const unsigned int n_products,
                         const double      *left,
                         const std::size_t  left_stride,
                         const double      *right,
                         const std::size_t  right_stride,
                         const std::size_t  row_stride,
                         double            *lanes)
      {
        Pack sum[rows][columns];
#pragma GCC unroll 5
        for (unsigned int i = 0; i < rows; ++i)
#pragma GCC unroll 5
          for (unsigned int j = 0; j < columns; ++j)
            sum[i][j] = 0.;
        for (unsigned int product = 0; product < n_products; ++product)
          {
#pragma GCC unroll 2
            for (unsigned int half = 0; half < panel_size; half += n_lanes)
              {
                Pack factors[columns];
#pragma GCC unroll 5
                for (unsigned int j = 0; j < columns; ++j)
                  factors[j] = load(right + j * panel_size + half);
#pragma GCC unroll 5
                for (unsigned int i = 0; i < rows; ++i)
                  {
                    const Pack x = load(left + i * panel_size + half);
#pragma GCC unroll 5
                    for (unsigned int j = 0; j < columns; ++j)
                      sum[i][j] += x * factors[j];
                  }
              }
            left += left_stride;
            right += right_stride;
          }
#pragma GCC unroll 5
        for (unsigned int i = 0; i < rows; ++i)
#pragma GCC unroll 5
          for (unsigned int j = 0; j < columns; ++j)
            {
              double *target = lanes + i * row_stride + j * n_lanes;
              store(load(target) + sum[i][j], target);
            }
      }



      /**
       * Add sum_s left_s right_s^T over n_products panels, each lane on its
       * own: lanes[row][column][lane]. left_s is [row][point] and right_s
       * [column][point]; successive panels are a stride apart.
       */
      void
      add_outer_products(const unsigned int n_rows,
                         const unsigned int n_columns,
                         const unsigned int n_products,
                         const double      *left,
                         const std::size_t  left_stride,
                         const double      *right,
                         const std::size_t  right_stride,
                         double            *lanes)
      {
        const Tiling row_tiling(n_rows, max_gradient_rows);
        const Tiling column_tiling(n_columns, max_gradient_columns);
        const auto   row_stride = std::size_t(n_columns) * n_lanes;
        for (unsigned int row_tile = 0, row = 0; row_tile < row_tiling.n_tiles;
             ++row_tile)
          {
            const unsigned int rows = row_tiling.rows(row_tile);
            for (unsigned int column_tile = 0, column = 0;
                 column_tile < column_tiling.n_tiles;
                 ++column_tile)
              {
                const unsigned int columns = column_tiling.rows(column_tile);
                with_static_rows<max_gradient_rows>(rows, [&](const auto r) {
                  with_static_rows<max_gradient_columns>(
                    columns, [&](const auto c) {
                      outer_product_tile<r, c>(n_products,
                                               left + row * panel_size,
                                               left_stride,
                                               right + column * panel_size,
                                               right_stride,
                                               row_stride,
                                               lanes + row * row_stride +
                                                 column * n_lanes);
                    });
                });
                column += columns;
              }
            row += rows;
          }
      }
    } // namespace
  }   // namespace internal
} // namespace derl

#endif
