// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <deal.II/base/function.h>
#include <deal.II/base/patterns.h>
#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/grid_refinement.h>
#include <deal.II/distributed/solution_transfer.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_values.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/full_matrix.h>
#include <deal.II/lac/solver_control.h>
#include <deal.II/lac/trilinos_solver.h>
#include <deal.II/lac/vector.h>

#include <deal.II/numerics/error_estimator.h>
#include <deal.II/numerics/vector_tools.h>

#include <Amesos.h>
#include <common/discretization.h>
#include <cstdio>
#include <limits>
#include <map>

#include "flow_solver.h"

namespace derl
{
  using namespace dealii;
  using namespace flow_benchmark;

  namespace
  {
    /**
     * The parabola at the inflow.
     */
    class InflowVelocity : public Function<2>
    {
    public:
      InflowVelocity()
        : Function<2>(flow_benchmark::n_components)
      {
      }

      double
      value(const Point<2> &x, const unsigned int component) const override
      {
        return component == 0
                 ? 4. * largest_velocity * x[1] * (channel_height - x[1]) /
                     (channel_height * channel_height)
                 : 0.;
      }
    };



    const FEValuesExtractors::Vector velocity(0);
    const FEValuesExtractors::Scalar pressure(2);
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
    prm.add_parameter("Newton absolute tolerance",
                      newton_absolute_tolerance,
                      "Newton's method stops when the l2 norm of the residual "
                      "vector is below this number.",
                      Patterns::Double(0., 1.));
    prm.add_parameter("Maximal Newton steps",
                      n_max_newton_steps,
                      "The number of Newton steps on each mesh after which "
                      "the solver gives up.",
                      Patterns::Integer(1, 1000));
  }



  void
  FlowSolverParameters::check() const
  {
    AssertThrow(newton_absolute_tolerance > 0.,
                ExcMessage("'Newton absolute tolerance' must be positive; "
                           "otherwise Newton's method never stops."));
  }



  FlowSolver::FlowSolver(const MPI_Comm              communicator,
                         const FlowSolverParameters &parameters,
                         const ConditionalOStream   &progress)
    : communicator(communicator)
    , parameters(parameters)
    , progress(progress)
    , triangulation(communicator)
    , fe(FE_Q<2>(parameters.velocity_degree),
         2,
         FE_Q<2>(parameters.velocity_degree - 1),
         1)
    , mapping(parameters.mapping_degree)
    , dof_handler(triangulation)
  {
    parameters.check();
  }



  const DoFHandler<2> &
  FlowSolver::get_dof_handler() const
  {
    return dof_handler;
  }



  const FlowSolver::VectorType &
  FlowSolver::get_solution() const
  {
    return solution;
  }



  const Mapping<2> &
  FlowSolver::get_mapping() const
  {
    return mapping;
  }



  void
  FlowSolver::make_mesh()
  {
    dof_handler.clear();
    triangulation.clear();
    GridGenerator::channel_with_cylinder(triangulation, 0.03, 2, 2.0, true);
    triangulation.refine_global(parameters.n_global_refinements);
  }



  void
  FlowSolver::setup_system()
  {
    dof_handler.distribute_dofs(fe);
    locally_owned_dofs    = dof_handler.locally_owned_dofs();
    locally_relevant_dofs = derl::locally_relevant_dofs(dof_handler);

    hanging_nodes.clear();
    hanging_nodes.reinit(locally_relevant_dofs);
    DoFTools::make_hanging_node_constraints(dof_handler, hanging_nodes);
    boundary_values.copy_from(hanging_nodes);
    zero_boundary_values.copy_from(hanging_nodes);
    const ComponentMask              velocities = fe.component_mask(velocity);
    const Functions::ZeroFunction<2> zero(n_components);
    for (const types::boundary_id id : {inflow, walls, cylinder})
      {
        if (id == inflow)
          VectorTools::interpolate_boundary_values(mapping,
                                                   dof_handler,
                                                   id,
                                                   InflowVelocity(),
                                                   boundary_values,
                                                   velocities);
        else
          VectorTools::interpolate_boundary_values(
            mapping, dof_handler, id, zero, boundary_values, velocities);
        VectorTools::interpolate_boundary_values(
          mapping, dof_handler, id, zero, zero_boundary_values, velocities);
      }
    for (AffineConstraints<double> *const constraints :
         {&hanging_nodes, &boundary_values, &zero_boundary_values})
      constraints->close();

    reinit_matrix(dof_handler, zero_boundary_values, jacobian);
    solution.reinit(locally_owned_dofs, locally_relevant_dofs, communicator);
  }



  void
  FlowSolver::refine_mesh()
  {
    Vector<float> indicators(triangulation.n_active_cells());
    KellyErrorEstimator<2>::estimate(
      mapping,
      dof_handler,
      QGauss<1>(fe.degree + 1),
      std::map<types::boundary_id, const Function<2> *>(),
      solution,
      indicators,
      fe.component_mask(velocity));
    parallel::distributed::GridRefinement::refine_and_coarsen_fixed_number(
      triangulation, indicators, parameters.refinement_fraction, 0.);

    parallel::distributed::SolutionTransfer<2, VectorType> transfer(
      dof_handler);
    triangulation.prepare_coarsening_and_refinement();
    transfer.prepare_for_coarsening_and_refinement(solution);
    triangulation.execute_coarsening_and_refinement();
    setup_system();

    VectorType interpolated(locally_owned_dofs, communicator);
    transfer.interpolate(interpolated);
    boundary_values.distribute(interpolated);
    solution = interpolated;
  }



  void
  FlowSolver::assemble(const AffineConstraints<double> &constraints,
                       VectorType                      &residual,
                       TrilinosWrappers::SparseMatrix  *matrix) const
  {
    const QGauss<2> quadrature(fe.degree + 2);
    FEValues<2>     fe_values(mapping,
                          fe,
                          quadrature,
                          update_values | update_gradients | update_JxW_values);

    const unsigned int                   n_dofs_per_cell = fe.n_dofs_per_cell();
    std::vector<Tensor<1, 2>>            u(quadrature.size());
    std::vector<Tensor<2, 2>>            grad_u(quadrature.size());
    std::vector<double>                  p(quadrature.size());
    Vector<double>                       cell_residual(n_dofs_per_cell);
    FullMatrix<double>                   cell_matrix(n_dofs_per_cell);
    std::vector<Tensor<1, 2>>            phi(n_dofs_per_cell);
    std::vector<Tensor<2, 2>>            grad_phi(n_dofs_per_cell);
    std::vector<double>                  psi(n_dofs_per_cell);
    std::vector<types::global_dof_index> dof_indices(n_dofs_per_cell);

    residual = 0;
    if (matrix != nullptr)
      *matrix = 0;
    for (const auto &cell : dof_handler.active_cell_iterators())
      if (cell->is_locally_owned())
        {
          fe_values.reinit(cell);
          fe_values[velocity].get_function_values(solution, u);
          fe_values[velocity].get_function_gradients(solution, grad_u);
          fe_values[pressure].get_function_values(solution, p);
          cell_residual = 0;
          cell_matrix   = 0;
          for (const unsigned int q : fe_values.quadrature_point_indices())
            {
              const double       JxW        = fe_values.JxW(q);
              const Tensor<1, 2> convection = grad_u[q] * u[q];
              for (const unsigned int i : fe_values.dof_indices())
                {
                  phi[i]      = fe_values[velocity].value(i, q);
                  grad_phi[i] = fe_values[velocity].gradient(i, q);
                  psi[i]      = fe_values[pressure].value(i, q);
                }
              for (const unsigned int i : fe_values.dof_indices())
                {
                  cell_residual(i) +=
                    (viscosity * scalar_product(grad_u[q], grad_phi[i]) +
                     convection * phi[i] - p[q] * trace(grad_phi[i]) -
                     trace(grad_u[q]) * psi[i]) *
                    JxW;
                  if (matrix == nullptr)
                    continue;
                  for (const unsigned int j : fe_values.dof_indices())
                    cell_matrix(i, j) +=
                      (viscosity * scalar_product(grad_phi[j], grad_phi[i]) +
                       (grad_phi[j] * u[q] + grad_u[q] * phi[j]) * phi[i] -
                       psi[j] * trace(grad_phi[i]) -
                       trace(grad_phi[j]) * psi[i]) *
                      JxW;
                }
            }
          cell->get_dof_indices(dof_indices);
          constraints.distribute_local_to_global(
            cell_residual, dof_indices, residual);
          if (matrix != nullptr)
            constraints.distribute_local_to_global(
              cell_matrix, dof_indices, *matrix);
        }
    residual.compress(VectorOperation::add);
    if (matrix != nullptr)
      matrix->compress(VectorOperation::add);
  }



  void
  FlowSolver::solve_nonlinear_system(const unsigned int mesh)
  {
    VectorType residual(locally_owned_dofs, communicator);
    VectorType update(locally_owned_dofs, communicator);
    VectorType owned(locally_owned_dofs, communicator);
    // MUMPS works on all ranks; KLU, which each Trilinos has, on one
    const std::string type =
      Amesos().Query("Amesos_Mumps") ? "Amesos_Mumps" : "Amesos_Klu";
    for (unsigned int step = 0;; ++step)
      {
        assemble(zero_boundary_values, residual, &jacobian);
        const double norm = residual.l2_norm();
        char         line[100];
        std::snprintf(line,
                      sizeof(line),
                      "Newton: mesh %u, %u degrees of freedom, step %u, "
                      "residual %.2e",
                      mesh,
                      static_cast<unsigned int>(dof_handler.n_dofs()),
                      step,
                      norm);
        progress << line << std::endl;
        if (norm <= parameters.newton_absolute_tolerance)
          return;
        AssertThrow(step < parameters.n_max_newton_steps,
                    ExcMessage("Newton's method has not converged within " +
                               std::to_string(step) +
                               " steps: the residual norm is " +
                               Patterns::Tools::to_string(norm) +
                               ". Raise 'Newton absolute tolerance', 'Maximal "
                               "Newton steps', or 'Global refinements'."));

        residual *= -1.;
        update = 0.;
        SolverControl                  control(1, 0., false, false);
        TrilinosWrappers::SolverDirect solver(
          control, TrilinosWrappers::SolverDirect::AdditionalData(false, type));
        solver.solve(jacobian, update, residual);
        zero_boundary_values.distribute(update);
        owned = solution;
        owned += update;
        solution = owned;
      }
  }



  void
  FlowSolver::solve()
  {
    make_mesh();
    setup_system();
    VectorType start(locally_owned_dofs, communicator);
    boundary_values.distribute(start);
    solution = start;
    solve_nonlinear_system(0);
    for (unsigned int mesh = 1; mesh <= parameters.n_adaptive_refinements;
         ++mesh)
      {
        refine_mesh();
        solve_nonlinear_system(mesh);
      }
  }



  Coefficients
  FlowSolver::coefficients_from_residual() const
  {
    VectorType residual(locally_owned_dofs, communicator);
    assemble(hanging_nodes, residual, nullptr);
    Coefficients  result;
    double *const forces[] = {&result.drag, &result.lift};
    for (unsigned int d = 0; d < 2; ++d)
      {
        const IndexSet at_cylinder = DoFTools::extract_boundary_dofs(
          dof_handler,
          fe.component_mask(FEValuesExtractors::Scalar(d)),
          {cylinder});
        double force = 0.;
        for (const types::global_dof_index i : at_cylinder &locally_owned_dofs)
          force -= residual(i);
        *forces[d] = force_scale * Utilities::MPI::sum(force, communicator);
      }
    result.pressure_difference = pressure_difference();
    return result;
  }



  Coefficients
  FlowSolver::coefficients_from_stress() const
  {
    const QGauss<1>           quadrature(fe.degree + 3);
    FEFaceValues<2>           fe_values(mapping,
                              fe,
                              quadrature,
                              update_values | update_gradients |
                                update_normal_vectors | update_JxW_values);
    std::vector<Tensor<2, 2>> gradients(quadrature.size());
    std::vector<double>       pressures(quadrature.size());
    Tensor<1, 2>              force;
    for (const auto &cell : dof_handler.active_cell_iterators())
      if (cell->is_locally_owned())
        for (const unsigned int face : cell->face_indices())
          if (cell->face(face)->at_boundary() &&
              cell->face(face)->boundary_id() == cylinder)
            {
              fe_values.reinit(cell, face);
              fe_values[velocity].get_function_gradients(solution, gradients);
              fe_values[pressure].get_function_values(solution, pressures);
              for (const unsigned int q : fe_values.quadrature_point_indices())
                force += traction(pressures[q],
                                  gradients[q],
                                  -fe_values.normal_vector(q)) *
                         fe_values.JxW(q);
            }
    force = Utilities::MPI::sum(force, communicator);
    return {
      force_scale * force[0], force_scale * force[1], pressure_difference()};
  }



  double
  FlowSolver::pressure_difference() const
  {
    const auto points = pressure_points();
    double     values[2];
    for (unsigned int k = 0; k < 2; ++k)
      {
        // several ranks may own cells at the vertex
        double local = std::numeric_limits<double>::lowest();
        for (const auto &cell : dof_handler.active_cell_iterators())
          if (cell->is_locally_owned())
            for (const unsigned int v : cell->vertex_indices())
              if (cell->vertex(v).distance(points[k]) < 1e-10 * diameter)
                local = solution(cell->vertex_dof_index(v, 2));
        values[k] = Utilities::MPI::max(local, communicator);
      }
    return values[0] - values[1];
  }
} // namespace derl
