// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_cell_estimator_h
#define derl_data_cell_estimator_h

#include <derl/data/samples.h>
#include <derl/data/sampling.h>

#include <deal.II/base/function.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/table.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/fe_update_flags.h>
#include <deal.II/fe/fe_values.h>

#include <deal.II/hp/mapping_collection.h>

#include <memory>
#include <vector>

namespace derl
{
  namespace internal
  {
    /**
     * Gives derivatives of a field at the points of a cell or face.
     */
    template <int dim>
    class CellEstimator
    {
    public:
      virtual ~CellEstimator() = default;

      /**
       * What FEValues must compute in addition to points and JxW.
       */
      virtual dealii::UpdateFlags
      update_flags() const = 0;

      /**
       * Whether the estimator must know all points before it can estimate. If
       * so, announce() is called for each cell or face first, then prepare().
       */
      virtual bool
      needs_points() const
      {
        return false;
      }

      /**
       * Take note of the points of @p fe_values, as estimate() will get it.
       */
      virtual void
      announce(const dealii::FEValuesBase<dim> &,
               const typename SampleRequest<dim>::Cell &)
      {
      }

      /**
       * Do what ranks must do together for the announced points. Collective.
       */
      virtual void
      prepare(const MPI_Comm &)
      {
      }

      /**
       * Write the derivatives at the points of @p fe_values, which is up to
       * date on @p cell or one of its faces.
       *
       * @param estimates to be written, [entry][point].
       * @param variances estimates of the squared errors, likewise; they are
       *   zero on input, and remain zero if unknown.
       */
      virtual void
      estimate(const dealii::FEValuesBase<dim>         &fe_values,
               const typename SampleRequest<dim>::Cell &cell,
               dealii::Table<2, double>                &estimates,
               dealii::Table<2, double>                &variances) const = 0;
    };

    /**
     * What to estimate. The objects must outlive estimators, but for @p
     * entries.
     */
    template <int dim, typename VectorType>
    struct EstimatorInput
    {
      const dealii::hp::MappingCollection<dim> &mappings;
      const dealii::DoFHandler<dim>            &dof_handler;
      const VectorType                         &solution;
      const SampleRequest<dim>                 &request;
      /** Of the ranks that sample together. */
      const MPI_Comm communicator;
      /** Components of the element, and multi-indices in space. */
      const std::vector<JetEntry> entries;
    };

    /**
     * The estimator that a request asks for. Collective.
     */
    template <int dim, typename VectorType>
    std::unique_ptr<CellEstimator<dim>>
    make_estimator(const EstimatorInput<dim, VectorType> &input);

    /**
     * The exact derivatives of a function.
     */
    template <int dim>
    std::unique_ptr<CellEstimator<dim>>
    make_estimator(const dealii::Function<dim> &function,
                   const std::vector<JetEntry> &entries);

    /**
     * The directions of a derivative: 0, 0, 1 for (2, 1).
     */
    std::vector<unsigned int>
    directions(const MultiIndex &derivative);

    /**
     * One derivative, of order up to two, of a function at a point.
     */
    template <int dim>
    double
    derivative(const dealii::Function<dim> &function,
               const dealii::Point<dim>    &x,
               const JetEntry              &entry);
  } // namespace internal
} // namespace derl

#endif
