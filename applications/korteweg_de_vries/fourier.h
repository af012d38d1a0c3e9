// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_korteweg_de_vries_fourier_h
#define derl_applications_korteweg_de_vries_fourier_h

#include "solver.h"

namespace derl
{
  /**
   * The solution to ten digits, by Galerkin's method with trigonometric
   * polynomials,
   * @f$u = \sum_{|k| \le n} c_k(t) e^{i \pi k x}@f$, and the classical
   * Runge-Kutta method for
   * @f$c_k e^{-i \omega_k t}, \omega_k = \text{dispersion}\,(\pi k)^3@f$.
   */
  class FourierSolution : public KdvSolution
  {
  public:
    explicit FourierSolution(const KortewegDeVries &problem);

    Jet
    jet(const double x, const unsigned int step) const override;

  private:
    /** The real parts of c_0, ..., c_n, then their imaginary parts. */
    using VectorType = dealii::Vector<double>;

    /**
     * The coefficients of -u u_x.
     */
    VectorType
    convection(const VectorType &c) const;

    /**
     * All c_k multiplied by exp(i omega_k time).
     */
    VectorType
    rotate(const VectorType &c, const double time) const;

    /**
     * Append c and its first two derivatives with respect to time.
     */
    void
    store(const VectorType &c);

    std::vector<double> frequencies;

    /** As [step][derivative with respect to time]. */
    std::vector<std::array<VectorType, 3>> coefficients;
  };
} // namespace derl

#endif
