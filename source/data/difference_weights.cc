// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/data/sources.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace derl
{
  using namespace dealii;

  std::vector<double>
  difference_weights(const std::vector<double> &abscissas,
                     const double               at,
                     const unsigned int         derivative)
  {
    const unsigned int n = abscissas.size();
    AssertThrow(n > derivative,
                ExcMessage("A difference formula for a derivative of order " +
                           std::to_string(derivative) + " needs at least " +
                           std::to_string(derivative + 1) +
                           " abscissas; there are " + std::to_string(n) + "."));
    AssertThrow(std::isfinite(at) &&
                  std::all_of(abscissas.begin(),
                              abscissas.end(),
                              [](const double x) { return std::isfinite(x); }),
                ExcMessage("The abscissas of a difference formula and the "
                           "place of the derivative must be finite numbers."));

    // weights[k][i] of the k-th derivative of the polynomial through the
    // abscissas so far; each further one changes all weights
    std::vector<std::vector<double>> weights(derivative + 1,
                                             std::vector<double>(n, 0.));
    weights[0][0]   = 1.;
    double previous = 1.; // product of the distances to the last abscissa
    for (unsigned int j = 1; j < n; ++j)
      {
        const unsigned int highest  = std::min(j, derivative);
        const double       offset   = abscissas[j] - at;
        const double       offset_1 = abscissas[j - 1] - at;
        double             product  = 1.;
        for (unsigned int i = 0; i < j; ++i)
          {
            const double distance = abscissas[j] - abscissas[i];
            AssertThrow(distance != 0.,
                        ExcMessage("Two abscissas of a difference formula "
                                   "coincide."));
            product *= distance;
            if (i == j - 1)
              for (unsigned int k = highest + 1; k-- > 0;)
                weights[k][j] = previous / product *
                                ((k > 0 ? k * weights[k - 1][i] : 0.) -
                                 offset_1 * weights[k][i]);
            for (unsigned int k = highest + 1; k-- > 0;)
              weights[k][i] = (offset * weights[k][i] -
                               (k > 0 ? k * weights[k - 1][i] : 0.)) /
                              distance;
          }
        previous = product;
      }
    return weights[derivative];
  }
} // namespace derl
