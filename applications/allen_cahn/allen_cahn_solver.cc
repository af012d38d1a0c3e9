// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "allen_cahn_solver.h"

#include <deal.II/base/function.h>
#include <deal.II/base/patterns.h>

#include <deal.II/fe/fe_q.h>

#include <solvers/meshes.h>

#include <cmath>

namespace derl
{
  using namespace dealii;

  template <int dim>
  AllenCahnSolver<dim>::AllenCahnSolver(
    const MPI_Comm                   mpi_communicator,
    const AllenCahnSolverParameters &parameters,
    const ConditionalOStream        &progress)
    : FiniteElementSolver<dim>(mpi_communicator,
                               FE_Q<dim>(parameters.fe_degree),
                               1,
                               parameters.fe_degree + 2,
                               progress)
    , parameters(parameters)
  {
    parameters.check();
    static const Functions::ZeroFunction<dim> zero;
    this->boundary_values = {{0, &zero}};
  }



  template <int dim>
  void
  AllenCahnSolver<dim>::solve_for(const double lambda)
  {
    const double                reaction = parameters.reaction;
    const AllenCahnForcing<dim> forcing(lambda, reaction);
    std::vector<double>         values(this->quadrature.size());
    std::vector<Tensor<1, dim>> gradients(this->quadrature.size());

    // the matrix with |c| in place of c for the preconditioner
    const auto add_matrix = [&](const FEValues<dim> &fe_values,
                                FullMatrix<double>  &matrix,
                                const unsigned int   q,
                                const double         c) {
      const double JxW = fe_values.JxW(q);
      for (const unsigned int i : fe_values.dof_indices())
        for (const unsigned int j : fe_values.dof_indices())
          matrix(i, j) +=
            (lambda *
               (fe_values.shape_grad(i, q) * fe_values.shape_grad(j, q)) +
             c * fe_values.shape_value(i, q) * fe_values.shape_value(j, q)) *
            JxW;
    };
    const auto equation = [&](const FEValues<dim> &fe_values,
                              const VectorType    &u,
                              FullMatrix<double>  &matrix,
                              Vector<double>      &residual) {
      fe_values.get_function_values(u, values);
      fe_values.get_function_gradients(u, gradients);
      for (const unsigned int q : fe_values.quadrature_point_indices())
        {
          const double square = values[q] * values[q];
          if (matrix.m() > 0)
            {
              add_matrix(fe_values, matrix, q, reaction * (1. - 3. * square));
              continue;
            }
          const double r = reaction * values[q] * (1. - square) +
                           forcing.value(fe_values.quadrature_point(q));
          for (const unsigned int i : fe_values.dof_indices())
            residual(i) +=
              (lambda * (gradients[q] * fe_values.shape_grad(i, q)) +
               r * fe_values.shape_value(i, q)) *
              fe_values.JxW(q);
        }
    };
    const auto positive_definite = [&](const FEValues<dim> &fe_values,
                                       const VectorType    &u,
                                       FullMatrix<double>  &matrix,
                                       Vector<double> &) {
      fe_values.get_function_values(u, values);
      for (const unsigned int q : fe_values.quadrature_point_indices())
        add_matrix(fe_values,
                   matrix,
                   q,
                   std::fabs(reaction * (1. - 3. * values[q] * values[q])));
    };

    LinearOptions linear    = parameters.linear;
    const bool    is_direct = parameters.linear_solver == "direct";
    linear.method = is_direct ? LinearMethod::direct : LinearMethod::minres;
    linear.n_smoother_sweeps = 3; // counts of iterations then vary less
    linear.remedy = " Raise 'Maximal linear iterations' or 'Linear relative "
                    "tolerance', or set 'Linear solver' to 'direct'.";
    typename FiniteElementSolver<dim>::NonlinearTerms preconditioner;
    if (!is_direct)
      preconditioner = positive_definite;
    const NewtonLog log = this->solve_nonlinear(
      equation,
      parameters.newton,
      linear,
      "mesh " + std::to_string(this->n_refinements) +
        ", lambda = " + Patterns::Tools::to_string(lambda),
      "Refine the mesh, add a value to 'Continuation lambdas'",
      preconditioner);
    for (const NewtonStep &step : log.steps)
      newton_log.emplace_back(step, this->n_refinements, lambda);
  }



  template <int dim>
  void
  AllenCahnSolver<dim>::solve_on_mesh()
  {
    if (this->n_refinements == 0)
      for (const double lambda : parameters.continuation_lambdas)
        if (lambda > parameters.lambda)
          solve_for(lambda);
    solve_for(parameters.lambda);
  }



  template <int dim>
  void
  AllenCahnSolver<dim>::solve()
  {
    if (parameters.distortion == 0.)
      make_cube(parameters.n_global_refinements, this->mesh);
    else
      make_distorted_cube(
        parameters.n_global_refinements, parameters.distortion, this->mesh);
    this->solve_adaptively(parameters.n_adaptive_refinements, 0.3, 0.03);
  }



  template class AllenCahnSolver<2>;
  template class AllenCahnSolver<3>;
} // namespace derl
