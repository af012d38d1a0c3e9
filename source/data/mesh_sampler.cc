// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "mesh_sampler.h"

#include <derl/base/collective.h>

#include <deal.II/base/exceptions.h>

#include <deal.II/grid/reference_cell.h>

#include <deal.II/hp/fe_values.h>

#include <algorithm>
#include <numeric>

#include "../base/check_vector.h"
#include "../base/communication.h"
#include "../base/vector_types.h"
#include "auxiliary_functions.h"
#include "base_element.h"
#include "check_request.h"
#include "sample_factors.h"

namespace derl
{
  namespace internal
  {
    using namespace dealii;

    template <int dim>
    MeshSampler<dim>::MeshSampler(const hp::MappingCollection<dim> &mappings,
                                  const DoFHandler<dim>            &dof_handler,
                                  const SampleRequest<dim>         &request)
      : mappings(mappings)
      , dof_handler(dof_handler)
      , request(request)
      , communicator(communicator_of(dof_handler, request))
    {
      run_collectively(
        communicator, [&]() { check_request(mappings, dof_handler, request); });
    }



    template <int dim>
    void
    MeshSampler<dim>::set_columns(const std::vector<MultiIndex> &further)
    {
      const unsigned int      n_further = further_coordinates.size();
      std::vector<MultiIndex> parts     = {MultiIndex(n_further, 0)};
      parts.insert(parts.end(), further.begin(), further.end());
      fields.resize(parts.size());
      unsigned int selected = 0;
      for (unsigned int c = 0;
           c < dof_handler.get_fe_collection().n_components();
           ++c)
        if (request.components[c])
          {
            for (const unsigned int order : request.orders)
              for (const MultiIndex &derivative :
                   derivatives_of_order(dim + n_further, order))
                {
                  const auto part = std::find(
                    parts.begin(),
                    parts.end(),
                    MultiIndex(derivative.begin() + dim, derivative.end()));
                  if (part == parts.end())
                    continue;
                  Field &field = fields[std::distance(parts.begin(), part)];
                  field.entries.push_back(
                    {c,
                     MultiIndex(derivative.begin(), derivative.begin() + dim)});
                  field.columns.push_back(columns.size());
                  columns.push_back({selected, derivative});
                }
            ++selected;
          }
    }



    template <int dim>
    template <typename VectorType>
    void
    MeshSampler<dim>::observe(const Snapshot<VectorType> &snapshot)
    {
      further_coordinates = snapshot.coordinates;
      std::vector<MultiIndex> further;
      run_collectively(communicator, [&]() {
        check_vector(dof_handler, snapshot.solution);
        for (const auto &[derivative, vector] : snapshot.derivatives)
          {
            AssertThrow(derivative.size() == further_coordinates.size() &&
                          order(derivative) > 0,
                        ExcMessage("A derivative of a snapshot is given by a "
                                   "multi-index over its " +
                                   std::to_string(further_coordinates.size()) +
                                   " coordinates that is not zero."));
            check_vector(dof_handler, *vector);
            further.push_back(derivative);
          }
        check_further_derivatives(request.orders, further);
      });
      set_columns(further);
      for (unsigned int f = 0; f < fields.size(); ++f)
        estimators.push_back(make_estimator(EstimatorInput<dim, VectorType>{
          mappings,
          dof_handler,
          f == 0 ? snapshot.solution : *snapshot.derivatives[f - 1].second,
          request,
          communicator,
          fields[f].entries}));
    }



    template <int dim>
    void
    MeshSampler<dim>::observe(const Function<dim> &function)
    {
      run_collectively(communicator, [&]() {
        AssertThrow(function.n_components ==
                      dof_handler.get_fe_collection().n_components(),
                    ExcMessage("The function has " +
                               std::to_string(function.n_components) +
                               " components, the element another number."));
      });
      set_columns({});
      estimators.push_back(make_estimator(function, fields[0].entries));
    }



    template <int dim>
    Samples
    MeshSampler<dim>::sample_cells(const hp::QCollection<dim> &quadratures,
                                   const std::string          &origin) const
    {
      if (request.normals)
        throw AgreedError("Only samples at the boundary have normals. Ask "
                          "sample_boundary() for them.");
      const Table table = fill(
        origin,
        [&](const UpdateFlags flags, const Need &need, const Visitor &visit) {
          hp::FEValues<dim> fe_values(
            mappings, dof_handler.get_fe_collection(), quadratures, flags);
          for_each_cell([&](const Cell &cell) {
            const unsigned int index =
              quadrature_index(cell, quadratures, cell->reference_cell());
            if (!need(quadratures[index].size()))
              return;
            fe_values.reinit(cell, index);
            visit(fe_values.get_present_fe_values(), cell);
          });
        });
      if (global_count(communicator, table.n_points) == 0)
        throw AgreedError("The request selects no cell on any rank that has "
                          "all of the selected components. Check its predicate "
                          "and component mask.");
      return table.samples;
    }



    template <int dim>
    Samples
    MeshSampler<dim>::sample_faces(const hp::QCollection<dim - 1> &quadratures,
                                   const std::string              &origin) const
    {
      std::set<types::boundary_id> ids;
      const Table                  table = fill(
        origin,
        [&](const UpdateFlags flags, const Need &need, const Visitor &visit) {
          hp::FEFaceValues<dim> fe_values(
            mappings, dof_handler.get_fe_collection(), quadratures, flags);
          for_each_cell([&](const Cell &cell) {
            for (const unsigned int face : cell->face_indices())
              if (cell->face(face)->at_boundary())
                {
                  const auto id = cell->face(face)->boundary_id();
                  ids.insert(id);
                  if (!request.boundary_ids.empty() &&
                      request.boundary_ids.count(id) == 0)
                    continue;
                  AssertThrow(
                    cell->reference_cell() != ReferenceCells::Wedge &&
                      cell->reference_cell() != ReferenceCells::Pyramid,
                    ExcMessage("Faces of wedges and pyramids cannot be "
                                                "sampled: they need different "
                                                "quadratures. Select other cells."));
                  const unsigned int index = quadrature_index(
                    cell,
                    quadratures,
                    cell->reference_cell().face_reference_cell(face));
                  if (!need(quadratures[index].size()))
                    continue;
                  fe_values.reinit(cell, face, index);
                  visit(fe_values.get_present_fe_values(), cell);
                }
          });
        });
      check_boundary_ids(ids);
      return table.samples;
    }



    template <int dim>
    UpdateFlags
    MeshSampler<dim>::update_flags() const
    {
      UpdateFlags result = update_quadrature_points | update_JxW_values;
      if (request.normals)
        result |= update_normal_vectors;
      for (const auto &estimator : estimators)
        result |= estimator->update_flags();
      return result;
    }



    template <int dim>
    std::vector<std::string>
    MeshSampler<dim>::auxiliary_names() const
    {
      std::vector<std::string> result;
      if (request.normals)
        for (unsigned int d = 0; d < dim; ++d)
          result.push_back(std::string("normal_") + "xyz"[d]);
      if (request.cell_numbers)
        result.push_back("cell");
      const auto of_functions = internal::auxiliary_names(request.auxiliary);
      result.insert(result.end(), of_functions.begin(), of_functions.end());
      return result;
    }



    template <int dim>
    std::vector<double>
    MeshSampler<dim>::auxiliary_numbers(const FEValuesBase<dim> &fe_values,
                                        const Cell              &cell) const
    {
      const double number = request.cell_numbers ? cell_number(cell->id()) : 0.;
      std::vector<double> result;
      for (unsigned int q = 0; q < fe_values.n_quadrature_points; ++q)
        {
          if (request.normals)
            for (unsigned int d = 0; d < dim; ++d)
              result.push_back(fe_values.normal_vector(q)[d]);
          if (request.cell_numbers)
            result.push_back(number);
          append_auxiliary(
            request.auxiliary, fe_values.quadrature_point(q), result);
        }
      return result;
    }



    template <int dim>
    template <int part_dim>
    unsigned int
    MeshSampler<dim>::quadrature_index(
      const Cell                      &cell,
      const hp::QCollection<part_dim> &quadratures,
      const ReferenceCell             &part) const
    {
      const unsigned int index =
        request.quadrature_index ? request.quadrature_index(cell)
        : quadratures.size() > 1 ? cell->active_fe_index()
                                 : 0;
      AssertThrow(index < quadratures.size(),
                  ExcMessage("A cell needs the quadrature with the number " +
                             std::to_string(index) + ", but the last one is " +
                             std::to_string(int(quadratures.size()) - 1) +
                             "."));
      if constexpr (part_dim > 0)
        for (const Point<part_dim> &x : quadratures[index].get_points())
          AssertThrow((!part.is_hyper_cube() && !part.is_simplex()) ||
                        part.contains_point(x, 1e-10),
                      ExcMessage("A quadrature has points outside of a " +
                                 part.to_string() +
                                 ". Give one for such cells or faces, as "
                                 "QGaussSimplex for simplices."));
      return index;
    }



    template <int dim>
    void
    MeshSampler<dim>::for_each_cell(
      const std::function<void(const Cell &)> &work) const
    {
      // a mesh that every rank holds: contiguous shares
      const bool          is_dealt_out = request.communicator != MPI_COMM_NULL;
      const std::uint64_t n_cells =
        dof_handler.get_triangulation().n_active_cells();
      const std::uint64_t n_ranks =
        Utilities::MPI::n_mpi_processes(communicator);
      const std::uint64_t rank = Utilities::MPI::this_mpi_process(communicator);
      for (const auto &cell : dof_handler.active_cell_iterators())
        if (cell->is_locally_owned() &&
            (!is_dealt_out ||
             cell->active_cell_index() * n_ranks / n_cells == rank) &&
            has_components(cell->get_fe(), request.components) &&
            (!request.cells || request.cells(cell)))
          work(cell);
    }



    template <int dim>
    void
    MeshSampler<dim>::add(const FEValuesBase<dim> &fe_values,
                          const Cell              &cell,
                          const std::vector<bool> &chosen,
                          const std::size_t        first,
                          Table                   &table) const
    {
      const unsigned int  n_points  = fe_values.n_quadrature_points;
      const unsigned int  n_columns = columns.size();
      std::vector<double> observations(n_points * n_columns);
      std::vector<double> variances(n_points * n_columns);
      for (unsigned int f = 0; f < fields.size(); ++f)
        {
          const unsigned int       n_entries = fields[f].entries.size();
          dealii::Table<2, double> estimates(n_entries, n_points);
          dealii::Table<2, double> squares(n_entries, n_points);
          estimators[f]->estimate(fe_values, cell, estimates, squares);
          for (unsigned int e = 0; e < n_entries; ++e)
            for (unsigned int q = 0; q < n_points; ++q)
              {
                const unsigned int k = q * n_columns + fields[f].columns[e];
                observations[k]      = estimates(e, q);
                variances[k]         = squares(e, q);
              }
        }
      const double              unit      = unit_of_weights(fe_values);
      const std::vector<double> auxiliary = auxiliary_numbers(fe_values, cell);
      const unsigned int        n_auxiliary = auxiliary.size() / n_points;
      std::vector<double>       point(dim);
      point.insert(
        point.end(), further_coordinates.begin(), further_coordinates.end());
      for (unsigned int q = 0; q < n_points; ++q)
        {
          if (!chosen.empty() && !chosen[first + q])
            continue;
          for (unsigned int d = 0; d < dim; ++d)
            point[d] = fe_values.quadrature_point(q)[d];
          table.samples.add(ArrayView<const double>(point.data(), point.size()),
                            ArrayView<const double>(
                              observations.data() + q * n_columns, n_columns),
                            fe_values.JxW(q) / unit,
                            ArrayView<const double>(
                              auxiliary.data() + q * n_auxiliary, n_auxiliary));
          if (request.use_variances)
            table.variances.insert(table.variances.end(),
                                   variances.begin() + q * n_columns,
                                   variances.begin() + (q + 1) * n_columns);
        }
    }



    template <int dim>
    double
    MeshSampler<dim>::unit_of_weights(const FEValuesBase<dim> &fe_values) const
    {
      if (request.weighting == SampleWeighting::volume)
        return 1.;
      const std::vector<double> &volumes = fe_values.get_JxW_values();
      return std::accumulate(volumes.begin(), volumes.end(), 0.);
    }



    template <int dim>
    std::vector<bool>
    MeshSampler<dim>::choose(const Walk &walk) const
    {
      std::vector<bool> result;
      if (!request.choice)
        return result;
      std::size_t n_points    = 0;
      bool        has_visited = false;
      const auto  numbers = request.choice([&](const PointVisitor &visitor) {
        has_visited = true;
        run_collectively(communicator, [&]() {
          std::vector<double> point(dim);
          point.insert(point.end(),
                       further_coordinates.begin(),
                       further_coordinates.end());
          n_points = 0;
          walk(
            update_quadrature_points | update_JxW_values,
            [](const unsigned int) { return true; },
            [&](const FEValuesBase<dim> &fe_values, const Cell &) {
              const double unit = unit_of_weights(fe_values);
              for (const unsigned int q : fe_values.quadrature_point_indices())
                {
                  for (unsigned int d = 0; d < dim; ++d)
                    point[d] = fe_values.quadrature_point(q)[d];
                  visitor(ArrayView<const double>(point.data(), point.size()),
                          fe_values.JxW(q) / unit);
                }
              n_points += fe_values.n_quadrature_points;
            });
        });
      });
      run_collectively(communicator, [&]() {
        AssertThrow(has_visited,
                    ExcMessage("A choice of points must visit them."));
        // one more than there are, so that it is not empty
        result.assign(n_points + 1, false);
        for (std::size_t k = 0; k < numbers.size(); ++k)
          {
            AssertThrow(numbers[k] < n_points &&
                          (k == 0 || numbers[k - 1] < numbers[k]),
                        ExcMessage("A choice of points must return sorted "
                                   "numbers of points that it visited."));
            result[numbers[k]] = true;
          }
      });
      return result;
    }



    template <int dim>
    typename MeshSampler<dim>::Table
    MeshSampler<dim>::fill(const std::string &origin, const Walk &walk) const
    {
      const std::vector<bool> chosen = choose(walk);
      std::size_t             first = 0, next = 0;
      const auto              go = [&](const Visitor &visit) {
        next = 0;
        walk(
          update_flags(),
          [&](const unsigned int n_points) {
            first = next;
            next += n_points;
            return chosen.empty() || std::find(chosen.begin() + first,
                                               chosen.begin() + next,
                                               true) != chosen.begin() + next;
          },
          visit);
      };
      for (const auto &estimator : estimators)
        if (estimator->needs_points())
          {
            run_collectively(communicator, [&]() {
              go([&](const FEValuesBase<dim> &fe_values, const Cell &cell) {
                estimator->announce(fe_values, cell);
              });
            });
            estimator->prepare(communicator);
          }

      Table table{
        Samples(
          dim + further_coordinates.size(), columns, origin, auxiliary_names()),
        {},
        0};
      run_collectively(communicator, [&]() {
        go([&](const FEValuesBase<dim> &fe_values, const Cell &cell) {
          add(fe_values, cell, chosen, first, table);
        });
        table.samples.check();
        table.n_points = next;
      });
      if (request.use_variances)
        set_factors(communicator, table.variances, table.samples);
      return table;
    }



    template <int dim>
    void
    MeshSampler<dim>::check_boundary_ids(
      const std::set<types::boundary_id> &ids) const
    {
      const std::set<types::boundary_id> all =
        Utilities::MPI::compute_set_union(ids, communicator);
      if (all.empty())
        throw AgreedError("No selected cell on any rank is at the boundary.");
      std::string names;
      for (const auto id : all)
        names += (names.empty() ? "" : ", ") + std::to_string(id);
      for (const auto id : request.boundary_ids)
        if (all.count(id) == 0)
          throw AgreedError(
            "No rank has a boundary face with id " + std::to_string(id) +
            " in the selected cells. The ids there are: " + names + ".");
    }



#define DERL_INSTANTIATE_VECTOR(dim, VectorType) \
  template void MeshSampler<dim>::observe(const Snapshot<VectorType> &);

#define DERL_INSTANTIATE(dim)      \
  template class MeshSampler<dim>; \
  DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, dim)

    DERL_INSTANTIATE(1)
    DERL_INSTANTIATE(2)
    DERL_INSTANTIATE(3)
  } // namespace internal
} // namespace derl
