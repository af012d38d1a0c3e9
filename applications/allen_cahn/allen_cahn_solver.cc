// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "allen_cahn_solver.h"

#include <deal.II/base/function.h>
#include <deal.II/base/patterns.h>

#include <deal.II/fe/fe_q.h>

#include <solvers/allen_cahn_equation.h>
#include <solvers/meshes.h>

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

    LinearOptions linear    = parameters.linear;
    const bool    is_direct = parameters.linear_solver == "direct";
    linear.method = is_direct ? LinearMethod::direct : LinearMethod::minres;
    linear.n_smoother_sweeps = 3; // counts of iterations then vary less
    linear.remedy = " Raise 'Maximal linear iterations' or 'Linear relative "
                    "tolerance', or set 'Linear solver' to 'direct'.";
    typename FiniteElementSolver<dim>::NonlinearTerms preconditioner;
    if (!is_direct)
      preconditioner = AllenCahnEquation<dim>(lambda, reaction, forcing, true);
    const NewtonLog log = this->solve_nonlinear(
      AllenCahnEquation<dim>(lambda, reaction, forcing),
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
