// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "cell_estimator.h"

#include <deal.II/base/exceptions.h>

namespace derl
{
  namespace internal
  {
    using namespace dealii;

    std::vector<unsigned int>
    directions(const MultiIndex &derivative)
    {
      std::vector<unsigned int> result;
      for (unsigned int d = 0; d < derivative.size(); ++d)
        result.insert(result.end(), derivative[d], d);
      return result;
    }



    namespace
    {
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



    template <int dim>
    std::unique_ptr<CellEstimator<dim>>
    make_estimator(const Function<dim>         &function,
                   const std::vector<JetEntry> &entries)
    {
      return std::make_unique<ExactDerivatives<dim>>(function, entries);
    }



#define DERL_INSTANTIATE(dim)                                     \
  template double derivative(                                     \
    const Function<dim> &, const Point<dim> &, const JetEntry &); \
  template std::unique_ptr<CellEstimator<dim>> make_estimator(    \
    const Function<dim> &, const std::vector<JetEntry> &);

    DERL_INSTANTIATE(1)
    DERL_INSTANTIATE(2)
    DERL_INSTANTIATE(3)
  } // namespace internal
} // namespace derl
