// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <deal.II/fe/fe_values_extractors.h>

#include <map>
#include <utility>

#include "../base/vector_types.h"
#include "base_element.h"
#include "continuous_space.h"
#include "estimators.h"

namespace derl
{
  namespace internal
  {
    using namespace dealii;

    namespace
    {
      template <int dim, typename VectorType>
      class ProjectedEstimator : public CellEstimator<dim>
      {
      public:
        using Space = ContinuousSpace<dim>;
        using Cell  = typename Space::Cell;

        ProjectedEstimator(const EstimatorInput<dim, VectorType> &input,
                           const bool                             averaged)
          : input(input)
          , averaged(averaged)
          , raw(make_raw_estimator(input, false))
        {
          for (const JetEntry &entry : input.entries)
            if (order(entry.derivative) > 0)
              project(entry);
        }

        UpdateFlags
        update_flags() const override
        {
          return raw->update_flags();
        }

        void
        estimate(const FEValuesBase<dim> &fe_values,
                 const Cell              &cell,
                 Table<2, double>        &estimates,
                 Table<2, double>        &variances) const override
        {
          raw->estimate(fe_values, cell, estimates, variances);
          const std::vector<Point<dim>> points = unit_points(fe_values, cell);
          for (unsigned int e = 0; e < input.entries.size(); ++e)
            {
              const auto projection = projections.find(
                {input.entries[e].component, input.entries[e].derivative});
              if (projection == projections.end())
                continue;
              const Space &space =
                *spaces.at(degrees(input.entries[e].component));
              for (unsigned int q = 0; q < points.size(); ++q)
                {
                  const double difference =
                    space.value(projection->second, cell, points[q]) -
                    estimates(e, q);
                  estimates(e, q) += difference;
                  variances(e, q) = difference * difference;
                }
            }
        }

      private:
        /**
         * The points of a cell or face in the cell's unit coordinates.
         */
        std::vector<Point<dim>>
        unit_points(const FEValuesBase<dim> &fe_values, const Cell &cell) const
        {
          if (const auto *of_cell =
                dynamic_cast<const FEValues<dim> *>(&fe_values))
            return of_cell->get_quadrature().get_points();
          // how a face's points lie in the cell depends on its orientation
          const Mapping<dim> &mapping =
            input.mappings[input.mappings.size() > 1 ? cell->active_fe_index()
                                                     : 0];
          std::vector<Point<dim>> points;
          for (const Point<dim> &x : fe_values.get_quadrature_points())
            points.push_back(mapping.transform_real_to_unit_cell(cell, x));
          return points;
        }

        /**
         * The degrees of a component in the elements of the collection, invalid
         * for those that do not have it.
         */
        std::vector<unsigned int>
        degrees(const unsigned int component) const
        {
          std::vector<unsigned int>    result;
          const hp::FECollection<dim> &fes =
            input.dof_handler.get_fe_collection();
          for (unsigned int i = 0; i < fes.size(); ++i)
            {
              const FiniteElement<dim> &base = base_element(fes[i], component);
              result.push_back(base.n_dofs_per_cell() > 0
                                 ? base.degree
                                 : numbers::invalid_unsigned_int);
            }
          return result;
        }

        /**
         * Project a derivative, unless this has been done, and those that it
         * needs.
         */
        void
        project(const JetEntry &entry)
        {
          const auto key = std::make_pair(entry.component, entry.derivative);
          if (projections.count(key) > 0)
            return;
          auto &space = spaces[degrees(entry.component)];
          if (!space)
            space = std::make_unique<Space>(averaged,
                                            input.mappings,
                                            input.dof_handler,
                                            degrees(entry.component));

          // the derivatives of which this one is a derivative
          std::vector<std::pair<unsigned int, MultiIndex>> sources;
          for (unsigned int d = 0; d < dim; ++d)
            if (entry.derivative[d] > 0)
              {
                sources.emplace_back(d, entry.derivative);
                --sources.back().second[d];
                if (order(entry.derivative) > 1)
                  project({entry.component, sources.back().second});
              }

          if (order(entry.derivative) == 1)
            {
              hp::FEValues<dim> solution_values(
                input.mappings,
                input.dof_handler.get_fe_collection(),
                space->quadrature_collection(),
                // FE_P1NC counts the points instead of the weights
                update_gradients | update_quadrature_points);
              projections[key] =
                space->project([&](const FEValues<dim> &, const Cell &cell) {
                  solution_values.reinit(space->in_solution(cell));
                  return derivatives(solution_values.get_present_fe_values(),
                                     entry.component,
                                     sources[0].first,
                                     input.solution);
                });
            }
          else
            projections[key] =
              space->project([&](const FEValues<dim> &fe_values, const Cell &) {
                std::vector<double> mean(fe_values.n_quadrature_points, 0.);
                for (const auto &[direction, source] : sources)
                  {
                    const std::vector<double> one =
                      derivatives(fe_values,
                                  0,
                                  direction,
                                  projections.at({entry.component, source}));
                    for (unsigned int q = 0; q < mean.size(); ++q)
                      mean[q] += one[q] / sources.size();
                  }
                return mean;
              });
        }

        template <typename AnyVector>
        static std::vector<double>
        derivatives(const FEValues<dim> &fe_values,
                    const unsigned int   component,
                    const unsigned int   direction,
                    const AnyVector     &vector)
        {
          std::vector<Tensor<1, dim>> gradients(fe_values.n_quadrature_points);
          fe_values[FEValuesExtractors::Scalar(component)]
            .get_function_gradients(vector, gradients);
          std::vector<double> result;
          for (const Tensor<1, dim> &gradient : gradients)
            result.push_back(gradient[direction]);
          return result;
        }

        const EstimatorInput<dim, VectorType>     input;
        const bool                                averaged;
        const std::unique_ptr<CellEstimator<dim>> raw;

        /** By the degrees of components. */
        std::map<std::vector<unsigned int>, std::unique_ptr<Space>> spaces;
        std::map<std::pair<unsigned int, MultiIndex>,
                 TrilinosWrappers::MPI::Vector>
          projections;
      };
    } // namespace



    template <int dim, typename VectorType>
    std::unique_ptr<CellEstimator<dim>>
    make_projected_estimator(const EstimatorInput<dim, VectorType> &input,
                             const bool                             averaged)
    {
      return std::make_unique<ProjectedEstimator<dim, VectorType>>(input,
                                                                   averaged);
    }



#define DERL_INSTANTIATE_VECTOR(dim, VectorType)                         \
  template std::unique_ptr<CellEstimator<dim>> make_projected_estimator( \
    const EstimatorInput<dim, VectorType> &, const bool);

    DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 1)
    DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 2)
    DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 3)
  } // namespace internal
} // namespace derl
