// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_source_coupling_assessment_sums_h
#define derl_source_coupling_assessment_sums_h

#include <derl/coupling/errors.h>

#include <array>
#include <map>
#include <string>
#include <vector>

namespace derl
{
  namespace internal
  {
    /**
     * Integrals over a part of a mesh that are about a field: of gradients, but
     * for the last three.
     */
    struct GradientSums
    {
      /** Squares of: solution minus recovered, surrogate minus recovered, the
       * error of recovered (its variance), surrogate minus solution, solution;
       * and of values: surrogate minus solution, the estimated error of the
       * solution, the solution. */
      enum Number : unsigned int
      {
        solution,
        surrogate,
        recovery,
        distance,
        norm,
        value_distance,
        value_error,
        value_norm,
        n_numbers
      };

      std::array<double, n_numbers> sums = {};

      void
      add(const GradientSums &other)
      {
        for (unsigned int i = 0; i < n_numbers; ++i)
          sums[i] += other.sums[i];
      }
    };



    /**
     * Cells sorted by the squared distance of the surrogate, in bins of a
     * factor of four each, from which the worst ones can be had on any number
     * of ranks with one reduction.
     */
    struct WorstCells
    {
      static constexpr unsigned int n_bins = 128;

      std::array<GradientSums, n_bins> bins;
      std::array<double, n_bins>       n_cells = {};

      void
      add(const GradientSums &cell);

      /**
       * The sums over the worst cells, those of the highest bins that together
       * are at least the share @p fraction of all cells.
       */
      GradientSums
      worst(const double fraction) const;
    };



    /**
     * A field: components of the same element in a system.
     */
    struct FieldSums
    {
      std::string                                        components;
      GradientSums                                       domain;
      WorstCells                                         worst_cells;
      std::map<dealii::types::boundary_id, GradientSums> boundaries;
    };



    /**
     * The verdict that follows from sums over all ranks.
     */
    Verdict
    judge(const std::vector<FieldSums> &fields);

    /**
     * Write the verdict's text and advice.
     */
    void
    describe(Verdict &verdict);
  } // namespace internal
} // namespace derl

#endif
