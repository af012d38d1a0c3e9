// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Jets of a network by arithmetic with truncated Taylor polynomials: shares no
// formula with the library, and works in extended precision and with complex
// parameters.

#ifndef derl_tests_network_taylor_reference_h
#define derl_tests_network_taylor_reference_h

#include <derl/base/jet_entry.h>

#include <derl/network/surrogate.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
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

      Polynomial
      differentiated(const MultiIndex &index) const
      {
        Polynomial result = *this;
        for (unsigned int d = 0; d < index.size(); ++d)
          for (unsigned int r = 0; r < index[d]; ++r)
            {
              const Polynomial old = result;
              result               = Polynomial();
              for (unsigned int i = 0; i < n; ++i)
                for (unsigned int j = 0; j < n; ++j)
                  for (unsigned int k = 0; k < n; ++k)
                    {
                      const unsigned int exponent = d == 0 ? i : d == 1 ? j : k;
                      if (exponent > 0)
                        result(i - (d == 0), j - (d == 1), k - (d == 2)) =
                          Number(exponent) *
                          old.coefficients[(i * n + j) * n + k];
                    }
            }
        return result;
      }

      std::array<Number, n * n * n> coefficients{};
    };



    /**
     * The polynomial of f(value), given f and its derivatives at the value's
     * constant part.
     */
    template <typename Number>
    Polynomial<Number>
    compose(const std::array<Number, 5> &f, Polynomial<Number> value)
    {
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
      return result;
    }



    /**
     * slope * (x_d - shift) around a point.
     */
    template <typename Number>
    Polynomial<Number>
    coordinate(const double      *point,
               const unsigned int d,
               const long double  shift,
               const long double  slope)
    {
      Polynomial<Number> result;
      result(0, 0, 0)                = Number((point[d] - shift) * slope);
      result(d == 0, d == 1, d == 2) = Number(slope);
      return result;
    }



    /**
     * The network's outputs, scaled, as polynomials, given its inputs.
     */
    template <typename Number>
    std::vector<Polynomial<Number>>
    layers(const Architecture             &architecture,
           const Scaling                  &scaling,
           const std::vector<Number>      &parameters,
           std::vector<Polynomial<Number>> values)
    {
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
              value = compose(
                activation_derivatives(architecture, value(0, 0, 0)), value);
        }
      for (unsigned int o = 0; o < architecture.n_outputs; ++o)
        {
          for (Number &coefficient : values[o].coefficients)
            coefficient *= Number(scaling.output_scale[o]);
          values[o](0, 0, 0) += Number(scaling.output_shift[o]);
        }
      return values;
    }



    /**
     * The components of a network without maps around a point, as polynomials
     * in the user's coordinates.
     */
    template <typename Number>
    std::vector<Polynomial<Number>>
    network(const Architecture        &architecture,
            const Scaling             &scaling,
            const std::vector<Number> &parameters,
            const double              *point)
    {
      std::vector<Polynomial<Number>> inputs;
      for (unsigned int d = 0; d < architecture.n_inputs; ++d)
        inputs.push_back(coordinate<Number>(
          point, d, scaling.input_shift[d], 1.L / scaling.input_scale[d]));
      return layers(architecture, scaling, parameters, inputs);
    }



    /**
     * The components of a surrogate with maps; with an output map that takes k
     * orders of derivatives they are right up to order 4 - k.
     */
    template <typename Number>
    std::vector<Polynomial<Number>>
    components(const Surrogate           &surrogate,
               const std::vector<Number> &parameters,
               const double              *point)
    {
      using Function                = Polynomial<Number>;
      const Scaling        &scaling = surrogate.scaling;
      const InputMap       &input   = surrogate.input_map;
      const OutputMap      &output  = surrogate.output_map;
      std::vector<Function> inputs;
      for (unsigned int d = 0; d < surrogate.n_coordinates(); ++d)
        if (input.is_affine() || std::count(input.linear_coordinates().begin(),
                                            input.linear_coordinates().end(),
                                            d) > 0)
          inputs.push_back(coordinate<Number>(
            point, d, scaling.input_shift[d], 1.L / scaling.input_scale[d]));
      const long double pi = std::acos(-1.L);
      for (const auto &wave : input.waves())
        {
          Function angle;
          for (unsigned int d = 0; d < surrogate.n_coordinates(); ++d)
            angle.add(Number(1),
                      coordinate<Number>(
                        point, d, scaling.input_shift[d], 2 * pi * wave[d]));
          using std::cos;
          using std::sin;
          const Number c = cos(angle(0, 0, 0)), s = sin(angle(0, 0, 0));
          inputs.push_back(compose<Number>({{c, -s, -c, s, c}}, angle));
          inputs.push_back(compose<Number>({{s, c, -s, -c, s}}, angle));
        }
      std::vector<Function> outputs =
        layers(surrogate.architecture, scaling, parameters, inputs);
      if (output.components().empty())
        return outputs;

      for (unsigned int o = 0; o < outputs.size(); ++o)
        {
          const ExactValues &values = output.exact_values()[o];
          for (const auto &factor : values.distance)
            outputs[o] = outputs[o] * coordinate<Number>(point,
                                                         factor.coordinate,
                                                         factor.position,
                                                         1.L / factor.scale);
          for (const auto &monomial : values.polynomial)
            {
              Function product;
              product(0, 0, 0) = Number(monomial.coefficient);
              for (unsigned int d = 0; d < monomial.exponents.size(); ++d)
                for (unsigned int i = 0; i < monomial.exponents[d]; ++i)
                  product = product * coordinate<Number>(point, d, 0., 1.);
              outputs[o].add(Number(1), product);
            }
          if (values.surrogate != nullptr)
            {
              const auto &fixed = values.surrogate->parameters;
              outputs[o].add(
                Number(1),
                components(*values.surrogate,
                           std::vector<Number>(fixed.begin(), fixed.end()),
                           point)[values.surrogate_component]);
            }
        }
      std::vector<Function> result;
      for (const auto &terms : output.components())
        {
          result.emplace_back();
          for (const auto &term : terms)
            result.back().add(
              Number(term.coefficient),
              outputs[term.output].differentiated(term.derivative));
        }
      return result;
    }
  } // namespace reference
} // namespace derl

#endif
