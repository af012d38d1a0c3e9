// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_objective_term_weights_h
#define derl_objective_term_weights_h

#include <derl/objective/sum_of_squares.h>

#include <deal.II/base/parameter_handler.h>

#include <string>
#include <vector>

namespace derl
{
  /**
   * How the terms of an objective are weighted against each other.
   */
  struct TermWeightParameters
  {
    /**
     * By what the terms' own weights are multiplied:
     * - "fixed": by 1.
     * - "initial magnitude": by c / (the term's value at the start), so that
     *   terms of equal own weights contribute alike to the objective,
     * - "gradient norm": by c / |the term's gradient at the start|, so that
     *   they contribute alike to the first step. In both, c is such that the
     *   sum of the contributions does not change.
     * - "noise level": by 1 / (variance of the observations), so that terms
     *   that are fitted as well as their observations permit contribute alike.
     */
    std::string mode = "fixed";

    /**
     * For "noise level": the standard deviation of the observations of each
     * term, or 0 if the weights of its samples are the inverse variances.
     */
    std::vector<double> noise_levels;

    /**
     * Declare the entries in the current subsection of @p parameters.
     */
    void
    declare_parameters(dealii::ParameterHandler &parameters);

    /**
     * Throw if the options do not fit together.
     */
    void
    check() const;
  };

  /**
   * Set the weights of @p objective to those that @p parameters ask for, given
   * the terms' own ones and the start @p x. Terms of weight zero keep it. Costs
   * at most one evaluation per term. Throws if a term is zero at the start, or
   * not finite, where its size matters. Collective; all ranks get the same
   * weights, and the same exception.
   */
  void
  choose_weights(SumOfSquares                 &objective,
                 const dealii::Vector<double> &x,
                 const TermWeightParameters   &parameters);
} // namespace derl

#endif
