// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "scalar_problem.h"

namespace derl
{
  using namespace dealii;

  template <int dim>
  void
  ScalarProblem<dim>::make_mesh(const unsigned int n_refinements,
                                Mesh              &mesh) const
  {
    geometry(n_refinements, mesh);
  }



  template <int dim>
  void
  ScalarProblem<dim>::integrate(const FEValues<dim> &fe_values,
                                FullMatrix<double>  &matrix,
                                Vector<double>      &right_hand_side) const
  {
    for (const unsigned int q : fe_values.quadrature_point_indices())
      {
        const Point<dim> &x   = fe_values.quadrature_point(q);
        const double      JxW = fe_values.JxW(q);
        const double      a   = diffusion ? diffusion(x) : 1.;
        double            f   = -a * trace(this->exact->hessian(x));
        if (this->n_time_steps > 0)
          f += this->exact->rate(x);
        if (convection.norm() > 0.)
          f += convection * this->exact->gradient(x);
        for (const unsigned int i : fe_values.dof_indices())
          {
            const double value = fe_values.shape_value(i, q);
            for (const unsigned int j : fe_values.dof_indices())
              matrix(i, j) +=
                (a * (fe_values.shape_grad(i, q) * fe_values.shape_grad(j, q)) +
                 value * (convection * fe_values.shape_grad(j, q))) *
                JxW;
            right_hand_side(i) += f * value * JxW;
          }
      }
  }



  template class ScalarProblem<2>;
  template class ScalarProblem<3>;
} // namespace derl
