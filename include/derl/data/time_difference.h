// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_time_difference_h
#define derl_data_time_difference_h

#include <derl/base/difference_weights.h>

#include <deal.II/base/exceptions.h>

#include <vector>

namespace derl
{
  /**
   * The time derivative of a solution, for solvers that do not have it: that of
   * the polynomial through its values at several times, in any order and at any
   * distances. With n levels and steps of the size k the error is O(k^(n-1)):
   * three levels give order two, at each of the three times alike.
   *
   * @param times of the levels.
   * @param levels vectors of one mesh: after a change of the mesh, old levels
   *   must have been transferred to it. Without ghost elements, as vectors
   *   that are computed with.
   * @param at the time of the derivative, usually one of the levels.
   * @param rate has the size and partition of the levels, and is overwritten.
   *
   * Throws if the numbers of times and levels or sizes of vectors differ, and as
   * difference_weights() does. Collective, if additions of vectors are.
   */
  template <typename VectorType>
  void
  time_derivative(const std::vector<double>             &times,
                  const std::vector<const VectorType *> &levels,
                  const double                           at,
                  VectorType                            &rate)
  {
    AssertThrow(times.size() == levels.size(),
                dealii::ExcMessage("Each level of a time difference needs its "
                                   "time."));
    const std::vector<double> weights = difference_weights(times, at, 1);
    for (const VectorType *const level : levels)
      AssertThrow(level->size() == rate.size(),
                  dealii::ExcMessage(
                    "The levels of a time difference and its result must have "
                    "the same size. After a change of the mesh, transfer old "
                    "levels to it."));
    rate.equ(weights[0], *levels[0]);
    for (unsigned int i = 1; i < levels.size(); ++i)
      rate.add(weights[i], *levels[i]);
  }
} // namespace derl

#endif
