// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/data/samples.h>

#include <derl/objective/terms.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "../base/communication.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * Weighted means over a table of all ranks, of each column and of its
     * square.
     */
    struct Means
    {
      std::vector<double> of_columns;
      std::vector<double> of_squares;
    };



    std::vector<Means>
    means(const MPI_Comm                     &communicator,
          const std::vector<const Samples *> &tables)
    {
      std::vector<double> sums;
      for (const Samples *const samples : tables)
        {
          const unsigned int n     = samples->columns().size();
          const std::size_t  begin = sums.size();
          sums.resize(begin + 2 * n + 1, 0.);
          for (unsigned int i = 0; i < samples->size(); ++i)
            {
              const double weight = samples->weight(i);
              for (unsigned int c = 0; c < n; ++c)
                {
                  const double v = samples->observations(i)[c];
                  sums[begin + c] += weight * v;
                  sums[begin + n + c] += weight * v * v;
                }
              sums[begin + 2 * n] += weight;
            }
        }
      Utilities::MPI::sum(sums, communicator, sums);
      count_collective(communicator, sums.size() * sizeof(double));

      std::vector<Means> result;
      auto               next = sums.begin();
      for (const Samples *const samples : tables)
        {
          const unsigned int n      = samples->columns().size();
          const double       weight = next[2 * n];
          result.emplace_back();
          for (unsigned int c = 0; c < n; ++c)
            {
              result.back().of_columns.push_back(next[c] / weight);
              result.back().of_squares.push_back(next[n + c] / weight);
            }
          next += 2 * n + 1;
        }
      return result;
    }



    /**
     * The largest root mean square of the columns about @p component with
     * orders between the given ones; zero without any.
     */
    double
    largest_rms(const std::vector<const Samples *> &tables,
                const std::vector<Means>           &means,
                const Scaling                      &scaling,
                const unsigned int                  component,
                const unsigned int                  lowest_order,
                const unsigned int                  highest_order)
    {
      double result = 0.;
      for (unsigned int t = 0; t < tables.size(); ++t)
        for (unsigned int c = 0; c < tables[t]->columns().size(); ++c)
          {
            const JetEntry &entry = tables[t]->columns()[c];
            const auto      n     = order(entry.derivative);
            if (entry.component != component || n < lowest_order ||
                n > highest_order)
              continue;
            double square = means[t].of_squares[c];
            if (n == 0)
              {
                const double shift = scaling.output_shift[component];
                const double about_shift =
                  square + shift * (shift - 2. * means[t].of_columns[c]);
                // of a constant, round-off is left
                square = about_shift > 1e-12 * square ? about_shift : 0.;
              }
            double rms = std::sqrt(square);
            for (unsigned int d = 0; d < entry.derivative.size(); ++d)
              rms *= std::pow(scaling.input_scale[d], int(entry.derivative[d]));
            result = std::max(result, rms);
          }
      return result;
    }
  } // namespace



  Scaling
  automatic_scaling(const MPI_Comm                     &communicator,
                    const unsigned int                  n_components,
                    const std::vector<const Samples *> &tables)
  {
    const auto [lower, upper] = bounding_box(communicator, tables);
    const unsigned int dim    = lower.size();
    Scaling            result = Scaling::identity(dim, n_components);
    for (unsigned int d = 0; d < dim; ++d)
      {
        result.input_shift[d] = lower[d] + (upper[d] - lower[d]) / 2.;
        const double half     = (upper[d] - lower[d]) / 2.;
        const double size = std::max(std::abs(lower[d]), std::abs(upper[d]));
        if (half > 1e-12 * size)
          result.input_scale[d] = half;
        else if (size > 0.)
          result.input_scale[d] = size;
      }

    const std::vector<Means> all = means(communicator, tables);
    for (unsigned int component = 0; component < n_components; ++component)
      {
        double       sum = 0.;
        unsigned int n   = 0;
        for (unsigned int t = 0; t < tables.size(); ++t)
          for (unsigned int c = 0; c < tables[t]->columns().size(); ++c)
            if (tables[t]->columns()[c] ==
                JetEntry{component, MultiIndex(dim, 0)})
              {
                sum += all[t].of_columns[c];
                ++n;
              }
        if (n > 0)
          result.output_shift[component] = sum / n;
        double scale = largest_rms(tables, all, result, component, 0, 1);
        if (scale == 0.)
          scale = largest_rms(tables,
                              all,
                              result,
                              component,
                              2,
                              std::numeric_limits<unsigned int>::max());
        if (scale > 0. && std::isfinite(1. / scale))
          result.output_scale[component] = scale;
      }
    return result;
  }



  double
  unit_of(const JetEntry                 &entry,
          const Scaling                  &scaling,
          const std::vector<std::string> &coordinates)
  {
    const auto is_space = [&](const unsigned int d) {
      return coordinates[d] == "x" || coordinates[d] == "y" ||
             coordinates[d] == "z";
    };
    double       product = 1.;
    unsigned int n       = 0;
    for (unsigned int d = 0; d < coordinates.size(); ++d)
      if (is_space(d))
        {
          product *= std::abs(scaling.input_scale[d]);
          ++n;
        }
    const double length = n > 0 ? std::pow(product, 1. / n) : 1.;

    double unit = std::abs(scaling.output_scale[entry.component]);
    for (unsigned int d = 0; d < coordinates.size(); ++d)
      if (entry.derivative[d] > 0)
        unit /=
          std::pow(is_space(d) ? length : std::abs(scaling.input_scale[d]),
                   int(entry.derivative[d]));
    return unit;
  }
} // namespace derl
