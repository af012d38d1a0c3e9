// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/data/sources.h>

#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/grid_refinement.h>
#include <deal.II/distributed/solution_transfer.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_values.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/full_matrix.h>
#include <deal.II/lac/solver_cg.h>
#include <deal.II/lac/trilinos_precondition.h>
#include <deal.II/lac/vector.h>

#include <deal.II/numerics/error_estimator.h>
#include <deal.II/numerics/vector_tools.h>

#include <algorithm>
#include <cmath>
#include <common/discretization.h>
#include <map>

#include "heat_solver.h"

namespace derl
{
  using namespace dealii;

  void
  HeatSolverParameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Width",
                      width,
                      "Standard deviation of the hot spot.",
                      Patterns::Double(0.01));
    prm.add_parameter("Diffusivity",
                      diffusivity,
                      "The coefficient kappa.",
                      Patterns::Double(1e-6));
    prm.add_parameter("Final time",
                      final_time,
                      "In two units of time the spot goes round once.",
                      Patterns::Double(1e-6));
    prm.add_parameter("Time step",
                      time_step,
                      "The largest step; the first ones are shorter.",
                      Patterns::Double(1e-6));
    prm.add_parameter("Order in time",
                      bdf_order,
                      "Order of the backward difference formula.",
                      Patterns::Integer(1, 3));
    prm.add_parameter("Finite element degree",
                      fe_degree,
                      "Degree of the elements.",
                      Patterns::Integer(1, 6));
    prm.add_parameter("Global refinements",
                      n_global_refinements,
                      "How often the square is bisected for the initial mesh.",
                      Patterns::Integer(1, 10));
    prm.add_parameter("Extra refinements",
                      n_extra_refinements,
                      "Later, cells are refined up to as many times more, or "
                      "coarsened once. 0 for a fixed mesh.",
                      Patterns::Integer(0, 10));
    prm.add_parameter("Steps between mesh changes",
                      n_steps_between_mesh_changes,
                      "After as many steps the mesh is refined, coarsened and "
                      "partitioned anew.",
                      Patterns::Integer(1));
  }



  HeatSolver::HeatSolver(const MPI_Comm             &communicator,
                         const HeatSolverParameters &parameters,
                         const ConditionalOStream   &progress)
    : communicator(communicator)
    , parameters(parameters)
    , progress(progress)
    , triangulation(communicator)
    , fe(parameters.fe_degree)
    , mapping(1)
    , dof_handler(triangulation)
    , exact(parameters.width, parameters.diffusivity)
  {
    choose_steps();
  }



  void
  HeatSolver::choose_steps()
  {
    const double first = 0.01, growth = 1.3;
    double       begin = 0.;
    for (double length = first * parameters.time_step;
         length < parameters.time_step &&
         begin + length < 0.5 * parameters.final_time;
         length *= growth)
      {
        step_lengths.push_back(length);
        begin += length;
      }
    const double       rest = parameters.final_time - begin;
    const unsigned int n =
      std::max(1., std::ceil(rest / parameters.time_step - 1e-9));
    step_lengths.insert(step_lengths.end(), n, rest / n);
  }



  void
  HeatSolver::setup_system()
  {
    dof_handler.distribute_dofs(fe);
    owned    = dof_handler.locally_owned_dofs();
    relevant = locally_relevant_dofs(dof_handler);
    make_constraints(mapping, dof_handler, exact, constraints);

    reinit_matrix(dof_handler, constraints, matrix);
    right_hand_side.reinit(owned, communicator);
    ghosted_solution.reinit(owned, relevant, communicator);
    ghosted_rate.reinit(owned, relevant, communicator);
  }



  void
  HeatSolver::change_mesh()
  {
    Vector<float> indicators(triangulation.n_active_cells());
    KellyErrorEstimator<dim>::estimate(
      mapping,
      dof_handler,
      QGauss<dim - 1>(fe.degree + 1),
      std::map<types::boundary_id, const Function<dim> *>(),
      ghosted_solution,
      indicators);
    parallel::distributed::GridRefinement::refine_and_coarsen_fixed_fraction(
      triangulation, indicators, 0.7, 0.03);
    const int coarsest = std::max(1, int(parameters.n_global_refinements) - 1);
    const int finest =
      parameters.n_global_refinements + parameters.n_extra_refinements;
    for (const auto &cell : triangulation.active_cell_iterators())
      if (cell->is_locally_owned())
        {
          if (cell->level() >= finest)
            cell->clear_refine_flag();
          if (cell->level() <= coarsest)
            cell->clear_coarsen_flag();
        }

    std::vector<VectorType>         old_levels;
    std::vector<const VectorType *> old_pointers;
    for (const VectorType &level : levels)
      {
        old_levels.emplace_back(owned, relevant, communicator);
        old_levels.back() = level;
      }
    for (const VectorType &level : old_levels)
      old_pointers.push_back(&level);
    parallel::distributed::SolutionTransfer<dim, VectorType> transfer(
      dof_handler);
    triangulation.prepare_coarsening_and_refinement();
    transfer.prepare_for_coarsening_and_refinement(old_pointers);
    triangulation.execute_coarsening_and_refinement();
    setup_system();

    std::vector<VectorType *> pointers;
    for (VectorType &level : levels)
      {
        level.reinit(owned, communicator);
        pointers.push_back(&level);
      }
    transfer.interpolate(pointers);
    // boundary values stay those of each level's time
    AffineConstraints<double> hanging_nodes(relevant);
    DoFTools::make_hanging_node_constraints(dof_handler, hanging_nodes);
    hanging_nodes.close();
    for (VectorType &level : levels)
      hanging_nodes.distribute(level);
  }



  void
  HeatSolver::solve_step()
  {
    make_constraints(mapping, dof_handler, exact, constraints);
    const unsigned int order =
      std::min<std::size_t>(parameters.bdf_order, times.size() - 1);
    const std::vector<double> formula_times(times.begin(),
                                            times.begin() + order + 1);
    const std::vector<double> weights =
      difference_weights(formula_times, times[0], 1);
    VectorType history(owned, communicator), old_part(ghosted_solution);
    for (unsigned int i = 1; i <= order; ++i)
      history.add(weights[i], levels[i]);
    old_part = history;

    const QGauss<dim>                    quadrature(fe.degree + 2);
    FEValues<dim>                        fe_values(mapping,
                            fe,
                            quadrature,
                            update_values | update_gradients |
                              update_quadrature_points | update_JxW_values);
    const unsigned int                   n = fe.n_dofs_per_cell();
    FullMatrix<double>                   cell_matrix(n, n);
    Vector<double>                       cell_rhs(n);
    std::vector<double>                  old_values(quadrature.size());
    std::vector<types::global_dof_index> indices(n);
    matrix          = 0.;
    right_hand_side = 0.;
    for (const auto &cell : dof_handler.active_cell_iterators())
      if (cell->is_locally_owned())
        {
          fe_values.reinit(cell);
          fe_values.get_function_values(old_part, old_values);
          cell_matrix = 0.;
          cell_rhs    = 0.;
          for (const unsigned int q : fe_values.quadrature_point_indices())
            {
              const double JxW = fe_values.JxW(q);
              const double f =
                exact.source(fe_values.quadrature_point(q)) - old_values[q];
              for (unsigned int i = 0; i < n; ++i)
                {
                  for (unsigned int j = 0; j < n; ++j)
                    cell_matrix(i, j) +=
                      (weights[0] * fe_values.shape_value(i, q) *
                         fe_values.shape_value(j, q) +
                       parameters.diffusivity * (fe_values.shape_grad(i, q) *
                                                 fe_values.shape_grad(j, q))) *
                      JxW;
                  cell_rhs(i) += f * fe_values.shape_value(i, q) * JxW;
                }
            }
          cell->get_dof_indices(indices);
          constraints.distribute_local_to_global(
            cell_matrix, cell_rhs, indices, matrix, right_hand_side);
        }
    matrix.compress(VectorOperation::add);
    right_hand_side.compress(VectorOperation::add);

    TrilinosWrappers::PreconditionAMG                 preconditioner;
    TrilinosWrappers::PreconditionAMG::AdditionalData data;
    data.higher_order_elements = fe.degree > 1;
    preconditioner.initialize(matrix, data);
    // The rate is a difference of solutions divided by a short step.
    SolverControl        control(1000, 1e-11 * right_hand_side.l2_norm());
    SolverCG<VectorType> solver(control);
    solver.solve(matrix, levels[0], right_hand_side, preconditioner);
    constraints.distribute(levels[0]);

    std::vector<const VectorType *> pointers;
    for (unsigned int i = 0; i <= order; ++i)
      pointers.push_back(&levels[i]);
    VectorType rate(owned, communicator);
    time_derivative(formula_times, pointers, times[0], rate);
    ghosted_rate = rate;
  }



  void
  HeatSolver::run(const std::function<void()> &observer)
  {
    times.clear();
    levels.clear();
    dof_handler.clear();
    triangulation.clear();
    GridGenerator::hyper_cube(triangulation, -1., 1.);
    triangulation.refine_global(parameters.n_global_refinements);
    exact.set_time(0.);

    // Let the mesh fit the initial values.
    for (unsigned int k = 0; k <= parameters.n_extra_refinements; ++k)
      {
        if (k > 0)
          change_mesh();
        else
          setup_system();
        levels.assign(1, VectorType(owned, communicator));
        VectorTools::interpolate(mapping, dof_handler, exact, levels[0]);
        constraints.distribute(levels[0]);
        ghosted_solution = levels[0];
      }
    times.push_front(0.);
    last_step = 0.;
    observer();

    unsigned int n_steps = 0;
    for (const double length : step_lengths)
      {
        if (parameters.n_extra_refinements > 0 && n_steps > 0 &&
            n_steps % parameters.n_steps_between_mesh_changes == 0)
          change_mesh();
        ++n_steps;
        last_step = length;
        times.push_front(times[0] + length);
        levels.push_front(levels[0]);
        exact.set_time(times[0]);
        solve_step();
        ghosted_solution = levels[0];
        while (levels.size() > parameters.bdf_order)
          {
            times.pop_back();
            levels.pop_back();
          }
        if (n_steps % 20 == 0 || n_steps == step_lengths.size())
          progress << "Step " << n_steps << " of " << step_lengths.size()
                   << ", time " << times[0] << ", "
                   << triangulation.n_global_active_cells() << " cells"
                   << std::endl;
        observer();
      }
  }
} // namespace derl
