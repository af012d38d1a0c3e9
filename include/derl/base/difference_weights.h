// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_difference_weights_h
#define derl_base_difference_weights_h

#include <vector>

namespace derl
{
  /**
   * The weights w of the finite difference formula
   * @f[
   *   f^{(k)}(a) \approx \sum_i w_i f(x_i),
   * @f]
   * which is the k-th @p derivative at @p at of the polynomial through the
   * values at the n @p abscissas, in any order and at any distances. For
   * smooth functions and distances of the size h the error is
   * O(h^(n-k)), one order better for symmetric points if n-k is odd. The
   * derivative 0 interpolates or extrapolates.
   *
   * The recursion is that of B. Fornberg, "Calculation of weights in finite
   * difference formulas", SIAM Review 40 (1998) 685-691.
   *
   * Throws if there are not more abscissas than the derivative's order, if two
   * of them coincide, or if a number is not finite. Not collective.
   */
  std::vector<double>
  difference_weights(const std::vector<double> &abscissas,
                     const double               at,
                     const unsigned int         derivative);
} // namespace derl

#endif
