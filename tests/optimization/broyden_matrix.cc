// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The distributed matrix must agree with the textbook formulas, and must not
// depend on the number of ranks beyond round-off.

#include <deal.II/lac/full_matrix.h>

#include <derl/optimization/optimizers.h>

#include <random>

#include "../../source/optimization/broyden_matrix.h"
#include "../tests.h"
#include "test_functions.h"

namespace test_broyden_matrix
{
using namespace dealii;

/**
 * The update of the Hessian itself, not of its inverse. Gives the inverse of
 * the updated matrix.
 */
FullMatrix<double>
textbook_update(const derl::BroydenUpdate formula,
                const FullMatrix<double> &H,
                const Vector<double>     &s,
                const Vector<double>     &y)
{
  const unsigned int n = s.size();
  FullMatrix<double> B(n, n);
  B.invert(H);
  Vector<double> Bs(n), Hy(n);
  B.vmult(Bs, s);
  H.vmult(Hy, y);
  const double ys = y * s, sBs = s * Bs, yHy = y * Hy;

  const double b = sBs / ys, h = yHy / ys, a = b * h - 1.;
  const double c   = std::sqrt(a / (a + 1.));
  const double rho = std::min(1., h * (1. - c));
  const double theta =
    formula == derl::BroydenUpdate::self_scaled_broyden
      ? std::max((rho - 1.) / a, std::min(1. / rho, (1. - b) / b))
      : 0.;
  const double sigma = 1. + theta * a;
  const double ol    = std::min(1., 1. / b);
  const double root  = std::pow(sigma, -1. / (n - 1.));
  const double tau   = formula == derl::BroydenUpdate::bfgs ? 1.
                       : theta > 0. ? ol * std::min(root, 1. / theta)
                                    : std::min(ol * root, sigma);

  FullMatrix<double> B_new(n, n);
  for (unsigned int i = 0; i < n; ++i)
    for (unsigned int j = 0; j < n; ++j)
      {
        const double w_i = y[i] / ys - Bs[i] / sBs;
        const double w_j = y[j] / ys - Bs[j] / sBs;
        B_new(i, j) =
          tau * (B(i, j) - Bs[i] * Bs[j] / sBs + theta * sBs * w_i * w_j) +
          y[i] * y[j] / ys;
      }
  FullMatrix<double> H_new(n, n);
  H_new.invert(B_new);
  return H_new;
}



bool
is_positive_definite(FullMatrix<double> A)
{
  for (unsigned int k = 0; k < A.m(); ++k)
    {
      if (!(A(k, k) > 0.))
        return false;
      for (unsigned int i = k + 1; i < A.m(); ++i)
        for (unsigned int j = k + 1; j < A.m(); ++j)
          A(i, j) -= A(i, k) * A(k, j) / A(k, k);
    }
  return true;
}



/**
 * Feed the same random steps on a quadratic function to a distributed matrix
 * and to one that rank 0 to n-1 hold alone, and compare them with each other
 * and with what the formulas demand.
 */
void
check_updates(const derl::BroydenUpdate formula,
              const unsigned int        n,
              const double              max_factor)
{
  derl::BroydenMatrix distributed(n, MPI_COMM_WORLD, formula, max_factor);
  derl::BroydenMatrix serial(n, MPI_COMM_SELF, formula, max_factor);
  distributed.restart();
  serial.restart();

  std::mt19937                     generator(n);
  std::uniform_real_distribution<> uniform(0.05, 2.);

  FunctionObjective f = quadratic(n, 1e2);
  Vector<double>    x(n), g(n), g_new(n), direction(n), s(n), y(n);
  f.value_and_gradient(x, g);
  direction.equ(-1., g);

  bool rank_independent = true, symmetric = true, definite = true;
  bool secant = true, textbook = true, directions = true;

  FullMatrix<double> expected(n, n);
  // Two variables are at their minimum after a few steps, and the rest would be
  // round-off
  for (unsigned int k = 0; k < (n == 2 ? 3 : 12); ++k)
    {
      const double step = uniform(generator) * (k == 0 ? 1e-2 : 1.);
      s.equ(step, direction);
      x += s;
      f.value_and_gradient(x, g_new);
      y = g_new;
      y -= g;
      const derl::SecantPair pair{step, s, y, y * s, y * y, g, g_new};
      if (k == 0)
        for (unsigned int i = 0; i < n; ++i)
          expected(i, i) = pair.ys / pair.yy;
      expected = textbook_update(formula, expected, s, y);

      Vector<double> serial_direction = direction;
      distributed.update(pair, direction);
      serial.update(pair, serial_direction);
      serial_direction -= direction;
      rank_independent = rank_independent && serial_direction.l2_norm() <=
                                               1e-12 * direction.l2_norm();
      g = g_new;

      // Asking for the matrix in every step would hide an error in the update
      // that is pending
      if (k % 3 != 2)
        continue;
      const FullMatrix<double> H          = distributed.full_matrix();
      FullMatrix<double>       difference = H;
      difference.add(-1., serial.full_matrix());
      const double scale = expected.frobenius_norm();
      rank_independent =
        rank_independent && difference.frobenius_norm() < 1e-12 * scale;

      difference = H;
      difference.add(-1., expected);
      textbook = textbook && difference.frobenius_norm() < 1e-9 * scale;

      difference = H;
      difference.Tadd(-1., H);
      symmetric = symmetric && difference.linfty_norm() == 0.;
      definite  = definite && is_positive_definite(H);

      Vector<double> image(n);
      H.vmult(image, y);
      image -= s;
      secant = secant && image.l2_norm() < 1e-12 * (scale * y.l2_norm());
      H.vmult(image, g);
      image += direction;
      directions =
        directions && image.l2_norm() < 1e-12 * (scale * g.l2_norm());
    }

  const auto say = [](const std::string &what, const bool ok) {
    deallog << what << ": " << (ok ? "ok" : "FAILED") << std::endl;
  };
  deallog << "n = " << n << std::endl;
  say("  independent of ranks", rank_independent);
  say("  textbook formula", textbook);
  say("  symmetric", symmetric);
  say("  positive definite", definite);
  say("  secant equation", secant);
  say("  direction", directions);
}



/**
 * Pairs that teach nothing must not touch the matrix.
 */
void
check_skipped_updates()
{
  const unsigned int  n = 5;
  derl::BroydenMatrix matrix(n, MPI_COMM_WORLD);
  matrix.restart();

  Vector<double> g_old(n), g(n), d(n), s(n), y(n);
  for (unsigned int i = 0; i < n; ++i)
    {
      g_old[i] = 1. + i;
      g[i]     = 2. - i;
    }
  d.equ(-1., g_old);
  s = d;
  y.equ(-1., s);
  const bool knows_nothing =
    !matrix.update({1., s, y, y * s, y * y, g_old, g}, d) && d[0] == -g[0];
  d.equ(-1., g_old);
  y.equ(4., s);
  matrix.update({1., s, y, y * s, y * y, g_old, g}, d);
  const FullMatrix<double> before = matrix.full_matrix();
  s                               = d;
  y.equ(-1., s);
  const bool is_skipped =
    matrix.update({1., s, y, y * s, y * y, g, g_old}, d) &&
    before == matrix.full_matrix();
  Vector<double> image(n);
  before.vmult(image, g_old);
  image += d;
  deallog << "negative curvature: "
          << (knows_nothing && is_skipped && image.l2_norm() < 1e-14 ? "ok"
                                                                     : "FAILED")
          << std::endl;
}



/**
 * A whole minimisation on all ranks ends where that on one does.
 */
void
check_minimisation(const unsigned int n)
{
  const auto minimize = [n](const MPI_Comm communicator) {
    FunctionObjective      f = rosenbrock(n);
    Vector<double>         x = rosenbrock_start(n);
    derl::StoppingCriteria criteria;
    criteria.gradient_tolerance = 1e-10;
    derl::SelfScaledBroyden({}, communicator).minimize(f, x, criteria, {});
    return x;
  };
  Vector<double> x = minimize(MPI_COMM_WORLD);
  x -= minimize(MPI_COMM_SELF);
  const bool is_equal = x.linfty_norm() < 1e-9;
  deallog << "minimisation, n = " << n << ": "
          << (Utilities::MPI::min(int(is_equal), MPI_COMM_WORLD) == 1
                ? "ok"
                : "FAILED")
          << std::endl;
}



DERL_TEST(broyden_matrix)
{
  initlog();

  for (const auto formula : {derl::BroydenUpdate::self_scaled_broyden,
                             derl::BroydenUpdate::self_scaled_bfgs,
                             derl::BroydenUpdate::bfgs})
    {
      check_updates(formula, 2, 1e100);
      check_updates(formula, 13, 1e100);
      check_updates(formula, 50, 1e100);
      // The factor leaves this range at once
      check_updates(formula, 13, 1.001);
    }
  check_skipped_updates();
  check_minimisation(2);
  check_minimisation(21);

  // The ranks share the memory of the matrix, and count all of it
  const double n     = 10007;
  const double bytes = Utilities::MPI::sum(
    derl::SelfScaledBroyden({}, MPI_COMM_WORLD).memory_consumption(n),
    MPI_COMM_WORLD);
  deallog << "memory: " << (std::abs(bytes / (4. * n * n) - 1.) < 0.01)
          << std::endl;
}
} // namespace test_broyden_matrix
