// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_objective_term_h
#define derl_objective_term_h

#include <derl/data/samples.h>

#include <derl/equations/residual.h>

#include <memory>
#include <string>

namespace derl
{
  /**
   * One weighted sum of squares in an objective: a residual at the points of a
   * table of samples,
   * @f[
   *   \frac{\sum_i w_i \sum_r m_r\, f_{ir}\, \rho_r(x_i)^2}
   *        {\sum_i w_i \sum_r m_r},
   * @f]
   * over samples i (of all ranks) of weight w and rows r of multiplicity m; f
   * is the factor of the observation that a row is about, and 1 for rows that
   * are about none. Factors have the mean one, so that this is a weighted mean.
   */
  struct Term
  {
    /** Appears in logs and summaries; different for each term. */
    std::string                     name;
    std::shared_ptr<const Samples>  samples;
    std::shared_ptr<const Residual> residual;
    /** The factor of the sum in the objective, not negative. */
    double weight = 1.;
  };
} // namespace derl

#endif
