// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Functions that finite elements represent exactly.

#ifndef derl_tests_coupling_polynomials_h
#define derl_tests_coupling_polynomials_h

#include <deal.II/base/function.h>

using namespace dealii;

/**
 * (s_c . x + 0.3)^degree + c with a vector s_c for each component c.
 */
template <int dim>
class Power : public Function<dim>
{
public:
  Power(const unsigned int degree, const unsigned int n_components)
    : Function<dim>(n_components)
    , degree(degree)
  {
  }

  double
  value(const Point<dim> &x, const unsigned int c = 0) const override
  {
    return std::pow(base(x, c), degree) + c;
  }

  Tensor<1, dim>
  gradient(const Point<dim> &x, const unsigned int c = 0) const override
  {
    return degree * std::pow(base(x, c), degree - 1.) * slope(c);
  }

  SymmetricTensor<2, dim>
  hessian(const Point<dim> &x, const unsigned int c = 0) const override
  {
    return degree < 2
             ? SymmetricTensor<2, dim>()
             : degree * (degree - 1.) * std::pow(base(x, c), degree - 2.) *
                 symmetrize(outer_product(slope(c), slope(c)));
  }

private:
  static Tensor<1, dim>
  slope(const unsigned int c)
  {
    Tensor<1, dim> result;
    for (unsigned int d = 0; d < dim; ++d)
      result[d] = 0.5 + 0.3 * d - 0.4 * ((c + d) % 3);
    return result;
  }

  static double
  base(const Point<dim> &x, const unsigned int c)
  {
    return slope(c) * x + 0.3;
  }

  const double degree;
};

#endif
