// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <deal.II/base/tensor.h>

#include <deal.II/lac/vector.h>

#include <array>

#include "../base/vector_types.h"
#include "estimators.h"

namespace derl
{
  namespace internal
  {
    using namespace dealii;

    namespace
    {
      template <int dim, typename VectorType>
      class RawEstimator : public CellEstimator<dim>
      {
      public:
        RawEstimator(const EstimatorInput<dim, VectorType> &input,
                     const bool                             with_variances)
          : input(input)
          , recovery(with_variances ? make_recovered_estimator(input) : nullptr)
        {
          // deal.II 9.4 does not notice in release mode
          if (update_flags() & update_3rd_derivatives)
            for (const FiniteElement<dim> &fe :
                 input.dof_handler.get_fe_collection())
              if (!fe.is_primitive())
                throw AgreedError("deal.II has no third derivatives of "
                                  "elements whose shape functions have several "
                                  "components, like those of Raviart and "
                                  "Thomas. Ask for another estimator.");
        }

        UpdateFlags
        update_flags() const override
        {
          const std::array<UpdateFlags, 4> flags  = {{update_values,
                                                      update_gradients,
                                                      update_hessians,
                                                      update_3rd_derivatives}};
          UpdateFlags                      result = update_default;
          for (const JetEntry &entry : input.entries)
            result |= flags[order(entry.derivative)];
          return result;
        }

        void
        estimate(const FEValuesBase<dim>                 &fe_values,
                 const typename SampleRequest<dim>::Cell &cell,
                 Table<2, double>                        &estimates,
                 Table<2, double> &variances) const override
        {
          const unsigned int n_points     = fe_values.n_quadrature_points;
          const unsigned int n_components = fe_values.get_fe().n_components();
          const UpdateFlags  flags        = update_flags();

          std::vector<Vector<double>>              value;
          std::vector<std::vector<Tensor<1, dim>>> first;
          std::vector<std::vector<Tensor<2, dim>>> second;
          std::vector<std::vector<Tensor<3, dim>>> third;
          if (flags & update_values)
            {
              value.assign(n_points, Vector<double>(n_components));
              fe_values.get_function_values(input.solution, value);
            }
          if (flags & update_gradients)
            {
              first.assign(n_points, std::vector<Tensor<1, dim>>(n_components));
              fe_values.get_function_gradients(input.solution, first);
            }
          if (flags & update_hessians)
            {
              second.assign(n_points,
                            std::vector<Tensor<2, dim>>(n_components));
              fe_values.get_function_hessians(input.solution, second);
            }
          if (flags & update_3rd_derivatives)
            {
              third.assign(n_points, std::vector<Tensor<3, dim>>(n_components));
              fe_values.get_function_third_derivatives(input.solution, third);
            }

          if (recovery)
            recovery->estimate(fe_values, cell, estimates, variances);
          for (unsigned int e = 0; e < input.entries.size(); ++e)
            {
              const unsigned int c = input.entries[e].component;
              const auto         d = directions(input.entries[e].derivative);
              for (unsigned int q = 0; q < n_points; ++q)
                {
                  const double raw = d.empty()       ? value[q](c)
                                     : d.size() == 1 ? first[q][c][d[0]]
                                     : d.size() == 2
                                       ? second[q][c][d[0]][d[1]]
                                       : third[q][c][d[0]][d[1]][d[2]];
                  if (recovery)
                    {
                      const double difference = raw - estimates(e, q);
                      variances(e, q) += difference * difference;
                    }
                  estimates(e, q) = raw;
                }
            }
        }

      private:
        const EstimatorInput<dim, VectorType>           input;
        const std::unique_ptr<const CellEstimator<dim>> recovery;
      };
    } // namespace



    template <int dim, typename VectorType>
    std::unique_ptr<CellEstimator<dim>>
    make_raw_estimator(const EstimatorInput<dim, VectorType> &input,
                       const bool                             with_variances)
    {
      return std::make_unique<RawEstimator<dim, VectorType>>(input,
                                                             with_variances);
    }



#define DERL_INSTANTIATE_VECTOR(dim, VectorType)                   \
  template std::unique_ptr<CellEstimator<dim>> make_raw_estimator( \
    const EstimatorInput<dim, VectorType> &, const bool);

    DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 1)
    DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 2)
    DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 3)
  } // namespace internal
} // namespace derl
