// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "heat_solver.h"

#include <deal.II/distributed/grid_refinement.h>

#include <deal.II/fe/fe_q.h>

#include <deal.II/numerics/vector_tools.h>

#include <solvers/meshes.h>

#include <algorithm>
#include <cmath>

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
    : LinearSolver<2>(
        communicator,
        FE_Q<2>(parameters.fe_degree),
        1,
        parameters.fe_degree + 2,
        diffusion_terms<2>(
          [kappa = parameters.diffusivity](const Point<2> &) { return kappa; },
          [this](const Point<2> &x) { return exact.source(x); }),
        exact,
        LinearOptions(),
        progress)
    , parameters(parameters)
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
  HeatSolver::change_mesh(const std::vector<VectorType *> &levels)
  {
    const auto mark = [&](const Vector<float> &indicators) {
      parallel::distributed::GridRefinement::refine_and_coarsen_fixed_fraction(
        mesh, indicators, 0.7, 0.03);
      const int coarsest =
        std::max(1, int(parameters.n_global_refinements) - 1);
      const int finest =
        parameters.n_global_refinements + parameters.n_extra_refinements;
      for (const auto &cell : mesh.active_cell_iterators())
        if (cell->is_locally_owned())
          {
            if (cell->level() >= finest)
              cell->clear_refine_flag();
            if (cell->level() <= coarsest)
              cell->clear_coarsen_flag();
          }
    };
    refine(mark, levels);
  }



  HeatSolver::VectorType
  HeatSolver::start()
  {
    dof_handler.clear();
    mesh.clear();
    make_cube(parameters.n_global_refinements, mesh);
    exact.set_time(0.);
    setup();
    VectorType initial;
    for (unsigned int k = 0;; ++k)
      {
        initial = make_owned_vector();
        VectorTools::interpolate(mapping, dof_handler, exact, initial);
        constraints.distribute(initial);
        solution = initial;
        if (k == parameters.n_extra_refinements)
          return initial;
        change_mesh({});
      }
  }



  void
  HeatSolver::run(const std::function<void()> &observer)
  {
    BackwardDifferences<VectorType> bdf(parameters.bdf_order);
    bdf.add_level(0., start());
    last_step = 0.;
    observer();

    unsigned int n_steps = 0;
    for (const double length : step_lengths)
      {
        if (parameters.n_extra_refinements > 0 && n_steps > 0 &&
            n_steps % parameters.n_steps_between_mesh_changes == 0)
          change_mesh(bdf.all_levels());
        ++n_steps;
        last_step = length;
        bdf.begin_step(bdf.time() + length);
        exact.set_time(bdf.time());
        solve_step(bdf);
        if (n_steps % 20 == 0 || n_steps == step_lengths.size())
          progress << "Step " << n_steps << " of " << step_lengths.size()
                   << ", time " << bdf.time() << ", "
                   << mesh.n_global_active_cells() << " cells" << std::endl;
        observer();
      }
  }
} // namespace derl
