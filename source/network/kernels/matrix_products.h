// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Included by the translation units of the jet engine; everything has internal
// linkage, see jet_engine.h.

#ifndef derl_network_kernels_matrix_products_h
#define derl_network_kernels_matrix_products_h

#include "simd.h"

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
      constexpr unsigned int max_gradient_rows    = 3;
      constexpr unsigned int max_gradient_columns = 4;
#endif

      /**
       * Tiles of near-equal height, none above the maximum: first the taller
       * ones, then those that are one row lower.
       */
      template <unsigned int max_rows>
      struct Tiling
      {
        DERL_ALWAYS_INLINE explicit Tiling(const unsigned int n_rows)
          : n_tiles((n_rows + max_rows - 1) / max_rows)
          , height(n_rows / n_tiles)
          , n_taller(n_rows % n_tiles)
        {
        }

        /**
         * Call function(first row, rows), with a constant for the second, for
         * all tiles.
         */
        template <typename Function>
        DERL_ALWAYS_INLINE void
        for_each_tile(const Function &function) const
        {
          with_height<max_rows>(function);
        }

      private:
        template <unsigned int candidate, typename Function>
        DERL_ALWAYS_INLINE void
        with_height(const Function &function) const
        {
          using Height = std::integral_constant<unsigned int, candidate>;
          using Taller = std::integral_constant<unsigned int, candidate + 1>;
          if (height == candidate)
            {
              unsigned int tile = 0, row = 0;
              if constexpr (candidate < max_rows)
                for (; tile < n_taller; ++tile, row += candidate + 1)
                  function(row, Taller());
              for (; tile < n_tiles; ++tile, row += candidate)
                function(row, Height());
            }
          else if constexpr (candidate > 1)
            with_height<candidate - 1>(function);
        }

        const unsigned int n_tiles;
        const unsigned int height;
        const unsigned int n_taller;
      };



      /**
       * Copy element (row, column) -> matrix[row * row_stride + column *
       * column_stride] to the order in which multiply() reads it.
       */
      template <typename Number>
      void
      pack_matrix(const unsigned int n_rows,
                  const unsigned int n_columns,
                  const double      *matrix,
                  const std::size_t  row_stride,
                  const std::size_t  column_stride,
                  Number            *packed)
      {
        Tiling<max_tile_rows>(n_rows).for_each_tile(
          [&](const unsigned int row, const auto rows) {
            for (unsigned int column = 0; column < n_columns; ++column)
              for (unsigned int r = 0; r < rows; ++r)
                *packed++ = static_cast<Number>(
                  matrix[(row + r) * row_stride + column * column_stride]);
          });
      }



      /**
       * sum[r] += sum_k matrix[k][r] * in[k], with successive k a step apart.
       */
      template <unsigned int rows, typename Number>
      DERL_ALWAYS_INLINE void
      contract(const unsigned int n_columns,
               const Number      *matrix,
               const unsigned int matrix_step,
               const Number      *in,
               Row<Number> (&sum)[rows])
      {
        const auto step = [&]() __attribute__((always_inline))
        {
          Row<Number> x(in);
          keep_in_register<Number>(x.packs[0]);
          keep_in_register<Number>(x.packs[1]);
#pragma GCC unroll 10
          for (unsigned int r = 0; r < rows; ++r)
            {
              const Pack<Number> w = matrix[r];
              sum[r].packs[0] += w * x.packs[0];
              sum[r].packs[1] += w * x.packs[1];
            }
          in += panel_size<Number>;
          matrix += matrix_step;
        };
        // steps between two looks at the end: a loop that is left after few
        // rounds is left without a mispredicted branch
        constexpr unsigned int unrolled_steps = 8;
        unsigned int           k              = 0;
        for (; k + unrolled_steps <= n_columns; k += unrolled_steps)
          {
#pragma GCC unroll 8
            for (unsigned int u = 0; u < unrolled_steps; ++u)
              step();
          }
        for (; k < n_columns; ++k)
          step();
      }



      // Tiles are functions of their own, called: with two heights at each
      // place of use, inlined code would double.
      template <bool accumulate, unsigned int rows, typename Number>
      __attribute__((noinline)) void
      multiply_tile(const unsigned int n_columns,
                    const Number      *packed,
                    const Number      *bias,
                    const Number      *in,
                    Number            *out)
      {
        Row<Number> sum[rows];
#pragma GCC unroll 10
        for (unsigned int r = 0; r < rows; ++r)
          if constexpr (accumulate)
            sum[r] = Row<Number>(out + r * panel_size<Number>);
          else
            sum[r] = (bias != nullptr ? bias[r] : 0.);
        contract<rows>(n_columns, packed, rows, in, sum);
#pragma GCC unroll 10
        for (unsigned int r = 0; r < rows; ++r)
          sum[r].store(out + r * panel_size<Number>);
      }



      /**
       * out = matrix * in (+ bias), or out += matrix * in, for one panel: in is
       * [column][point], out [row][point], the matrix as packed by
       * pack_matrix().
       */
      template <bool accumulate, typename Number>
      void
      multiply(const unsigned int n_rows,
               const unsigned int n_columns,
               const Number      *packed,
               const Number      *bias,
               const Number      *in,
               Number            *out)
      {
        Tiling<max_tile_rows>(n_rows).for_each_tile([&](
          const unsigned int row,
          const auto         rows) __attribute__((always_inline)) {
          multiply_tile<accumulate, rows>(n_columns,
                                          packed + row * n_columns,
                                          bias == nullptr ? bias : bias + row,
                                          in,
                                          out + row * panel_size<Number>);
        });
      }



      /**
       * Numbers of a tile of outer products, whose sums over lanes are made in
       * groups of as many as a pack has lanes.
       */
      template <unsigned int rows, unsigned int columns, typename Number>
      constexpr unsigned int
        padded_tile_size = (rows * columns + n_lanes<Number> - 1) /
                           n_lanes<Number> *n_lanes<Number>;



      /**
       * Add a pack to double precision numbers, which may take twice the memory
       * of a pack, but are not aligned better than the workspace.
       */
      template <typename Number>
      DERL_ALWAYS_INLINE void
      add_to(const Pack<Number> &x, double *sums)
      {
        using Sums =
          std::experimental::fixed_size_simd<double, n_lanes<Number>>;
        constexpr std::size_t size = n_lanes<Number> * sizeof(double);
        constexpr std::experimental::overaligned_tag<(
          size < workspace_alignment ? size : workspace_alignment)>
             aligned;
        Sums s(sums, aligned);
        s += std::experimental::static_simd_cast<Sums>(x);
        s.copy_to(sums, aligned);
      }



      template <unsigned int rows, unsigned int columns, typename Number>
      __attribute__((noinline)) void
      outer_product_tile(const unsigned int n_products,
                         const Number      *left,
                         const std::size_t  left_stride,
                         const Number      *right,
                         const std::size_t  right_stride,
                         double            *result)
      {
        constexpr unsigned int n_sums = padded_tile_size<rows, columns, Number>;
        constexpr unsigned int n_groups = n_sums / n_lanes<Number>;
        Pack<Number>           sum[n_sums];
#pragma GCC unroll 32
        for (unsigned int i = 0; i < n_sums; ++i)
          sum[i] = Number(0);
        for (unsigned int product = 0; product < n_products; ++product)
          {
#pragma GCC unroll 2
            for (unsigned int half = 0; half < panel_size<Number>;
                 half += n_lanes<Number>)
              {
                Pack<Number> factors[columns];
#pragma GCC unroll 5
                for (unsigned int j = 0; j < columns; ++j)
                  factors[j] = load_pack(right + j * panel_size<Number> + half);
#pragma GCC unroll 5
                for (unsigned int i = 0; i < rows; ++i)
                  {
                    const Pack<Number> x =
                      load_pack(left + i * panel_size<Number> + half);
#pragma GCC unroll 5
                    for (unsigned int j = 0; j < columns; ++j)
                      sum[i * columns + j] += x * factors[j];
                  }
              }
            left += left_stride;
            right += right_stride;
          }
#pragma GCC unroll 16
        for (unsigned int g = 0; g < n_groups; ++g)
          add_to(sum_of_lanes<Number>(sum + g * n_lanes<Number>),
                 result + g * n_lanes<Number>);
      }



      /**
       * Call function(row, rows, column, columns, position) for all tiles of a
       * matrix that add_outer_products() computes; position is where the tile
       * begins in its result.
       */
      template <typename Number, typename Function>
      DERL_ALWAYS_INLINE void
      for_each_gradient_tile(const unsigned int n_rows,
                             const unsigned int n_columns,
                             const Function    &function)
      {
        const Tiling<max_gradient_columns> column_tiling(n_columns);
        std::size_t                        position = 0;
        Tiling<max_gradient_rows>(n_rows).for_each_tile([&](
          const unsigned int row,
          const auto         rows) __attribute__((always_inline)) {
          column_tiling.for_each_tile([&](
            const unsigned int column,
            const auto         columns) __attribute__((always_inline)) {
            function(row, rows, column, columns, position);
            position += padded_tile_size<rows, columns, Number>;
          });
        });
      }



      /**
       * Numbers in the result of add_outer_products().
       */
      template <typename Number>
      std::size_t
      n_sums(const unsigned int n_rows, const unsigned int n_columns)
      {
        std::size_t end = 0;
        for_each_gradient_tile<Number>(
          n_rows,
          n_columns,
          [&](const unsigned int,
              const auto rows,
              const unsigned int,
              const auto        columns,
              const std::size_t position) {
            end = position + padded_tile_size<rows, columns, Number>;
          });
        return end;
      }



      /**
       * Add sum_s left_s right_s^T over n_products panels to @p result, tile by
       * tile. left_s is [row][point] and right_s [column][point]; successive
       * panels are a stride apart.
       */
      template <typename Number>
      void
      add_outer_products(const unsigned int n_rows,
                         const unsigned int n_columns,
                         const unsigned int n_products,
                         const Number      *left,
                         const std::size_t  left_stride,
                         const Number      *right,
                         const std::size_t  right_stride,
                         double            *result)
      {
        for_each_gradient_tile<Number>(
          n_rows,
          n_columns,
          [&](const unsigned int row,
              const auto         rows,
              const unsigned int column,
              const auto         columns,
              const std::size_t  position) __attribute__((always_inline)) {
            outer_product_tile<rows, columns>(n_products,
                                              left + row * panel_size<Number>,
                                              left_stride,
                                              right +
                                                column * panel_size<Number>,
                                              right_stride,
                                              result + position);
          });
      }



      /**
       * Add what add_outer_products() has summed up to matrix[row][column].
       */
      template <typename Number>
      void
      unpack_tiles(const unsigned int n_rows,
                   const unsigned int n_columns,
                   const double      *tiles,
                   double            *matrix)
      {
        for_each_gradient_tile<Number>(
          n_rows,
          n_columns,
          [&](const unsigned int row,
              const auto         rows,
              const unsigned int column,
              const auto         columns,
              const std::size_t  position) {
            for (unsigned int i = 0; i < rows; ++i)
              for (unsigned int j = 0; j < columns; ++j)
                matrix[(row + i) * std::size_t(n_columns) + column + j] +=
                  tiles[position + i * columns + j];
          });
      }
    } // namespace
  }   // namespace internal
} // namespace derl

#endif
