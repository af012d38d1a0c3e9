// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/training/curriculum.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "stage_samples.h"

namespace derl
{
  using namespace dealii;

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



  std::vector<std::string>
  Curriculum::quantities(const Problem &problem)
  {
    std::set<unsigned int> orders;
    for (const JetEntry &entry : problem.test->columns())
      orders.insert(order(entry.derivative));
    std::vector<std::string> result;
    if (orders.count(0) > 0)
      result.push_back("value");
    if (orders.count(1) > 0)
      result.push_back("gradient");
    if (!problem.equation.empty())
      result.push_back("residual");
    return result;
  }



  std::vector<std::vector<double>>
  Curriculum::measure(const MPI_Comm            &communicator,
                      const Problem             &problem,
                      const std::vector<Region> &regions,
                      const Surrogate           &surrogate)
  {
    const std::map<std::string, std::shared_ptr<const Residual>> residuals = {
      {"value", match({0u})},
      {"gradient", match({1u})},
      {"residual",
       problem.equation.empty() ? nullptr
                                : problem.residuals.at(problem.equation)}};
    // a surrogate that is zero tells how large the observations are
    Surrogate    zero(surrogate.architecture,
                   surrogate.coordinates,
                   surrogate.components,
                   surrogate.input_map,
                   surrogate.output_map);
    SumOfSquares errors(surrogate, communicator), sizes(zero, communicator);
    for (const Region &region : regions)
      {
        const auto samples = samples_in(
          communicator, *problem.test, surrogate.coordinates, {region}, {0});
        AssertThrow(samples != nullptr,
                    ExcMessage("There are no test samples in the region '" +
                               region.text() + "'."));
        for (const std::string &quantity : quantities(problem))
          for (SumOfSquares *const sum : {&errors, &sizes})
            sum->add_term({quantity + " " + region.text(),
                           samples,
                           residuals.at(quantity),
                           1.});
      }
    Vector<double> rows;
    errors.residuals(surrogate.parameters, rows);
    sizes.residuals(zero.parameters, rows);

    std::vector<std::vector<double>> result(regions.size());
    const auto                       error = errors.term_values();
    const auto                       size  = sizes.term_values();
    const unsigned int               n     = quantities(problem).size();
    for (unsigned int i = 0; i < error.size(); ++i)
      result[i / n].push_back(
        std::sqrt(error[i].value) /
        (quantities(problem)[i % n] == "residual" || size[i].value == 0.
           ? 1.
           : std::sqrt(size[i].value)));
    return result;
  }
} // namespace derl
