// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/coupling/surrogate_function.h>

#include <deal.II/base/exceptions.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/hp/fe_values.h>

#include <deal.II/lac/full_matrix.h>
#include <deal.II/lac/solver_cg.h>
#include <deal.II/lac/solver_control.h>
#include <deal.II/lac/trilinos_precondition.h>
#include <deal.II/lac/trilinos_sparse_matrix.h>
#include <deal.II/lac/trilinos_sparsity_pattern.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "../base/vector_types.h"
#include "element_parts.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    using internal::ElementParts;
    using internal::Interpolant;
    using internal::ProjectedPart;
    using Start = TrilinosWrappers::MPI::Vector;

    /**
     * Finds the degrees of freedom of a function.
     */
    template <int dim>
    class Starter
    {
    public:
      Starter(const hp::MappingCollection<dim> &mappings,
              const DoFHandler<dim>            &dof_handler,
              const AffineConstraints<double>  &constraints,
              const Function<dim>              &function)
        : mappings(mappings)
        , dof_handler(dof_handler)
        , elements(dof_handler.get_fe_collection())
        , constraints(constraints)
        , function(function)
        , communicator(dof_handler.get_communicator())
        , owned(dof_handler.locally_owned_dofs())
        , start(owned, communicator)
      {
        for (unsigned int i = 0; i < elements.size(); ++i)
          parts.emplace_back(elements[i]);
      }

      /**
       * Collective.
       */
      const Start &
      make()
      {
        run_collectively(communicator, [&]() { interpolate(); });
        start.compress(VectorOperation::add);
        bool has_projected = false;
        for (const ElementParts<dim> &element : parts)
          has_projected = has_projected || !element.projected.empty();
        if (has_projected)
          project();
        constraints.distribute(start);
        return start;
      }

    private:
      using Indices = std::vector<types::global_dof_index>;

      /**
       * The function's values, which must be finite.
       */
      void
      evaluate(const std::vector<Point<dim>> &points,
               std::vector<Vector<double>>   &values) const
      {
        values.resize(points.size(), Vector<double>(function.n_components));
        function.vector_value_list(points, values);
        for (const Vector<double> &at_point : values)
          for (const double value : at_point)
            AssertThrow(
              std::isfinite(value),
              ExcMessage("The function to start with is not finite."));
      }



      /**
       * Call @p work(shape functions, degrees of freedom, parts) on owned cells
       * that have points.
       */
      template <typename Work>
      void
      for_each_cell(const hp::QCollection<dim> &quadratures,
                    const UpdateFlags           flags,
                    const Work                 &work) const
      {
        // Values of shape functions also where only points are needed: without
        // them, FE_RaviartThomas of deal.II 9.4 writes the orientation of faces
        // to an array that it has not allocated.
        hp::FEValues<dim> all_values(mappings,
                                     elements,
                                     quadratures,
                                     flags | update_values |
                                       update_quadrature_points);
        Indices           indices;
        for (const auto &cell : dof_handler.active_cell_iterators())
          if (cell->is_locally_owned() &&
              quadratures[cell->active_fe_index()].size() > 0)
            {
              all_values.reinit(cell);
              indices.resize(cell->get_fe().n_dofs_per_cell());
              cell->get_dof_indices(indices);
              work(all_values.get_present_fe_values(),
                   indices,
                   parts[cell->active_fe_index()]);
            }
      }



      static Indices
      select(const Indices &indices, const std::vector<unsigned int> &dofs)
      {
        Indices result;
        for (const unsigned int i : dofs)
          result.push_back(indices[i]);
        return result;
      }



      /**
       * Each degree of freedom once, at many points together: that is how
       * surrogates are fast.
       */
      void
      interpolate()
      {
        constexpr unsigned int batch_size = 1000;

        hp::QCollection<dim> quadratures;
        for (const ElementParts<dim> &element : parts)
          quadratures.push_back(element.points);
        std::vector<bool>           has_value(owned.n_elements());
        std::vector<Point<dim>>     points;
        std::vector<Vector<double>> values;
        std::vector<std::pair<types::global_dof_index, Interpolant::Term>>
                   terms;
        const auto add_terms = [&]() {
          evaluate(points, values);
          for (const auto &[i, term] : terms)
            start(i) += term.weight * values[term.point](term.component);
          points.clear();
          terms.clear();
        };

        std::vector<unsigned int> number_of_point;
        for_each_cell(
          quadratures,
          update_default,
          [&](const FEValues<dim>     &fe_values,
              const Indices           &indices,
              const ElementParts<dim> &element) {
            number_of_point.assign(fe_values.n_quadrature_points,
                                   numbers::invalid_unsigned_int);
            for (const Interpolant &interpolant : element.interpolated)
              {
                const types::global_dof_index i = indices[interpolant.dof];
                if (!owned.is_element(i) ||
                    has_value[owned.index_within_set(i)])
                  continue;
                has_value[owned.index_within_set(i)] = true;
                for (Interpolant::Term term : interpolant.terms)
                  {
                    unsigned int &number = number_of_point[term.point];
                    if (number == numbers::invalid_unsigned_int)
                      {
                        number = points.size();
                        points.push_back(
                          fe_values.quadrature_point(term.point));
                      }
                    term.point = number;
                    terms.emplace_back(i, term);
                  }
              }
            if (points.size() >= batch_size)
              add_terms();
          });
        add_terms();
      }



      hp::QCollection<dim>
      projection_quadratures() const
      {
        hp::QCollection<dim> result;
        for (unsigned int i = 0; i < elements.size(); ++i)
          result.push_back(parts[i].projected.empty()
                             ? Quadrature<dim>()
                             : elements[i]
                                 .reference_cell()
                                 .template get_gauss_type_quadrature<dim>(
                                   elements[i].degree + 1));
        return result;
      }



      /**
       * A row for each degree of freedom, with couplings inside the parts that
       * are projected.
       */
      TrilinosWrappers::SparsityPattern
      make_pattern() const
      {
        IndexSet relevant;
        DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
        TrilinosWrappers::SparsityPattern pattern(
          owned, owned, relevant, communicator);
        for (const types::global_dof_index i : owned)
          pattern.add(i, i);
        Indices indices;
        for (const auto &cell : dof_handler.active_cell_iterators())
          if (cell->is_locally_owned())
            {
              indices.resize(cell->get_fe().n_dofs_per_cell());
              cell->get_dof_indices(indices);
              for (const ProjectedPart &part :
                   parts[cell->active_fe_index()].projected)
                constraints.add_entries_local_to_global(
                  select(indices, part.dofs), pattern, false);
            }
        pattern.compress();
        return pattern;
      }



      void
      project()
      {
        const TrilinosWrappers::SparsityPattern pattern = make_pattern();
        TrilinosWrappers::SparseMatrix          mass;
        mass.reinit(pattern);
        Start b(owned, communicator);
        run_collectively(communicator, [&]() { assemble(mass, b); });
        mass.compress(VectorOperation::add);
        b.compress(VectorOperation::add);

        run_collectively(communicator, [&]() { check(mass); });
        // the rows of degrees of freedom that are not projected
        for (const types::global_dof_index i : owned)
          if (mass.diag_element(i) == 0.)
            mass.set(i, i, 1.);
        mass.compress(VectorOperation::insert);

        TrilinosWrappers::PreconditionJacobi preconditioner;
        preconditioner.initialize(mass);
        Start            x(owned, communicator);
        ReductionControl control(10000, 1e-300, 1e-12, false, false);
        SolverCG<Start>  solver(control);
        try
          {
            solver.solve(mass, x, b, preconditioner);
          }
        catch (const SolverControl::NoConvergence &)
          {
            throw AgreedError("The L2 projection of the function to start with "
                              "failed: its mass matrix cannot be inverted.");
          }
        for (const types::global_dof_index i : projected)
          start(i) = x(i);
        start.compress(VectorOperation::insert);
      }



      void
      assemble(TrilinosWrappers::SparseMatrix &mass, Start &b)
      {
        FullMatrix<double>          shapes, weighted, cell_mass;
        Vector<double>              f, cell_b;
        std::vector<Vector<double>> values;
        for_each_cell(
          projection_quadratures(),
          update_JxW_values,
          [&](const FEValues<dim>     &fe_values,
              const Indices           &indices,
              const ElementParts<dim> &element) {
            evaluate(fe_values.get_quadrature_points(), values);
            for (const ProjectedPart &part : element.projected)
              {
                const unsigned int n = part.dofs.size();
                const unsigned int n_columns =
                  values.size() * part.n_components;
                shapes.reinit(n, n_columns);
                weighted.reinit(n, n_columns);
                f.reinit(n_columns);
                for (unsigned int q = 0, k = 0; q < values.size(); ++q)
                  for (unsigned int c = 0; c < part.n_components; ++c, ++k)
                    {
                      f(k) = values[q](part.first_component + c);
                      for (unsigned int i = 0; i < n; ++i)
                        {
                          shapes(i, k) = fe_values.shape_value_component(
                            part.dofs[i], q, part.first_component + c);
                          weighted(i, k) = shapes(i, k) * fe_values.JxW(q);
                        }
                    }
                cell_mass.reinit(n, n);
                weighted.mTmult(cell_mass, shapes);
                cell_b.reinit(n);
                weighted.vmult(cell_b, f);
                const Indices part_indices = select(indices, part.dofs);
                constraints.distribute_local_to_global(
                  cell_mass, cell_b, part_indices, mass, b);
                for (const types::global_dof_index i : part_indices)
                  if (owned.is_element(i))
                    projected.push_back(i);
              }
          });
        std::sort(projected.begin(), projected.end());
        projected.erase(std::unique(projected.begin(), projected.end()),
                        projected.end());
      }



      void
      check(const TrilinosWrappers::SparseMatrix &mass) const
      {
        for (const types::global_dof_index i : projected)
          AssertThrow(constraints.is_constrained(i) ||
                        mass.diag_element(i) > 0.,
                      ExcMessage("A degree of freedom has neither a support "
                                 "point to interpolate a function at nor a "
                                 "shape function in cells to project it to."));
      }

      const hp::MappingCollection<dim> &mappings;
      const DoFHandler<dim>            &dof_handler;
      const hp::FECollection<dim>      &elements;
      const AffineConstraints<double>  &constraints;
      const Function<dim>              &function;
      const MPI_Comm                    communicator;
      const IndexSet                    owned;

      std::vector<ElementParts<dim>> parts;
      Start                          start;
      /** the locally owned degrees of freedom that are projected */
      Indices projected;
    };



    /**
     * Copy the locally owned elements from number @p first on, and update ghost
     * elements, without a change of the vector's layout.
     */
    void
    assign(const Start                  &start,
           const types::global_dof_index first,
           Vector<double>               &vector)
    {
      for (types::global_dof_index i = 0; i < vector.size(); ++i)
        vector(i) = start(first + i);
    }

    void
    assign(const Start                                &start,
           const types::global_dof_index               first,
           LinearAlgebra::distributed::Vector<double> &vector)
    {
      for (const types::global_dof_index i : vector.locally_owned_elements())
        vector(i) = start(first + i);
      if (vector.has_ghost_elements())
        vector.update_ghost_values();
    }

    template <typename VectorType>
    void
    assign(const Start                  &start,
           const types::global_dof_index first,
           VectorType                   &vector)
    {
      // those of Trilinos and PETSc cannot be written to if they have ghosts
      VectorType writable(vector.locally_owned_elements(),
                          vector.get_mpi_communicator());
      for (const types::global_dof_index i : vector.locally_owned_elements())
        writable(i) = start(first + i);
      writable.compress(VectorOperation::insert);
      vector = writable;
    }
  } // namespace



  template <int dim, typename VectorType>
  void
  warm_start(const hp::MappingCollection<dim> &mappings,
             const DoFHandler<dim>            &dof_handler,
             const AffineConstraints<double>  &constraints,
             const Function<dim>              &function,
             VectorType                       &vector)
  {
    run_collectively(dof_handler.get_communicator(), [&]() {
      AssertThrow(dof_handler.has_active_dofs(),
                  ExcMessage("The DoFHandler has no degrees of freedom. Call "
                             "its distribute_dofs() before warm_start()."));
      const unsigned int n_components =
        dof_handler.get_fe_collection().n_components();
      AssertThrow(function.n_components == n_components,
                  ExcMessage("A function of " +
                             std::to_string(function.n_components) +
                             " components is no start for an element of " +
                             std::to_string(n_components) + "."));
      AssertThrow(vector.size() == dof_handler.n_dofs() &&
                    vector.locally_owned_elements() ==
                      dof_handler.locally_owned_dofs(),
                  ExcMessage("The vector's elements on this rank are not the "
                             "locally owned degrees of freedom."));
    });

    Starter<dim> starter(mappings, dof_handler, constraints, function);
    const Start &start = starter.make();
    if constexpr (IsBlockVector<VectorType>::value)
      for (unsigned int b = 0; b < vector.n_blocks(); ++b)
        assign(
          start, vector.get_block_indices().block_start(b), vector.block(b));
    else
      assign(start, 0, vector);
    if (const auto *const surrogate =
          dynamic_cast<const SurrogateFunction<dim> *>(&function))
      surrogate->warn_of_points_outside(dof_handler.get_communicator());
  }



#define DERL_INSTANTIATE_VECTOR(dim, VectorType)               \
  template void warm_start(const hp::MappingCollection<dim> &, \
                           const DoFHandler<dim> &,            \
                           const AffineConstraints<double> &,  \
                           const Function<dim> &,              \
                           VectorType &);

  DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 1)
  DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 2)
  DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 3)
} // namespace derl
