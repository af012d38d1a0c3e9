// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_continuous_space_h
#define derl_data_continuous_space_h

#include <derl/base/collective.h>

#include <derl/data/sampling.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/quadrature.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_nothing.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_simplex_p.h>

#include <deal.II/hp/fe_values.h>
#include <deal.II/hp/mapping_collection.h>

#include <deal.II/lac/affine_constraints.h>
#include <deal.II/lac/full_matrix.h>
#include <deal.II/lac/solver_cg.h>
#include <deal.II/lac/solver_control.h>
#include <deal.II/lac/trilinos_precondition.h>
#include <deal.II/lac/trilinos_sparse_matrix.h>
#include <deal.II/lac/trilinos_sparsity_pattern.h>
#include <deal.II/lac/trilinos_vector.h>

#include <algorithm>
#include <functional>
#include <vector>

namespace derl
{
  namespace internal
  {
    using namespace dealii;

    /**
     * The continuous elements of the same degrees as a component of the
     * solution, and the projection to them.
     */
    template <int dim>
    class ContinuousSpace
    {
    public:
      using Cell   = typename SampleRequest<dim>::Cell;
      using Vector = TrilinosWrappers::MPI::Vector;

      /**
       * Gives the numbers to be projected at the points of a cell.
       */
      using Integrand =
        std::function<std::vector<double>(const FEValues<dim> &, const Cell &)>;

      /**
       * @param degrees of the elements of each index of the solution's
       *   DoFHandler; invalid where the component does not exist.
       */
      ContinuousSpace(const bool                        averaged,
                      const hp::MappingCollection<dim> &mappings,
                      const DoFHandler<dim>            &solution_dofs,
                      const std::vector<unsigned int>  &degrees)
        : averaged(averaged)
        , mappings(mappings)
        , solution_dofs(solution_dofs)
        , dofs(solution_dofs.get_triangulation())
      {
        run_collectively(solution_dofs.get_communicator(),
                   [&]() { choose_elements(degrees); });
        for (const auto &cell : dofs.active_cell_iterators())
          if (cell->is_locally_owned())
            cell->set_active_fe_index(in_solution(cell)->active_fe_index());
        dofs.distribute_dofs(elements);
        DoFTools::extract_locally_relevant_dofs(dofs, relevant);
        constraints.reinit(relevant);
        DoFTools::make_hanging_node_constraints(dofs, constraints);
        constraints.close();
        if (averaged)
          sum_weights();
        else
          assemble_mass();
      }

      /**
       * The quadrature for the projection, of a cell of the solution's
       * DoFHandler.
       */
      const hp::QCollection<dim> &
      quadrature_collection() const
      {
        return quadratures;
      }

      /**
       * The same cell there.
       */
      Cell
      in_solution(const Cell &cell) const
      {
        return {&dofs.get_triangulation(),
                cell->level(),
                cell->index(),
                &solution_dofs};
      }

      Vector
      project(const Integrand &integrand) const
      {
        Vector            b(dofs.locally_owned_dofs(), communicator());
        hp::FEValues<dim> all_values(mappings,
                                     elements,
                                     quadratures,
                                     update_values | update_gradients |
                                       update_JxW_values);
        for_each_cell([&](const Cell &cell, const auto &indices) {
          all_values.reinit(cell);
          const FEValues<dim> &fe_values = all_values.get_present_fe_values();
          const std::vector<double> v    = integrand(fe_values, cell);
          dealii::Vector<double>    cell_b(indices.size());
          if (averaged)
            {
              for (unsigned int i = 0; i < indices.size(); ++i)
                cell_b(i) = volume(fe_values) * v[i];
              b.add(indices, cell_b);
            }
          else
            {
              for (const unsigned int q : fe_values.quadrature_point_indices())
                for (unsigned int i = 0; i < indices.size(); ++i)
                  cell_b(i) +=
                    fe_values.shape_value(i, q) * v[q] * fe_values.JxW(q);
              constraints.distribute_local_to_global(cell_b, indices, b);
            }
        });
        b.compress(VectorOperation::add);

        Vector x(dofs.locally_owned_dofs(), communicator());
        if (averaged)
          {
            x = b;
            for (const types::global_dof_index i : dofs.locally_owned_dofs())
              x(i) = b(i) / weights(i);
            x.compress(VectorOperation::insert);
          }
        else
          {
            ReductionControl control(1000, 1e-300, 1e-13, false, false);
            SolverCG<Vector> solver(control);
            solver.solve(mass, x, b, preconditioner);
          }
        constraints.distribute(x);
        Vector ghosted(dofs.locally_owned_dofs(), relevant, communicator());
        ghosted = x;
        return ghosted;
      }

      /**
       * The value of a projection at a point of a cell of the solution's
       * DoFHandler in unit coordinates.
       */
      double
      value(const Vector     &projection,
            const Cell       &solution_cell,
            const Point<dim> &unit_point) const
      {
        const Cell                           cell(&dofs.get_triangulation(),
                        solution_cell->level(),
                        solution_cell->index(),
                        &dofs);
        const FiniteElement<dim>            &fe = cell->get_fe();
        std::vector<types::global_dof_index> indices(fe.n_dofs_per_cell());
        cell->get_dof_indices(indices);
        double sum = 0;
        for (unsigned int i = 0; i < indices.size(); ++i)
          sum += projection(indices[i]) * fe.shape_value(i, unit_point);
        return sum;
      }

    private:
      MPI_Comm
      communicator() const
      {
        return dofs.get_communicator();
      }

      void
      choose_elements(const std::vector<unsigned int> &degrees)
      {
        const hp::FECollection<dim> &fes = solution_dofs.get_fe_collection();
        for (unsigned int i = 0; i < fes.size(); ++i)
          {
            const bool exists    = degrees[i] != numbers::invalid_unsigned_int;
            const unsigned int p = exists ? std::max(1u, degrees[i]) : 1;
            const auto         reference = fes[i].reference_cell();
            if (!exists)
              elements.push_back(FE_Nothing<dim>(reference));
            else if (reference.is_hyper_cube())
              elements.push_back(FE_Q<dim>(p));
            else
              {
                AssertThrow(reference.is_simplex(),
                            ExcMessage("Projected derivatives are available "
                                       "on hypercubes and simplices only."));
                // deal.II's simplices of more than two have bubbles
                elements.push_back(FE_SimplexP<dim>(std::min(2u, p)));
              }
            if (averaged && elements[i].n_dofs_per_cell() > 0)
              {
                const auto &points = elements[i].get_unit_support_points();
                quadratures.push_back(Quadrature<dim>(
                  points,
                  std::vector<double>(points.size(), 1. / points.size())));
              }
            else
              quadratures.push_back(
                reference.template get_gauss_type_quadrature<dim>(p + 1));
          }
      }

      template <typename Work>
      void
      for_each_cell(const Work &work) const
      {
        std::vector<types::global_dof_index> indices;
        for (const auto &cell : dofs.active_cell_iterators())
          if (cell->is_locally_owned() && cell->get_fe().n_dofs_per_cell() > 0)
            {
              indices.resize(cell->get_fe().n_dofs_per_cell());
              cell->get_dof_indices(indices);
              work(cell, indices);
            }
      }

      static double
      volume(const FEValues<dim> &fe_values)
      {
        double sum = 0;
        for (const double JxW : fe_values.get_JxW_values())
          sum += JxW;
        return sum;
      }

      void
      sum_weights()
      {
        weights.reinit(dofs.locally_owned_dofs(), communicator());
        hp::FEValues<dim> all_values(
          mappings, elements, quadratures, update_JxW_values);
        for_each_cell([&](const Cell &cell, const auto &indices) {
          all_values.reinit(cell);
          weights.add(
            indices,
            std::vector<double>(indices.size(),
                                volume(all_values.get_present_fe_values())));
        });
        weights.compress(VectorOperation::add);
      }

      void
      assemble_mass()
      {
        TrilinosWrappers::SparsityPattern pattern(dofs.locally_owned_dofs(),
                                                  dofs.locally_owned_dofs(),
                                                  relevant,
                                                  communicator());
        // all cells of a serial mesh, whatever their subdomain ids are
        DoFTools::make_sparsity_pattern(
          dofs,
          pattern,
          constraints,
          false,
          dofs.get_triangulation().locally_owned_subdomain());
        pattern.compress();
        mass.reinit(pattern);
        hp::FEValues<dim> all_values(
          mappings, elements, quadratures, update_values | update_JxW_values);
        for_each_cell([&](const Cell &cell, const auto &indices) {
          all_values.reinit(cell);
          const FEValues<dim> &fe_values = all_values.get_present_fe_values();
          FullMatrix<double>   cell_mass(indices.size());
          for (const unsigned int q : fe_values.quadrature_point_indices())
            for (unsigned int i = 0; i < indices.size(); ++i)
              for (unsigned int j = 0; j < indices.size(); ++j)
                cell_mass(i, j) += fe_values.shape_value(i, q) *
                                   fe_values.shape_value(j, q) *
                                   fe_values.JxW(q);
          constraints.distribute_local_to_global(cell_mass, indices, mass);
        });
        mass.compress(VectorOperation::add);
        preconditioner.initialize(mass);
      }

      const bool                        averaged;
      const hp::MappingCollection<dim> &mappings;
      const DoFHandler<dim>            &solution_dofs;
      hp::FECollection<dim>             elements;
      hp::QCollection<dim>              quadratures;
      DoFHandler<dim>                   dofs;
      IndexSet                          relevant;
      AffineConstraints<double>         constraints;

      TrilinosWrappers::SparseMatrix       mass;
      TrilinosWrappers::PreconditionJacobi preconditioner;
      /** For means: the volume of the cells around each node. */
      Vector weights;
    };
  } // namespace internal
} // namespace derl

#endif
