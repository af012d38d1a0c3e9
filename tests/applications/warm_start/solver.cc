// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The solver of nonlinear diffusion must converge to the exact temperature in
// the centre, from any start to the same solution, and its derivatives by the
// parameters must be those of its solutions, on any number of ranks.

#include <diffusion_solver.h>

#include <cmath>

#include "../../check.h"

namespace test_solver
{
using namespace dealii;
using namespace derl;

double
relative_error(const unsigned int n_refinements, const double s, const double k)
{
  DiffusionSolverParameters parameters;
  parameters.n_global_refinements = n_refinements;
  DiffusionSolver solver(MPI_COMM_WORLD, parameters);
  auto            solution = solver.make_vector();
  solver.solve(s, k, solution);
  return std::abs(
    solver.centre(solution) / DiffusionSolver::exact_centre(s, k) - 1);
}



DERL_TEST(solver)
{
  initlog();

  // w = u + u^3 / 3 for k = 1
  const double u = DiffusionSolver::exact_centre(2., 1.);
  check("Kirchhoff's transform",
        std::abs(u + u * u * u / 3 - 7.36713532814),
        1e-10);
  check("linear equation", relative_error(4, 0., 0.), 1e-4);
  const double coarse = relative_error(3, 2., 2.),
               fine   = relative_error(4, 2., 2.);
  check("error", fine, 1e-3);
  check("order", coarse > 4 * fine);

  DiffusionSolverParameters parameters;
  parameters.n_global_refinements = 3;
  DiffusionSolver solver(MPI_COMM_WORLD, parameters);
  const double    s = 2.2, k = 2.5, h = 1e-4;
  auto            solution = solver.make_vector();
  const auto      log      = solver.solve(s, k, solution);
  check("many damped steps from zero",
        log.n_steps() >= 7 && log.n_damped_steps() >= 3 &&
          log.steps.back().residual_norm <
            parameters.newton.absolute_tolerance);
  auto again = solution;
  check("none from the solution", solver.solve(s, k, again).n_steps() == 0);

  const auto derivatives = solver.sensitivities(s, k, solution);
  for (unsigned int i = 0; i < 2; ++i)
    {
      auto above = solution, below = solution;
      solver.solve(s + (i == 0 ? h : 0), k + (i == 1 ? h : 0), above);
      solver.solve(s - (i == 0 ? h : 0), k - (i == 1 ? h : 0), below);
      double error = 0;
      for (const auto dof : solver.get_dof_handler().locally_owned_dofs())
        error = std::max(
          error,
          std::abs((above(dof) - below(dof)) / (2 * h) - derivatives[i](dof)));
      check(i == 0 ? "derivative by s" : "derivative by k", error, 1e-6);
    }

  // from the other side
  auto far = solver.make_vector();
  solver.solve(s + 1, k - 1, far);
  solver.solve(s, k, far);
  double difference = 0;
  for (const auto dof : solver.get_dof_handler().locally_owned_dofs())
    difference = std::max(difference, std::abs(far(dof) - solution(dof)));
  check("one solution", difference, 1e-8);

  parameters.newton.n_max_steps = 2;
  expect_error("few steps", [&]() {
    DiffusionSolver hasty(MPI_COMM_WORLD, parameters);
    auto            start = hasty.make_vector();
    hasty.solve(s, k, start);
  });
}
} // namespace test_solver
