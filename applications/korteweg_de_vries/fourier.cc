// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "fourier.h"

#include <deal.II/base/numbers.h>

#include <solvers/runge_kutta.h>

#include <cmath>

namespace derl
{
  using namespace dealii;

  FourierSolution::FourierSolution(const KortewegDeVries &problem)
    : KdvSolution(problem)
  {
    const unsigned int n_modes = problem.n_modes;
    for (unsigned int k = 0; k <= n_modes; ++k)
      frequencies.push_back(problem.dispersion * std::pow(numbers::PI * k, 3));
    VectorType c(2 * (n_modes + 1));
    c[1] = 0.5;
    store(c);
    // time begins at zero in each step
    const auto rate = [this](const double t, const VectorType &rotated) {
      return rotate(convection(rotate(rotated, t)), -t);
    };
    const double dt = problem.time(1);
    for (unsigned int step = 0; step < problem.n_steps; ++step)
      {
        advance_by_runge_kutta<VectorType>(
          TimeStepping::RK_CLASSIC_FOURTH_ORDER,
          rate,
          0.,
          dt,
          problem.n_substeps,
          c);
        c = rotate(c, dt);
        store(c);
      }
  }



  Vector<double>
  FourierSolution::convection(const VectorType &c) const
  {
    // coefficients from -n to n
    const int           n = problem.n_modes;
    std::vector<double> re(2 * n + 1), im(2 * n + 1);
    for (int k = 0; k <= n; ++k)
      {
        re[n + k] = re[n - k] = c[k];
        im[n + k]             = c[n + 1 + k];
        im[n - k]             = -im[n + k];
      }
    VectorType result(c.size());
    for (int k = 0; k <= n; ++k)
      {
        // half the sum of c_m c_{k-m}: m and k-m change places
        double sum_re = 0., sum_im = 0.;
        for (int m = k / 2 + 1; m <= n; ++m)
          {
            sum_re += re[n + m] * re[n + k - m] - im[n + m] * im[n + k - m];
            sum_im += re[n + m] * im[n + k - m] + im[n + m] * re[n + k - m];
          }
        if (k % 2 == 0)
          {
            const double a = re[n + k / 2], b = im[n + k / 2];
            sum_re += 0.5 * (a * a - b * b);
            sum_im += a * b;
          }
        result[k]         = numbers::PI * k * sum_im;
        result[n + 1 + k] = -numbers::PI * k * sum_re;
      }
    return result;
  }



  Vector<double>
  FourierSolution::rotate(const VectorType &c, const double time) const
  {
    const unsigned int n_modes = problem.n_modes;
    VectorType         result(c.size());
    for (unsigned int k = 0; k <= n_modes; ++k)
      {
        const double cosine = std::cos(frequencies[k] * time);
        const double sine   = std::sin(frequencies[k] * time);
        const double re = c[k], im = c[n_modes + 1 + k];
        result[k]               = cosine * re - sine * im;
        result[n_modes + 1 + k] = cosine * im + sine * re;
      }
    return result;
  }



  void
  FourierSolution::store(const VectorType &c)
  {
    // that of u u_x in the direction v, since it is quadratic
    const auto derivative = [this](const VectorType &u, const VectorType &v) {
      VectorType sum(u);
      sum += v;
      VectorType result = convection(sum);
      result -= convection(u);
      result -= convection(v);
      return result;
    };
    const unsigned int n_modes        = problem.n_modes;
    const auto         add_dispersion = [this, n_modes](const VectorType &u,
                                                VectorType       &rate) {
      for (unsigned int k = 0; k <= n_modes; ++k)
        {
          rate[k] -= frequencies[k] * u[n_modes + 1 + k];
          rate[n_modes + 1 + k] += frequencies[k] * u[k];
        }
    };
    std::array<VectorType, 3> d = {{c, convection(c), VectorType()}};
    add_dispersion(c, d[1]);
    d[2] = derivative(c, d[1]);
    add_dispersion(d[1], d[2]);
    coefficients.push_back(d);
  }



  Jet
  FourierSolution::jet(const double x, const unsigned int step) const
  {
    const unsigned int n_modes = problem.n_modes;
    Jet                result{};
    const auto        &c = coefficients[step];
    for (unsigned int k = 0; k <= n_modes; ++k)
      {
        const double w      = numbers::PI * k;
        const double factor = k == 0 ? 1. : 2.;
        const double cosine = factor * std::cos(w * x);
        const double sine   = factor * std::sin(w * x);
        // the mode of a derivative with respect to time, and of its derivative
        // with respect to x over w
        const auto mode = [&](const unsigned int order) {
          return c[order][k] * cosine - c[order][n_modes + 1 + k] * sine;
        };
        const auto slope = [&](const unsigned int order) {
          return -c[order][k] * sine - c[order][n_modes + 1 + k] * cosine;
        };
        result[Jet::u] += mode(0);
        result[Jet::u_x] += w * slope(0);
        result[Jet::u_t] += mode(1);
        result[Jet::u_xx] -= w * w * mode(0);
        result[Jet::u_xt] += w * slope(1);
        result[Jet::u_tt] += mode(2);
        result[Jet::u_xxx] -= w * w * w * slope(0);
      }
    return result;
  }
} // namespace derl
