// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Surrogates that are known in closed form.

#ifndef derl_tests_coupling_surrogates_h
#define derl_tests_coupling_surrogates_h

#include <derl/network/surrogate.h>

#include <deal.II/base/function.h>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace dealii;
using namespace derl;

/**
 * u = w tanh(a x + b y + c) + d.
 */
class OneUnit : public Function<2>
{
public:
  OneUnit()
    : parameters(std::vector<double>{0.7, -1.2, 0.4, 1.5, -0.3})
  {
  }

  Surrogate
  surrogate() const
  {
    Architecture architecture;
    architecture.hidden = {1};
    Surrogate result(architecture, {"x", "y"}, {"u"});
    std::copy(parameters.begin(), parameters.end(), result.parameters.begin());
    return result;
  }

  double
  tanh_of(const Point<2> &x) const
  {
    return std::tanh(parameters[0] * x[0] + parameters[1] * x[1] +
                     parameters[2]);
  }

  double
  value(const Point<2> &x, const unsigned int = 0) const override
  {
    return parameters[3] * tanh_of(x) + parameters[4];
  }

  Tensor<1, 2>
  gradient(const Point<2> &x, const unsigned int = 0) const override
  {
    const double t = tanh_of(x);
    return parameters[3] * (1 - t * t) *
           Tensor<1, 2>({parameters[0], parameters[1]});
  }

  SymmetricTensor<2, 2>
  hessian(const Point<2> &x, const unsigned int = 0) const override
  {
    const double       t = tanh_of(x);
    const Tensor<1, 2> direction({parameters[0], parameters[1]});
    return symmetrize(-2 * t * parameters[3] * (1 - t * t) *
                      outer_product(direction, direction));
  }

private:
  const std::vector<double> parameters;
};



/**
 * A surrogate with the components (u, v, p) that are multiples of one unit:
 * u = t + 0.5, v = 2 t, p = -3 t + 4.
 */
inline Surrogate
vector_surrogate()
{
  Architecture architecture;
  architecture.hidden    = {1};
  architecture.n_outputs = 3;
  Surrogate    result(architecture, {"x", "y"}, {"u", "v", "p"});
  const auto   unit  = OneUnit().surrogate().parameters;
  const double all[] = {unit[0], unit[1], unit[2], 1., 2., -3., 0.5, 0., 4.};
  std::copy(std::begin(all), std::end(all), result.parameters.begin());
  return result;
}

#endif
