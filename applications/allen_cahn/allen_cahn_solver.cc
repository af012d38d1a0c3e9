// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <deal.II/base/function.h>
#include <deal.II/base/patterns.h>
#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/grid_refinement.h>
#include <deal.II/distributed/solution_transfer.h>

#include <deal.II/fe/fe_values.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/full_matrix.h>
#include <deal.II/lac/solver_control.h>
#include <deal.II/lac/solver_minres.h>
#include <deal.II/lac/trilinos_precondition.h>
#include <deal.II/lac/trilinos_solver.h>
#include <deal.II/lac/vector.h>

#include <deal.II/numerics/error_estimator.h>

#include <derl/equations/allen_cahn.h>

#include <algorithm>
#include <cmath>
#include <common/discretization.h>
#include <map>
#include <sstream>

#include "allen_cahn_solver.h"

namespace derl
{
  using namespace dealii;

  template <int dim>
  AllenCahnSolver<dim>::AllenCahnSolver(const MPI_Comm    mpi_communicator,
                                        const Parameters &parameters,
                                        const ConditionalOStream &progress)
    : mpi_communicator(mpi_communicator)
    , parameters(parameters)
    , progress(progress)
    , triangulation(mpi_communicator)
    , fe(parameters.fe_degree)
    , dof_handler(triangulation)
  {
    parameters.check();
  }



  template <int dim>
  void
  AllenCahnSolver<dim>::make_mesh()
  {
    dof_handler.clear();
    triangulation.clear();
    if (parameters.distortion == 0.)
      {
        GridGenerator::hyper_cube(triangulation, -1., 1.);
        triangulation.refine_global(parameters.n_global_refinements);
        return;
      }

    make_distorted_cube(
      parameters.n_global_refinements, parameters.distortion, triangulation);
    n_coarse_cells = 1u << parameters.n_global_refinements;
  }



  template <int dim>
  void
  AllenCahnSolver<dim>::setup_system()
  {
    dof_handler.distribute_dofs(fe);
    locally_owned_dofs    = dof_handler.locally_owned_dofs();
    locally_relevant_dofs = derl::locally_relevant_dofs(dof_handler);

    make_constraints(
      mapping, dof_handler, Functions::ZeroFunction<dim>(), constraints);
    reinit_matrix(dof_handler, constraints, jacobian);
    if (parameters.linear_solver == "MINRES+AMG")
      preconditioner_matrix.reinit(jacobian);

    solution.reinit(
      locally_owned_dofs, locally_relevant_dofs, mpi_communicator);
  }



  template <int dim>
  void
  AllenCahnSolver<dim>::refine_mesh()
  {
    Vector<float> indicators(triangulation.n_active_cells());
    KellyErrorEstimator<dim>::estimate(
      mapping,
      dof_handler,
      QGauss<dim - 1>(fe.degree + 1),
      std::map<types::boundary_id, const Function<dim> *>(),
      solution,
      indicators);
    parallel::distributed::GridRefinement::refine_and_coarsen_fixed_number(
      triangulation, indicators, 0.3, 0.03);

    parallel::distributed::SolutionTransfer<dim, VectorType> transfer(
      dof_handler);
    triangulation.prepare_coarsening_and_refinement();
    transfer.prepare_for_coarsening_and_refinement(solution);
    triangulation.execute_coarsening_and_refinement();
    setup_system();

    VectorType interpolated(locally_owned_dofs, mpi_communicator);
    transfer.interpolate(interpolated);
    constraints.distribute(interpolated);
    solution = interpolated;
  }



  template <int dim>
  void
  AllenCahnSolver<dim>::assemble(const VectorType &u,
                                 const double      lambda,
                                 const bool        with_matrices,
                                 VectorType       &residual)
  {
    const double                reaction = parameters.reaction;
    const AllenCahnForcing<dim> forcing(lambda, reaction);
    const QGauss<dim>           quadrature(fe.degree + 2);
    FEValues<dim>               fe_values(mapping,
                            fe,
                            quadrature,
                            update_values | update_gradients |
                              update_quadrature_points | update_JxW_values);

    const unsigned int                   n_dofs_per_cell = fe.n_dofs_per_cell();
    std::vector<double>                  values(quadrature.size());
    std::vector<Tensor<1, dim>>          gradients(quadrature.size());
    Vector<double>                       cell_residual(n_dofs_per_cell);
    FullMatrix<double>                   cell_jacobian(n_dofs_per_cell);
    FullMatrix<double>                   cell_preconditioner(n_dofs_per_cell);
    std::vector<types::global_dof_index> dof_indices(n_dofs_per_cell);

    const bool with_preconditioner =
      with_matrices && parameters.linear_solver == "MINRES+AMG";
    residual = 0;
    if (with_matrices)
      jacobian = 0;
    if (with_preconditioner)
      preconditioner_matrix = 0;

    for (const auto &cell : dof_handler.active_cell_iterators())
      if (cell->is_locally_owned())
        {
          fe_values.reinit(cell);
          fe_values.get_function_values(u, values);
          fe_values.get_function_gradients(u, gradients);

          cell_residual       = 0;
          cell_jacobian       = 0;
          cell_preconditioner = 0;
          for (const unsigned int q : fe_values.quadrature_point_indices())
            {
              const double JxW = fe_values.JxW(q);
              const double r =
                reaction * values[q] * (1. - values[q] * values[q]) +
                forcing.value(fe_values.quadrature_point(q));
              for (const unsigned int i : fe_values.dof_indices())
                cell_residual(i) +=
                  (lambda * (gradients[q] * fe_values.shape_grad(i, q)) +
                   r * fe_values.shape_value(i, q)) *
                  JxW;

              if (!with_matrices)
                continue;
              const double c = reaction * (1. - 3. * values[q] * values[q]);
              for (const unsigned int i : fe_values.dof_indices())
                for (unsigned int j = 0; j <= i; ++j)
                  {
                    const double stiffness =
                      lambda * JxW *
                      (fe_values.shape_grad(i, q) * fe_values.shape_grad(j, q));
                    const double mass = fe_values.shape_value(i, q) *
                                        fe_values.shape_value(j, q) * JxW;
                    cell_jacobian(i, j) += stiffness + c * mass;
                    cell_preconditioner(i, j) +=
                      stiffness + std::fabs(c) * mass;
                  }
            }
          for (unsigned int i = 0; i < n_dofs_per_cell; ++i)
            for (unsigned int j = 0; j < i; ++j)
              {
                cell_jacobian(j, i)       = cell_jacobian(i, j);
                cell_preconditioner(j, i) = cell_preconditioner(i, j);
              }

          cell->get_dof_indices(dof_indices);
          constraints.distribute_local_to_global(
            cell_residual, dof_indices, residual);
          if (with_matrices)
            constraints.distribute_local_to_global(
              cell_jacobian, dof_indices, jacobian);
          if (with_preconditioner)
            constraints.distribute_local_to_global(
              cell_preconditioner, dof_indices, preconditioner_matrix);
        }

    residual.compress(VectorOperation::add);
    if (with_matrices)
      jacobian.compress(VectorOperation::add);
    if (with_preconditioner)
      preconditioner_matrix.compress(VectorOperation::add);
  }



  template <int dim>
  unsigned int
  AllenCahnSolver<dim>::solve_linear_system(const VectorType &right_hand_side,
                                            VectorType       &update)
  {
    update = 0;

    if (parameters.linear_solver == "direct")
      {
        SolverControl                  control(1, 0, false, false);
        TrilinosWrappers::SolverDirect solver(
          control,
          TrilinosWrappers::SolverDirect::AdditionalData(false, "Amesos_Klu"));
        solver.solve(jacobian, update, right_hand_side);
        constraints.distribute(update);
        return 1;
      }

    TrilinosWrappers::PreconditionAMG                 amg;
    TrilinosWrappers::PreconditionAMG::AdditionalData amg_data;
    amg_data.higher_order_elements = (fe.degree > 1);
    // One more than the default: the counts of iterations vary less with the
    // degree and the mesh, at the same cost.
    amg_data.smoother_sweeps = 3;
    amg.initialize(preconditioner_matrix, amg_data);

    // MINRES measures the residual in the norm of the preconditioner. Where
    // that norm was too optimistic, start again with what is left.
    const double tolerance =
      parameters.linear_relative_tolerance * right_hand_side.l2_norm();
    unsigned int n_iterations = 0;
    VectorType   residual(right_hand_side);
    VectorType   correction(right_hand_side);
    double       norm = residual.l2_norm();
    while (norm > tolerance)
      {
        const unsigned int n_left =
          parameters.n_max_linear_iterations - n_iterations;
        const double     reduction = 0.5 * tolerance / norm;
        ReductionControl control(n_left, 0, reduction, false, false);

        SolverMinRes<VectorType> solver(control);
        correction = 0;
        solver.solve(jacobian, correction, residual, amg);
        n_iterations += control.last_step();

        update += correction;
        jacobian.vmult(residual, update);
        residual.sadd(-1., 1., right_hand_side);
        norm = residual.l2_norm();
      }
    constraints.distribute(update);
    return n_iterations;
  }



  template <int dim>
  void
  AllenCahnSolver<dim>::solve_nonlinear_system(const unsigned int mesh,
                                               const double       lambda)
  {
    VectorType residual(locally_owned_dofs, mpi_communicator);
    VectorType update(locally_owned_dofs, mpi_communicator);
    VectorType owned_candidate(locally_owned_dofs, mpi_communicator);
    VectorType candidate(
      locally_owned_dofs, locally_relevant_dofs, mpi_communicator);

    // The norm at zero, not that at the starting point: a good start must not
    // make the stopping rule stricter than round-off allows.
    assemble(candidate, lambda, false, residual);
    const double tolerance =
      std::max(parameters.newton_absolute_tolerance,
               parameters.newton_relative_tolerance * residual.l2_norm());

    assemble(solution, lambda, false, residual);
    double norm = residual.l2_norm();
    log({mesh, lambda, 0, norm, 0., 0});

    const std::string where =
      "Newton's method for lambda = " + Patterns::Tools::to_string(lambda);
    for (unsigned int step = 1; norm > tolerance; ++step)
      {
        AssertThrow(step <= parameters.n_max_newton_steps,
                    ExcMessage(where + " has not converged within " +
                               std::to_string(parameters.n_max_newton_steps) +
                               " steps. Refine the mesh, add a value to "
                               "'Continuation lambdas', or raise 'Maximal "
                               "Newton steps'."));

        assemble(solution, lambda, true, residual);
        residual *= -1.;
        unsigned int n_linear_iterations = 0;
        try
          {
            n_linear_iterations = solve_linear_system(residual, update);
          }
        catch (const SolverControl::NoConvergence &)
          {
            AssertThrow(
              false,
              ExcMessage(where +
                         ": MINRES has not converged. Raise 'Maximal linear "
                         "iterations' or 'Linear relative tolerance', or set "
                         "'Linear solver' to 'direct'."));
          }

        double step_length    = 1.;
        double candidate_norm = 0.;
        while (true)
          {
            owned_candidate = solution;
            owned_candidate.add(step_length, update);
            candidate = owned_candidate;
            assemble(candidate, lambda, false, residual);
            candidate_norm = residual.l2_norm();
            if (candidate_norm < (1. - 1e-4 * step_length) * norm)
              break;

            step_length /= 2.;
            AssertThrow(
              step_length > 1e-4,
              ExcMessage(where + " is stuck at the residual norm " +
                         Patterns::Tools::to_string(norm) +
                         ", above the tolerance " +
                         Patterns::Tools::to_string(tolerance) +
                         ". Refine the mesh or add a value to 'Continuation "
                         "lambdas'; if the two norms are close, raise the "
                         "Newton tolerances."));
          }
        solution = candidate;
        norm     = candidate_norm;
        log({mesh, lambda, step, norm, step_length, n_linear_iterations});
      }
  }



  template <int dim>
  void
  AllenCahnSolver<dim>::log(const NewtonStep &step)
  {
    newton_log.push_back(step);

    std::ostringstream line;
    line.precision(3);
    line << "Newton: mesh " << step.mesh << ", lambda " << step.lambda
         << ", step " << step.step << ", residual " << step.residual_norm;
    if (step.step > 0)
      line << ", step length " << step.step_length << ", "
           << step.n_linear_iterations << " linear iterations";
    progress << line.str() << std::endl;
  }



  template <int dim>
  void
  AllenCahnSolver<dim>::solve()
  {
    newton_log.clear();
    make_mesh();
    setup_system();

    for (const double lambda : parameters.continuation_lambdas)
      if (lambda > parameters.lambda)
        solve_nonlinear_system(0, lambda);
    solve_nonlinear_system(0, parameters.lambda);

    for (unsigned int mesh = 1; mesh <= parameters.n_adaptive_refinements;
         ++mesh)
      {
        refine_mesh();
        solve_nonlinear_system(mesh, parameters.lambda);
      }
  }



  template class AllenCahnSolver<2>;
  template class AllenCahnSolver<3>;
} // namespace derl
