// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The solutions that errors are measured against are exact: they satisfy their
// equations and boundary conditions, not only those that the source terms are
// made for, and their derivatives are right.

#include <problem.h>

#include <cmath>

#include "../../check.h"

namespace test_exact_solutions
{
using namespace dealii;
using namespace derl;

/**
 * The largest difference of the derivatives of the components to quotients of
 * differences.
 */
template <int dim>
double
derivative_error(const std::string &name)
{
  const auto problem         = make_problem<dim>(name);
  problem->exact->parameters = problem->unseen_parameters[0];
  auto        &u             = *problem->exact;
  const double h             = 1e-5;
  Point<dim>   x;
  for (unsigned int d = 0; d < dim; ++d)
    x[d] = 0.4 - 0.73 * d;
  u.set_time(0.2);
  double error = 0.;
  for (unsigned int c = 0; c < problem->components.size(); ++c)
    for (unsigned int d = 0; d < dim; ++d)
      {
        Tensor<1, dim> step;
        step[d] = h;
        error   = std::max(
          error,
          std::abs((u.value(x + step, c) - u.value(x - step, c)) / (2. * h) -
                   u.gradient(x, c)[d]));
        const Tensor<1, dim> second =
          (u.gradient(x + step, c) - u.gradient(x - step, c)) / (2. * h);
        for (unsigned int e = 0; e < dim; ++e)
          error = std::max(error, std::abs(second[e] - u.hessian(x, c)[d][e]));
      }
  const double rate = u.rate(x);
  u.set_time(0.2 + h);
  const double after = u.value(x);
  u.set_time(0.2 - h);
  return std::max(error, std::abs((after - u.value(x)) / (2. * h) - rate));
}



void
check_corner()
{
  const auto  problem = make_problem<2>("reentrant_corner");
  const auto &u       = *problem->exact;
  double      edges = 0., harmonic = 0.;
  for (const double s : {0., 1e-3, 0.3, 1.})
    for (const double round_off : {-1e-17, 0., 1e-17})
      edges = std::max({edges,
                        std::abs(u.value(Point<2>(s, round_off))),
                        std::abs(u.value(Point<2>(round_off, s)))});
  for (const auto &x :
       {Point<2>(-0.3, 0.2), Point<2>(-0.1, -0.5), Point<2>(0.7, -1e-3)})
    harmonic = std::max(harmonic, std::abs(trace(u.hessian(x))));
  check("corner: zero at both edges", edges, 1e-10);
  check("corner: harmonic", harmonic, 1e-9);
  check("corner: positive", u.value(Point<2>(-0.2, -0.2)) > 0.3);
}



void
check_interface()
{
  const auto  problem = make_problem<2>("material_interface");
  const auto &u       = *problem->exact;
  double      jump = 0., flux = 0.;
  for (const double angle : {0., 0.7, 2., 4.})
    {
      const Point<2> normal(std::cos(angle), std::sin(angle));
      const Point<2> inside  = (0.5 - 1e-12) * normal;
      const Point<2> outside = (0.5 + 1e-12) * normal;
      jump = std::max(jump, std::abs(u.value(inside) - u.value(outside)));
      flux = std::max(flux,
                      std::abs(10. * (normal * u.gradient(inside)) -
                               normal * u.gradient(outside)));
    }
  check("interface: continuous", jump, 1e-10);
  check("interface: no jump of the flux", flux, 1e-10);
}



void
check_plate()
{
  // Young's modulus 1, Poisson's ratio 0.3
  const double mu = 0.5 / 1.3, lambda = 0.3 / (1.3 * 0.4), radius = 0.25;
  const auto   problem = make_problem<2>("plate_with_hole");
  const auto  &u       = *problem->exact;
  double       force   = 0.;
  for (const auto &x : {Point<2>(0.3, 0.1), Point<2>(-0.6, 0.9)})
    for (unsigned int c = 0; c < 2; ++c)
      force = std::max(force,
                       std::abs(mu * trace(u.hessian(x, c)) +
                                (lambda + mu) * (u.hessian(x, 0)[c][0] +
                                                 u.hessian(x, 1)[c][1])));
  check("plate: equilibrium", force, 1e-11);

  double traction = 0., hoop = 0.;
  for (const double angle : {0., 0.4, 1.3, 3.})
    {
      const Point<2> normal(std::cos(angle), std::sin(angle));
      const Point<2> tangent(-normal[1], normal[0]);
      const Point<2> x = radius * normal;
      Tensor<2, 2>   stress;
      for (unsigned int i = 0; i < 2; ++i)
        {
          for (unsigned int j = 0; j < 2; ++j)
            stress[i][j] = mu * (u.gradient(x, i)[j] + u.gradient(x, j)[i]);
          stress[i][i] += lambda * (u.gradient(x, 0)[0] + u.gradient(x, 1)[1]);
        }
      traction = std::max(traction, (stress * normal).norm());
      hoop     = std::max(hoop,
                      std::abs(tangent * (stress * tangent) -
                               (1. - 2. * std::cos(2. * angle))));
    }
  check("plate: the hole is free", traction, 1e-12);
  check("plate: hoop stress", hoop, 1e-12);
}



void
check_stokes()
{
  const auto     problem = make_problem<2>("stokes");
  const Point<2> x(0.3, 0.1);
  check("Stokes: no divergence",
        std::abs(problem->exact->gradient(x, 0)[0] +
                 problem->exact->gradient(x, 1)[1]),
        1e-13);
}



DERL_TEST(exact_solutions)
{
  initlog();
  for (const std::string &name : problem_names())
    check(name + ": derivatives",
          make_problem<2>(name) ? derivative_error<2>(name)
                                : derivative_error<3>(name),
          1e-5);
  check_corner();
  check_interface();
  check_plate();
  check_stokes();
}
} // namespace test_exact_solutions
