// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <deal.II/base/exceptions.h>
#include <deal.II/base/numbers.h>

#include <derl/equations/allen_cahn.h>
#include <derl/equations/sacado_residual.h>

#include <cmath>
#include <string>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * The sine or, for a coordinate that is differentiated once, the cosine
     * of $\pi x$.
     */
    double
    factor(const double x, const bool differentiated)
    {
      return differentiated ? std::cos(numbers::PI * x)
                            : std::sin(numbers::PI * x);
    }



    template <int dim>
    double
    product_of_sines(const Point<dim> &x)
    {
      double product = 1;
      for (unsigned int d = 0; d < dim; ++d)
        product *= factor(x[d], false);
      return product;
    }
  } // namespace



  template <int dim>
  double
  ManufacturedSolution<dim>::value(const Point<dim>  &x,
                                   const unsigned int component) const
  {
    AssertIndexRange(component, 1);
    (void)component;

    return product_of_sines(x);
  }



  template <int dim>
  Tensor<1, dim>
  ManufacturedSolution<dim>::gradient(const Point<dim>  &x,
                                      const unsigned int component) const
  {
    AssertIndexRange(component, 1);
    (void)component;

    Tensor<1, dim> result;
    for (unsigned int i = 0; i < dim; ++i)
      {
        result[i] = numbers::PI;
        for (unsigned int d = 0; d < dim; ++d)
          result[i] *= factor(x[d], d == i);
      }
    return result;
  }



  template <int dim>
  SymmetricTensor<2, dim>
  ManufacturedSolution<dim>::hessian(const Point<dim>  &x,
                                     const unsigned int component) const
  {
    AssertIndexRange(component, 1);

    SymmetricTensor<2, dim> result;
    for (unsigned int i = 0; i < dim; ++i)
      {
        result[i][i] = -numbers::PI * numbers::PI * value(x, component);
        for (unsigned int j = i + 1; j < dim; ++j)
          {
            double entry = numbers::PI * numbers::PI;
            for (unsigned int d = 0; d < dim; ++d)
              entry *= factor(x[d], d == i || d == j);
            result[i][j] = entry;
          }
      }
    return result;
  }



  template <int dim>
  double
  ManufacturedSolution<dim>::laplacian(const Point<dim>  &x,
                                       const unsigned int component) const
  {
    return -dim * numbers::PI * numbers::PI * value(x, component);
  }



  template <int dim>
  std::shared_ptr<const Residual>
  allen_cahn(const double lambda, const double reaction)
  {
    AssertThrow(lambda > 0,
                ExcMessage("The diffusion coefficient lambda of the "
                           "Allen-Cahn equation is " +
                           std::to_string(lambda) +
                           "; choose a positive number."));
    const auto equation = [lambda, reaction](const auto &jet,
                                             const auto &columns,
                                             const auto & /*point*/) {
      const auto &u         = jet[0];
      auto        laplacian = jet[1];
      for (unsigned int d = 1; d < dim; ++d)
        laplacian += jet[1 + d];
      return rows(lambda * laplacian + reaction * u * (u * u - 1.) -
                  columns[0]);
    };
    if constexpr (dim == 2)
      return residual({"u", "u_xx", "u_yy"}, {"forcing"}, equation);
    else
      return residual({"u", "u_xx", "u_yy", "u_zz"}, {"forcing"}, equation);
  }



  template <int dim>
  AllenCahnForcing<dim>::AllenCahnForcing(const double lambda,
                                          const double reaction)
    : lambda(lambda)
    , reaction(reaction)
  {
  }



  template <int dim>
  double
  AllenCahnForcing<dim>::value(const Point<dim> &x, const unsigned int) const
  {
    const double u = product_of_sines(x);
    return -lambda * dim * numbers::PI * numbers::PI * u +
           reaction * u * (u * u - 1.);
  }



  template class ManufacturedSolution<2>;
  template class ManufacturedSolution<3>;
  template class AllenCahnForcing<2>;
  template class AllenCahnForcing<3>;
  template std::shared_ptr<const Residual>
  allen_cahn<2>(const double, const double);
  template std::shared_ptr<const Residual>
  allen_cahn<3>(const double, const double);
} // namespace derl
