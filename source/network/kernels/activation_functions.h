// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Included once by each translation unit of the jet engine; everything has
// internal linkage, see jet_engine.h.

#ifndef derl_network_kernels_activation_functions_h
#define derl_network_kernels_activation_functions_h

#include <cmath>
#include <cstdint>
#include <experimental/simd>

namespace derl
{
  namespace internal
  {
    namespace
    {
      using Pack     = std::experimental::native_simd<double>;
      using BitsPack = std::experimental::rebind_simd_t<std::uint64_t, Pack>;

      constexpr unsigned int n_lanes    = Pack::size();
      constexpr unsigned int panel_size = 2 * n_lanes;

      inline __attribute__((always_inline)) Pack
      load(const double *p)
      {
        return Pack(p, std::experimental::vector_aligned);
      }

      inline __attribute__((always_inline)) void
      store(const Pack &x, double *p)
      {
        x.copy_to(p, std::experimental::vector_aligned);
      }



      /**
       * exp(y) - 1 and the power of two it is built from, for |y| < 700:
       * y = n log(2) + r, exp(y) - 1 = 2^n (exp(r) - 1) + (2^n - 1), with the
       * Taylor polynomial of degree 13 for exp(r) - 1, whose remainder on
       * |r| <= log(2)/2 is below 4e-17 r.
       */
      inline __attribute__((always_inline)) Pack
      exp_minus_one(const Pack &y)
      {
        // adding 1.5 * 2^52 rounds to an integer, which then stands in the
        // lowest bits
        const Pack     round   = 6755399441055744.;
        const Pack     shifted = y * 1.4426950408889634 + round;
        const Pack     n       = shifted - round;
        const BitsPack bits    = __builtin_bit_cast(BitsPack, shifted);
        const Pack     power_of_two =
          __builtin_bit_cast(Pack, BitsPack((bits + 1023) << 52));
        // log(2) in two parts, the first with trailing zeros
        Pack r = y - n * 6.93147180369123816490e-01;
        r      = r - n * 1.90821492927058770002e-10;

        Pack p = 1.6059043836821613e-10;
        p      = p * r + 2.0876756987868099e-09;
        p      = p * r + 2.5052108385441719e-08;
        p      = p * r + 2.7557319223985893e-07;
        p      = p * r + 2.7557319223985888e-06;
        p      = p * r + 2.4801587301587302e-05;
        p      = p * r + 1.9841269841269841e-04;
        p      = p * r + 1.3888888888888889e-03;
        p      = p * r + 8.3333333333333332e-03;
        p      = p * r + 4.1666666666666664e-02;
        p      = p * r + 1.6666666666666666e-01;
        p      = p * r + 0.5;
        p      = (p * r) * r + r;
        return power_of_two * p + (power_of_two - 1.);
      }



      /**
       * Each activation provides
       *   evaluate(z, value, auxiliary): f(z) and what is needed besides it,
       *   derivatives(value, auxiliary, f): f[k] = f^(k)(z), k = 1 .. n,
       * so that the backward pass needs no transcendental function. Not a
       * number in gives not a number out.
       */
      struct TanhActivation
      {
        static constexpr bool has_auxiliary = false;

        explicit TanhActivation(const double)
        {
        }

        inline __attribute__((always_inline)) void
        evaluate(const Pack &z, Pack &value, Pack &) const
        {
          // tanh is 1 to working precision from 19.1 on; the comparisons keep
          // NaN
          Pack clamped                                = z;
          std::experimental::where(z > 20., clamped)  = 20.;
          std::experimental::where(z < -20., clamped) = -20.;
          const Pack e = exp_minus_one(clamped + clamped);
          value        = e / (e + 2.);
        }

        template <unsigned int n>
        inline __attribute__((always_inline)) void
        derivatives(const Pack &t, const Pack &, Pack (&f)[n + 1]) const
        {
          const Pack t2 = t * t;
          f[1]          = 1. - t2;
          if constexpr (n >= 2)
            f[2] = -2. * t * f[1];
          if constexpr (n >= 3)
            f[3] = f[1] * (6. * t2 - 2.);
          if constexpr (n >= 4)
            f[4] = t * f[1] * (16. - 24. * t2);
          if constexpr (n >= 5)
            f[5] = f[1] * (16. + 120. * t2 * (t2 - 1.));
        }
      };



      struct SineActivation
      {
        static constexpr bool has_auxiliary = true;

        explicit SineActivation(const double)
        {
        }

        inline __attribute__((always_inline)) void
        evaluate(const Pack &z, Pack &value, Pack &auxiliary) const
        {
          value     = std::experimental::sin(z);
          auxiliary = std::experimental::cos(z);
          // the library counts quarter turns in 32 bits
          if (std::experimental::any_of(std::experimental::abs(z) > 3e9))
            for (unsigned int i = 0; i < n_lanes; ++i)
              {
                const double argument = z[i];
                value[i]              = std::sin(argument);
                auxiliary[i]          = std::cos(argument);
              }
        }

        template <unsigned int n>
        inline __attribute__((always_inline)) void
        derivatives(const Pack &sine,
                    const Pack &cosine,
                    Pack (&f)[n + 1]) const
        {
          f[1] = cosine;
          if constexpr (n >= 2)
            f[2] = -sine;
          if constexpr (n >= 3)
            f[3] = -cosine;
          if constexpr (n >= 4)
            f[4] = sine;
          if constexpr (n >= 5)
            f[5] = cosine;
        }
      };



      struct SoftplusActivation
      {
        static constexpr bool has_auxiliary = true;

        explicit SoftplusActivation(const double beta)
          : beta(beta)
        {
        }

        inline __attribute__((always_inline)) void
        evaluate(const Pack &z, Pack &value, Pack &auxiliary) const
        {
          // written with exp(-|beta z|) so that nothing overflows
          const Pack y = beta * z;
          const Pack e = std::experimental::exp(-std::experimental::abs(y));
          Pack       positive                        = y;
          std::experimental::where(y < 0., positive) = 0.;
          value     = (positive + std::experimental::log1p(e)) / beta;
          auxiliary = 1. / (1. + e);
          std::experimental::where(y < 0., auxiliary) = e / (1. + e);
        }

        template <unsigned int n>
        inline __attribute__((always_inline)) void
        derivatives(const Pack &, const Pack &s, Pack (&f)[n + 1]) const
        {
          f[1] = s;
          if constexpr (n >= 2)
            f[2] = beta * s * (1. - s);
          if constexpr (n >= 3)
            f[3] = beta * f[2] * (1. - 2. * s);
          if constexpr (n >= 4)
            f[4] = beta * beta * f[2] * (1. + 6. * s * (s - 1.));
          if constexpr (n >= 5)
            f[5] = beta * beta * f[3] * (1. + 12. * s * (s - 1.));
        }

        const double beta;
      };
    } // namespace
  }   // namespace internal
} // namespace derl

#endif
