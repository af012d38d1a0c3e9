// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Jets of a network by arithmetic with truncated Taylor polynomials: shares no
// formula with the library, and works in extended precision and with complex
// parameters.

#ifndef derl_tests_network_taylor_reference_h
#define derl_tests_network_taylor_reference_h

#include <derl/network/architecture.h>
#include <derl/network/scaling.h>

#include <derl/base/multi_index.h>

#include <deal.II/base/exceptions.h>

#include <array>
#include <cmath>
#include <complex>

namespace derl
{
  namespace reference
  {
    constexpr unsigned int max_degree  = 4;
    constexpr unsigned int n_variables = 3;

    /**
     * The derivatives of order 0 to 4 of tanh in terms of sech^2.
     */
    template <typename Number>
    std::array<Number, 5>
    tanh_derivatives(const Number &z)
    {
      using std::cosh;
      using std::tanh;
      const Number t = tanh(z), s = Number(1) / (cosh(z) * cosh(z));
      return {{t,
               s,
               Number(-2) * t * s,
               s * (Number(4) * t * t - Number(2) * s),
               Number(8) * t * s * (Number(2) * s - t * t)}};
    }



    /**
     * Softplus is an integral of (1 + tanh(beta z / 2)) / 2.
     */
    template <typename Number>
    std::array<Number, 5>
    activation_derivatives(const Architecture &architecture, const Number &z)
    {
      using std::cos;
      using std::exp;
      using std::log;
      using std::sin;
      switch (architecture.activation)
        {
        case Activation::tanh:
          return tanh_derivatives(z);
        case Activation::sine:
          return {{sin(z), cos(z), -sin(z), -cos(z), sin(z)}};
        case Activation::softplus:
          {
            const Number beta(architecture.softplus_beta), half(0.5L);
            const auto   t = tanh_derivatives(Number(half * beta * z));
            const Number b = half * beta;
            return {{log(Number(1) + exp(beta * z)) / beta,
                     half * (Number(1) + t[0]),
                     half * b * t[1],
                     half * b * b * t[2],
                     half * b * b * b * t[3]}};
          }
        case Activation::silu:
          {
            // z s(z) by Leibniz' rule, s(z) = (1 + tanh(z / 2)) / 2
            const Number half(0.5L);
            auto         s      = tanh_derivatives(Number(half * z));
            Number       factor = half;
            for (Number &derivative : s)
              {
                derivative *= factor;
                factor *= half;
              }
            s[0] += half;
            return {{z * s[0],
                     s[0] + z * s[1],
                     Number(2) * s[1] + z * s[2],
                     Number(3) * s[2] + z * s[3],
                     Number(4) * s[3] + z * s[4]}};
          }
        }
      AssertThrow(false, dealii::ExcInternalError());
      return {};
    }



    /**
     * A polynomial of total degree up to four in three variables.
     */
    template <typename Number>
    struct Polynomial
    {
      static constexpr unsigned int n = max_degree + 1;

      Number &
      operator()(unsigned int i, unsigned int j, unsigned int k)
      {
        return coefficients[(i * n + j) * n + k];
      }

      void
      add(const Number &factor, const Polynomial &other)
      {
        for (unsigned int i = 0; i < coefficients.size(); ++i)
          coefficients[i] += factor * other.coefficients[i];
      }

      Polynomial
      operator*(const Polynomial &other) const
      {
        Polynomial         result;
        const unsigned int d = max_degree;
        for (unsigned int i = 0; i <= d; ++i)
          for (unsigned int j = 0; i + j <= d; ++j)
            for (unsigned int k = 0; i + j + k <= d; ++k)
              for (unsigned int a = 0; a <= i; ++a)
                for (unsigned int b = 0; b <= j; ++b)
                  for (unsigned int c = 0; c <= k; ++c)
                    result(i, j, k) +=
                      coefficients[(a * n + b) * n + c] *
                      other.coefficients[((i - a) * n + j - b) * n + k - c];
        return result;
      }

      /**
       * The partial derivative at the origin.
       */
      Number
      derivative(const MultiIndex &index) const
      {
        unsigned int position  = 0;
        long double  factorial = 1;
        for (unsigned int d = 0; d < n_variables; ++d)
          {
            const unsigned int exponent = d < index.size() ? index[d] : 0;
            position                    = position * n + exponent;
            for (unsigned int k = 2; k <= exponent; ++k)
              factorial *= k;
          }
        return Number(factorial) * coefficients[position];
      }

      std::array<Number, n * n * n> coefficients{};
    };



    /**
     * The surrogate's components around a point as polynomials in the user's
     * coordinates.
     */
    template <typename Number>
    std::vector<Polynomial<Number>>
    network(const Architecture        &architecture,
            const Scaling             &scaling,
            const std::vector<Number> &parameters,
            const double              *point)
    {
      std::vector<Polynomial<Number>> values(architecture.n_inputs);
      for (unsigned int d = 0; d < architecture.n_inputs; ++d)
        {
          const long double scale = scaling.input_scale[d];
          values[d](0, 0, 0) =
            Number((point[d] - (long double)(scaling.input_shift[d])) / scale);
          values[d](d == 0, d == 1, d == 2) = Number(1 / scale);
        }

      const Number *next = parameters.data();
      for (unsigned int layer = 1; layer <= architecture.n_layers(); ++layer)
        {
          std::vector<Polynomial<Number>> sums(architecture.width(layer));
          for (auto &sum : sums)
            for (const auto &value : values)
              sum.add(*next++, value);
          for (auto &sum : sums)
            sum(0, 0, 0) += *next++;
          values = sums;
          if (layer < architecture.n_layers())
            for (auto &value : values)
              {
                const auto f =
                  activation_derivatives(architecture, value(0, 0, 0));
                Polynomial<Number> power, result;
                power(0, 0, 0)        = Number(1);
                value(0, 0, 0)        = Number(0);
                long double factorial = 1;
                for (unsigned int k = 0; k <= max_degree; ++k)
                  {
                    result.add(f[k] / Number(factorial), power);
                    power = power * value;
                    factorial *= k + 1;
                  }
                value = result;
              }
        }
      for (unsigned int o = 0; o < architecture.n_outputs; ++o)
        {
          for (Number &coefficient : values[o].coefficients)
            coefficient *= Number(scaling.output_scale[o]);
          values[o](0, 0, 0) += Number(scaling.output_shift[o]);
        }
      return values;
    }
  } // namespace reference
} // namespace derl

#endif
