// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/quadrature.h>

#include <deal.II/fe/fe_values_extractors.h>

#include <deal.II/hp/fe_values.h>

#include <algorithm>

#include "../base/readable_elements.h"
#include "../base/vector_types.h"
#include "base_element.h"
#include "estimators.h"
#include "patch_nodes.h"
#include "patches.h"
#include "polynomial_fit.h"

namespace derl
{
  namespace internal
  {
    using namespace dealii;

    namespace
    {
      /**
       * Components with the same nodes: those of one base element, or several
       * copies of it.
       */
      struct Group
      {
        std::vector<unsigned int> components;
        /** For each element of the collection. */
        std::vector<unsigned int> degrees;
      };



      template <int dim>
      bool
      is_nodal(const FiniteElement<dim> &base)
      {
        return base.n_dofs_per_cell() > 0 && base.has_support_points() &&
               base.is_primitive();
      }



      /**
       * The affine map that fits the mapped vertices best, from distances in
       * space to those in a cell whose vertices have the same second moments
       * as those of the unit cube.
       */
      template <int dim>
      Tensor<2, dim>
      affine_map_to_cell(const Mapping<dim>                      &mapping,
                         const typename SampleRequest<dim>::Cell &cell,
                         Point<dim>                              &center)
      {
        const auto         vertices  = mapping.get_vertices(cell);
        const unsigned int n         = vertices.size();
        const auto         reference = cell->reference_cell();
        Tensor<1, dim>     mean, reference_mean;
        for (unsigned int v = 0; v < n; ++v)
          {
            mean += vertices[v] / double(n);
            reference_mean += reference.template vertex<dim>(v) / double(n);
          }
        Tensor<2, dim> moments, reference_moments;
        for (unsigned int v = 0; v < n; ++v)
          {
            const Tensor<1, dim> r =
              reference.template vertex<dim>(v) - Point<dim>(reference_mean);
            moments += outer_product(vertices[v] - Point<dim>(mean), r);
            reference_moments += outer_product(r, r);
          }
        // reference_moments = factor factor^T: r = factor s, where the s have
        // the unit matrix for their moments, and the cube's have 1/4 of it
        Tensor<2, dim> factor;
        reference_moments /= double(n);
        for (unsigned int i = 0; i < dim; ++i)
          for (unsigned int j = 0; j <= i; ++j)
            {
              double sum = reference_moments[i][j];
              for (unsigned int k = 0; k < j; ++k)
                sum -= factor[i][k] * factor[j][k];
              factor[i][j] = i == j ? std::sqrt(sum) : sum / factor[j][j];
            }
        center = Point<dim>(mean);
        return invert(moments / double(n) * invert(reference_moments) * 2. *
                      factor);
      }



      template <int dim, typename VectorType>
      class RecoveredEstimator : public CellEstimator<dim>
      {
      public:
        RecoveredEstimator(const EstimatorInput<dim, VectorType> &input)
          : mappings(input.mappings)
          , dof_handler(input.dof_handler)
          , entries(input.entries)
          , patches(mappings, dof_handler, input.request.cells)
          , needs_nodes(dof_handler.get_triangulation().n_active_cells(), false)
        {
          for (const JetEntry &entry : entries)
            highest_order = std::max(highest_order, order(entry.derivative));
          make_groups();
          for (const auto &cell : dof_handler.active_cell_iterators())
            if (cell->is_locally_owned() &&
                (!input.request.cells || input.request.cells(cell)))
              for (const auto &member : patches.around(cell).members)
                needs_nodes[member.active_cell_index] = true;
          check_readable(input.solution);
          for (const Group &group : groups)
            nodes.push_back(nodes_of(group, input.solution));
        }

        UpdateFlags
        update_flags() const override
        {
          return update_default;
        }

        void
        estimate(const FEValuesBase<dim>                 &fe_values,
                 const typename SampleRequest<dim>::Cell &cell,
                 Table<2, double>                        &estimates,
                 Table<2, double> &variances) const override
        {
          const auto           patch = patches.around(cell);
          const unsigned int   fe    = cell->active_fe_index();
          Point<dim>           center;
          const Tensor<2, dim> to_cell = affine_map_to_cell(
            mappings[mappings.size() > 1 ? fe : 0], cell, center);

          for (unsigned int g = 0; g < groups.size(); ++g)
            {
              const Nodes<dim> around =
                nodes_of_patch(nodes[g], patch, cell->diameter());
              typename PolynomialFits<dim>::Key key;
              std::vector<Point<dim>>           points;
              for (const Point<dim> &x : around.points)
                points.push_back(Point<dim>(to_cell * (x - center)));
              const std::vector<unsigned int> order =
                PolynomialFits<dim>::sort(points, key);
              const auto in_order = [&](const auto &numbers) {
                auto result = numbers;
                for (unsigned int i = 0; i < order.size(); ++i)
                  result[i] = numbers[order[i]];
                return result;
              };
              const unsigned int p = groups[g].degrees[fe];
              // p + 1 layers of nodes, as a layer of cells has, may determine
              // a higher degree, but not well
              const auto fit =
                fits.get(monomials[degree_of_fit(p)],
                         std::max(patch.is_cut ? p : p + 1, highest_order),
                         in_order(points),
                         key);
              AssertThrow(
                fit->degree() >= highest_order,
                ExcMessage(
                  "The nodes around a cell, probably one in a corner or with "
                  "few neighbours that the request selects, determine no "
                  "derivatives of order " +
                  std::to_string(highest_order) +
                  ". Ask for lower orders, select more cells, or take elements "
                  "of a higher degree."));
              std::vector<typename PolynomialFit<dim>::Polynomial> polynomials;
              for (const std::vector<double> &values : around.values)
                polynomials.push_back(fit->fit(in_order(values)));

              std::map<MultiIndex, std::vector<unsigned int>> rows;
              for (unsigned int e = 0; e < entries.size(); ++e)
                if (group_of_entry[e] == g)
                  rows[entries[e].derivative].push_back(e);
              for (const auto &[derivative, which] : rows)
                for (const unsigned int q :
                     fe_values.quadrature_point_indices())
                  {
                    const auto all = fit->derivative(
                      polynomials,
                      Point<dim>(to_cell *
                                 (fe_values.quadrature_point(q) - center)),
                      to_cell,
                      derivative);
                    for (const unsigned int e : which)
                      {
                        const unsigned int c = position_in_group[e];
                        estimates(e, q)      = all[c].value;
                        variances(e, q)      = all[c].variance;
                      }
                  }
            }
        }

      private:
        /**
         * The degree of the polynomial for elements of degree p.
         */
        unsigned int
        degree_of_fit(const unsigned int p) const
        {
          return std::max(std::min(2 * p, p + 2) + 1, highest_order);
        }

        void
        make_groups()
        {
          const hp::FECollection<dim> &fes = dof_handler.get_fe_collection();
          for (const JetEntry &entry : entries)
            {
              const unsigned int c          = entry.component;
              const auto         same_nodes = [&](const Group &group) {
                for (unsigned int i = 0; i < fes.size(); ++i)
                  if (&base_element(fes[i], c) !=
                      &base_element(fes[i], group.components[0]))
                    return false;
                return true;
              };
              unsigned int g = 0;
              while (g < groups.size() && !same_nodes(groups[g]))
                ++g;
              if (g == groups.size())
                {
                  groups.emplace_back();
                  for (unsigned int i = 0; i < fes.size(); ++i)
                    {
                      const unsigned int p = base_element(fes[i], c).degree;
                      groups[g].degrees.push_back(p);
                      while (monomials.size() <= degree_of_fit(p))
                        monomials.emplace_back(monomials.size());
                    }
                }
              std::vector<unsigned int> &members = groups[g].components;
              const auto                 position =
                std::find(members.begin(), members.end(), c);
              group_of_entry.push_back(g);
              position_in_group.push_back(position - members.begin());
              if (position == members.end())
                members.push_back(c);
            }
        }

        void
        check_readable(const VectorType &solution) const
        {
          const IndexSet readable = readable_elements(solution);
          std::vector<types::global_dof_index> indices;
          for (const auto &cell : dof_handler.active_cell_iterators())
            if (needs_nodes[cell->active_cell_index()])
              {
                indices.resize(cell->get_fe().n_dofs_per_cell());
                cell->get_dof_indices(indices);
                for (const types::global_dof_index i : indices)
                  AssertThrow(
                    readable.is_element(i),
                    ExcMessage(
                      "Recovered derivatives need the solution in ghost cells, "
                      "too. Give a vector that can be read at all locally "
                      "relevant degrees of freedom, see "
                      "DoFTools::extract_locally_relevant_dofs()."));
              }
        }

        /**
         * The nodes of all needed cells, by the cells' numbers.
         */
        std::vector<Nodes<dim>>
        nodes_of(const Group &group, const VectorType &solution) const
        {
          const hp::FECollection<dim> &fes = dof_handler.get_fe_collection();
          hp::QCollection<dim>         positions;
          // for each element the degrees of freedom at the nodes
          std::vector<std::vector<unsigned int>> dofs(fes.size());
          std::vector<bool>                      is_continuous(fes.size());
          for (unsigned int i = 0; i < fes.size(); ++i)
            {
              const FiniteElement<dim> &fe = fes[i];
              const FiniteElement<dim> &base =
                base_element(fe, group.components[0]);
              if (!is_nodal(base))
                {
                  positions.push_back(
                    fe.reference_cell().template get_gauss_type_quadrature<dim>(
                      base.degree + 1));
                  continue;
                }
              is_continuous[i] = base.conforms(FiniteElementData<dim>::H1);
              std::vector<Point<dim>> points;
              for (unsigned int k = 0; k < fe.n_dofs_per_cell(); ++k)
                if (fe.is_primitive(k) &&
                    fe.system_to_component_index(k).first ==
                      group.components[0])
                  {
                    points.push_back(fe.unit_support_point(k));
                    dofs[i].push_back(k);
                  }
              positions.push_back(Quadrature<dim>(points));
            }

          hp::FEValues<dim> fe_values(
            mappings, fes, positions, update_values | update_quadrature_points);
          std::vector<Nodes<dim>>              result(needs_nodes.size());
          std::vector<types::global_dof_index> indices;
          for (const auto &cell : dof_handler.active_cell_iterators())
            if (needs_nodes[cell->active_cell_index()] &&
                base_element(cell->get_fe(), group.components[0])
                    .n_dofs_per_cell() > 0)
              {
                fe_values.reinit(cell);
                const FEValues<dim> &values = fe_values.get_present_fe_values();
                Nodes<dim>          &at     = result[cell->active_cell_index()];
                at.points                   = values.get_quadrature_points();
                at.is_continuous = is_continuous[cell->active_fe_index()];
                for (const unsigned int c : group.components)
                  {
                    at.values.emplace_back(values.n_quadrature_points);
                    values[FEValuesExtractors::Scalar(c)].get_function_values(
                      solution, at.values.back());
                  }
                indices.resize(cell->get_fe().n_dofs_per_cell());
                cell->get_dof_indices(indices);
                for (const unsigned int k : dofs[cell->active_fe_index()])
                  at.numbers.push_back(indices[k]);
              }
          return result;
        }

        const hp::MappingCollection<dim> &mappings;
        const DoFHandler<dim>            &dof_handler;
        const std::vector<JetEntry>       entries;
        unsigned int                      highest_order = 0;

        std::vector<Group>          groups;
        std::vector<unsigned int>   group_of_entry;
        std::vector<unsigned int>   position_in_group;
        std::vector<Monomials<dim>> monomials;
        mutable PolynomialFits<dim> fits;

        const Patches<dim> patches;
        std::vector<bool>  needs_nodes;
        /** [group][active cell] */
        std::vector<std::vector<Nodes<dim>>> nodes;
      };
    } // namespace



    template <int dim, typename VectorType>
    std::unique_ptr<CellEstimator<dim>>
    make_recovered_estimator(const EstimatorInput<dim, VectorType> &input)
    {
      std::unique_ptr<CellEstimator<dim>> result;
      run_collectively(input.communicator, [&]() {
        result = std::make_unique<RecoveredEstimator<dim, VectorType>>(input);
      });
      return result;
    }



#define DERL_INSTANTIATE_VECTOR(dim, VectorType)                         \
  template std::unique_ptr<CellEstimator<dim>> make_recovered_estimator( \
    const EstimatorInput<dim, VectorType> &);

    DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 1)
    DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 2)
    DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 3)
  } // namespace internal
} // namespace derl
