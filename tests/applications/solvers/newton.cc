// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Newton's method must converge quadratically, be damped where it would
// diverge, stop by its rule, and say why it fails, alike on all ranks.

#include <deal.II/base/index_set.h>

#include <solvers/newton.h>

#include <cmath>

#include "../../check.h"

namespace test_newton
{
using namespace dealii;
using namespace derl;

using VectorType = TrilinosWrappers::MPI::Vector;

/**
 * Equations g(u_i) = g(i + 1) for i = 0, ..., 6, the unknowns being shared out
 * between the ranks, with a linear solver that is exact but for the last ranks'
 * pleasure.
 */
template <typename Function, typename Derivative>
NonlinearEquations
equations(const Function &g, const Derivative &slope)
{
  NonlinearEquations result;
  result.name     = "a test";
  result.remedy   = "Think";
  result.residual = [g](const VectorType &u, VectorType &residual) {
    for (const auto i : residual.locally_owned_elements())
      residual(i) = g(u(i)) - g(1. + i);
    residual.compress(VectorOperation::insert);
  };
  result.solve_linearized = [slope](const VectorType &u,
                                    const VectorType &right_hand_side,
                                    VectorType       &update) {
    for (const auto i : update.locally_owned_elements())
      update(i) = right_hand_side(i) / slope(u(i));
    update.compress(VectorOperation::insert);
    return 3u;
  };
  return result;
}



VectorType
start(const double value)
{
  const unsigned int n     = 7;
  const unsigned int ranks = Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  const unsigned int rank  = Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  IndexSet           owned(n);
  owned.add_range(n * rank / ranks, n * (rank + 1) / ranks);
  VectorType values(owned, MPI_COMM_WORLD);
  values = value;
  VectorType result(owned, complete_index_set(n), MPI_COMM_WORLD);
  result = values;
  return result;
}



double
largest_error(const VectorType &u)
{
  double result = 0.;
  for (const auto i : u.locally_owned_elements())
    result = std::max(result, std::abs(u(i) - (1. + i)));
  return Utilities::MPI::max(result, MPI_COMM_WORLD);
}



DERL_TEST(newton)
{
  initlog();
  const auto    cubic = equations([](const double u) { return u * u * u + u; },
                               [](const double u) { return 3. * u * u + 1.; });
  NewtonOptions options;
  options.absolute_tolerance = 1e-11;

  VectorType   u        = start(5.);
  unsigned int observed = 0;
  NewtonLog    log =
    solve_by_newton(cubic, options, u, [&](const NewtonStep &step) {
      check("step " + std::to_string(step.step), step.step == observed++);
    });
  check("solution", largest_error(u), 1e-12);
  check("below the tolerance",
        log.steps.back().residual_norm <= 1e-11 &&
          log.steps[log.n_steps() - 1].residual_norm > 1e-11);
  check("full steps", log.n_damped_steps() == 0);
  check("linear iterations", log.n_linear_iterations() == 3 * log.n_steps());
  // errors e_k+1 ~ e_k^2: the logarithms of the residuals' ratios double
  const auto ratio = [&](const unsigned int k) {
    return std::log(log.steps[k].residual_norm /
                    log.steps[k - 1].residual_norm);
  };
  unsigned int last = log.n_steps();
  while (log.steps[last].residual_norm < 1e-9)
    --last;
  deallog << "order " << std::lround(ratio(last) / ratio(last - 1))
          << " of convergence" << std::endl;

  log = solve_by_newton(cubic, options, u);
  check("no step from the solution", log.n_steps() == 0);

  // the rule is relative to the residual at zero, not to that at the start
  options.absolute_tolerance = 0.;
  options.relative_tolerance = 1e-3;
  VectorType near            = start(5.);
  VectorType residual(near.locally_owned_elements(), MPI_COMM_WORLD);
  VectorType zero = start(0.);
  cubic.residual(zero, residual);
  const double at_zero = residual.l2_norm();
  log                  = solve_by_newton(cubic, options, near);
  check("relative tolerance",
        log.steps.back().residual_norm <= 1e-3 * at_zero &&
          log.steps[log.n_steps() - 1].residual_norm > 1e-3 * at_zero);
  check("stops early", largest_error(near) > 1e-8);

  // Newton's method for the arc tangent diverges from afar, unless damped
  const auto arc =
    equations([](const double x) { return std::atan(x - 4.); },
              [](const double x) { return 1. / (1. + std::pow(x - 4., 2)); });
  options.absolute_tolerance = 1e-12;
  options.relative_tolerance = 0.;
  u                          = start(12.);
  log                        = solve_by_newton(arc, options, u);
  check("damped", log.n_damped_steps() > 0);
  bool decreases = true;
  for (unsigned int k = 1; k < log.steps.size(); ++k)
    decreases =
      decreases && log.steps[k].residual_norm < log.steps[k - 1].residual_norm;
  check("residuals decrease", decreases);
  check("damped solution", largest_error(u), 1e-9);

  options.n_max_steps = 2;
  expect_error("too few steps", [&]() {
    VectorType far = start(12.);
    solve_by_newton(arc, options, far);
  });
  options.n_max_steps = 50;
  expect_error("no solution", [&]() {
    VectorType far     = start(1.5);
    auto       nothing = equations([](const double x) { return x * x; },
                             [](const double x) { return -2. * x; });
    solve_by_newton(nothing, options, far);
  });
  options.absolute_tolerance = 0.;
  expect_error("no tolerance", [&]() { options.check(); });
}
} // namespace test_newton
