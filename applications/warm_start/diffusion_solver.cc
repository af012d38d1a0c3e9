// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <deal.II/base/function.h>
#include <deal.II/base/patterns.h>
#include <deal.II/base/quadrature_lib.h>

#include <deal.II/fe/fe_values.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/full_matrix.h>
#include <deal.II/lac/solver_control.h>
#include <deal.II/lac/trilinos_precondition.h>
#include <deal.II/lac/trilinos_solver.h>
#include <deal.II/lac/vector.h>

#include <cmath>
#include <common/discretization.h>
#include <limits>

#include "diffusion_solver.h"

namespace derl
{
  using namespace dealii;

  void
  DiffusionSolverParameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Finite element degree",
                      fe_degree,
                      "The polynomial degree of the continuous elements.",
                      Patterns::Integer(1, 6));
    prm.add_parameter("Global refinements",
                      n_global_refinements,
                      "The unit square is cut into 2^n x 2^n cells.",
                      Patterns::Integer(1, 12));
    prm.add_parameter("Boundary refinements",
                      n_boundary_refinements,
                      "How often the cells at the boundary, where the "
                      "temperature rises steeply, are refined then.",
                      Patterns::Integer(0, 10));
    prm.add_parameter("Newton tolerance",
                      newton_tolerance,
                      "Newton's method stops when the l2 norm of the residual "
                      "vector is below this, from whatever start.",
                      Patterns::Double(1e-14, 1.));
    prm.add_parameter("Maximal Newton steps",
                      n_max_newton_steps,
                      "More steps are an error.",
                      Patterns::Integer(1));
    prm.add_parameter("Linear relative tolerance",
                      linear_tolerance,
                      "Tolerance of the linear solver relative to the norm of "
                      "the right hand side.",
                      Patterns::Double(1e-14, 0.1));
    prm.add_parameter("Maximal linear iterations",
                      n_max_linear_iterations,
                      "More iterations of the linear solver are an error.",
                      Patterns::Integer(1));
  }



  DiffusionSolver::DiffusionSolver(const MPI_Comm &communicator,
                                   const DiffusionSolverParameters &parameters)
    : communicator(communicator)
    , parameters(parameters)
    , triangulation(communicator)
    , fe(parameters.fe_degree)
    , dof_handler(triangulation)
  {
    make_mesh();
    setup_system();
  }



  void
  DiffusionSolver::make_mesh()
  {
    GridGenerator::hyper_cube(triangulation);
    triangulation.refine_global(parameters.n_global_refinements);
    for (unsigned int i = 0; i < parameters.n_boundary_refinements; ++i)
      {
        for (const auto &cell : triangulation.active_cell_iterators())
          if (cell->is_locally_owned() && cell->at_boundary())
            cell->set_refine_flag();
        triangulation.execute_coarsening_and_refinement();
      }
  }



  void
  DiffusionSolver::setup_system()
  {
    dof_handler.distribute_dofs(fe);
    locally_owned_dofs    = dof_handler.locally_owned_dofs();
    locally_relevant_dofs = derl::locally_relevant_dofs(dof_handler);

    make_constraints(
      mapping, dof_handler, Functions::ZeroFunction<dim>(), constraints);
    reinit_matrix(dof_handler, constraints, jacobian);
  }



  DiffusionSolver::VectorType
  DiffusionSolver::make_vector() const
  {
    return VectorType(locally_owned_dofs, locally_relevant_dofs, communicator);
  }



  DiffusionSolver::VectorType
  DiffusionSolver::make_owned_vector() const
  {
    return VectorType(locally_owned_dofs, communicator);
  }



  void
  DiffusionSolver::assemble(const double      log_source,
                            const double      exponent,
                            const VectorType &u,
                            const bool        with_jacobian,
                            VectorType       &residual,
                            VectorType       *by_exponent)
  {
    const double      source = std::pow(10., log_source);
    const QGauss<dim> quadrature(fe.degree + 2);
    FEValues<dim>     fe_values(mapping,
                            fe,
                            quadrature,
                            update_values | update_gradients |
                              update_JxW_values);

    const unsigned int                   n = fe.n_dofs_per_cell();
    std::vector<double>                  values(quadrature.size());
    std::vector<Tensor<1, dim>>          gradients(quadrature.size());
    Vector<double>                       cell_residual(n), cell_by_exponent(n);
    FullMatrix<double>                   cell_jacobian(n);
    std::vector<types::global_dof_index> dof_indices(n);

    residual = 0;
    if (with_jacobian)
      jacobian = 0;
    if (by_exponent != nullptr)
      *by_exponent = 0;

    for (const auto &cell : dof_handler.active_cell_iterators())
      if (cell->is_locally_owned())
        {
          fe_values.reinit(cell);
          fe_values.get_function_values(u, values);
          fe_values.get_function_gradients(u, gradients);
          cell_residual    = 0;
          cell_by_exponent = 0;
          cell_jacobian    = 0;
          for (const unsigned int q : fe_values.quadrature_point_indices())
            {
              const double base         = 1. + values[q] * values[q];
              const double conductivity = std::pow(base, exponent);
              const double slope =
                2. * exponent * values[q] * conductivity / base;
              const Tensor<1, dim> flux = conductivity * gradients[q];
              const double         JxW  = fe_values.JxW(q);
              for (unsigned int i = 0; i < n; ++i)
                {
                  const double along = flux * fe_values.shape_grad(i, q) * JxW;
                  cell_residual(i) +=
                    along - source * fe_values.shape_value(i, q) * JxW;
                  if (by_exponent != nullptr)
                    cell_by_exponent(i) += std::log(base) * along;
                }
              if (with_jacobian)
                for (unsigned int j = 0; j < n; ++j)
                  {
                    const Tensor<1, dim> variation =
                      JxW *
                      (conductivity * fe_values.shape_grad(j, q) +
                       slope * fe_values.shape_value(j, q) * gradients[q]);
                    for (unsigned int i = 0; i < n; ++i)
                      cell_jacobian(i, j) +=
                        variation * fe_values.shape_grad(i, q);
                  }
            }

          cell->get_dof_indices(dof_indices);
          constraints.distribute_local_to_global(
            cell_residual, dof_indices, residual);
          if (with_jacobian)
            constraints.distribute_local_to_global(
              cell_jacobian, dof_indices, jacobian);
          if (by_exponent != nullptr)
            constraints.distribute_local_to_global(
              cell_by_exponent, dof_indices, *by_exponent);
        }

    residual.compress(VectorOperation::add);
    if (with_jacobian)
      jacobian.compress(VectorOperation::add);
    if (by_exponent != nullptr)
      by_exponent->compress(VectorOperation::add);
  }



  unsigned int
  DiffusionSolver::solve_linear_system(const VectorType &right_hand_side,
                                       VectorType       &update)
  {
    TrilinosWrappers::PreconditionAMG                 amg;
    TrilinosWrappers::PreconditionAMG::AdditionalData amg_data;
    amg_data.higher_order_elements = fe.degree > 1;
    amg.initialize(jacobian, amg_data);

    SolverControl                 control(parameters.n_max_linear_iterations,
                          parameters.linear_tolerance *
                            right_hand_side.l2_norm(),
                          false,
                          false);
    TrilinosWrappers::SolverGMRES solver(
      control, TrilinosWrappers::SolverGMRES::AdditionalData(false, 50));
    update = 0;
    solver.solve(jacobian, update, right_hand_side, amg);
    constraints.distribute(update);
    return control.last_step();
  }



  DiffusionSolver::NewtonLog
  DiffusionSolver::solve(const double log_source,
                         const double exponent,
                         VectorType  &solution)
  {
    const std::string where =
      "Newton's method for s = " + Patterns::Tools::to_string(log_source) +
      ", k = " + Patterns::Tools::to_string(exponent);
    VectorType residual = make_owned_vector(), update = residual,
               owned     = residual;
    VectorType candidate = make_vector();
    NewtonLog  log;
    assemble(log_source, exponent, solution, false, residual);
    log.n_residuals = 1;
    log.residual_norms.push_back(residual.l2_norm());
    while (log.residual_norms.back() > parameters.newton_tolerance)
      {
        const double norm = log.residual_norms.back();
        AssertThrow(log.n_steps() < parameters.n_max_newton_steps,
                    ExcMessage(where + " has not converged within " +
                               std::to_string(log.n_steps()) +
                               " steps. Raise 'Maximal Newton steps'."));
        assemble(log_source, exponent, solution, true, residual);
        residual *= -1.;
        log.n_linear_iterations += solve_linear_system(residual, update);

        // backtracking until the residual decreases
        double step_length = 1., candidate_norm = 0.;
        while (true)
          {
            owned = solution;
            owned.add(step_length, update);
            candidate = owned;
            assemble(log_source, exponent, candidate, false, residual);
            ++log.n_residuals;
            candidate_norm = residual.l2_norm();
            if (candidate_norm < (1. - 1e-4 * step_length) * norm)
              break;
            step_length /= 2.;
            AssertThrow(step_length > 1e-6,
                        ExcMessage(where + " is stuck at the residual norm " +
                                   Patterns::Tools::to_string(norm) +
                                   ". Raise 'Newton tolerance' or refine the "
                                   "mesh."));
          }
        if (step_length < 1.)
          ++log.n_damped_steps;
        solution = candidate;
        log.residual_norms.push_back(candidate_norm);
      }
    return log;
  }



  std::vector<DiffusionSolver::VectorType>
  DiffusionSolver::sensitivities(const double      log_source,
                                 const double      exponent,
                                 const VectorType &solution)
  {
    VectorType residual = make_owned_vector(), by_exponent = residual,
               by_source = residual, update = residual;
    assemble(log_source, exponent, solution, true, residual, &by_exponent);

    // The source is linear in 10^s: its part of the residual is what is left
    // without the flux, whose part is that of the source 0.
    const double no_source = -std::numeric_limits<double>::infinity();
    assemble(no_source, exponent, solution, false, by_source);
    by_source.sadd(-std::log(10.), std::log(10.), residual);

    std::vector<VectorType> result;
    for (VectorType *const derivative : {&by_source, &by_exponent})
      {
        *derivative *= -1.;
        solve_linear_system(*derivative, update);
        result.push_back(make_vector());
        result.back() = update;
      }
    return result;
  }



  double
  DiffusionSolver::centre(const VectorType &solution) const
  {
    // a vertex of the mesh: each rank that has it sees the same value
    const Point<dim> centre(0.5, 0.5);
    double           value = -std::numeric_limits<double>::max();
    for (const auto &cell : dof_handler.active_cell_iterators())
      if (cell->is_locally_owned())
        for (const unsigned int v : cell->vertex_indices())
          if (cell->vertex(v).distance(centre) < 1e-10)
            value = solution(cell->vertex_dof_index(v, 0));
    return Utilities::MPI::max(value, communicator);
  }



  double
  DiffusionSolver::exact_centre(const double log_source, const double exponent)
  {
    const double    w = 0.0736713532814 * std::pow(10., log_source);
    const QGauss<1> quadrature(64);
    // the transform is increasing and convex: Newton's method from above
    double u = w;
    for (unsigned int i = 0; i < 200; ++i)
      {
        double integral = 0;
        for (unsigned int q = 0; q < quadrature.size(); ++q)
          integral +=
            quadrature.weight(q) * u *
            std::pow(1 + std::pow(u * quadrature.point(q)[0], 2), exponent);
        const double change = (integral - w) / std::pow(1 + u * u, exponent);
        u -= change;
        if (std::abs(change) < 1e-14 * u)
          break;
      }
    return u;
  }
} // namespace derl
