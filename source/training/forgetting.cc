// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/training/curriculum.h>

#include <algorithm>
#include <cmath>

namespace derl
{
  namespace
  {
    /**
     * The stage in which each region was new first, or their number.
     */
    std::vector<unsigned int>
    stages_of_regions(const ForgettingTable &table)
    {
      std::vector<unsigned int> result(table.regions.size(),
                                       table.stages.size());
      for (unsigned int stage = table.stages.size(); stage-- > 0;)
        for (const unsigned int region : table.stages[stage].regions)
          result[region] = stage;
      return result;
    }



    double
    geometric_mean(const std::vector<double> &ratios)
    {
      double sum = 0.;
      for (const double ratio : ratios)
        sum += std::log(ratio);
      return ratios.empty() ? 1. : std::exp(sum / ratios.size());
    }
  } // namespace



  double
  ForgettingTable::forgetting(const unsigned int quantity) const
  {
    const auto          learned = stages_of_regions(*this);
    std::vector<double> ratios;
    for (unsigned int region = 0; region < regions.size(); ++region)
      if (learned[region] + 1 < stages.size())
        ratios.push_back(stages.back().errors[region][quantity] /
                         stages[learned[region]].errors[region][quantity]);
    return geometric_mean(ratios);
  }



  double
  ForgettingTable::forgetting_since_best(const unsigned int quantity) const
  {
    const auto          learned = stages_of_regions(*this);
    std::vector<double> ratios;
    for (unsigned int region = 0; region < regions.size(); ++region)
      if (learned[region] + 1 < stages.size())
        {
          double best = stages[learned[region]].errors[region][quantity];
          for (unsigned int s = learned[region]; s + 1 < stages.size(); ++s)
            best = std::min(best, stages[s].errors[region][quantity]);
          ratios.push_back(stages.back().errors[region][quantity] / best);
        }
    return geometric_mean(ratios);
  }



  double
  ForgettingTable::forward_transfer(const unsigned int quantity) const
  {
    const auto          learned = stages_of_regions(*this);
    std::vector<double> ratios;
    for (unsigned int region = 0; region < regions.size(); ++region)
      if (learned[region] > 0 && learned[region] < stages.size())
        ratios.push_back(start[region][quantity] /
                         stages[learned[region] - 1].errors[region][quantity]);
    return geometric_mean(ratios);
  }
} // namespace derl
