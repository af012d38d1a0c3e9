// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "sample_factors.h"

#include <functional>

namespace derl
{
  namespace internal
  {
    using namespace dealii;

    void
    set_factors(const MPI_Comm            &communicator,
                const std::vector<double> &variances,
                Samples                   &samples)
    {
      const unsigned int n_columns = samples.columns().size();
      // the weighted mean of each column, and the sum of the weights
      const auto mean = [&](const std::function<double(const std::size_t)> &f) {
        std::vector<double> sums(n_columns + 1, 0.);
        for (unsigned int i = 0; i < samples.size(); ++i)
          {
            for (unsigned int c = 0; c < n_columns; ++c)
              sums[c] += samples.weight(i) * f(std::size_t(i) * n_columns + c);
            sums[n_columns] += samples.weight(i);
          }
        Utilities::MPI::sum(sums, communicator, sums);
        for (unsigned int c = 0; c < n_columns; ++c)
          sums[c] /= sums[n_columns];
        return sums;
      };
      const std::vector<double> mean_variance =
        mean([&](const std::size_t k) { return variances[k]; });

      std::vector<double> factors(variances.size(), 1.);
      for (std::size_t k = 0; k < factors.size(); ++k)
        if (const double v = mean_variance[k % n_columns]; v > 0.)
          factors[k] = 1. / (variances[k] / v + 0.1);
      const std::vector<double> mean_factor =
        mean([&](const std::size_t k) { return factors[k]; });
      for (std::size_t k = 0; k < factors.size(); ++k)
        factors[k] /= mean_factor[k % n_columns];
      samples.set_factors(factors);
    }
  } // namespace internal
} // namespace derl
