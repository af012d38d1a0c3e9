// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The finite element solver of the application: orders of convergence against
// the manufactured solution, both linear solvers, hanging nodes, ranks without
// cells, and what it says when it cannot solve the problem.

#include <derl/coupling/errors.h>

#include <derl/equations/residual.h>

#include <manufactured_solution.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/lac/affine_constraints.h>

#include <allen_cahn_solver.h>

#include "../../check.h"

namespace test_solver
{
using namespace dealii;
using namespace derl;

namespace
{
  template <int dim>
  ErrorNorms
  measure(const AllenCahnSolver<dim> &solver)
  {
    return ErrorIntegrator<dim>(solver.get_mapping(),
                                solver.get_dof_handler(),
                                ManufacturedSolution<dim>(),
                                1,
                                solver.get_dof_handler().get_fe().degree + 2)
      .measure(solver.get_solution());
  }



  /**
   * The RMS of the residual of the solution.
   */
  double
  rms(const AllenCahnSolver<2> &solver,
      const double              lambda,
      const double              reaction)
  {
    NetworkParameters network;
    network.hidden = {1};
    return residual_rms(
             hp::MappingCollection<2>(solver.get_mapping()),
             solver.get_dof_handler(),
             Snapshot(solver.get_solution()),
             Surrogate(network, {"x", "y"}, {"u"}),
             allen_cahn<2>(lambda, reaction),
             1,
             solver.get_dof_handler().get_fe().degree + 2,
             {{{"forcing"},
               std::make_shared<const AllenCahnForcing<2>>(lambda, reaction)}})
      .reference;
  }



  template <int dim>
  void
  log_orders(const unsigned int degree, const unsigned int n_refinements)
  {
    AllenCahnSolverParameters parameters;
    parameters.fe_degree            = degree;
    parameters.n_global_refinements = n_refinements;
    AllenCahnSolver<dim> coarse(MPI_COMM_WORLD, parameters);
    coarse.solve();
    ++parameters.n_global_refinements;
    AllenCahnSolver<dim> fine(MPI_COMM_WORLD, parameters);
    fine.solve();

    const ErrorNorms coarse_errors = measure(coarse);
    const ErrorNorms fine_errors   = measure(fine);
    const auto       order = [](const double coarse, const double fine) {
      return std::lround(std::log2(coarse / fine));
    };
    deallog << dim << "d, degree " << degree << ": order "
            << order(coarse_errors.relative_l2_error,
                     fine_errors.relative_l2_error)
            << " in L2, "
            << order(coarse_errors.relative_h1_seminorm_error,
                     fine_errors.relative_h1_seminorm_error)
            << " in H1" << std::endl;
  }



  // Poisson's equation on a distorted mesh, which must be the same on any
  // number of ranks.
  void
  distort_mesh()
  {
    AllenCahnSolverParameters parameters;
    parameters.lambda   = 1.;
    parameters.reaction = 0.;
    std::vector<ErrorNorms> errors, regular;
    std::vector<double>     residuals;
    for (const unsigned int n_refinements : {3, 4})
      for (const double distortion : {0., 0.2})
        {
          parameters.n_global_refinements = n_refinements;
          parameters.distortion           = distortion;
          AllenCahnSolver<2> solver(MPI_COMM_WORLD, parameters);
          solver.solve();
          (distortion > 0. ? errors : regular).push_back(measure(solver));
          if (distortion > 0.)
            residuals.push_back(rms(solver, parameters.lambda, 0.));
          check("a linear equation", solver.get_newton_log().back().step == 1);
          check("cells", solver.n_cells() == 1u << (2 * n_refinements));
          check("h", solver.h() == std::ldexp(2., -int(n_refinements)));
          if (distortion > 0.)
            {
              AllenCahnSolver<2> alone(MPI_COMM_SELF, parameters);
              alone.solve();
              check("on one rank",
                    std::abs(measure(alone).relative_h1_seminorm_error /
                               errors.back().relative_h1_seminorm_error -
                             1.),
                    1e-6);
              double smallest = 1., largest = 0.;
              for (const auto &cell :
                   solver.get_dof_handler().active_cell_iterators())
                if (cell->is_locally_owned())
                  {
                    smallest = std::min(smallest, cell->measure());
                    largest  = std::max(largest, cell->measure());
                  }
              check("cells differ",
                    Utilities::MPI::max(largest, MPI_COMM_WORLD) >
                      1.2 * Utilities::MPI::min(smallest, MPI_COMM_WORLD));
            }
        }
    const auto order = [](const double coarse, const double fine) {
      return std::lround(std::log2(coarse / fine));
    };
    deallog << "Poisson, distorted: order "
            << order(errors[0].relative_l2_error, errors[1].relative_l2_error)
            << " in L2, "
            << order(errors[0].relative_h1_seminorm_error,
                     errors[1].relative_h1_seminorm_error)
            << " in H1" << std::endl;
    check("distortion costs accuracy",
          errors[1].relative_h1_seminorm_error >
            1.1 * regular[1].relative_h1_seminorm_error);
    check("the residual is that of the equation without reaction",
          residuals[1] < 0.7 * residuals[0]);

    parameters.n_adaptive_refinements = 1;
    AllenCahnSolver<2> solver(MPI_COMM_WORLD, parameters);
    solver.solve();
    check("refinement after distortion",
          measure(solver).relative_h1_seminorm_error /
            errors[1].relative_h1_seminorm_error,
          0.8);
  }



  void
  compare_linear_solvers()
  {
    AllenCahnSolverParameters parameters;
    parameters.n_global_refinements = 4;
    AllenCahnSolver<2> iterative(MPI_COMM_WORLD, parameters);
    iterative.solve();
    parameters.linear_solver = "direct";
    AllenCahnSolver<2> direct(MPI_COMM_WORLD, parameters);
    direct.solve();

    TrilinosWrappers::MPI::Vector difference(
      direct.get_dof_handler().locally_owned_dofs(), MPI_COMM_WORLD);
    TrilinosWrappers::MPI::Vector other(difference);
    difference = iterative.get_solution();
    other      = direct.get_solution();
    difference -= other;
    check("MINRES with AMG and the direct solver agree",
          difference.linfty_norm(),
          1e-8);

    // the last solve starts from the solution for a larger lambda, which is
    // nearly the same function
    const auto &steps = iterative.get_newton_log();
    check("few Newton steps", steps.back().step <= 5);
    check("few linear iterations", steps.back().n_linear_iterations <= 30);
    check("the Newton log is for the asked lambda",
          std::fabs(steps.back().lambda - parameters.lambda),
          0.);
  }



  // The mesh itself may depend on the number of ranks, as the estimates of
  // symmetric cells differ by round-off only.
  void
  refine_adaptively()
  {
    AllenCahnSolverParameters parameters;
    parameters.n_global_refinements = 3;
    AllenCahnSolver<2> coarse(MPI_COMM_WORLD, parameters);
    coarse.solve();
    parameters.n_adaptive_refinements = 3;
    AllenCahnSolver<2> solver(MPI_COMM_WORLD, parameters);
    solver.solve();
    const DoFHandler<2> &dof_handler = solver.get_dof_handler();
    check("there are hanging nodes",
          dof_handler.get_triangulation().has_hanging_nodes());
    check("the mesh is refined three times",
          solver.n_cells() > 2 * coarse.n_cells() &&
            solver.n_cells() < 64 * coarse.n_cells() &&
            solver.get_newton_log().back().mesh == 3);
    check("h is the edge of the smallest cell",
          std::fabs(solver.h() -
                    Utilities::MPI::min(
                      [&]() {
                        double smallest = 2.;
                        for (const auto &cell :
                             dof_handler.active_cell_iterators())
                          if (cell->is_locally_owned())
                            smallest =
                              std::min(smallest, cell->extent_in_direction(0));
                        return smallest;
                      }(),
                      MPI_COMM_WORLD)),
          1e-14);

    IndexSet relevant;
    DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
    AffineConstraints<double> hanging_nodes(relevant);
    DoFTools::make_hanging_node_constraints(dof_handler, hanging_nodes);
    hanging_nodes.close();
    double largest_jump = 0.;
    for (const auto dof : dof_handler.locally_owned_dofs())
      if (hanging_nodes.is_constrained(dof))
        {
          double jump = solver.get_solution()(dof);
          for (const auto &[other, weight] :
               *hanging_nodes.get_constraint_entries(dof))
            jump -= weight * solver.get_solution()(other);
          largest_jump = std::max(largest_jump, std::fabs(jump));
        }
    check("the solution is continuous there", largest_jump, 1e-12);
    check("it is more accurate than on the first mesh",
          measure(solver).relative_h1_seminorm_error /
            measure(coarse).relative_h1_seminorm_error,
          0.5);
  }



  void
  solve_on_one_cell()
  {
    AllenCahnSolverParameters parameters;
    parameters.n_global_refinements = 0;
    // the interior shape function of degree 2 is even, the solution odd
    parameters.fe_degree = 3;
    AllenCahnSolver<2> solver(MPI_COMM_WORLD, parameters);
    solver.solve();
    check("one cell", solver.n_cells() == 1);
    check("error on one cell", measure(solver).relative_l2_error, 0.5);
  }



  void
  fail()
  {
    const auto solve = [](const AllenCahnSolverParameters &parameters) {
      AllenCahnSolver<2> solver(MPI_COMM_WORLD, parameters);
      solver.solve();
    };
    AllenCahnSolverParameters parameters;
    parameters.n_global_refinements = 2;

    auto changed               = parameters;
    changed.newton.n_max_steps = 1;
    expect_error("one Newton step", [&]() { solve(changed); });

    changed                         = parameters;
    changed.linear.n_max_iterations = 1;
    expect_error("one linear iteration", [&]() { solve(changed); });

    changed        = parameters;
    changed.lambda = -1;
    expect_error("negative lambda", [&]() { solve(changed); });

    changed                      = parameters;
    changed.continuation_lambdas = {0.1, 1.};
    expect_error("increasing lambdas", [&]() { solve(changed); });

    // the message holds residuals at round-off level
    changed                           = parameters;
    changed.newton.absolute_tolerance = 1e-30;
    changed.newton.relative_tolerance = 0;
    std::string message;
    try
      {
        solve(changed);
      }
    catch (const std::exception &error)
      {
        message = error_message(error);
      }
    check("a tolerance below round-off is named",
          message.find("above the tolerance") != std::string::npos &&
            message.find("raise the Newton tolerances") != std::string::npos);
  }
} // namespace



DERL_TEST(solver)
{
  initlog();
  log_orders<2>(1, 4);
  log_orders<2>(2, 4);
  log_orders<2>(3, 3);
  log_orders<3>(2, 2);
  distort_mesh();
  compare_linear_solvers();
  refine_adaptively();
  solve_on_one_cell();
  fail();
}
} // namespace test_solver
