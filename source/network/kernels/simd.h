// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Included by the translation units of the jet engine; everything has internal
// linkage, see jet_engine.h.

#ifndef derl_network_kernels_simd_h
#define derl_network_kernels_simd_h

#include <cstddef>
#include <cstdint>
#include <experimental/simd>

namespace derl
{
  namespace internal
  {
    namespace
    {
#define DERL_ALWAYS_INLINE inline __attribute__((always_inline))

      template <typename Number>
      using Pack = std::experimental::native_simd<Number>;

      template <typename Number>
      constexpr unsigned int n_lanes = Pack<Number>::size();

      template <typename Number>
      constexpr unsigned int panel_size = 2 * n_lanes<Number>;

      /** Of dealii::AlignedVector, in bytes. */
      constexpr std::size_t workspace_alignment = 64;

      template <typename Number>
      DERL_ALWAYS_INLINE Pack<Number>
                         load_pack(const Number *p)
      {
        return Pack<Number>(p, std::experimental::vector_aligned);
      }

      template <typename Number>
      DERL_ALWAYS_INLINE void
      store_pack(const Pack<Number> &x, Number *p)
      {
        x.copy_to(p, std::experimental::vector_aligned);
      }



      /**
       * Vectors of GCC's extension, for what std::experimental::simd does not
       * have.
       */
      template <typename Number>
      using Vector [[gnu::vector_size(sizeof(Pack<Number>))]] = Number;



      /**
       * Have the compiler load @p x once: GCC otherwise makes a memory operand
       * of it in each of several multiply-adds, and the number of loads, not
       * of multiply-adds, bounds the speed.
       */
      template <typename Number>
      DERL_ALWAYS_INLINE void
      keep_in_register(Pack<Number> &x)
      {
#ifdef __x86_64__
        Vector<Number> vector = __builtin_bit_cast(Vector<Number>, x);
        asm("" : "+v"(vector));
        x = __builtin_bit_cast(Pack<Number>, vector);
#else
        (void)x;
#endif
      }



      /**
       * One step of sum_of_lanes(): lane k of the result is x[k] + x[k+d] where
       * bit d of k is not set, else y[k-d] + y[k].
       */
      template <unsigned int d, typename Number, int... k>
      DERL_ALWAYS_INLINE Vector<Number>
                         add_lanes(const Vector<Number> &x,
                                   const Vector<Number> &y,
                                   const std::integer_sequence<int, k...> &)
      {
        constexpr int n = sizeof...(k);
        return __builtin_shufflevector(x, y, (k & d ? n + k - int(d) : k)...) +
               __builtin_shufflevector(x, y, (k & d ? n + k : k + int(d))...);
      }

      /**
       * The sums over the lanes of as many packs as a pack has lanes, in one
       * pack.
       */
      template <typename Number, unsigned int d = 1>
      DERL_ALWAYS_INLINE Pack<Number>
                         sum_of_lanes(const Pack<Number> *packs)
      {
        constexpr unsigned int n = n_lanes<Number>;
        if constexpr (d == n)
          return packs[0];
        else
          {
            Pack<Number> next[n / (2 * d)];
#pragma GCC unroll 8
            for (unsigned int i = 0; i < n / (2 * d); ++i)
              next[i] = __builtin_bit_cast(
                Pack<Number>,
                add_lanes<d, Number>(
                  __builtin_bit_cast(Vector<Number>, packs[2 * i]),
                  __builtin_bit_cast(Vector<Number>, packs[2 * i + 1]),
                  std::make_integer_sequence<int, n>()));
            return sum_of_lanes<Number, 2 * d>(next);
          }
      }



      /**
       * One unit at the points of a panel: two SIMD registers, so that two
       * independent operations are always at hand to hide the latency.
       */
      template <typename Number>
      struct Row
      {
        static constexpr unsigned int n_registers = 2;

        Row() = default;

        DERL_ALWAYS_INLINE
        Row(const double x)
        {
          for_each_pack([&](const unsigned int i) {
            packs[i] = Pack<Number>(static_cast<Number>(x));
          });
        }

        DERL_ALWAYS_INLINE explicit Row(const Number *p)
        {
          for_each_pack([&](const unsigned int i) {
            packs[i] = load_pack(p + i * n_lanes<Number>);
          });
        }

        DERL_ALWAYS_INLINE void
        store(Number *p) const
        {
          for_each_pack([&](const unsigned int i) {
            store_pack(packs[i], p + i * n_lanes<Number>);
          });
        }

        DERL_ALWAYS_INLINE Row &
        operator+=(const Row &x)
        {
          for_each_pack([&](const unsigned int i) { packs[i] += x.packs[i]; });
          return *this;
        }

        DERL_ALWAYS_INLINE Row &
        operator*=(const Row &x)
        {
          for_each_pack([&](const unsigned int i) { packs[i] *= x.packs[i]; });
          return *this;
        }

        friend DERL_ALWAYS_INLINE Row
        operator+(Row x, const Row &y)
        {
          return x += y;
        }

        friend DERL_ALWAYS_INLINE Row
        operator-(Row x, const Row &y)
        {
          for_each_pack(
            [&](const unsigned int i) { x.packs[i] -= y.packs[i]; });
          return x;
        }

        friend DERL_ALWAYS_INLINE Row
        operator*(Row x, const Row &y)
        {
          return x *= y;
        }

        friend DERL_ALWAYS_INLINE Row
        operator/(Row x, const Row &y)
        {
          for_each_pack(
            [&](const unsigned int i) { x.packs[i] /= y.packs[i]; });
          return x;
        }

        /**
         * Call function(i) for the registers.
         */
        template <typename Function>
        static DERL_ALWAYS_INLINE void
        for_each_pack(const Function &function)
        {
#pragma GCC unroll 2
          for (unsigned int i = 0; i < n_registers; ++i)
            function(i);
        }

        Pack<Number> packs[n_registers];
      };



      /**
       * Apply a function of packs.
       */
      template <typename Number, typename Function>
      DERL_ALWAYS_INLINE Row<Number>
                         map(const Function &function, Row<Number> x)
      {
        x.for_each_pack(
          [&](const unsigned int i) { x.packs[i] = function(x.packs[i]); });
        return x;
      }



      /**
       * A number with its derivative in one direction of parameter space, for
       * the forward mode of differentiation.
       */
      template <typename Number>
      struct Dual
      {
        Dual() = default;

        DERL_ALWAYS_INLINE
        Dual(const double x)
          : value(x)
          , tangent(0.)
        {
        }

        DERL_ALWAYS_INLINE
        Dual(const Row<Number> &value, const Row<Number> &tangent)
          : value(value)
          , tangent(tangent)
        {
        }

        DERL_ALWAYS_INLINE Dual &
        operator+=(const Dual &x)
        {
          value += x.value;
          tangent += x.tangent;
          return *this;
        }

        DERL_ALWAYS_INLINE Dual &
        operator*=(const Dual &x)
        {
          tangent = tangent * x.value + value * x.tangent;
          value *= x.value;
          return *this;
        }

        friend DERL_ALWAYS_INLINE Dual
        operator+(Dual x, const Dual &y)
        {
          return x += y;
        }

        friend DERL_ALWAYS_INLINE Dual
        operator*(Dual x, const Dual &y)
        {
          return x *= y;
        }

        Row<Number> value;
        Row<Number> tangent;
      };



      /**
       * How a sweep sees its arrays: as numbers,
       */
      template <typename NumberType>
      struct ValueAccess
      {
        using Number                       = NumberType;
        using Value                        = Row<Number>;
        static constexpr bool has_tangents = false;

        explicit ValueAccess(const std::size_t)
        {
        }

        DERL_ALWAYS_INLINE Value
        load(const Number *p) const
        {
          return Value(p);
        }

        /** A number without a tangent. */
        DERL_ALWAYS_INLINE Value
        constant(const Number *p) const
        {
          return Value(p);
        }

        DERL_ALWAYS_INLINE void
        store(const Value &x, Number *p) const
        {
          x.store(p);
        }
      };



      /**
       * or as numbers with tangents, which are at the same place of an array
       * that begins @p offset numbers later.
       */
      template <typename NumberType>
      struct DualAccess
      {
        using Number                       = NumberType;
        using Value                        = Dual<Number>;
        static constexpr bool has_tangents = true;

        explicit DualAccess(const std::size_t offset)
          : offset(offset)
        {
        }

        DERL_ALWAYS_INLINE Value
        load(const Number *p) const
        {
          return {Row<Number>(p), Row<Number>(p + offset)};
        }

        DERL_ALWAYS_INLINE Value
        constant(const Number *p) const
        {
          return {Row<Number>(p), Row<Number>(0.)};
        }

        DERL_ALWAYS_INLINE void
        store(const Value &x, Number *p) const
        {
          x.value.store(p);
          x.tangent.store(p + offset);
        }

        const std::size_t offset;
      };
    } // namespace
  }   // namespace internal
} // namespace derl

#endif
