// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <deal.II/base/exceptions.h>
#include <deal.II/base/patterns.h>
#include <deal.II/base/quadrature_lib.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_system.h>

#include <deal.II/numerics/vector_tools.h>

#include <solvers/flow_solver.h>

#include <string>
#include <vector>

namespace derl
{
  using namespace dealii;

  namespace
  {
    const FEValuesExtractors::Vector velocity(0);
    const FEValuesExtractors::Scalar pressure(2);



    FESystem<2>
    taylor_hood(const FlowSolverParameters &parameters)
    {
      parameters.check();
      return FESystem<2>(FE_Q<2>(parameters.velocity_degree),
                         2,
                         FE_Q<2>(parameters.velocity_degree - 1),
                         1);
    }
  } // namespace



  void
  FlowSolverParameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Velocity degree",
                      velocity_degree,
                      "The polynomial degree of the velocity; that of the "
                      "pressure is one less.",
                      Patterns::Integer(2, 6));
    prm.add_parameter("Mapping degree",
                      mapping_degree,
                      "The polynomial degree of the cells' edges.",
                      Patterns::Integer(1, 10));
    prm.add_parameter("Global refinements",
                      n_global_refinements,
                      "How often all cells of the coarse mesh are refined.",
                      Patterns::Integer(0, 6));
    prm.add_parameter("Adaptive refinements",
                      n_adaptive_refinements,
                      "How often the cells with the largest estimated error "
                      "are refined, each time with a new solve.",
                      Patterns::Integer(0, 20));
    prm.add_parameter("Refinement fraction",
                      refinement_fraction,
                      "The fraction of the cells that is refined.",
                      Patterns::Double(0., 1.));
    newton.declare_parameters(prm);
  }



  void
  FlowSolverParameters::check() const
  {
    AssertThrow(velocity_degree > 1,
                ExcMessage("Taylor-Hood elements need a degree of at least "
                           "2."));
    newton.check();
  }



  FlowSolver::FlowSolver(const MPI_Comm              communicator,
                         const FlowProblem          &problem,
                         const FlowSolverParameters &parameters,
                         const ConditionalOStream   &progress)
    : FiniteElementSolver<2>(communicator,
                             taylor_hood(parameters),
                             parameters.mapping_degree,
                             parameters.velocity_degree + 2,
                             progress)
    , problem(problem)
    , parameters(parameters)
  {
    boundary_values   = problem.velocities;
    given_components  = fe->component_mask(velocity);
    is_up_to_constant = problem.is_enclosed;
  }



  void
  FlowSolver::integrate(const FEValues<2>  &fe_values,
                        const VectorType   &solution,
                        FullMatrix<double> &matrix,
                        Vector<double>     &residual) const
  {
    const unsigned int        n_points = fe_values.n_quadrature_points;
    const unsigned int        n        = fe_values.dofs_per_cell;
    std::vector<Tensor<1, 2>> u(n_points), phi(n);
    std::vector<Tensor<2, 2>> grad_u(n_points), grad_phi(n);
    std::vector<double>       p(n_points), psi(n);
    fe_values[velocity].get_function_values(solution, u);
    fe_values[velocity].get_function_gradients(solution, grad_u);
    fe_values[pressure].get_function_values(solution, p);
    const double nu = problem.viscosity;
    const double c  = problem.has_convection ? 1. : 0.;
    for (unsigned int q = 0; q < n_points; ++q)
      {
        const double JxW = fe_values.JxW(q);
        Tensor<1, 2> force;
        if (problem.force)
          force = problem.force(fe_values.quadrature_point(q));
        const Tensor<1, 2> convection = c * (grad_u[q] * u[q]);
        for (unsigned int i = 0; i < n; ++i)
          {
            phi[i]      = fe_values[velocity].value(i, q);
            grad_phi[i] = fe_values[velocity].gradient(i, q);
            psi[i]      = fe_values[pressure].value(i, q);
          }
        for (unsigned int i = 0; i < n; ++i)
          {
            residual(i) +=
              (nu * scalar_product(grad_u[q], grad_phi[i]) +
               (convection - force) * phi[i] - p[q] * trace(grad_phi[i]) -
               psi[i] * trace(grad_u[q])) *
              JxW;
            if (matrix.m() == 0)
              continue;
            for (unsigned int j = 0; j < n; ++j)
              matrix(i, j) +=
                (nu * scalar_product(grad_phi[j], grad_phi[i]) +
                 c * ((grad_phi[j] * u[q] + grad_u[q] * phi[j]) * phi[i]) -
                 psi[j] * trace(grad_phi[i]) - psi[i] * trace(grad_phi[j])) *
                JxW;
          }
      }
  }



  void
  FlowSolver::solve_on_mesh()
  {
    LinearOptions direct;
    direct.method = LinearMethod::direct;
    solve_nonlinear([this](auto &&...arguments) { integrate(arguments...); },
                    parameters.newton,
                    direct,
                    "mesh " + std::to_string(n_refinements) + ", " +
                      std::to_string(dof_handler.n_dofs()) +
                      " degrees of freedom",
                    "Refine the mesh");
    if (problem.is_enclosed)
      normalize_pressure();
  }



  void
  FlowSolver::normalize_pressure()
  {
    const double mean = VectorTools::compute_mean_value(
      mapping, dof_handler, quadrature, solution, pressure.component);
    // a copy of the solution cannot be written to: compress() of what was a
    // vector with ghost elements is nothing on ranks without cells
    VectorType shift = make_owned_vector();
    for (const auto i :
         DoFTools::extract_dofs(dof_handler, fe->component_mask(pressure)))
      shift(i) = -mean;
    shift.compress(VectorOperation::insert);
    const VectorType shift_with_ghosts = with_ghosts(shift);
    solution += shift_with_ghosts;
  }



  Tensor<1, 2>
  FlowSolver::force_from_residual(const types::boundary_id id) const
  {
    VectorType residual = make_owned_vector();
    assemble(
      hanging_nodes,
      [this](const auto &fe_values, auto &matrix, auto &vector) {
        integrate(fe_values, solution, matrix, vector);
      },
      nullptr,
      &residual);
    Tensor<1, 2> force;
    for (unsigned int d = 0; d < 2; ++d)
      {
        const IndexSet at_boundary = DoFTools::extract_boundary_dofs(
          dof_handler, fe->component_mask(FEValuesExtractors::Scalar(d)), {id});
        for (const types::global_dof_index i : at_boundary &owned)
          force[d] -= residual(i);
      }
    return Utilities::MPI::sum(force, communicator);
  }



  Tensor<1, 2>
  FlowSolver::force_from_stress(const types::boundary_id id) const
  {
    const QGauss<1>           face_quadrature(fe->degree + 3);
    FEFaceValues<2>           fe_values(mapping,
                              *fe,
                              face_quadrature,
                              update_values | update_gradients |
                                update_normal_vectors | update_JxW_values);
    std::vector<Tensor<2, 2>> gradients(face_quadrature.size());
    std::vector<double>       pressures(face_quadrature.size());
    Tensor<1, 2>              force;
    for (const auto &cell : dof_handler.active_cell_iterators())
      if (cell->is_locally_owned())
        for (const unsigned int face : cell->face_indices())
          if (cell->face(face)->at_boundary() &&
              cell->face(face)->boundary_id() == id)
            {
              fe_values.reinit(cell, face);
              fe_values[velocity].get_function_gradients(solution, gradients);
              fe_values[pressure].get_function_values(solution, pressures);
              for (const unsigned int q : fe_values.quadrature_point_indices())
                force += traction(problem.viscosity,
                                  pressures[q],
                                  gradients[q],
                                  -fe_values.normal_vector(q)) *
                         fe_values.JxW(q);
            }
    return Utilities::MPI::sum(force, communicator);
  }
} // namespace derl
