// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_solvers_allen_cahn_equation_h
#define derl_applications_solvers_allen_cahn_equation_h

#include <deal.II/base/function.h>

#include <deal.II/fe/fe_values.h>

#include <deal.II/lac/full_matrix.h>
#include <deal.II/lac/trilinos_vector.h>
#include <deal.II/lac/vector.h>

namespace derl
{
  /**
   * The integrals over a cell of the equation $\lambda\Delta u+r(u^3-u)=f$,
   * multiplied by $-v$ and integrated by parts, for
   * FiniteElementSolver::solve_nonlinear():
   * @f[
   *   R(u)[v] = \lambda(\nabla u,\nabla v) + r(u - u^3, v) + (f, v), \qquad
   *   R'(u)[v,w] = \lambda(\nabla w,\nabla v) + r((1-3u^2) w, v).
   * @f]
   */
  template <int dim>
  class AllenCahnEquation
  {
  public:
    using VectorType = dealii::TrilinosWrappers::MPI::Vector;

    /**
     * @param forcing f, which must outlive this object
     * @param is_made_definite whether the matrix is to be the positive definite
     *   one with $|1-3u^2|$ in place of $1-3u^2$, for preconditioners.
     */
    AllenCahnEquation(const double                 lambda,
                      const double                 reaction,
                      const dealii::Function<dim> &forcing,
                      const bool                   is_made_definite = false);

    /**
     * Add the matrix, if it has rows, or else the residual.
     */
    void
    operator()(const dealii::FEValues<dim> &fe_values,
               const VectorType            &u,
               dealii::FullMatrix<double>  &matrix,
               dealii::Vector<double>      &residual) const;

  private:
    const double                 lambda;
    const double                 reaction;
    const dealii::Function<dim> &forcing;
    const bool                   is_made_definite;
  };
} // namespace derl

#endif
