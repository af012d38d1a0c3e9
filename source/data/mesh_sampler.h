// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_mesh_sampler_h
#define derl_data_mesh_sampler_h

#include <derl/data/samples.h>
#include <derl/data/sampling.h>

#include <deal.II/base/function.h>

#include <deal.II/hp/q_collection.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cell_estimator.h"

namespace derl
{
  namespace internal
  {
    /**
     * Walks over cells or faces and fills a table of samples: what sample(),
     * sample_boundary() and sample_function() have in common. All functions are
     * collective over the request's or mesh's communicator and throw
     * AgreedError.
     */
    template <int dim>
    class MeshSampler
    {
    public:
      using Cell = typename SampleRequest<dim>::Cell;

      /**
       * All arguments must outlive this object.
       */
      MeshSampler(const dealii::hp::MappingCollection<dim> &mappings,
                  const dealii::DoFHandler<dim>            &dof_handler,
                  const SampleRequest<dim>                 &request);

      /**
       * Prepare to observe a solution.
       */
      template <typename VectorType>
      void
      observe(const Snapshot<VectorType> &snapshot);

      /**
       * Prepare to observe a function.
       */
      void
      observe(const dealii::Function<dim> &function);

      Samples
      sample_cells(const dealii::hp::QCollection<dim> &quadratures,
                   const std::string                  &origin) const;

      Samples
      sample_faces(const dealii::hp::QCollection<dim - 1> &quadratures,
                   const std::string                      &origin) const;

      /**
       * Visit the cells that are sampled, in the order of the samples. Not
       * collective.
       */
      void
      for_each_cell(const std::function<void(const Cell &)> &work) const;

    private:
      /**
       * The derivatives of one field: entries in space, and where they go in
       * the table of samples.
       */
      struct Field
      {
        std::vector<JetEntry>     entries;
        std::vector<unsigned int> columns;
      };

      /**
       * Called at each cell or face of a walk.
       */
      using Visitor =
        std::function<void(const dealii::FEValuesBase<dim> &, const Cell &)>;

      /**
       * Whether one of the next points is needed, given how many the next cell
       * or face has.
       */
      using Need = std::function<bool(const unsigned int n_points)>;

      /**
       * Goes over all cells or faces and visits those that are needed.
       */
      using Walk = std::function<
        void(const dealii::UpdateFlags, const Need &, const Visitor &)>;

      struct Table
      {
        Samples             samples;
        std::vector<double> variances;
        /** How many points there are, chosen or not. */
        std::size_t n_points;
      };

      /**
       * Find the columns that can be observed if, besides the solution, its
       * derivatives @p further by the further coordinates are known, and the
       * fields they come from: the solution's, then these.
       */
      void
      set_columns(const std::vector<MultiIndex> &further);

      dealii::UpdateFlags
      update_flags() const;

      /**
       * The names of all auxiliary columns.
       */
      std::vector<std::string>
      auxiliary_names() const;

      /**
       * The auxiliary columns as [point][column].
       */
      std::vector<double>
      auxiliary_numbers(const dealii::FEValuesBase<dim> &fe_values,
                        const Cell                      &cell) const;

      /**
       * The number of the quadrature for a cell or its faces, if it has one
       * that fits.
       */
      template <int part_dim>
      unsigned int
      quadrature_index(const Cell                              &cell,
                       const dealii::hp::QCollection<part_dim> &quadratures,
                       const dealii::ReferenceCell             &part) const;

      /**
       * Append the samples of a cell or face with a number in @p chosen, or
       * all if that is empty; @p first is that of its first point.
       */
      void
      add(const dealii::FEValuesBase<dim> &fe_values,
          const Cell                      &cell,
          const std::vector<bool>         &chosen,
          const std::size_t                first,
          Table                           &table) const;

      /**
       * Let the request choose among the points of a walk: whether each one is
       * taken, empty if all are.
       */
      std::vector<bool>
      choose(const Walk &walk) const;

      /**
       * The table of what @p walk visits. A choice of points and estimators
       * that must know all points first make it walk more than once.
       */
      Table
      fill(const std::string &origin, const Walk &walk) const;

      /**
       * What the weights at a cell or face are divided by.
       */
      double
      unit_of_weights(const dealii::FEValuesBase<dim> &fe_values) const;

      /**
       * Throw if no rank has a face with one of the requested ids, or no face
       * at all, given the ids at this rank's faces.
       */
      void
      check_boundary_ids(const std::set<dealii::types::boundary_id> &ids) const;

      const dealii::hp::MappingCollection<dim> &mappings;
      const dealii::DoFHandler<dim>            &dof_handler;
      const SampleRequest<dim>                 &request;
      const MPI_Comm                            communicator;

      std::vector<double>                              further_coordinates;
      std::vector<JetEntry>                            columns;
      std::vector<Field>                               fields;
      std::vector<std::unique_ptr<CellEstimator<dim>>> estimators;
    };
  } // namespace internal
} // namespace derl

#endif
