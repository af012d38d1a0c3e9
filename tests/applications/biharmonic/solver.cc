// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The exact deflection satisfies its equation and is clamped, and its
// derivatives are those of difference quotients; the finite element solution
// converges to it, each derivative with the order of its elements.

#include <derl/coupling/errors.h>

#include <derl/data/sources.h>

#include <solver.h>

#include <cmath>

#include "../../check.h"

namespace test_solver
{
using namespace dealii;
using namespace derl;

void
check_exact_solution()
{
  std::vector<double> points;
  for (const Point<2> &x : random_points(Point<2>(), Point<2>(1., 1.), 200, 30))
    points.insert(points.end(), x.begin_raw(), x.end_raw());
  const FieldNames names({"x", "y"}, {"u"});
  const auto       residual = [&](const std::vector<std::string> &columns) {
    return residual_rms(MPI_COMM_WORLD,
                        names,
                        Biharmonic::sample_exact(points, names.parse(columns)),
                        *Biharmonic::equation());
  };
  check("equation", residual({"u_xxxx", "u_xxyy", "u_yyyy"}), 1e-12);

  // another formula for f, with a root mean square of one
  double sum = 0.;
  for (unsigned int i = 0; i < 16; ++i)
    for (unsigned int j = 0; j < 16; ++j)
      sum += std::pow(Biharmonic::f(Point<2>(i / 16., j / 16.)), 2) / 256.;
  const double pi4 = std::pow(numbers::PI, 4);
  check("f in the middle",
        std::abs(Biharmonic::f(Point<2>(0.5, 0.5)) - 24. * pi4),
        1e-9);
  check("root mean square of f",
        std::abs(std::sqrt(sum) - 4. * std::sqrt(5.) * pi4),
        1e-9);

  const double   h = 1e-4;
  const Point<2> x(0.2, 0.7), right(0.2 + h, 0.7), left(0.2 - h, 0.7);
  for (unsigned int i = 0; i < 4; ++i)
    {
      const double quotient =
        (Biharmonic::exact(right, i, 1) - Biharmonic::exact(left, i, 1)) /
        (2. * h);
      check("derivative of order " + std::to_string(i + 1),
            std::abs(quotient / Biharmonic::exact(x, i + 1, 1) - 1.),
            1e-6);
    }
  for (const double y : {0.3, 0.8})
    check("clamped",
          std::abs(Biharmonic::exact({1., y}, 0, 0)) +
            std::abs(Biharmonic::exact({1., y}, 1, 0)) +
            std::abs(Biharmonic::exact({y, 0.}, 0, 1)),
          1e-14);
}



/**
 * Relative errors of all derivatives of the orders 0 to 3.
 */
std::vector<double>
errors(const unsigned int degree, const unsigned int n_refinements)
{
  const BiharmonicSolver solver(MPI_COMM_WORLD, degree, n_refinements);
  const Samples          samples = solver.sample({0, 1, 2, 3}, degree + 2);
  std::vector<double>    error(4), norm(4);
  const Samples          exact =
    Biharmonic::sample_exact(samples.points(), samples.columns());
  for (unsigned int i = 0; i < samples.size(); ++i)
    for (unsigned int c = 0; c < samples.columns().size(); ++c)
      {
        const unsigned int n = order(samples.columns()[c].derivative);
        const double       e = exact.observations(i)[c];
        error[n] +=
          samples.weight(i) * std::pow(samples.observations(i)[c] - e, 2);
        norm[n] += samples.weight(i) * e * e;
      }
  Utilities::MPI::sum(error, MPI_COMM_WORLD, error);
  Utilities::MPI::sum(norm, MPI_COMM_WORLD, norm);
  for (unsigned int n = 0; n < 4; ++n)
    error[n] = std::sqrt(error[n] / norm[n]);
  return error;
}



DERL_TEST(solver)
{
  initlog();
  check_exact_solution();
  for (const unsigned int degree : {3, 4})
    {
      const auto coarse = errors(degree, 3), fine = errors(degree, 4);
      for (unsigned int n = 0; n < 4; ++n)
        deallog << "Q" << degree << ", derivatives of order " << n
                << ": convergence of order "
                << std::round(2. * std::log2(coarse[n] / fine[n])) / 2.
                << std::endl;
      check("largest error", fine[0], degree == 3 ? 2e-5 : 5e-7);
    }
}
} // namespace test_solver
