// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <solvers/allen_cahn_equation.h>

#include <cmath>
#include <vector>

namespace derl
{
  using namespace dealii;

  template <int dim>
  AllenCahnEquation<dim>::AllenCahnEquation(const double         lambda,
                                            const double         reaction,
                                            const Function<dim> &forcing,
                                            const bool is_made_definite)
    : lambda(lambda)
    , reaction(reaction)
    , forcing(forcing)
    , is_made_definite(is_made_definite)
  {
  }



  template <int dim>
  void
  AllenCahnEquation<dim>::operator()(const FEValues<dim> &fe_values,
                                     const VectorType    &u,
                                     FullMatrix<double>  &matrix,
                                     Vector<double>      &residual) const
  {
    std::vector<double>         values(fe_values.n_quadrature_points);
    std::vector<Tensor<1, dim>> gradients(fe_values.n_quadrature_points);
    fe_values.get_function_values(u, values);
    fe_values.get_function_gradients(u, gradients);
    for (const unsigned int q : fe_values.quadrature_point_indices())
      {
        const double square = values[q] * values[q];
        const double JxW    = fe_values.JxW(q);
        if (matrix.m() > 0)
          {
            const double slope = reaction * (1. - 3. * square);
            const double c     = is_made_definite ? std::fabs(slope) : slope;
            for (const unsigned int i : fe_values.dof_indices())
              for (const unsigned int j : fe_values.dof_indices())
                matrix(i, j) += (lambda * (fe_values.shape_grad(i, q) *
                                           fe_values.shape_grad(j, q)) +
                                 c * fe_values.shape_value(i, q) *
                                   fe_values.shape_value(j, q)) *
                                JxW;
            continue;
          }
        const double r = reaction * values[q] * (1. - square) +
                         forcing.value(fe_values.quadrature_point(q));
        for (const unsigned int i : fe_values.dof_indices())
          residual(i) += (lambda * (gradients[q] * fe_values.shape_grad(i, q)) +
                          r * fe_values.shape_value(i, q)) *
                         JxW;
      }
  }



  template class AllenCahnEquation<2>;
  template class AllenCahnEquation<3>;
} // namespace derl
