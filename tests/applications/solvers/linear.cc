// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// All linear methods find the solution of a matrix that they are made for, and
// say when they have not; the solver of linear equations has the orders of its
// elements in space and of the difference formula in time, and keeps its values
// when the mesh is refined, on any number of ranks.

#include <derl/coupling/errors.h>

#include <deal.II/fe/fe_q.h>

#include <deal.II/numerics/vector_tools.h>

#include <solvers/exact_solution.h>
#include <solvers/linear_solver.h>
#include <solvers/meshes.h>

#include <cmath>

#include "../../check.h"

namespace test_linear
{
using namespace dealii;
using namespace derl;

std::shared_ptr<ExactSolution<2>>
cooling()
{
  return solution_of_formula<2>([](const auto &x, const auto &t, const auto &) {
    using Number = std::decay_t<decltype(t)>;
    using std::exp;
    using std::sin;
    return field<Number>(exp(-2. * t) * sin(2. * x[0] + 0.3) * sin(x[1] - 0.4));
  });
}



/**
 * u_t + c u_x - Laplace(u) = f, or without the time derivative.
 */
class Solver : public LinearSolver<2>
{
public:
  Solver(const ExactSolution<2> &exact,
         const unsigned int      degree,
         const bool              is_stationary,
         const double            convection,
         const LinearOptions    &options)
    : LinearSolver<2>(
        MPI_COMM_WORLD,
        FE_Q<2>(degree),
        1,
        degree + 2,
        diffusion_terms<2>([](const Point<2> &) { return 1.; },
                           [=, &exact](const Point<2> &x) {
                             return (is_stationary ? 0. : exact.rate(x)) +
                                    convection * exact.gradient(x)[0] -
                                    trace(exact.hessian(x));
                           },
                           Point<2>(convection, 0.)),
        exact,
        options)
  {
  }

  using LinearSolver<2>::refine;
  using LinearSolver<2>::hanging_nodes;
};



double
error_of(const Solver             &solver,
         const Solver::VectorType &solution,
         const Function<2>        &exact)
{
  return ErrorIntegrator<2>(
           solver.get_mapping(), solver.get_dof_handler(), exact, 1, 5)
    .measure(solution)
    .relative_h1_seminorm_error;
}



double
solve(const LinearMethod method,
      const double       convection,
      const unsigned int degree        = 2,
      const unsigned int n_refinements = 3,
      const unsigned int n_iterations  = 1000)
{
  const auto    exact = cooling();
  LinearOptions options;
  options.method           = method;
  options.n_max_iterations = n_iterations;
  options.remedy           = " A remedy.";
  Solver solver(*exact, degree, true, convection, options);
  make_cube(n_refinements, solver.get_mesh());
  solver.setup();
  solver.solve_on_mesh();
  return error_of(solver, solver.get_solution(), *exact);
}



void
check_methods()
{
  const double direct = solve(LinearMethod::direct, 0.);
  for (const auto method :
       {LinearMethod::cg, LinearMethod::minres, LinearMethod::gmres})
    check("symmetric matrix", std::abs(solve(method, 0.) / direct - 1.), 1e-6);
  check(
    "another matrix",
    std::abs(solve(LinearMethod::gmres, 5.) / solve(LinearMethod::direct, 5.) -
             1.),
    1e-6);
  for (const auto method :
       {LinearMethod::cg, LinearMethod::minres, LinearMethod::gmres})
    expect_error("too few iterations", [&]() { solve(method, 0., 2, 6, 1); });
  for (const unsigned int degree : {1, 2, 3})
    deallog << "degree " << degree << ": order "
            << std::lround(std::log2(solve(LinearMethod::cg, 0., degree, 3) /
                                     solve(LinearMethod::cg, 0., degree, 4)))
            << " of the gradient" << std::endl;
}



/**
 * Errors of the value and of the rate at t = 0.5.
 */
std::array<double, 2>
solve_in_time(const unsigned int order, const unsigned int n_steps)
{
  const auto exact = cooling();
  Solver     solver(*exact, 4, false, 0., LinearOptions());
  make_cube(3, solver.get_mesh());
  solver.setup();
  BackwardDifferences<Solver::VectorType> bdf(order);
  const double                            length = 0.5 / n_steps;
  for (int i = 1 - static_cast<int>(order); i <= 0; ++i)
    {
      exact->set_time(i * length);
      auto values = solver.make_owned_vector();
      VectorTools::interpolate(
        solver.get_mapping(), solver.get_dof_handler(), *exact, values);
      bdf.add_level(i * length, values);
    }
  for (unsigned int i = 1; i <= n_steps; ++i)
    {
      bdf.begin_step(i * length);
      exact->set_time(bdf.time());
      solver.solve_step(bdf);
    }
  // of this solution the rate is -2 times the value
  auto half_rate = solver.make_owned_vector();
  half_rate      = solver.get_rate();
  half_rate *= -0.5;
  return {{error_of(solver, solver.get_solution(), *exact),
           error_of(solver, solver.with_ghosts(half_rate), *exact)}};
}



void
check_time()
{
  for (const unsigned int order : {1, 2, 3})
    {
      const auto coarse = solve_in_time(order, 4),
                 fine   = solve_in_time(order, 8);
      deallog << "BDF" << order << ": order "
              << std::lround(std::log2(coarse[0] / fine[0])) << ", of the rate "
              << std::lround(std::log2(coarse[1] / fine[1])) << std::endl;
    }
}



void
check_refinement()
{
  const auto exact = cooling();
  Solver     solver(*exact, 2, true, 0., LinearOptions());
  make_cube(2, solver.get_mesh());
  solver.setup();
  solver.solve_on_mesh();
  const double coarse = error_of(solver, solver.get_solution(), *exact);
  auto         kept   = solver.make_owned_vector();
  kept                = solver.get_solution();
  solver.refine(
    [&](const Vector<float> &) {
      for (const auto &cell : solver.get_mesh().active_cell_iterators())
        if (cell->is_locally_owned() && cell->center()[0] < 0.)
          cell->set_refine_flag();
    },
    {&kept});
  check("hanging nodes",
        Utilities::MPI::sum(solver.hanging_nodes.n_constraints(),
                            MPI_COMM_WORLD) > 0);
  const auto ghosted = solver.with_ghosts(kept);
  check("a vector is interpolated exactly",
        std::abs(error_of(solver, ghosted, *exact) / coarse - 1.),
        1e-3);
  check("value at a vertex",
        std::abs(solver.value_at_vertex(ghosted, Point<2>(0.5, -0.5)) -
                 exact->value(Point<2>(0.5, -0.5))),
        1e-3);
  solver.solve_on_mesh();
  check("refinement reduces the error",
        error_of(solver, solver.get_solution(), *exact) < 0.8 * coarse);
}



DERL_TEST(linear)
{
  initlog();
  check_methods();
  check_time();
  check_refinement();
}
} // namespace test_linear
