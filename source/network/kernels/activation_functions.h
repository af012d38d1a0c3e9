// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Included by the translation units of the jet engine; everything has internal
// linkage, see jet_engine.h.

#ifndef derl_network_kernels_activation_functions_h
#define derl_network_kernels_activation_functions_h

#include <cmath>
#include <type_traits>

#include "elementary_functions.h"

namespace derl
{
  namespace internal
  {
    namespace
    {
      /**
       * Each activation provides
       *   evaluate(z, value, auxiliary): f(z) and what is needed besides it,
       *   derivatives(value, auxiliary, f): f[k] = f^(k)(z), k = 1 .. n,
       * so that the backward pass needs no transcendental function. Not a
       * number in gives not a number out.
       */
      template <typename Number>
      struct TanhActivation
      {
        static constexpr bool has_auxiliary = false;

        explicit TanhActivation(const double)
        {
        }

        DERL_ALWAYS_INLINE void
        evaluate(const Row<Number> &z, Row<Number> &value, Row<Number> &) const
        {
          // tanh is 1 to working precision from 19.1 on
          const Row<Number> x = clamp(z, 20.);
          const Row<Number> e = Exponential<Number>(x + x).exp_minus_one();
          value               = e / (e + 2.);
        }

        template <unsigned int n>
        DERL_ALWAYS_INLINE void
        derivatives(const Row<Number> &t,
                    const Row<Number> &,
                    Row<Number> (&f)[n + 1]) const
        {
          const Row<Number> t2 = t * t;
          f[1]                 = Row<Number>(1.) - t2;
          if constexpr (n >= 2)
            f[2] = t * f[1] * -2.;
          if constexpr (n >= 3)
            f[3] = f[1] * (t2 * 6. - 2.);
          if constexpr (n >= 4)
            f[4] = t * f[1] * (Row<Number>(16.) - t2 * 24.);
          if constexpr (n >= 5)
            f[5] = f[1] * (t2 * (t2 - 1.) * 120. + 16.);
        }
      };



      template <typename Number>
      struct SineActivation
      {
        static constexpr bool has_auxiliary = true;

        explicit SineActivation(const double)
        {
        }

        DERL_ALWAYS_INLINE void
        evaluate(const Row<Number> &z,
                 Row<Number>       &value,
                 Row<Number>       &auxiliary) const
        {
          using F = Format<Number>;
          Row<Number>       shifted;
          const Row<Number> n = round(z * 0.63661977236758134308, shifted);
          const Row<Number> r =
            z - n * F::half_pi[0] - n * F::half_pi[1] - n * F::half_pi[2];
          const Row<Number> r2     = r * r;
          const Row<Number> sine   = sine_series<Number>(r2) * r;
          const Row<Number> cosine = cosine_series<Number>(r2);

          for (unsigned int half = 0; half < Row<Number>::n_registers; ++half)
            choose_quadrant(z.packs[half],
                            shifted.packs[half],
                            sine.packs[half],
                            cosine.packs[half],
                            value.packs[half],
                            auxiliary.packs[half]);
        }

        template <unsigned int n>
        DERL_ALWAYS_INLINE void
        derivatives(const Row<Number> &sine,
                    const Row<Number> &cosine,
                    Row<Number> (&f)[n + 1]) const
        {
          f[1] = cosine;
          if constexpr (n >= 2)
            f[2] = sine * -1.;
          if constexpr (n >= 3)
            f[3] = cosine * -1.;
          if constexpr (n >= 4)
            f[4] = sine;
          if constexpr (n >= 5)
            f[5] = cosine;
        }

      private:
        /**
         * sin(z) and cos(z) from those of the remainder after quarter turns,
         * whose number is in the lowest bits of @p shifted.
         */
        static DERL_ALWAYS_INLINE void
        choose_quadrant(const Pack<Number> &z,
                        const Pack<Number> &shifted,
                        const Pack<Number> &sine,
                        const Pack<Number> &cosine,
                        Pack<Number>       &value,
                        Pack<Number>       &auxiliary)
        {
          using Bits =
            std::experimental::rebind_simd_t<typename Format<Number>::Bits,
                                             Pack<Number>>;
          constexpr unsigned int sign_bit = 8 * sizeof(Number) - 1;
          const Bits             turns    = __builtin_bit_cast(Bits, shifted);
          // masks of ones where the number of quarter turns is odd
          const Bits odd = Bits(0) - (turns & 1);
          const Bits s   = __builtin_bit_cast(Bits, sine);
          const Bits c   = __builtin_bit_cast(Bits, cosine);
          value          = __builtin_bit_cast(
            Pack<Number>,
            Bits(((s & ~odd) | (c & odd)) ^ ((turns & 2) << (sign_bit - 1))));
          auxiliary =
            __builtin_bit_cast(Pack<Number>,
                               Bits(((c & ~odd) | (s & odd)) ^
                                    (((turns + 1) & 2) << (sign_bit - 1))));

          // so many quarter turns that their multiples are not exact
          const auto large =
            std::experimental::abs(z) > Pack<Number>(Number(largest_argument));
          if (__builtin_expect(std::experimental::any_of(large), false))
            for (unsigned int i = 0; i < n_lanes<Number>; ++i)
              if (large[i])
                {
                  const Number argument = z[i];
                  value[i]              = std::sin(argument);
                  auxiliary[i]          = std::cos(argument);
                }
        }

        static constexpr double largest_argument =
          std::is_same<Number, double>::value ? 1e6 : 800;
      };



      template <typename Number>
      struct SoftplusActivation
      {
        static constexpr bool has_auxiliary = true;

        explicit SoftplusActivation(const double beta)
          : beta(beta)
        {
        }

        DERL_ALWAYS_INLINE void
        evaluate(const Row<Number> &z,
                 Row<Number>       &value,
                 Row<Number>       &auxiliary) const
        {
          const ExponentialDecay<Number> decay(z * beta);
          const Row<Number>             &y = decay.y, &e = decay.e;

          // log(1 + e) = 2 atanh(e/(2+e)), with 1 + e divided by two above
          // the root of two to keep the argument small
          Row<Number> numerator = e, denominator = e + 2., rest = 0.;
          for (unsigned int half = 0; half < Row<Number>::n_registers; ++half)
            {
              const auto large =
                e.packs[half] > Pack<Number>(Number(0.41421356));
              std::experimental::where(large, numerator.packs[half]) =
                e.packs[half] - Number(1);
              std::experimental::where(large, denominator.packs[half]) =
                e.packs[half] + Number(3);
              std::experimental::where(large, rest.packs[half]) =
                Number(0.69314718055994530942);
            }
          const Row<Number> s = numerator / denominator;
          value               = atanh_series<Number>(s * s) * s + rest;

          for (unsigned int half = 0; half < Row<Number>::n_registers; ++half)
            std::experimental::where(!(y.packs[half] < Pack<Number>(0)),
                                     value.packs[half]) =
              value.packs[half] + y.packs[half];
          value     = value * (1. / beta);
          auxiliary = decay.sigmoid();
        }

        template <unsigned int n>
        DERL_ALWAYS_INLINE void
        derivatives(const Row<Number> &,
                    const Row<Number> &s,
                    Row<Number> (&f)[n + 1]) const
        {
          const Row<Number> one = 1.;
          f[1]                  = s;
          if constexpr (n >= 2)
            f[2] = s * (one - s) * beta;
          if constexpr (n >= 3)
            f[3] = f[2] * (one - s * 2.) * beta;
          if constexpr (n >= 4)
            f[4] = f[2] * (s * (s - 1.) * 6. + 1.) * (beta * beta);
          if constexpr (n >= 5)
            f[5] = f[3] * (s * (s - 1.) * 12. + 1.) * (beta * beta);
        }

        const double beta;
      };



      template <typename Number>
      struct SiluActivation
      {
        static constexpr bool has_auxiliary = true;

        explicit SiluActivation(const double)
        {
        }

        DERL_ALWAYS_INLINE void
        evaluate(const Row<Number> &z,
                 Row<Number>       &value,
                 Row<Number>       &auxiliary) const
        {
          auxiliary = ExponentialDecay<Number>(z).sigmoid();
          value     = z * auxiliary;
        }

        /**
         * The derivatives of z s(z), n s^(n-1) + z s^(n), do not need z: those
         * of the sigmoid s have it as a factor, and z s is the value.
         */
        template <unsigned int n>
        DERL_ALWAYS_INLINE void
        derivatives(const Row<Number> &value,
                    const Row<Number> &s,
                    Row<Number> (&f)[n + 1]) const
        {
          const Row<Number> one = 1.;
          const Row<Number> r   = value * (one - s);
          f[1]                  = s + r;
          // s' and s'' / s'
          const Row<Number> q = s * (one - s);
          const Row<Number> w = one - s * 2.;
          if constexpr (n >= 2)
            f[2] = q * 2. + r * w;
          if constexpr (n >= 3)
            f[3] = q * w * 3. + r * (one - q * 6.);
          if constexpr (n >= 4)
            f[4] = q * (one - q * 6.) * 4. + r * w * (one - q * 12.);
          if constexpr (n >= 5)
            f[5] =
              q * w * (one - q * 12.) * 5. + r * (q * (q * 120. - 30.) + 1.);
        }
      };
    } // namespace
  }   // namespace internal
} // namespace derl

#endif
