// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The two shocks satisfy Burgers' equation and have the states and speeds that
// theory demands; the finite element solution converges with order two, which
// is what Galerkin's method guarantees for convection with quadratic elements.

#include <derl/coupling/errors.h>

#include <derl/data/sources.h>

#include <solver.h>

#include <cmath>

#include "../../check.h"

namespace test_solver
{
using namespace dealii;
using namespace derl;

DERL_TEST(solver)
{
  initlog();
  const FieldNames   names({"x", "t"}, {"u"});
  const ShockProblem problem(0.01);
  const auto         residual = [&](const ShockProblem &other) {
    return residual_rms(
      MPI_COMM_WORLD,
      names,
      sample_function(MPI_COMM_WORLD,
                      *problem.exact,
                      random_points(Point<2>(), Point<2>(1., 1.), 500, 30),
                      {jet_values, jet_gradients, jet_hessians}),
      *other.equation);
  };
  check("equation", residual(problem), 1e-11);
  check("another viscosity", residual(ShockProblem(0.02)) > 0.01);

  const ShockProblem thin(0.002);
  const auto         u = [&](const double x, const double t) {
    return thin.exact->value({x, t});
  };
  check("left", std::abs(u(0., 0.) - 1.), 1e-6);
  check("between", std::abs(u(0.38, 0.) - 0.5), 1e-3);
  check("right", std::abs(u(1., 0.) - 0.1), 1e-6);
  // speeds are the means of the states, from 0.25 and from 0.5 on
  check("first shock", std::abs(u(0.25 + 0.75 * 0.2, 0.2) - 0.75), 1e-3);
  check("second shock", std::abs(u(0.5 + 0.3 * 0.2, 0.2) - 0.3), 1e-3);

  std::vector<double> errors;
  const ShockProblem  wide(0.05);
  for (const unsigned int n_refinements : {3, 4})
    {
      const ShockSolver solver(MPI_COMM_WORLD, wide, n_refinements, 0);
      errors.push_back(
        ErrorIntegrator<2>(
          solver.get_mapping(), solver.get_dof_handler(), *wide.exact, 2, 4)
          .measure(solver.get_solution())
          .relative_l2_error);
    }
  check("error", errors[1], 1e-4);
  deallog << "order " << std::round(2. * std::log2(errors[0] / errors[1])) / 2.
          << std::endl;
}
} // namespace test_solver
