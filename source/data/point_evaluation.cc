// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <deal.II/base/bounding_box.h>
#include <deal.II/base/exceptions.h>
#include <deal.II/base/quadrature_lib.h>

#include <deal.II/fe/fe_nothing.h>
#include <deal.II/fe/fe_values.h>

#include <deal.II/numerics/rtree.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "../base/vector_types.h"
#include "base_element.h"
#include "rank_directory.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * Evaluates a finite element solution at points of any rank.
     *
     * deal.II's RemotePointEvaluation does so, too, but each rank gathers boxes
     * of all others, for each point that is in a box around a cell, and yet not
     * in the domain, it tries all cells of the mesh, and it does not know the
     * part of curved cells that is outside of the box around their vertices.
     * Differences ask for many such points.
     */
    template <int dim, typename VectorType>
    class SolutionAtPoints
    {
    public:
      /**
       * Collective.
       */
      SolutionAtPoints(const Mapping<dim>    &mapping,
                       const DoFHandler<dim> &dof_handler,
                       const VectorType      &solution,
                       const ComponentMask   &components)
        : mapping(mapping)
        , dof_handler(dof_handler)
        , solution(solution)
        , components(components)
        , communicator(dof_handler.get_communicator())
        , n_components(dof_handler.get_fe_collection().n_components())
      {
        run_collectively(communicator, [&]() {
          AssertThrow(components.represents_n_components(n_components),
                      ExcMessage("The component mask does not fit the "
                                 "element."));
          for (const FiniteElement<dim> &fe : dof_handler.get_fe_collection())
            AssertThrow(
              fe.is_primitive(),
              ExcMessage("Differences need elements whose shape functions have "
                         "a single component each, and this one's have "
                         "several. Ask for another estimator."));
          cells = pack_rtree(boxes_of_cells());
        });
        std::vector<BoundingBox<dim>> around_cells;
        if (!cells.empty())
          around_cells = extract_rtree_level(cells, 0);
        ranks = std::make_unique<const internal::RankDirectory<dim>>(
          communicator, around_cells);
      }

      /**
       * Collective.
       */
      PointValues
      evaluate(const std::vector<Point<dim>> &points) const
      {
        std::map<unsigned int, std::vector<std::size_t>> numbers;
        std::map<unsigned int, std::vector<Point<dim>>>  questions;
        const auto boxes = pack_rtree(ranks->around(points));
        for (std::size_t i = 0; i < points.size(); ++i)
          for (const auto &[box, rank] : at_point(boxes, points[i]))
            if (auto &sent = numbers[rank]; sent.empty() || sent.back() != i)
              {
                sent.push_back(i);
                questions[rank].push_back(points[i]);
              }

        const auto received =
          Utilities::MPI::some_to_some(communicator, questions);
        std::map<unsigned int, std::vector<double>> answers;
        run_collectively(communicator, [&]() {
          for (const auto &[rank, asked] : received)
            answers[rank] = sums_over_cells(asked);
        });
        std::vector<double> sums(points.size() * (n_components + 1), 0.);
        for (const auto &[rank, parts] :
             Utilities::MPI::some_to_some(communicator, answers))
          for (std::size_t k = 0; k < parts.size(); ++k)
            sums[numbers[rank][k / (n_components + 1)] * (n_components + 1) +
                 k % (n_components + 1)] += parts[k];

        PointValues result;
        for (std::size_t i = 0; i < points.size(); ++i)
          {
            const double *sum = sums.data() + i * (n_components + 1);
            result.found.push_back(sum[n_components] > 0.);
            for (unsigned int c = 0; c < n_components; ++c)
              result.values.push_back(
                result.found.back() ? sum[c] / sum[n_components] : 0.);
          }
        return result;
      }

    private:
      using Cell = typename SampleRequest<dim>::Cell;

      /**
       * The entries of a tree whose boxes have a point.
       */
      template <typename Leaf>
      static std::vector<std::pair<BoundingBox<dim>, Leaf>>
      at_point(const RTree<std::pair<BoundingBox<dim>, Leaf>> &tree,
               const Point<dim>                               &x)
      {
        std::vector<std::pair<BoundingBox<dim>, Leaf>> result;
        tree.query(boost::geometry::index::intersects(x),
                   std::back_inserter(result));
        return result;
      }

      /**
       * Boxes around the locally owned cells of the components' domain.
       */
      std::vector<std::pair<BoundingBox<dim>, Cell>>
      boxes_of_cells() const
      {
        const auto reference =
          dof_handler.get_fe_collection()[0].reference_cell();
        // as a curved cell has points outside of the box around its vertices,
        // take those in the middle of edges and faces, too, and then some more
        Quadrature<dim> points;
        if (reference.is_hyper_cube())
          points = QIterated<dim>(QTrapezoid<1>(), 2);
        else
          {
            std::vector<Point<dim>> vertices;
            for (const unsigned int v : reference.vertex_indices())
              vertices.push_back(reference.template vertex<dim>(v));
            points = Quadrature<dim>(vertices);
          }
        const FE_Nothing<dim> nothing(reference);
        FEValues<dim>         fe_values(
          mapping, nothing, points, update_quadrature_points);
        std::vector<std::pair<BoundingBox<dim>, Cell>> boxes;
        for (const auto &cell : dof_handler.active_cell_iterators())
          if (cell->is_locally_owned() &&
              internal::has_components(cell->get_fe(), components))
            {
              fe_values.reinit(
                typename Triangulation<dim>::active_cell_iterator(cell));
              BoundingBox<dim> box(fe_values.get_quadrature_points());
              double           size = 0;
              for (unsigned int d = 0; d < dim; ++d)
                size = std::max(size, box.side_length(d));
              box.extend(0.1 * size);
              boxes.emplace_back(box, cell);
            }
        return boxes;
      }

      /**
       * For each point, the sum of the solution's components over the locally
       * owned cells that have it, and the number of these cells.
       */
      std::vector<double>
      sums_over_cells(const std::vector<Point<dim>> &points) const
      {
        std::vector<double> sums(points.size() * (n_components + 1), 0.);
        std::vector<types::global_dof_index> indices;
        for (std::size_t i = 0; i < points.size(); ++i)
          for (const auto &[box, cell] : at_point(cells, points[i]))
            {
              Point<dim> x;
              try
                {
                  x = mapping.transform_real_to_unit_cell(cell, points[i]);
                }
              catch (const typename Mapping<dim>::ExcTransformationFailed &)
                {
                  continue;
                }
              if (!cell->reference_cell().contains_point(x, 1e-6))
                continue;
              double *sum = sums.data() + i * (n_components + 1);
              const FiniteElement<dim> &fe = cell->get_fe();
              indices.resize(fe.n_dofs_per_cell());
              cell->get_dof_indices(indices);
              for (unsigned int j = 0; j < indices.size(); ++j)
                sum[fe.system_to_component_index(j).first] +=
                  solution(indices[j]) * fe.shape_value(j, x);
              sum[n_components] += 1.;
            }
        return sums;
      }

      const Mapping<dim>    &mapping;
      const DoFHandler<dim> &dof_handler;
      const VectorType      &solution;
      const ComponentMask    components;
      const MPI_Comm         communicator;
      const unsigned int     n_components;

      RTree<std::pair<BoundingBox<dim>, Cell>>            cells;
      std::unique_ptr<const internal::RankDirectory<dim>> ranks;
    };
  } // namespace



  template <int dim, typename VectorType>
  PointEvaluation<dim>
  evaluate_at_points(const Mapping<dim>    &mapping,
                     const DoFHandler<dim> &dof_handler,
                     const VectorType      &solution,
                     const ComponentMask   &components)
  {
    const auto evaluation =
      std::make_shared<const SolutionAtPoints<dim, VectorType>>(
        mapping, dof_handler, solution, components);
    return [evaluation](const std::vector<Point<dim>> &points) {
      return evaluation->evaluate(points);
    };
  }



#define DERL_INSTANTIATE_VECTOR(dim, VectorType)                            \
  template PointEvaluation<dim> evaluate_at_points(const Mapping<dim> &,    \
                                                   const DoFHandler<dim> &, \
                                                   const VectorType &,      \
                                                   const ComponentMask &);

  DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 1)
  DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 2)
  DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 3)
} // namespace derl
