// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The flow solver has the orders of Taylor-Hood elements for Kovasznay's exact
// solution of the Navier-Stokes equations, with the velocity given everywhere
// and with an outflow, on adaptive meshes and on any number of ranks; forces
// are those of the exact stress.

#include <derl/coupling/errors.h>

#include <deal.II/grid/grid_generator.h>

#include <solvers/exact_solution.h>
#include <solvers/flow_solver.h>
#include <solvers/meshes.h>

#include <array>
#include <cmath>

#include "../../check.h"

namespace test_flow
{
using namespace dealii;
using namespace derl;

constexpr double viscosity = 1. / 40.;

/**
 * L. I. G. Kovasznay, "Laminar flow behind a two-dimensional grid", Proc.
 * Camb. Phil. Soc. 44 (1948) 58-62; the pressure has the mean value zero in
 * (-0.5, 1.5)^2.
 */
std::shared_ptr<ExactSolution<2>>
kovasznay()
{
  return solution_of_formula<2>([](const auto &x, const auto &t, const auto &) {
    using Number = std::decay_t<decltype(t)>;
    using std::cos;
    using std::exp;
    using std::sin;
    constexpr double pi     = numbers::PI;
    const double     half   = 0.5 / viscosity;
    const double     lambda = half - std::sqrt(half * half + 4. * pi * pi);
    const double     mean =
      (std::exp(3. * lambda) - std::exp(-lambda)) / (8. * lambda);
    return field<Number>(1. - exp(lambda * x[0]) * cos(2. * pi * x[1]),
                         lambda / (2. * pi) * exp(lambda * x[0]) *
                           sin(2. * pi * x[1]),
                         mean - 0.5 * exp(2. * lambda * x[0]));
  });
}



/**
 * Errors of velocity and pressure.
 */
std::array<ErrorNorms, 2>
measure(const FlowSolver &solver, const Function<2> &exact)
{
  std::array<ErrorNorms, 2> result;
  for (const unsigned int of_pressure : {0, 1})
    result[of_pressure] =
      ErrorIntegrator<2>(
        solver.get_mapping(),
        solver.get_dof_handler(),
        exact,
        1,
        solver.get_dof_handler().get_fe().degree + 2,
        ComponentMask({of_pressure == 0, of_pressure == 0, of_pressure == 1}))
        .measure(solver.get_solution());
  return result;
}



FlowSolverParameters
discretization(const unsigned int degree)
{
  FlowSolverParameters result;
  result.velocity_degree           = degree;
  result.mapping_degree            = 1;
  result.newton.absolute_tolerance = 1e-11;
  return result;
}



std::array<ErrorNorms, 2>
solve_kovasznay(const unsigned int degree,
                const unsigned int n_refinements,
                const unsigned int n_adaptive_refinements = 0)
{
  const auto  exact = kovasznay();
  FlowProblem problem;
  problem.viscosity   = viscosity;
  problem.velocities  = {{0, exact.get()}};
  problem.is_enclosed = true;
  FlowSolver solver(MPI_COMM_WORLD, problem, discretization(degree));
  make_cube(n_refinements, solver.get_mesh(), -0.5, 1.5);
  solver.solve_adaptively(n_adaptive_refinements, 0.3, 0.);
  return measure(solver, *exact);
}



void
check_orders()
{
  for (const unsigned int degree : {2, 3})
    {
      const auto coarse = solve_kovasznay(degree, 3),
                 fine   = solve_kovasznay(degree, 4);
      const auto order  = [](const double coarse, const double fine) {
        return std::round(std::log2(coarse / fine) * 2.) / 2.;
      };
      deallog << "degree " << degree << ": order of the velocity "
              << order(coarse[0].relative_l2_error, fine[0].relative_l2_error)
              << ", of its gradient "
              << order(coarse[0].relative_h1_seminorm_error,
                       fine[0].relative_h1_seminorm_error)
              << ", of the pressure "
              << order(coarse[1].relative_l2_error, fine[1].relative_l2_error)
              << std::endl;
      deallog << "  relative error of the gradient "
              << fine[0].relative_h1_seminorm_error << std::endl;
    }
  check("ranks without cells", solve_kovasznay(3, 1)[0].relative_l2_error, 0.3);
  check("adaptive refinement",
        solve_kovasznay(2, 3, 2)[0].relative_h1_seminorm_error <
          0.5 * solve_kovasznay(2, 3)[0].relative_h1_seminorm_error);
}



/**
 * u = 1 - y^2, p = -2 nu (x - 1), which the elements contain, leaves at the
 * right.
 */
void
check_outflow()
{
  const auto exact =
    solution_of_formula<2>([](const auto &x, const auto &t, const auto &) {
      using Number = std::decay_t<decltype(t)>;
      return field<Number>(
        1. - x[1] * x[1], 0. * x[0], -2. * viscosity * (x[0] - 1.));
    });
  FlowProblem problem;
  problem.viscosity = viscosity;
  for (const types::boundary_id id : {0, 2, 3})
    problem.velocities[id] = exact.get();
  FlowSolver solver(MPI_COMM_WORLD, problem, discretization(2));
  GridGenerator::hyper_cube(solver.get_mesh(), -1., 1., true);
  solver.get_mesh().refine_global(2);
  solver.solve_adaptively(0, 0., 0.);
  const auto errors = measure(solver, *exact);
  check("outflow: velocity", errors[0].relative_h1_seminorm_error, 1e-9);
  check("outflow: pressure", errors[1].relative_l2_error, 1e-8);
  const Tensor<1, 2> force = solver.force_from_stress(2);
  check("outflow: friction", std::abs(force[0] - 4. * viscosity), 1e-9);
  check(
    "outflow: pressure on the wall", std::abs(force[1] + 4. * viscosity), 1e-9);
}



/**
 * Stokes' equations with a force are linear: one Newton step. With the
 * velocity (y^2, 0) and the pressure x the force is 1 - 2 nu.
 */
void
check_stokes()
{
  const auto exact =
    solution_of_formula<2>([](const auto &x, const auto &t, const auto &) {
      using Number = std::decay_t<decltype(t)>;
      return field<Number>(x[1] * x[1], 0. * x[0], 1. * x[0]);
    });
  FlowProblem problem;
  problem.viscosity      = viscosity;
  problem.has_convection = false;
  problem.is_enclosed    = true;
  problem.velocities     = {{0, exact.get()}};
  problem.force          = [](const Point<2> &) {
    return Point<2>(1. - 2. * viscosity, 0.);
  };
  FlowSolverParameters parameters = discretization(2);
  parameters.newton.n_max_steps   = 1;
  FlowSolver solver(MPI_COMM_WORLD, problem, parameters);
  make_cube(2, solver.get_mesh());
  solver.solve_adaptively(0, 0., 0.);
  const auto errors = measure(solver, *exact);
  check("Stokes: velocity", errors[0].relative_h1_seminorm_error, 1e-9);
  check("Stokes: pressure", errors[1].relative_l2_error, 1e-8);
}



DERL_TEST(flow)
{
  initlog();
  check_orders();
  check_outflow();
  check_stokes();
  expect_error("degree 1",
               []() { FlowSolver(MPI_COMM_WORLD, {}, discretization(1)); });
}
} // namespace test_flow
