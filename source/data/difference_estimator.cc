// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "../base/vector_types.h"
#include "differences.h"
#include "estimators.h"

namespace derl
{
  namespace internal
  {
    using namespace dealii;

    namespace
    {
      /**
       * How often steps may be halved where no formula fits into the domain.
       */
      constexpr unsigned int n_halvings = 8;



      /**
       * The length of the longest segment in the direction @p d that fits into
       * a cell whose map to the unit cell has the given Jacobian.
       */
      template <int dim>
      double
      length_in_direction(const DerivativeForm<1, dim, dim> &inverse_jacobian,
                          const bool                         is_simplex,
                          const unsigned int                 d)
      {
        // how fast the unit coordinates change along the segment: each of them
        // by at most one, and in a simplex both the sum of those that grow and
        // of those that fall
        double largest = 0, growing = 0, falling = 0;
        for (unsigned int i = 0; i < dim; ++i)
          {
            const double speed = inverse_jacobian[i][d];
            largest            = std::max(largest, std::abs(speed));
            growing += std::max(speed, 0.);
            falling += std::max(-speed, 0.);
          }
        return 1. / (is_simplex ? std::max(growing, falling) : largest);
      }



      template <int dim, typename VectorType>
      class DifferenceEstimator : public CellEstimator<dim>
      {
      public:
        using Cell = typename SampleRequest<dim>::Cell;

        DifferenceEstimator(const EstimatorInput<dim, VectorType> &input)
          : input(input)
          , step(input.request.difference_step)
          , derivatives(derivatives_of(input.entries))
          , differences(derivatives, input.request.difference_accuracy)
          , raw(make_raw_estimator(
              EstimatorInput<dim, VectorType>{input.mappings,
                                              input.dof_handler,
                                              input.solution,
                                              input.request,
                                              input.communicator,
                                              values_of(input.entries)},
              false))
        {
          AssertThrow(step > 0 && std::isfinite(step),
                      ExcMessage("The step of difference formulas must be "
                                 "positive."));
          AssertThrow(input.mappings.size() == 1,
                      ExcMessage("Differences need the same mapping in all "
                                 "cells. Ask for another estimator."));
        }

        UpdateFlags
        update_flags() const override
        {
          return raw->update_flags() | update_inverse_jacobians;
        }

        bool
        needs_points() const override
        {
          return !derivatives.empty();
        }

        void
        announce(const FEValuesBase<dim> &fe_values, const Cell &cell) override
        {
          first_point[place(fe_values, cell)] = points.size();
          for (const unsigned int q : fe_values.quadrature_point_indices())
            {
              points.push_back(fe_values.quadrature_point(q));
              steps.emplace_back();
              for (unsigned int d = 0; d < dim; ++d)
                steps.back()[d] = step * length_in_direction<dim>(
                                           fe_values.inverse_jacobian(q),
                                           cell->reference_cell().is_simplex(),
                                           d);
            }
        }

        void
        prepare(const MPI_Comm &communicator) override
        {
          const unsigned int n_components =
            input.dof_handler.get_fe_collection().n_components();
          ComponentMask components(n_components, false);
          for (const JetEntry &entry : input.entries)
            components.set(entry.component, true);
          found = differences.evaluate(
            communicator,
            evaluate_at_points(
              input.mappings[0], input.dof_handler, input.solution, components),
            n_components,
            points,
            steps,
            n_halvings);
        }

        void
        estimate(const FEValuesBase<dim> &fe_values,
                 const Cell              &cell,
                 Table<2, double>        &estimates,
                 Table<2, double>        &variances) const override
        {
          const unsigned int n_points = fe_values.n_quadrature_points;
          const unsigned int n_components =
            input.dof_handler.get_fe_collection().n_components();
          Table<2, double> values(input.entries.size(), n_points), unknown;
          raw->estimate(fe_values, cell, values, unknown);
          const std::size_t first =
            needs_points() ? first_point.at(place(fe_values, cell)) : 0;

          unsigned int n_values = 0;
          for (unsigned int e = 0; e < input.entries.size(); ++e)
            {
              const JetEntry &entry = input.entries[e];
              if (order(entry.derivative) == 0)
                {
                  for (unsigned int q = 0; q < n_points; ++q)
                    estimates(e, q) = values(n_values, q);
                  ++n_values;
                  continue;
                }
              const unsigned int k = std::find(derivatives.begin(),
                                               derivatives.end(),
                                               entry.derivative) -
                                     derivatives.begin();
              for (unsigned int q = 0; q < n_points; ++q)
                {
                  const std::size_t position =
                    ((first + q) * derivatives.size() + k) * n_components +
                    entry.component;
                  estimates(e, q) = found.derivatives[position];
                  variances(e, q) = found.variances[position];
                }
            }
        }

      private:
        static std::vector<MultiIndex>
        derivatives_of(const std::vector<JetEntry> &entries)
        {
          std::vector<MultiIndex> result;
          for (const JetEntry &entry : entries)
            if (order(entry.derivative) > 0 &&
                std::count(result.begin(), result.end(), entry.derivative) == 0)
              result.push_back(entry.derivative);
          return result;
        }

        static std::vector<JetEntry>
        values_of(const std::vector<JetEntry> &entries)
        {
          std::vector<JetEntry> result;
          for (const JetEntry &entry : entries)
            if (order(entry.derivative) == 0)
              result.push_back(entry);
          return result;
        }

        /**
         * The number of a cell, and of its face if the points are there.
         */
        static std::pair<unsigned int, unsigned int>
        place(const FEValuesBase<dim> &fe_values, const Cell &cell)
        {
          const auto *of_face =
            dynamic_cast<const FEFaceValuesBase<dim> *>(&fe_values);
          return {cell->active_cell_index(),
                  of_face != nullptr ? of_face->get_face_number()
                                     : numbers::invalid_unsigned_int};
        }

        const EstimatorInput<dim, VectorType>           input;
        const double                                    step;
        const std::vector<MultiIndex>                   derivatives;
        const Differences<dim>                          differences;
        const std::unique_ptr<const CellEstimator<dim>> raw;

        std::vector<Point<dim>>     points;
        std::vector<Tensor<1, dim>> steps;
        std::map<std::pair<unsigned int, unsigned int>, std::size_t>
                                          first_point;
        typename Differences<dim>::Result found;
      };
    } // namespace



    template <int dim, typename VectorType>
    std::unique_ptr<CellEstimator<dim>>
    make_difference_estimator(const EstimatorInput<dim, VectorType> &input)
    {
      std::unique_ptr<CellEstimator<dim>> result;
      run_collectively(input.communicator, [&]() {
        result = std::make_unique<DifferenceEstimator<dim, VectorType>>(input);
      });
      return result;
    }



#define DERL_INSTANTIATE_VECTOR(dim, VectorType)                          \
  template std::unique_ptr<CellEstimator<dim>> make_difference_estimator( \
    const EstimatorInput<dim, VectorType> &);

    DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 1)
    DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 2)
    DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 3)
  } // namespace internal
} // namespace derl
