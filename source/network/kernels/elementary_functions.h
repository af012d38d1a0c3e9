// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Included by the translation units of the jet engine; everything has internal
// linkage, see jet_engine.h.

#ifndef derl_network_kernels_elementary_functions_h
#define derl_network_kernels_elementary_functions_h

#include "simd.h"

namespace derl
{
  namespace internal
  {
    namespace
    {
      /**
       * The format of a floating point number, and how many terms series need
       * to be exact to its round-off.
       */
      template <typename Number>
      struct Format;

      template <>
      struct Format<double>
      {
        using Bits = std::uint64_t;

        static constexpr int mantissa_bits = 52;
        static constexpr int exponent_bias = 1023;
        /** exp(x) is neither zero nor infinity for |x| up to this. */
        static constexpr double exp_limit = 700;

        /** log(2) and pi/2 in parts: small integers times all parts but the
         * last are exact. */
        static constexpr double log2[2]    = {6.93147180369123816490e-01,
                                              1.90821492927058770002e-10};
        static constexpr double half_pi[3] = {1.57079632673412561417e+00,
                                              6.07710050630396597660e-11,
                                              2.02226624879595063154e-21};

        // the remainders of the Taylor series, relative to the leading term:
        // exp(r) - 1, |r| <= log(2)/2: 4e-17; sin(r) and cos(r), |r| <= pi/4:
        // 5e-17 and 2e-18; atanh(s), |s| <= 0.172: 2e-18
        static constexpr unsigned int exp_degree   = 13;
        static constexpr unsigned int sine_terms   = 8;
        static constexpr unsigned int cosine_terms = 9;
        static constexpr unsigned int atanh_terms  = 11;
      };

      template <>
      struct Format<float>
      {
        using Bits = std::uint32_t;

        static constexpr int    mantissa_bits = 23;
        static constexpr int    exponent_bias = 127;
        static constexpr double exp_limit     = 87;

        static constexpr double log2[2] = {6.9314575195e-01, 1.4286067653e-06};
        static constexpr double half_pi[3] = {1.5703125,
                                              4.837512969970703125e-4,
                                              7.54978995489188216e-8};

        // remainders 2e-8, 3e-9, 3e-10 and 4e-9
        static constexpr unsigned int exp_degree   = 7;
        static constexpr unsigned int sine_terms   = 5;
        static constexpr unsigned int cosine_terms = 6;
        static constexpr unsigned int atanh_terms  = 5;
      };



      /**
       * Coefficients of a power series, by a rule known at compile time.
       */
      template <unsigned int n>
      struct Series
      {
        template <typename Rule>
        explicit constexpr Series(const Rule &rule)
          : coefficients{}
        {
          for (unsigned int k = 0; k < n; ++k)
            coefficients[k] = rule(k);
        }

        /**
         * Its value, as two independent chains of multiply-adds.
         */
        template <typename Number>
        DERL_ALWAYS_INLINE Row<Number>
                           operator()(const Row<Number> &x) const
        {
          constexpr unsigned int last_even = (n - 1) / 2 * 2;
          constexpr unsigned int last_odd  = n / 2 * 2 - 1;

          const Row<Number> square = x * x;
          Row<Number>       even   = coefficients[last_even];
#pragma GCC unroll 16
          for (unsigned int k = last_even; k >= 2; k -= 2)
            even = even * square + Row<Number>(coefficients[k - 2]);
          Row<Number> odd = coefficients[last_odd];
#pragma GCC unroll 16
          for (unsigned int k = last_odd; k >= 3; k -= 2)
            odd = odd * square + Row<Number>(coefficients[k - 2]);
          return odd * x + even;
        }

        double coefficients[n];
      };



      constexpr double
      inverse_factorial(const unsigned int n)
      {
        double product = 1;
        for (unsigned int k = 2; k <= n; ++k)
          product *= k;
        return 1 / product;
      }

      /** (exp(r) - 1 - r) / r^2 by r. */
      template <typename Number>
      constexpr Series<Format<Number>::exp_degree - 1>
        exp_series([](const unsigned int k) {
          return inverse_factorial(k + 2);
        });

      /** sin(r)/r and cos(r) by r^2. */
      template <typename Number>
      constexpr Series<Format<Number>::sine_terms>
        sine_series([](const unsigned int k) {
          return (k % 2 == 0 ? 1 : -1) * inverse_factorial(2 * k + 1);
        });

      template <typename Number>
      constexpr Series<Format<Number>::cosine_terms>
        cosine_series([](const unsigned int k) {
          return (k % 2 == 0 ? 1 : -1) * inverse_factorial(2 * k);
        });

      /** 2 atanh(s)/s by s^2. */
      template <typename Number>
      constexpr Series<Format<Number>::atanh_terms>
        atanh_series([](const unsigned int k) { return 2. / (2 * k + 1); });



      /**
       * x between -limit and limit; not a number if x is. (The minimum of
       * std::experimental is compiled as if there were no such numbers, and of
       * a comparison with a constant GCC does not make one instruction.)
       */
      template <typename Number>
      DERL_ALWAYS_INLINE Row<Number>
                         clamp(const Row<Number> &x, const double limit)
      {
        Pack<Number> upper = static_cast<Number>(limit);
        Pack<Number> lower = static_cast<Number>(-limit);
        keep_in_register<Number>(upper);
        keep_in_register<Number>(lower);
        return map(
          [&](const Pack<Number> &pack) {
            using V   = Vector<Number>;
            const V a = __builtin_bit_cast(V, lower);
            const V b = __builtin_bit_cast(V, upper);
            const V y = __builtin_bit_cast(V, pack);
            const V z = b < y ? b : y;
            return __builtin_bit_cast(Pack<Number>, V(a > z ? a : z));
          },
          x);
      }



      /**
       * Round to the nearest integer: adding 1.5 * 2^mantissa_bits leaves it in
       * the lowest bits of the sum @p shifted.
       */
      template <typename Number>
      DERL_ALWAYS_INLINE Row<Number>
                         round(const Row<Number> &x, Row<Number> &shifted)
      {
        const Row<Number> shift =
          1.5 * double(1ull << Format<Number>::mantissa_bits);
        shifted = x + shift;
        return shifted - shift;
      }



      /**
       * exp(y) - 1 and 2^n, |y| <= exp_limit: y = n log(2) + r, exp(y) - 1 =
       * 2^n (exp(r) - 1) + (2^n - 1), exp(r) - 1 by its Taylor series.
       */
      template <typename Number>
      struct Exponential
      {
        DERL_ALWAYS_INLINE explicit Exponential(const Row<Number> &y)
        {
          using F = Format<Number>;
          Row<Number>       shifted;
          const Row<Number> n = round(y * 1.4426950408889634, shifted);
          power_of_two        = map(
            [](const Pack<Number> &x) {
              using Bits = std::experimental::rebind_simd_t<typename F::Bits,
                                                            Pack<Number>>;
              const Bits bits = __builtin_bit_cast(Bits, x);
              return __builtin_bit_cast(
                Pack<Number>,
                Bits((bits + F::exponent_bias) << F::mantissa_bits));
            },
            shifted);
          const Row<Number> r = y - n * F::log2[0] - n * F::log2[1];
          const Row<Number> p = exp_series<Number>(r);
          minus_one           = (p * r) * r + r;
        }

        DERL_ALWAYS_INLINE Row<Number>
                           exp() const
        {
          return power_of_two * minus_one + power_of_two;
        }

        DERL_ALWAYS_INLINE Row<Number>
                           exp_minus_one() const
        {
          return power_of_two * minus_one + (power_of_two - 1.);
        }

        Row<Number> power_of_two;
        Row<Number> minus_one;
      };



      /**
       * exp(-|y|), from which the sigmoid 1 / (1 + exp(-y)) follows without
       * overflow.
       */
      template <typename Number>
      struct ExponentialDecay
      {
        DERL_ALWAYS_INLINE explicit ExponentialDecay(const Row<Number> &y)
          : y(y)
        {
          using F                   = Format<Number>;
          const Row<Number> minus_y = map(
            [](const Pack<Number> &x) {
              return Pack<Number>(-std::experimental::abs(x));
            },
            y);
          e = Exponential<Number>(clamp(minus_y, F::exp_limit)).exp();
          e.for_each_pack([&](const unsigned int i) {
            std::experimental::where(minus_y.packs[i] <
                                       Pack<Number>(Number(-F::exp_limit)),
                                     e.packs[i]) = Number(0);
          });
        }

        DERL_ALWAYS_INLINE Row<Number>
                           sigmoid() const
        {
          Row<Number> numerator = 1.;
          e.for_each_pack([&](const unsigned int i) {
            std::experimental::where(y.packs[i] < Pack<Number>(0),
                                     numerator.packs[i]) = e.packs[i];
          });
          return numerator / (e + 1.);
        }

        const Row<Number> y;
        Row<Number>       e;
      };
    } // namespace
  }   // namespace internal
} // namespace derl

#endif
