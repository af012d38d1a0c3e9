// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "exact_solutions.h"

#include <deal.II/base/exceptions.h>
#include <deal.II/base/numbers.h>

#include <cmath>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * A product of functions of one coordinate each.
     */
    class ProductFunction : public Function<2>
    {
    public:
      double
      value(const Point<2> &x, const unsigned int) const override
      {
        return factor(x, 0, 0) * factor(x, 1, 0);
      }

      Tensor<1, 2>
      gradient(const Point<2> &x, const unsigned int) const override
      {
        Tensor<1, 2> result;
        result[0] = factor(x, 0, 1) * factor(x, 1, 0);
        result[1] = factor(x, 0, 0) * factor(x, 1, 1);
        return result;
      }

      SymmetricTensor<2, 2>
      hessian(const Point<2> &x, const unsigned int) const override
      {
        SymmetricTensor<2, 2> result;
        result[0][0] = factor(x, 0, 2) * factor(x, 1, 0);
        result[0][1] = factor(x, 0, 1) * factor(x, 1, 1);
        result[1][1] = factor(x, 0, 0) * factor(x, 1, 2);
        return result;
      }

    private:
      /**
       * A derivative, of order up to two, of the factor for coordinate @p d.
       */
      virtual double
      factor(const Point<2>    &x,
             const unsigned int d,
             const unsigned int derivative) const = 0;
    };



    class Waves : public ProductFunction
    {
    private:
      double
      factor(const Point<2>    &x,
             const unsigned int d,
             const unsigned int derivative) const override
      {
        const double phase = (d == 0 ? 0.4 : 0.7) + derivative * numbers::PI_2;
        return std::pow(numbers::PI, derivative) *
               std::sin(numbers::PI * x[d] + phase);
      }
    };



    class Peak : public ProductFunction
    {
    private:
      double
      factor(const Point<2>    &x,
             const unsigned int d,
             const unsigned int derivative) const override
      {
        const double y    = x[d] - (d == 0 ? 0.3 : -0.2);
        const double peak = std::exp(-10. * y * y);
        return peak * (derivative == 0   ? 1.
                       : derivative == 1 ? -20. * y
                                         : 400. * y * y - 20.);
      }
    };
  } // namespace



  std::unique_ptr<Function<2>>
  exact_solution(const std::string &name)
  {
    if (name == "waves")
      return std::make_unique<Waves>();
    AssertThrow(name == "peak",
                ExcMessage("There is no exact solution '" + name + "'."));
    return std::make_unique<Peak>();
  }
} // namespace derl
