// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_solvers_exact_solution_h
#define derl_applications_solvers_exact_solution_h

#include <derl/data/samples.h>

#include <deal.II/base/function.h>
#include <deal.II/base/point.h>

#include <Sacado.hpp>

#include <array>
#include <memory>
#include <type_traits>
#include <vector>

namespace derl
{
  /**
   * The exact solution of a problem as a function of space, with value,
   * gradient, Hessian, and the derivative with respect to time. Time is that of
   * the Function; parameters of the problem are a member.
   */
  template <int dim>
  class ExactSolution : public dealii::Function<dim>
  {
  public:
    using dealii::Function<dim>::Function;

    /**
     * The derivative of the first component with respect to time.
     */
    virtual double
    rate(const dealii::Point<dim> &point) const = 0;

    std::vector<double> parameters;
  };



  /**
   * The components of a vector-valued formula. Expressions of Sacado's refer to
   * temporary objects, and must become numbers in the statement that they are
   * written in.
   */
  template <typename Number, typename... Expressions>
  std::array<Number, sizeof...(Expressions)>
  field(const Expressions &...expressions)
  {
    return {{Number(expressions)...}};
  }



  /**
   * An exact solution that a formula gives, formula(x, t, parameters) with an
   * array x of coordinates, which returns a field(). The formula is evaluated
   * with Sacado's numbers, which have the derivatives: no source term has to
   * be derived by hand.
   */
  template <int dim, typename Formula>
  class FormulaSolution : public ExactSolution<dim>
  {
  private:
    /** Space and time */
    static constexpr unsigned int n = dim + 1;

    using First  = Sacado::Fad::SFad<double, n>;
    using Second = Sacado::Fad::SFad<First, n>;

    template <typename Number>
    static Number
    variable(const double value, const unsigned int i)
    {
      if constexpr (std::is_same<Number, double>::value)
        return value;
      else if constexpr (std::is_same<Number, First>::value)
        return First(n, i, value);
      else
        return Second(n, i, First(n, i, value));
    }

    template <typename Number>
    auto
    evaluate(const dealii::Point<dim> &point) const
    {
      std::array<Number, dim> x;
      for (unsigned int d = 0; d < dim; ++d)
        x[d] = variable<Number>(point[d], d);
      return formula(
        x, variable<Number>(this->get_time(), dim), this->parameters);
    }

    static constexpr unsigned int n_field_components =
      std::tuple_size<std::invoke_result_t<Formula,
                                           std::array<double, dim>,
                                           double,
                                           std::vector<double>>>::value;

    const Formula formula;

  public:
    explicit FormulaSolution(const Formula &formula)
      : ExactSolution<dim>(n_field_components)
      , formula(formula)
    {
    }

    double
    value(const dealii::Point<dim> &point,
          const unsigned int        component = 0) const override
    {
      return evaluate<double>(point)[component];
    }

    dealii::Tensor<1, dim>
    gradient(const dealii::Point<dim> &point,
             const unsigned int        component = 0) const override
    {
      const First            u = evaluate<First>(point)[component];
      dealii::Tensor<1, dim> result;
      for (unsigned int d = 0; d < dim; ++d)
        result[d] = u.dx(d);
      return result;
    }

    dealii::SymmetricTensor<2, dim>
    hessian(const dealii::Point<dim> &point,
            const unsigned int        component = 0) const override
    {
      const Second                    u = evaluate<Second>(point)[component];
      dealii::SymmetricTensor<2, dim> result;
      for (unsigned int d = 0; d < dim; ++d)
        for (unsigned int e = d; e < dim; ++e)
          result[d][e] = u.dx(d).dx(e);
      return result;
    }

    double
    laplacian(const dealii::Point<dim> &point,
              const unsigned int        component = 0) const override
    {
      return trace(hessian(point, component));
    }

    double
    rate(const dealii::Point<dim> &point) const override
    {
      return evaluate<First>(point)[0].dx(dim);
    }
  };



  template <int dim, typename Formula>
  std::shared_ptr<ExactSolution<dim>>
  solution_of_formula(const Formula &formula)
  {
    return std::make_shared<FormulaSolution<dim, Formula>>(formula);
  }



  /**
   * The value and first derivatives with respect to x, y, t of the first
   * component at the points of @p samples in (x, y, t), with their weights.
   * Leaves @p exact at some time.
   */
  Samples
  exact_samples(ExactSolution<2> &exact, const Samples &samples);
} // namespace derl

#endif
