// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <solvers/linear_solver.h>

#include <vector>

namespace derl
{
  using namespace dealii;

  template <int dim>
  LinearSolver<dim>::LinearSolver(const MPI_Comm            communicator,
                                  const FiniteElement<dim> &element,
                                  const unsigned int        mapping_degree,
                                  const unsigned int        n_gauss_points,
                                  const CellTerms          &terms,
                                  const Function<dim>      &given_values,
                                  const LinearOptions      &options,
                                  const ConditionalOStream &progress)
    : FiniteElementSolver<dim>(communicator,
                               element,
                               mapping_degree,
                               n_gauss_points,
                               progress)
    , terms(terms)
    , options(options)
  {
    this->boundary_values = {{0, &given_values}};
  }



  template <int dim>
  void
  LinearSolver<dim>::solve(const CellTerms &all_terms, VectorType &values)
  {
    VectorType right_hand_side = this->make_owned_vector();
    this->update_constraints();
    this->assemble(
      this->constraints, all_terms, &this->matrix, &right_hand_side);
    solve_linear_system(
      this->matrix, values, right_hand_side, options, this->fe->degree > 1);
    this->constraints.distribute(values);
    this->solution = values;
  }



  template <int dim>
  void
  LinearSolver<dim>::solve_on_mesh()
  {
    VectorType values = this->make_owned_vector();
    values            = this->solution;
    solve(terms, values);
  }



  template <int dim>
  void
  LinearSolver<dim>::solve_step(BackwardDifferences<VectorType> &bdf)
  {
    const double        weight  = bdf.weight();
    const VectorType    history = this->with_ghosts(bdf.history());
    std::vector<double> old(this->quadrature.size());
    solve(
      [&](const FEValues<dim> &fe_values,
          FullMatrix<double>  &matrix,
          Vector<double>      &right_hand_side) {
        terms(fe_values, matrix, right_hand_side);
        fe_values.get_function_values(history, old);
        for (const unsigned int q : fe_values.quadrature_point_indices())
          for (const unsigned int i : fe_values.dof_indices())
            {
              const double test =
                fe_values.shape_value(i, q) * fe_values.JxW(q);
              right_hand_side(i) -= old[q] * test;
              for (const unsigned int j : fe_values.dof_indices())
                matrix(i, j) += weight * fe_values.shape_value(j, q) * test;
            }
      },
      bdf.values());
    rate = this->with_ghosts(bdf.rate());
  }



  template <int dim>
  typename LinearSolver<dim>::CellTerms
  diffusion_terms(const std::function<double(const Point<dim> &)> &diffusion,
                  const std::function<double(const Point<dim> &)> &source,
                  const Tensor<1, dim>                            &convection)
  {
    return [diffusion, source, convection](const FEValues<dim> &fe_values,
                                           FullMatrix<double>  &matrix,
                                           Vector<double> &right_hand_side) {
      for (const unsigned int q : fe_values.quadrature_point_indices())
        {
          const Point<dim> &x   = fe_values.quadrature_point(q);
          const double      JxW = fe_values.JxW(q);
          const double      a   = diffusion(x);
          const double      f   = source(x);
          for (const unsigned int i : fe_values.dof_indices())
            {
              const double value = fe_values.shape_value(i, q);
              for (const unsigned int j : fe_values.dof_indices())
                matrix(i, j) +=
                  (a *
                     (fe_values.shape_grad(i, q) * fe_values.shape_grad(j, q)) +
                   value * (convection * fe_values.shape_grad(j, q))) *
                  JxW;
              right_hand_side(i) += f * value * JxW;
            }
        }
    };
  }



  template class LinearSolver<2>;
  template class LinearSolver<3>;
  template LinearSolver<2>::CellTerms
  diffusion_terms(const std::function<double(const Point<2> &)> &,
                  const std::function<double(const Point<2> &)> &,
                  const Tensor<1, 2> &);
  template LinearSolver<3>::CellTerms
  diffusion_terms(const std::function<double(const Point<3> &)> &,
                  const std::function<double(const Point<3> &)> &,
                  const Tensor<1, 3> &);
} // namespace derl
