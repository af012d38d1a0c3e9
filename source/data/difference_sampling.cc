// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>
#include <derl/base/difference_weights.h>

#include <derl/data/difference_sampling.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/mpi_remote_point_evaluation.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <sstream>
#include <string>

#include "../base/vector_types.h"
#include "sample_factors.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * A formula for one derivative: points in multiples of the step, and their
     * weights in the formula and in one of lower order.
     */
    template <int dim>
    struct Stencil
    {
      std::vector<Tensor<1, dim>> offsets;
      std::vector<double>         weights;
      std::vector<double>         lower_weights;
    };



    /**
     * The weights for the n points closest to the center, and zero for the
     * others.
     */
    std::vector<double>
    weights_of_closest(const std::vector<double> &abscissas,
                       const unsigned int         n,
                       const unsigned int         derivative)
    {
      std::vector<unsigned int> closest(abscissas.size());
      std::iota(closest.begin(), closest.end(), 0);
      std::stable_sort(closest.begin(),
                       closest.end(),
                       [&](const unsigned int i, const unsigned int j) {
                         return std::abs(abscissas[i]) < std::abs(abscissas[j]);
                       });
      closest.resize(n);
      std::vector<double> chosen;
      for (const unsigned int i : closest)
        chosen.push_back(abscissas[i]);
      const std::vector<double> weights =
        difference_weights(chosen, 0., derivative);
      std::vector<double> result(abscissas.size(), 0.);
      for (unsigned int i = 0; i < n; ++i)
        result[closest[i]] = weights[i];
      return result;
    }



    /**
     * The formula for a derivative with the points shifted from the symmetric
     * ones by @p shifts.
     */
    template <int dim>
    Stencil<dim>
    make_stencil(const MultiIndex           &derivative,
                 const std::array<int, dim> &shifts,
                 const unsigned int          accuracy)
    {
      Stencil<dim> stencil{{Tensor<1, dim>()}, {1.}, {1.}};
      for (unsigned int d = 0; d < dim; ++d)
        if (const unsigned int k = derivative[d]; k > 0)
          {
            // symmetric formulas gain an order if n - k is odd
            unsigned int n = k + accuracy;
            if (shifts[d] == 0 && n % 2 == 0)
              --n;
            std::vector<double> abscissas;
            const int           first = shifts[d] - int(n - 1) / 2;
            for (unsigned int i = 0; i < n; ++i)
              abscissas.push_back(first + int(i));
            const auto weights = weights_of_closest(abscissas, n, k);
            const auto lower_weights =
              weights_of_closest(abscissas, std::max(k + 1, n - 2), k);

            Stencil<dim> product;
            for (unsigned int i = 0; i < stencil.offsets.size(); ++i)
              for (unsigned int j = 0; j < n; ++j)
                {
                  product.offsets.push_back(stencil.offsets[i]);
                  product.offsets.back()[d] = abscissas[j];
                  product.weights.push_back(stencil.weights[i] * weights[j]);
                  product.lower_weights.push_back(stencil.lower_weights[i] *
                                                  lower_weights[j]);
                }
            stencil = product;
          }
      return stencil;
    }



    /**
     * All formulas for a derivative, the least shifted ones first.
     */
    template <int dim>
    std::vector<Stencil<dim>>
    make_stencils(const MultiIndex &derivative, const unsigned int accuracy)
    {
      std::vector<std::array<int, dim>> shifts(1);
      for (unsigned int d = 0; d < dim; ++d)
        if (derivative[d] > 0)
          {
            const int largest = (derivative[d] + accuracy) / 2;
            std::vector<std::array<int, dim>> more;
            for (const auto &shift : shifts)
              for (int s = -largest; s <= largest; ++s)
                {
                  more.push_back(shift);
                  more.back()[d] = s;
                }
            shifts = more;
          }
      const auto size = [](const std::array<int, dim> &shift) {
        int sum = 0;
        for (const int s : shift)
          sum += std::abs(s);
        return sum;
      };
      std::stable_sort(
        shifts.begin(), shifts.end(), [&](const auto &a, const auto &b) {
          return size(a) < size(b);
        });
      std::vector<Stencil<dim>> stencils;
      for (const auto &shift : shifts)
        stencils.push_back(make_stencil<dim>(derivative, shift, accuracy));
      return stencils;
    }



    template <int dim>
    std::string
    to_text(const Point<dim> &x)
    {
      std::ostringstream text;
      text << '(' << x << ')';
      return text.str();
    }
  } // namespace



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



  template <int dim, typename VectorType>
  PointEvaluation<dim>
  evaluate_at_points(const Mapping<dim>    &mapping,
                     const DoFHandler<dim> &dof_handler,
                     const VectorType      &solution)
  {
    return [&](const std::vector<Point<dim>> &points) {
      Utilities::MPI::RemotePointEvaluation<dim> cache;
      cache.reinit(points, dof_handler.get_triangulation(), mapping);
      const unsigned int n_components = dof_handler.get_fe().n_components();
      PointValues        result;
      result.values.resize(points.size() * n_components);
      const auto &pointers = cache.get_point_ptrs();
      for (unsigned int c = 0; c < n_components; ++c)
        {
          // a point on a face has a value for each cell
          std::vector<double> of_cells, buffer;
          cache.template evaluate_and_process<double>(
            of_cells,
            buffer,
            [&](const ArrayView<double> &values, const auto &cells) {
              for (unsigned int k = 0; k < cells.cells.size(); ++k)
                {
                  const typename DoFHandler<dim>::active_cell_iterator cell(
                    &dof_handler.get_triangulation(),
                    cells.cells[k].first,
                    cells.cells[k].second,
                    &dof_handler);
                  const FiniteElement<dim>            &fe = cell->get_fe();
                  std::vector<types::global_dof_index> indices(
                    fe.n_dofs_per_cell());
                  cell->get_dof_indices(indices);
                  for (unsigned int i = cells.reference_point_ptrs[k];
                       i < cells.reference_point_ptrs[k + 1];
                       ++i)
                    {
                      values[i] = 0.;
                      for (unsigned int j = 0; j < indices.size(); ++j)
                        values[i] += solution(indices[j]) *
                                     fe.shape_value_component(
                                       j, cells.reference_point_values[i], c);
                    }
                }
            });
          for (unsigned int i = 0; i < points.size(); ++i)
            for (unsigned int k = pointers[i]; k < pointers[i + 1]; ++k)
              result.values[i * n_components + c] +=
                of_cells[k] / (pointers[i + 1] - pointers[i]);
        }
      for (unsigned int i = 0; i < points.size(); ++i)
        result.found.push_back(cache.point_found(i));
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
    run_agreed(communicator, [&]() {
      AssertThrow(accuracy == 2 || accuracy == 4,
                  ExcMessage("There are difference formulas of the orders 2 "
                             "and 4 only."));
      AssertThrow(step > 0 && std::isfinite(step),
                  ExcMessage("The step of difference formulas must be "
                             "positive."));
      for (const unsigned int order : orders)
        AssertThrow(order <= 3,
                    ExcMessage("There are difference formulas for derivatives "
                               "up to order 3 only."));
    });
    Samples             samples(dim,
                    jet_entries_of_orders(dim, n_components, orders),
                    "differences of order " + std::to_string(accuracy));
    const unsigned int  n_columns = samples.columns().size();
    std::vector<double> observations(points.size() * n_columns);
    std::vector<double> variances(observations.size());

    for (const unsigned int order : orders)
      for (const MultiIndex &derivative : derivatives_of_order(dim, order))
        {
          const auto stencils = make_stencils<dim>(derivative, accuracy);
          std::vector<unsigned int> open(points.size());
          std::iota(open.begin(), open.end(), 0);
          for (const Stencil<dim> &stencil : stencils)
            {
              if (Utilities::MPI::sum(open.size(), communicator) == 0)
                break;
              const unsigned int      n = stencil.offsets.size();
              std::vector<Point<dim>> all;
              for (const unsigned int i : open)
                for (const Tensor<1, dim> &offset : stencil.offsets)
                  all.push_back(points[i] + step * offset);
              const PointValues         at = evaluation(all);
              std::vector<unsigned int> still_open;
              for (unsigned int k = 0; k < open.size(); ++k)
                {
                  if (!std::all_of(at.found.begin() + k * n,
                                   at.found.begin() + (k + 1) * n,
                                   [](const bool found) { return found; }))
                    {
                      still_open.push_back(open[k]);
                      continue;
                    }
                  for (unsigned int c = 0; c < n_components; ++c)
                    {
                      double sum = 0, lower_sum = 0;
                      for (unsigned int j = 0; j < n; ++j)
                        {
                          const double value =
                            at.values[(std::size_t(k) * n + j) * n_components +
                                      c];
                          sum += stencil.weights[j] * value;
                          lower_sum += stencil.lower_weights[j] * value;
                        }
                      const double      scale = std::pow(step, -int(order));
                      const std::size_t position =
                        std::size_t(open[k]) * n_columns +
                        samples.column_of({c, derivative});
                      observations[position] = scale * sum;
                      variances[position] =
                        std::pow(scale * (sum - lower_sum), 2);
                    }
                }
              open = still_open;
            }
          run_agreed(communicator, [&]() {
            AssertThrow(open.empty(),
                        ExcMessage("At the point " + to_text(points[open[0]]) +
                                   " no difference formula fits into the "
                                   "domain. Take a smaller step, or points "
                                   "inside of the domain."));
          });
        }

    run_agreed(communicator, [&]() {
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



#define DERL_INSTANTIATE_VECTOR(dim, VectorType)    \
  template PointEvaluation<dim> evaluate_at_points( \
    const Mapping<dim> &, const DoFHandler<dim> &, const VectorType &);

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
  DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 2)
  DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 3)
} // namespace derl
