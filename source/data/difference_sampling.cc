// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <sstream>
#include <string>

#include "differences.h"
#include "sample_factors.h"

namespace derl
{
  using namespace dealii;

  template <int dim>
  PointEvaluation<dim>
  evaluate_at_points(const Function<dim> &function)
  {
    return [&function](const std::vector<Point<dim>> &points) {
      PointValues result;
      for (const Point<dim> &x : points)
        for (unsigned int c = 0; c < function.n_components; ++c)
          result.values.push_back(function.value(x, c));
      result.found.assign(points.size(), true);
      return result;
    };
  }



  template <int dim>
  Samples
  sample_differences(const MPI_Comm                  &communicator,
                     const PointEvaluation<dim>      &evaluation,
                     const unsigned int               n_components,
                     const std::vector<Point<dim>>   &points,
                     const std::vector<unsigned int> &orders,
                     const double                     step,
                     const unsigned int               accuracy)
  {
    std::vector<MultiIndex> derivatives;
    run_collectively(communicator, [&]() {
      AssertThrow(step > 0 && std::isfinite(step),
                  ExcMessage("The step of difference formulas must be "
                             "positive."));
      for (const unsigned int order : orders)
        AssertThrow(order <= 3,
                    ExcMessage("There are difference formulas for derivatives "
                               "up to order 3 only."));
    });
    for (const unsigned int order : orders)
      if (order > 0)
        for (const MultiIndex &derivative : derivatives_of_order(dim, order))
          derivatives.push_back(derivative);
    std::unique_ptr<const internal::Differences<dim>> differences;
    run_collectively(communicator, [&]() {
      differences =
        std::make_unique<internal::Differences<dim>>(derivatives, accuracy);
    });

    const PointValues here =
      internal::evaluate_agreed(communicator, evaluation, n_components, points);
    run_collectively(communicator, [&]() {
      for (unsigned int i = 0; i < points.size(); ++i)
        if (!here.found[i])
          {
            std::ostringstream x;
            x << points[i];
            AssertThrow(false,
                        ExcMessage("The point (" + x.str() +
                                   ") lies outside of the domain."));
          }
    });
    Tensor<1, dim> steps;
    for (unsigned int d = 0; d < dim; ++d)
      steps[d] = step;
    const auto found =
      differences->evaluate(communicator,
                            evaluation,
                            n_components,
                            points,
                            std::vector<Tensor<1, dim>>(points.size(), steps),
                            0);

    Samples             samples(dim,
                    jet_entries_of_orders(dim, n_components, orders),
                    "differences of order " + std::to_string(accuracy));
    const unsigned int  n_columns = samples.columns().size();
    std::vector<double> observations(points.size() * n_columns);
    std::vector<double> variances(observations.size());
    for (std::size_t i = 0; i < points.size(); ++i)
      for (unsigned int c = 0; c < n_components; ++c)
        {
          if (std::count(orders.begin(), orders.end(), jet_values) > 0)
            observations[i * n_columns +
                         samples.column_of({c, MultiIndex(dim, 0)})] =
              here.values[i * n_components + c];
          for (unsigned int k = 0; k < derivatives.size(); ++k)
            {
              const std::size_t from =
                (i * derivatives.size() + k) * n_components + c;
              const std::size_t to =
                i * n_columns + samples.column_of({c, derivatives[k]});
              observations[to] = found.derivatives[from];
              variances[to]    = found.variances[from];
            }
        }
    run_collectively(communicator, [&]() {
      for (unsigned int i = 0; i < points.size(); ++i)
        samples.add(ArrayView<const double>(points[i].begin_raw(), dim),
                    ArrayView<const double>(observations.data() +
                                              std::size_t(i) * n_columns,
                                            n_columns),
                    1.);
      samples.check();
    });
    internal::set_factors(communicator, variances, samples);
    return samples;
  }



#define DERL_INSTANTIATE(dim)                                                         \
  template PointEvaluation<dim> evaluate_at_points(const Function<dim> &);            \
  template Samples              sample_differences(const MPI_Comm &,                  \
                                                   const PointEvaluation<dim> &,      \
                                                   const unsigned int,                \
                                                   const std::vector<Point<dim>> &,   \
                                                   const std::vector<unsigned int> &, \
                                                   const double,                      \
                                                   const unsigned int);

  DERL_INSTANTIATE(1)
  DERL_INSTANTIATE(2)
  DERL_INSTANTIATE(3)
} // namespace derl
