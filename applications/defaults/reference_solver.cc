// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "reference_solver.h"

#include <derl/data/sources.h>

#include <deal.II/base/patterns.h>
#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/grid_refinement.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_values.h>

#include <deal.II/lac/full_matrix.h>
#include <deal.II/lac/solver_cg.h>
#include <deal.II/lac/solver_control.h>
#include <deal.II/lac/trilinos_precondition.h>
#include <deal.II/lac/trilinos_solver.h>
#include <deal.II/lac/vector.h>

#include <deal.II/numerics/error_estimator.h>
#include <deal.II/numerics/vector_tools.h>

#include <common/discretization.h>

#include <algorithm>

namespace derl
{
  using namespace dealii;

  void
  ReferenceParameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Finite element degree",
                      fe_degree,
                      "The polynomial degree of the elements (of the "
                      "velocity, if there is a pressure).",
                      Patterns::Integer(1, 6));
    prm.add_parameter("Global refinements",
                      n_global_refinements,
                      "How often the coarse mesh is refined everywhere.",
                      Patterns::Integer(0, 12));
    prm.add_parameter("Adaptive refinements",
                      n_adaptive_refinements,
                      "How often the cells are refined then where the "
                      "gradient jumps most.",
                      Patterns::Integer(0, 20));
    prm.add_parameter("Refinement fraction",
                      refinement_fraction,
                      "The fraction of the cells that is refined each time.",
                      Patterns::Double(0., 1.));
  }



  template <int dim>
  ReferenceSolver<dim>::ReferenceSolver(const MPI_Comm            &communicator,
                                        const Problem<dim>        &problem,
                                        const ReferenceParameters &parameters)
    : communicator(communicator)
    , problem(problem)
    , parameters(parameters)
    , fe(problem.make_element(parameters.fe_degree))
    , mesh(communicator)
    , mapping(parameters.fe_degree)
    , dof_handler(mesh)
  {
    problem.make_mesh(parameters.n_global_refinements, mesh);
    problem.exact->parameters = problem.known_parameters[0];
    setup_system();
    for (unsigned int i = 0; i < parameters.n_adaptive_refinements; ++i)
      {
        AssertThrow(problem.n_time_steps == 0,
                    ExcMessage("The mesh of a problem in time cannot be "
                               "adaptive."));
        solve_stationary();
        refine_mesh();
        setup_system();
      }
  }



  template <int dim>
  void
  ReferenceSolver<dim>::setup_system()
  {
    dof_handler.distribute_dofs(*fe);
    const IndexSet &owned = dof_handler.locally_owned_dofs();
    make_constraints();
    reinit_matrix(dof_handler, constraints, matrix);
    right_hand_side.reinit(owned, communicator);
    solution.reinit(owned, locally_relevant_dofs(dof_handler), communicator);
  }



  template <int dim>
  void
  ReferenceSolver<dim>::make_constraints()
  {
    constraints.clear();
    constraints.reinit(locally_relevant_dofs(dof_handler));
    DoFTools::make_hanging_node_constraints(dof_handler, constraints);
    ComponentMask given(fe->n_components(), true);
    if (problem.has_pressure)
      given.set(fe->n_components() - 1, false);
    VectorTools::interpolate_boundary_values(
      mapping, dof_handler, known_values, *problem.exact, constraints, given);
    if (problem.has_pressure)
      {
        // the pressure's first degree of freedom fixes its constant
        ComponentMask is_pressure(fe->n_components(), false);
        is_pressure.set(fe->n_components() - 1, true);
        const IndexSet pressures =
          DoFTools::extract_dofs(dof_handler, is_pressure);
        const auto first = Utilities::MPI::min(pressures.n_elements() > 0
                                                 ? pressures.nth_index_in_set(0)
                                                 : dof_handler.n_dofs(),
                                               communicator);
        if (constraints.get_local_lines().is_element(first))
          constraints.add_line(first);
      }
    constraints.close();
  }



  template <int dim>
  void
  ReferenceSolver<dim>::assemble(const double mass, const VectorType *old_part)
  {
    const QGauss<dim>                    quadrature(fe->degree + 1);
    FEValues<dim>                        fe_values(mapping,
                            *fe,
                            quadrature,
                            update_values | update_gradients |
                              update_quadrature_points | update_JxW_values);
    const unsigned int                   n = fe->n_dofs_per_cell();
    FullMatrix<double>                   cell_matrix(n);
    Vector<double>                       cell_right_hand_side(n);
    std::vector<double>                  old_values(quadrature.size());
    std::vector<types::global_dof_index> indices(n);
    matrix          = 0.;
    right_hand_side = 0.;
    for (const auto &cell : dof_handler.active_cell_iterators())
      if (cell->is_locally_owned())
        {
          fe_values.reinit(cell);
          cell_matrix          = 0.;
          cell_right_hand_side = 0.;
          problem.integrate(fe_values, cell_matrix, cell_right_hand_side);
          if (old_part != nullptr)
            {
              fe_values.get_function_values(*old_part, old_values);
              for (const unsigned int q : fe_values.quadrature_point_indices())
                for (unsigned int i = 0; i < n; ++i)
                  {
                    const double test =
                      fe_values.shape_value(i, q) * fe_values.JxW(q);
                    cell_right_hand_side(i) += old_values[q] * test;
                    for (unsigned int j = 0; j < n; ++j)
                      cell_matrix(i, j) +=
                        mass * fe_values.shape_value(j, q) * test;
                  }
            }
          cell->get_dof_indices(indices);
          constraints.distribute_local_to_global(cell_matrix,
                                                 cell_right_hand_side,
                                                 indices,
                                                 matrix,
                                                 right_hand_side);
        }
    matrix.compress(VectorOperation::add);
    right_hand_side.compress(VectorOperation::add);
  }



  template <int dim>
  void
  ReferenceSolver<dim>::solve_linear_system(VectorType &owned_solution)
  {
    if (problem.needs_direct_solver)
      {
        // KLU, which works on one rank, is the fastest for such small problems
        SolverControl                  control(1, 0., false, false);
        TrilinosWrappers::SolverDirect solver(
          control,
          TrilinosWrappers::SolverDirect::AdditionalData(false, "Amesos_Klu"));
        solver.solve(matrix, owned_solution, right_hand_side);
      }
    else
      {
        TrilinosWrappers::PreconditionAMG                 amg;
        TrilinosWrappers::PreconditionAMG::AdditionalData data;
        data.higher_order_elements = fe->degree > 1;
        amg.initialize(matrix, data);
        ReductionControl control(1000, 1e-14, 1e-11, false, false);
        SolverCG<VectorType>(control).solve(
          matrix, owned_solution, right_hand_side, amg);
      }
    constraints.distribute(owned_solution);
  }



  template <int dim>
  void
  ReferenceSolver<dim>::normalize_pressure(VectorType &owned_solution) const
  {
    const unsigned int component = fe->n_components() - 1;
    VectorType         ghosted(solution);
    ghosted           = owned_solution;
    const double mean = VectorTools::compute_mean_value(
      mapping, dof_handler, QGauss<dim>(fe->degree + 1), ghosted, component);
    ComponentMask is_pressure(fe->n_components(), false);
    is_pressure.set(component, true);
    for (const auto i : DoFTools::extract_dofs(dof_handler, is_pressure))
      owned_solution(i) -= mean;
    owned_solution.compress(VectorOperation::add);
  }



  template <int dim>
  void
  ReferenceSolver<dim>::solve_stationary()
  {
    VectorType owned_solution(dof_handler.locally_owned_dofs(), communicator);
    assemble();
    solve_linear_system(owned_solution);
    if (problem.has_pressure)
      normalize_pressure(owned_solution);
    solution = owned_solution;
  }



  template <int dim>
  void
  ReferenceSolver<dim>::solve_in_time(const Observer &observer)
  {
    const IndexSet &owned       = dof_handler.locally_owned_dofs();
    const auto      coordinates = [&]() {
      std::vector<double> result = {problem.exact->get_time()};
      result.insert(result.end(),
                    problem.exact->parameters.begin(),
                    problem.exact->parameters.end());
      return result;
    };

    // the newest first
    std::vector<double>     times;
    std::vector<VectorType> levels;
    const double            length = problem.final_time / problem.n_time_steps;
    for (unsigned int i = 0; i < 3; ++i)
      {
        times.push_back(-length * i);
        levels.emplace_back(owned, communicator);
        problem.exact->set_time(times[i]);
        VectorTools::interpolate(
          mapping, dof_handler, *problem.exact, levels[i]);
      }
    problem.exact->set_time(0.);
    solution = levels[0];
    observer(coordinates(), solution, nullptr);

    VectorType old_part(owned, communicator), rate(owned, communicator);
    VectorType ghosted(solution);
    for (unsigned int step = 1; step <= problem.n_time_steps; ++step)
      {
        times.insert(times.begin(), step * length);
        levels.insert(levels.begin(), levels[0]);
        problem.exact->set_time(times[0]);
        make_constraints();

        const std::vector<double> weights =
          difference_weights(times, times[0], 1);
        old_part = 0.;
        for (unsigned int i = 1; i < levels.size(); ++i)
          old_part.add(-weights[i], levels[i]);
        ghosted = old_part;
        assemble(weights[0], &ghosted);
        solve_linear_system(levels[0]);
        times.pop_back();
        levels.pop_back();
        if (step % 2 != 0)
          continue;
        rate.equ(weights[0], levels[0]);
        rate -= old_part;
        ghosted  = rate;
        solution = levels[0];
        observer(coordinates(), solution, &ghosted);
      }
  }



  template <int dim>
  void
  ReferenceSolver<dim>::run(const std::vector<double> &problem_parameters,
                            const Observer            &observer)
  {
    problem.exact->parameters = problem_parameters;
    if (problem.n_time_steps > 0)
      return solve_in_time(observer);
    make_constraints();
    solve_stationary();
    observer(problem_parameters, solution, nullptr);
  }



  template <int dim>
  void
  ReferenceSolver<dim>::refine_mesh()
  {
    Vector<float> jumps(mesh.n_active_cells());
    KellyErrorEstimator<dim>::estimate(
      mapping,
      dof_handler,
      QGauss<dim - 1>(fe->degree + 1),
      std::map<types::boundary_id, const Function<dim> *>(),
      solution,
      jumps);
    parallel::distributed::GridRefinement::refine_and_coarsen_fixed_number(
      mesh, jumps, parameters.refinement_fraction, 0.);
    mesh.execute_coarsening_and_refinement();
  }



  template class ReferenceSolver<2>;
  template class ReferenceSolver<3>;
} // namespace derl
