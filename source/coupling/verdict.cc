// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/coupling/errors.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>

#include "assessment_sums.h"

namespace derl
{
  using namespace dealii;

  namespace internal
  {
    void
    WorstCells::add(const GradientSums &cell)
    {
      const double square = cell.sums[GradientSums::surrogate];
      // from 2^-200 on, as squares are small in most units
      const int exponent = square > 0. && std::isfinite(square)
                             ? std::max(0, 200 + std::ilogb(square))
                             : 0;
      const int bin      = std::min(exponent / 2, int(n_bins) - 1);
      bins[bin].add(cell);
      n_cells[bin] += 1.;
    }



    GradientSums
    WorstCells::worst(const double fraction) const
    {
      double n = 0.;
      for (const double each : n_cells)
        n += each;
      GradientSums result;
      double       n_worst = 0.;
      for (unsigned int i = n_bins; i > 0 && n_worst < fraction * n; --i)
        {
          result.add(bins[i - 1]);
          n_worst += n_cells[i - 1];
        }
      return result;
    }



    namespace
    {
      /** Errors that differ by less than this factor are alike. */
      constexpr double tie = 1.5;

      /** The recovered gradient tells nothing if its estimated error is a
       * larger part of its distance to that of the solution; that error was
       * underestimated by up to a factor of three, see doc/verdict.md. */
      constexpr double largest_trusted_error = 0.3;

      /** The share of cells that are looked at as the worst ones. */
      constexpr double share_of_worst_cells = 0.01;



      Verdict::Part
      judge_part(const std::string  &name,
                 const std::string  &field,
                 const GradientSums &part)
      {
        const auto &sums     = part.sums;
        const auto  relative = [&](const double square) {
          const double norm = sums[GradientSums::norm];
          return norm > 0. ? std::sqrt(square / norm) : 0.;
        };
        Verdict::Part result;
        result.name           = name;
        result.field          = field;
        result.solution       = relative(sums[GradientSums::solution]);
        result.surrogate      = relative(sums[GradientSums::surrogate] +
                                    sums[GradientSums::recovery]);
        result.recovery       = relative(sums[GradientSums::recovery]);
        result.distance       = relative(sums[GradientSums::distance]);
        const double values   = sums[GradientSums::value_norm];
        const auto   of_value = [&](const double square) {
          return values > 0. ? std::sqrt(square / values) : 0.;
        };
        result.value_distance = of_value(sums[GradientSums::value_distance]);
        result.value_error    = of_value(sums[GradientSums::value_error]);
        const double gain     = result.solution / result.surrogate;
        if (!std::isfinite(gain))
          result.grade = Grade::unknown;
        else if (result.recovery > largest_trusted_error * result.solution)
          // what is far from both is worse, whoever is right
          result.grade = relative(sums[GradientSums::surrogate]) >
                             tie * (result.solution + result.recovery)
                           ? Grade::worse
                           : Grade::unknown;
        else
          result.grade = gain > tie        ? Grade::better
                         : gain < 1. / tie ? Grade::worse
                                           : Grade::as_good;
        return result;
      }
    } // namespace



    Verdict
    judge(const std::vector<FieldSums> &fields)
    {
      Verdict result;
      for (const FieldSums &field : fields)
        result.parts.push_back(
          judge_part("domain", field.components, field.domain));
      for (const FieldSums &field : fields)
        {
          result.parts.push_back(
            judge_part("worst cells",
                       field.components,
                       field.worst_cells.worst(share_of_worst_cells)));
          for (const auto &[id, sums] : field.boundaries)
            result.parts.push_back(judge_part(
              "boundary " + std::to_string(id), field.components, sums));
        }
      result.grade = Grade::better;
      for (unsigned int f = 0; f < fields.size(); ++f)
        {
          const Verdict::Part &part = result.parts[f];
          result.grade              = std::max(result.grade, part.grade);
          if (part.grade != Grade::unknown &&
              part.value_distance > (1. + tie) * part.value_error)
            result.fields_with_worse_values.push_back(part.field);
        }
      describe(result);
      return result;
    }
  } // namespace internal
} // namespace derl
