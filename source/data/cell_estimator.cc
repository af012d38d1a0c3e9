// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "cell_estimator.h"

#include <deal.II/base/exceptions.h>
#include <deal.II/base/tensor.h>

#include "../base/vector_types.h"
#include "projected_estimator.h"
#include "recovered_estimator.h"

#include <algorithm>

namespace derl
{
  namespace internal
  {
    using namespace dealii;

    namespace
    {
      /**
       * The directions of a derivative: 0, 0, 1 for (2, 1).
       */
      std::vector<unsigned int>
      directions(const MultiIndex &derivative)
      {
        std::vector<unsigned int> result;
        for (unsigned int d = 0; d < derivative.size(); ++d)
          result.insert(result.end(), derivative[d], d);
        return result;
      }



      /**
       * Derivatives of the finite element function inside the cell.
       */
      template <int dim, typename VectorType>
      class RawEstimator : public CellEstimator<dim>
      {
      public:
        RawEstimator(const VectorType            &solution,
                     const std::vector<JetEntry> &entries)
          : solution(solution)
          , entries(entries)
        {
        }

        UpdateFlags
        update_flags() const override
        {
          const std::array<UpdateFlags, 4> flags  = {{update_values,
                                                      update_gradients,
                                                      update_hessians,
                                                      update_3rd_derivatives}};
          UpdateFlags                      result = update_default;
          for (const JetEntry &entry : entries)
            result |= flags[order(entry.derivative)];
          return result;
        }

        void
        estimate(const FEValuesBase<dim> &fe_values,
                 const typename SampleRequest<dim>::Cell &,
                 Table<2, double> &estimates,
                 Table<2, double> &) const override
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
              fe_values.get_function_values(solution, value);
            }
          if (flags & update_gradients)
            {
              first.assign(n_points, std::vector<Tensor<1, dim>>(n_components));
              fe_values.get_function_gradients(solution, first);
            }
          if (flags & update_hessians)
            {
              second.assign(n_points,
                            std::vector<Tensor<2, dim>>(n_components));
              fe_values.get_function_hessians(solution, second);
            }
          if (flags & update_3rd_derivatives)
            {
              third.assign(n_points, std::vector<Tensor<3, dim>>(n_components));
              fe_values.get_function_third_derivatives(solution, third);
            }

          for (unsigned int e = 0; e < entries.size(); ++e)
            {
              const unsigned int c = entries[e].component;
              const auto         d = directions(entries[e].derivative);
              for (unsigned int q = 0; q < n_points; ++q)
                estimates(e, q) = d.empty()       ? value[q](c)
                                  : d.size() == 1 ? first[q][c][d[0]]
                                  : d.size() == 2
                                    ? second[q][c][d[0]][d[1]]
                                    : third[q][c][d[0]][d[1]][d[2]];
            }
        }

      private:
        const VectorType           &solution;
        const std::vector<JetEntry> entries;
      };



      template <int dim>
      class ExactDerivatives : public CellEstimator<dim>
      {
      public:
        ExactDerivatives(const Function<dim>         &function,
                         const std::vector<JetEntry> &entries)
          : function(function)
          , entries(entries)
        {
        }

        UpdateFlags
        update_flags() const override
        {
          return update_default;
        }

        void
        estimate(const FEValuesBase<dim> &fe_values,
                 const typename SampleRequest<dim>::Cell &,
                 Table<2, double> &estimates,
                 Table<2, double> &) const override
        {
          for (unsigned int e = 0; e < entries.size(); ++e)
            for (const unsigned int q : fe_values.quadrature_point_indices())
              estimates(e, q) =
                derivative(function, fe_values.quadrature_point(q), entries[e]);
        }

      private:
        const Function<dim>        &function;
        const std::vector<JetEntry> entries;
      };
    } // namespace



    template <int dim>
    double
    derivative(const Function<dim> &function,
               const Point<dim>    &x,
               const JetEntry      &entry)
    {
      const auto d = directions(entry.derivative);
      AssertThrow(d.size() <= 2,
                  ExcMessage("Only values, first and second derivatives of a "
                             "function can be sampled."));
      return d.empty()       ? function.value(x, entry.component)
             : d.size() == 1 ? function.gradient(x, entry.component)[d[0]]
                             : function.hessian(x, entry.component)[d[0]][d[1]];
    }



    template <int dim, typename VectorType>
    std::unique_ptr<CellEstimator<dim>>
    make_estimator(const Estimator                   kind,
                   const hp::MappingCollection<dim> &mappings,
                   const DoFHandler<dim>            &dof_handler,
                   const VectorType                 &solution,
                   const std::vector<JetEntry>      &entries)
    {
      if (kind == Estimator::recovered)
        return make_recovered_estimator(
          mappings, dof_handler, solution, entries);
      if (kind == Estimator::projected || kind == Estimator::averaged)
        return make_projected_estimator(kind == Estimator::averaged,
                                        mappings,
                                        dof_handler,
                                        solution,
                                        entries);
      return std::make_unique<RawEstimator<dim, VectorType>>(solution, entries);
    }



    template <int dim>
    std::unique_ptr<CellEstimator<dim>>
    make_estimator(const Function<dim>         &function,
                   const std::vector<JetEntry> &entries)
    {
      return std::make_unique<ExactDerivatives<dim>>(function, entries);
    }



#define DERL_INSTANTIATE_VECTOR(dim, VectorType)               \
  template std::unique_ptr<CellEstimator<dim>> make_estimator( \
    const Estimator,                                           \
    const hp::MappingCollection<dim> &,                        \
    const DoFHandler<dim> &,                                   \
    const VectorType &,                                        \
    const std::vector<JetEntry> &);

#define DERL_INSTANTIATE(dim)                                     \
  DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, dim)              \
  template double derivative(                                     \
    const Function<dim> &, const Point<dim> &, const JetEntry &); \
  template std::unique_ptr<CellEstimator<dim>> make_estimator(    \
    const Function<dim> &, const std::vector<JetEntry> &);

    DERL_INSTANTIATE(1)
    DERL_INSTANTIATE(2)
    DERL_INSTANTIATE(3)
  } // namespace internal
} // namespace derl
