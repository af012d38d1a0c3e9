// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <algorithm>
#include <cmath>
#include <numeric>

#include "loss_trend.h"

namespace derl
{
  namespace
  {
    /** Blocks at which pairs of them are merged. A tenth is then two to four
     * blocks, so that it is met to a quarter. */
    constexpr std::size_t max_blocks = 40;
  } // namespace



  std::optional<StopReason>
  LossTrend::observe(const IterationState &state)
  {
    if (!std::isfinite(state.value))
      return {};
    sum += state.value;
    ++n_in_sum;
    if (n_in_sum < block_size)
      return {};
    means.push_back(sum / block_size);
    sum      = 0.;
    n_in_sum = 0;
    if (means.size() == max_blocks)
      {
        for (std::size_t i = 0; i < max_blocks / 2; ++i)
          means[i] = 0.5 * (means[2 * i] + means[2 * i + 1]);
        means.resize(max_blocks / 2);
        block_size *= 2;
      }
    return {};
  }



  void
  LossTrend::forget(const IterationState &)
  {
    *this = LossTrend();
  }



  double
  LossTrend::decrease() const
  {
    const std::size_t tenth = std::max<std::size_t>(1, means.size() / 10);
    if (means.size() < 2 * tenth)
      return 0.;
    const auto   end    = means.end();
    const double last   = std::accumulate(end - tenth, end, 0.);
    const double before = std::accumulate(end - 2 * tenth, end - tenth, 0.);
    return before > 0. ? 1. - last / before : 0.;
  }
} // namespace derl
