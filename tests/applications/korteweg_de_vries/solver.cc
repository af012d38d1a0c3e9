// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Two methods that have nothing in common, local discontinuous Galerkin with
// collocation in time and Fourier with Runge-Kutta, must converge to the same
// solution of the Korteweg-de Vries equation with the orders that they promise,
// in all derivatives that are learned.

#include <fourier.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "../../check.h"

namespace test_solver
{
using namespace dealii;
using namespace derl;

const double                      pi       = numbers::PI;
const std::array<unsigned int, 5> quarters = {{0, 1, 2, 3, 4}};

/**
 * The root mean square of the difference of two solutions at quarters of the
 * time, relative to the second one, for all entries.
 */
Jet
distance(const KdvSolution &solution, const KdvSolution &exact)
{
  Jet errors{}, sizes{};
  for (const unsigned int quarter : quarters)
    for (double x = -0.995; x < 1.; x += 0.01)
      {
        const Jet u = solution.jet(x, quarter * solution.problem.n_steps / 4);
        const Jet v = exact.jet(x, quarter * exact.problem.n_steps / 4);
        for (unsigned int e = 0; e < u.size(); ++e)
          {
            errors[e] += (u[e] - v[e]) * (u[e] - v[e]);
            sizes[e] += v[e] * v[e];
          }
      }
  for (unsigned int e = 0; e < errors.size(); ++e)
    errors[e] = std::sqrt(errors[e] / sizes[e]);
  return errors;
}



KortewegDeVries
method(const unsigned int n_cells,
       const unsigned int degree,
       const unsigned int n_stages,
       const unsigned int n_steps)
{
  KortewegDeVries result;
  result.n_cells  = n_cells;
  result.degree   = degree;
  result.n_stages = n_stages;
  result.n_steps  = n_steps;
  return result;
}



DERL_TEST(solver)
{
  initlog();

  // derivatives of the initial values are known
  const FourierSolution exact{KortewegDeVries()};
  const double          x = 0.3, d = 0.0025;
  const double          c = std::cos(pi * x), s = std::sin(pi * x);
  const double          u_t = pi * c * s - d * pi * pi * pi * s;
  const double u_xt  = pi * pi * (c * c - s * s) - d * std::pow(pi, 4) * c;
  const Jet    start = exact.jet(x, 0);
  Jet          known = start;
  known[Jet::u]      = c;
  known[Jet::u_x]    = -pi * s;
  known[Jet::u_t]    = u_t;
  known[Jet::u_xx]   = -pi * pi * c;
  known[Jet::u_xt]   = u_xt;
  known[Jet::u_xxx]  = pi * pi * pi * s;
  double error       = 0.;
  for (unsigned int e = 0; e < known.size(); ++e)
    error = std::max(error, std::abs(start[e] - known[e]));
  check("initial values", error, 1e-11);
  const double dt = 1. / 200;
  check("second derivative in time",
        std::abs((exact.jet(x, 101)[Jet::u_t] - exact.jet(x, 99)[Jet::u_t]) /
                   (2 * dt * exact.jet(x, 100)[Jet::u_tt]) -
                 1),
        1e-3);

  // Fourier with more modes, and half the steps
  KortewegDeVries other;
  other.n_modes    = 72;
  other.n_substeps = 25;
  const Jet errors = distance(FourierSolution(other), exact);
  check("Fourier, values", errors[Jet::u], 1e-9);
  check("Fourier, third derivative", errors[Jet::u_xxx], 1e-6);
  other.n_substeps        = 12;
  const double of_quarter = distance(FourierSolution(other), exact)[Jet::u];
  check("Fourier, order 4", of_quarter > 14 * errors[Jet::u]);

  // orders in space of all entries
  const Jet coarse = distance(KdvSolver(method(20, 4, 3, 100)), exact);
  const Jet fine   = distance(KdvSolver(method(40, 4, 3, 100)), exact);
  for (unsigned int e = 0; e < fine.size(); ++e)
    if (e != Jet::u_tt) // where waves of the size of cells count more
      check("order 5 of " + Jet::names[e],
            coarse[e] > std::pow(2., 4.3) * fine[e]);

  // the default
  const Jet standard = distance(KdvSolver(KortewegDeVries()), exact);
  check("values", standard[Jet::u], 1e-6);
  check("first derivatives",
        std::max(standard[Jet::u_x], standard[Jet::u_t]),
        1e-5);
  check(
    "second derivatives",
    std::max({standard[Jet::u_xx], standard[Jet::u_xt], standard[Jet::u_tt]}),
    5e-5);
  check("third derivative", standard[Jet::u_xxx], 1e-4);

  // orders in time
  for (const unsigned int n_stages : {1, 2})
    check("order in time",
          distance(KdvSolver(method(20, 7, n_stages, 32)), exact)[Jet::u] >
            0.8 * std::pow(4., n_stages) *
              distance(KdvSolver(method(20, 7, n_stages, 64)), exact)[Jet::u]);

  expect_error("steps too long", []() { KdvSolver(method(8, 3, 2, 4)); });
}
} // namespace test_solver
