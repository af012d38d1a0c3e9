// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "exact_solution.h"

namespace derl
{
  using namespace dealii;

  Samples
  exact_samples(ExactSolution<2> &exact, const Samples &samples)
  {
    Samples result(
      3,
      {{0, {0, 0, 0}}, {0, {1, 0, 0}}, {0, {0, 1, 0}}, {0, {0, 0, 1}}},
      "exact solution");
    for (unsigned int i = 0; i < samples.size(); ++i)
      {
        const double *const x = samples.point(i);
        const Point<2>      point(x[0], x[1]);
        exact.set_time(x[2]);
        const Tensor<1, 2>          gradient = exact.gradient(point);
        const std::array<double, 4> jet      = {
               {exact.value(point), gradient[0], gradient[1], exact.rate(point)}};
        result.add(ArrayView<const double>(x, 3),
                   ArrayView<const double>(jet.data(), jet.size()),
                   samples.weight(i));
      }
    return result;
  }
} // namespace derl
