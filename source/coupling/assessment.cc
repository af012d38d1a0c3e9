// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/coupling/errors.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/quadrature_lib.h>

#include <deal.II/grid/filtered_iterator.h>

#include <deal.II/hp/fe_values.h>

#include <cmath>
#include <set>

#include "../base/check_vector.h"
#include "../base/communication.h"
#include "../base/vector_types.h"
#include "../data/cell_estimator.h"
#include "assessment_sums.h"

namespace derl
{
  using namespace dealii;

  using internal::FieldSums;
  using internal::GradientSums;

  template <int dim>
  struct Assessment<dim>::Sums
  {
    std::vector<FieldSums> fields;
    MPI_Comm               communicator = MPI_COMM_NULL;
  };



  template <int dim>
  Assessment<dim>::Assessment(const Surrogate &surrogate)
    : function(surrogate, OutsideBox::ignore)
    , sums(std::make_unique<Sums>())
  {
  }



  template <int dim>
  Assessment<dim>::~Assessment() = default;



  namespace
  {
    /**
     * For each component the number of its field.
     */
    std::vector<unsigned int>
    fields_of_components(const unsigned int               n_components,
                         const std::vector<unsigned int> &base_of_component)
    {
      std::map<unsigned int, unsigned int> field_of_base;
      std::vector<unsigned int>            result;
      for (unsigned int c = 0; c < n_components; ++c)
        result.push_back(
          field_of_base.insert({base_of_component[c], field_of_base.size()})
            .first->second);
      return result;
    }



    /**
     * The square of what errors of values are over those of gradients in a cell
     * of diameter @p h, as in the element of degree p with side s on which the
     * error of the derivative is the Legendre polynomial L_p: that of values
     * is (L_{p+1} - L_{p-1}) / (2p+1), and the ratio of their squared norms
     * s^2 / (2 (2p+3) (2p-1)).
     */
    template <int dim>
    double
    squared_ratio_of_values(const double h, const unsigned int degree)
    {
      const double p = std::max(degree, 1U);
      return h * h / dim / (2. * (2. * p + 3.) * (2. * p - 1.));
    }



    /**
     * Compares gradients, and values, at the points of cells and faces.
     */
    template <int dim, typename VectorType>
    class GradientComparison
    {
    public:
      using Cell = typename DoFHandler<dim>::active_cell_iterator;

      GradientComparison(const SurrogateFunction<dim>       &function,
                         const VectorType                   &solution,
                         const internal::CellEstimator<dim> &recovery,
                         const std::vector<unsigned int>    &fields,
                         const unsigned int                  n_fields)
        : function(function)
        , solution(solution)
        , recovery(recovery)
        , fields(fields)
        , n_fields(n_fields)
      {
      }



      /**
       * The sums over a cell or a face, for each field.
       */
      std::vector<GradientSums>
      sums_of(const FEValuesBase<dim> &fe_values, const Cell &cell)
      {
        const unsigned int n          = fe_values.n_quadrature_points;
        const unsigned int components = fields.size();
        const auto jets = function.jets(fe_values.get_quadrature_points(), 1);
        std::vector<std::vector<Tensor<1, dim>>> gradients(
          n, std::vector<Tensor<1, dim>>(components));
        fe_values.get_function_gradients(solution, gradients);
        std::vector<Vector<double>> values(n, Vector<double>(components));
        fe_values.get_function_values(solution, values);
        // [entry][point], the entries being directions of each component
        dealii::Table<2, double> recovered(components * dim, n);
        dealii::Table<2, double> variances(components * dim, n);
        recovery.estimate(fe_values, cell, recovered, variances);

        std::vector<GradientSums> result(n_fields);
        for (unsigned int c = 0; c < components; ++c)
          {
            auto              &sums = result[fields[c]].sums;
            const unsigned int base =
              fe_values.get_fe().component_to_base_index(c).first;
            const double values_to_gradients = squared_ratio_of_values<dim>(
              cell->diameter(), fe_values.get_fe().base_element(base).degree);
            for (unsigned int q = 0; q < n; ++q)
              {
                const double weight    = fe_values.JxW(q);
                const auto   square_of = [&](const double x) {
                  return weight * x * x;
                };
                sums[GradientSums::value_distance] +=
                  square_of(jets.values[q][c] - values[q](c));
                sums[GradientSums::value_norm] += square_of(values[q](c));
                for (unsigned int d = 0; d < dim; ++d)
                  {
                    const double of_fe  = gradients[q][c][d];
                    const double of_net = jets.gradients[q][c][d];
                    const double of_fit = recovered(c * dim + d, q);
                    sums[GradientSums::value_error] +=
                      values_to_gradients * square_of(of_fe - of_fit);
                    sums[GradientSums::solution] += square_of(of_fe - of_fit);
                    sums[GradientSums::surrogate] += square_of(of_net - of_fit);
                    sums[GradientSums::recovery] +=
                      weight * variances(c * dim + d, q);
                    sums[GradientSums::distance] += square_of(of_net - of_fe);
                    sums[GradientSums::norm] += square_of(of_fe);
                  }
              }
          }
        return result;
      }

    private:
      const SurrogateFunction<dim>       &function;
      const VectorType                   &solution;
      const internal::CellEstimator<dim> &recovery;
      const std::vector<unsigned int>    &fields;
      const unsigned int                  n_fields;
    };



    template <int dim>
    std::set<unsigned int>
    material_ids(const DoFHandler<dim> &dof_handler)
    {
      std::set<unsigned int> ids;
      for (const auto &cell : dof_handler.active_cell_iterators())
        if (cell->is_locally_owned())
          ids.insert(cell->material_id());
      return Utilities::MPI::compute_set_union(ids,
                                               dof_handler.get_communicator());
    }



    /**
     * Gauss points in cells and faces, one more per direction than the degree:
     * none of them is special to the element.
     */
    template <int dim>
    void
    make_quadratures(const hp::FECollection<dim> &elements,
                     hp::QCollection<dim>        &of_cells,
                     hp::QCollection<dim - 1>    &of_faces)
    {
      for (unsigned int i = 0; i < elements.size(); ++i)
        {
          const unsigned int  n         = elements[i].degree + 1;
          const ReferenceCell reference = elements[i].reference_cell();
          of_cells.push_back(
            reference.template get_gauss_type_quadrature<dim>(n));
          if constexpr (dim > 1)
            {
              AssertThrow(reference.is_hyper_cube() || reference.is_simplex(),
                          ExcMessage("Surrogates cannot be assessed on wedges "
                                     "and pyramids."));
              of_faces.push_back(
                reference.face_reference_cell(0)
                  .template get_gauss_type_quadrature<dim - 1>(n));
            }
          else
            of_faces.push_back(QGauss<dim - 1>(n));
        }
    }


    /**
     * Let the surrogate be evaluated at the time and the parameters of a
     * snapshot.
     */
    template <int dim>
    void
    set_coordinates(const std::vector<double> &coordinates,
                    SurrogateFunction<dim>    &function)
    {
      std::vector<double> parameters = coordinates;
      if (function.has_time())
        {
          AssertThrow(!parameters.empty(),
                      ExcMessage("The snapshot has no time, but the surrogate "
                                 "has one."));
          function.set_time(parameters[0]);
          parameters.erase(parameters.begin());
        }
      function.set_parameters(parameters);
    }



    /**
     * First derivatives in space of all components.
     */
    template <int dim>
    std::vector<JetEntry>
    gradient_entries(const unsigned int n_components)
    {
      std::vector<JetEntry> result;
      for (unsigned int c = 0; c < n_components; ++c)
        for (unsigned int d = 0; d < dim; ++d)
          {
            MultiIndex derivative(dim, 0);
            derivative[d] = 1;
            result.push_back({c, derivative});
          }
      return result;
    }



    /**
     * Add what is found in the cells of a material, and at the boundary faces
     * of these, to the sums; and for each cell the squares that concern
     * surrogate and solution to two vectors.
     */
    template <int dim, typename VectorType>
    void
    compare_material(const unsigned int                   material,
                     const hp::MappingCollection<dim>    &mappings,
                     const DoFHandler<dim>               &dof_handler,
                     GradientComparison<dim, VectorType> &comparison,
                     std::vector<FieldSums>              &fields,
                     Vector<float>                       &of_surrogate,
                     Vector<float>                       &of_solution)
    {
      const hp::FECollection<dim> &elements = dof_handler.get_fe_collection();
      hp::QCollection<dim>         cell_quadratures;
      hp::QCollection<dim - 1>     face_quadratures;
      make_quadratures(elements, cell_quadratures, face_quadratures);
      const UpdateFlags flags = update_values | update_gradients |
                                update_quadrature_points | update_JxW_values;
      hp::FEValues<dim> cell_values(
        mappings, elements, cell_quadratures, flags);
      hp::FEFaceValues<dim> face_values(
        mappings, elements, face_quadratures, flags);
      for (const auto &cell : dof_handler.active_cell_iterators())
        {
          if (!cell->is_locally_owned() || cell->material_id() != material ||
              cell->get_fe().n_dofs_per_cell() == 0)
            continue;
          cell_values.reinit(cell);
          const auto in_cell =
            comparison.sums_of(cell_values.get_present_fe_values(), cell);
          const unsigned int index = cell->active_cell_index();
          for (unsigned int f = 0; f < fields.size(); ++f)
            {
              fields[f].domain.add(in_cell[f]);
              fields[f].worst_cells.add(in_cell[f]);
              of_surrogate(index) += in_cell[f].sums[GradientSums::surrogate];
              of_solution(index) += in_cell[f].sums[GradientSums::solution];
            }
          for (const unsigned int face : cell->face_indices())
            if (cell->face(face)->at_boundary())
              {
                face_values.reinit(cell, face);
                const auto on_face =
                  comparison.sums_of(face_values.get_present_fe_values(), cell);
                for (unsigned int f = 0; f < fields.size(); ++f)
                  fields[f].boundaries[cell->face(face)->boundary_id()].add(
                    on_face[f]);
              }
        }
    }
  } // namespace



  template <int dim>
  template <typename VectorType>
  void
  Assessment<dim>::add(const hp::MappingCollection<dim> &mappings,
                       const DoFHandler<dim>            &dof_handler,
                       const Snapshot<VectorType>       &snapshot)
  {
    const MPI_Comm               communicator = dof_handler.get_communicator();
    const hp::FECollection<dim> &elements     = dof_handler.get_fe_collection();
    const unsigned int           n_components = elements.n_components();
    std::vector<unsigned int>    fields;
    run_collectively(communicator, [&]() {
      internal::check_vector(dof_handler, snapshot.solution);
      AssertThrow(function.n_components == n_components,
                  ExcMessage("A surrogate of " +
                             std::to_string(function.n_components) +
                             " components cannot be compared with a solution "
                             "of " +
                             std::to_string(n_components) + "."));
      set_coordinates(snapshot.coordinates, function);
      std::vector<unsigned int> bases;
      for (unsigned int c = 0; c < n_components; ++c)
        bases.push_back(elements[0].component_to_base_index(c).first);
      fields = fields_of_components(n_components, bases);
    });
    const unsigned int n_fields =
      1 + *std::max_element(fields.begin(), fields.end());
    if (sums->fields.empty())
      {
        sums->communicator = communicator;
        sums->fields.resize(n_fields);
        for (unsigned int c = 0; c < n_components; ++c)
          sums->fields[fields[c]].components +=
            (sums->fields[fields[c]].components.empty() ? "" : " ") +
            function.component_names()[c];
      }

    const unsigned int n_cells =
      dof_handler.get_triangulation().n_active_cells();
    of_surrogate.reinit(n_cells);
    of_solution.reinit(n_cells);
    for (const unsigned int material : material_ids(dof_handler))
      {
        SampleRequest<dim> request = {jet_gradients};
        request.estimator          = Estimator::recovered;
        request.cells = IteratorFilters::MaterialIdEqualTo(material);
        const auto recovery =
          internal::make_estimator(internal::EstimatorInput<dim, VectorType>{
            mappings,
            dof_handler,
            snapshot.solution,
            request,
            communicator,
            gradient_entries<dim>(n_components)});
        GradientComparison<dim, VectorType> comparison(
          function, snapshot.solution, *recovery, fields, n_fields);
        run_collectively(communicator, [&]() {
          compare_material(material,
                           mappings,
                           dof_handler,
                           comparison,
                           sums->fields,
                           of_surrogate,
                           of_solution);
        });
      }
    for (Vector<float> *const vector : {&of_surrogate, &of_solution})
      for (float &entry : *vector)
        entry = std::sqrt(entry);
  }



  template <int dim>
  Verdict
  Assessment<dim>::verdict() const
  {
    AssertThrow(!sums->fields.empty(),
                ExcMessage("There is no solution to assess the surrogate by. "
                           "Call add() first."));
    std::vector<FieldSums>       fields = sums->fields;
    std::set<types::boundary_id> ids;
    for (const FieldSums &field : fields)
      for (const auto &[id, of_boundary] : field.boundaries)
        ids.insert(id);
    ids = Utilities::MPI::compute_set_union(ids, sums->communicator);

    // all numbers, in one order on all ranks
    std::vector<double *> numbers;
    const auto            add = [&](GradientSums &each) {
      for (double &number : each.sums)
        numbers.push_back(&number);
    };
    for (FieldSums &field : fields)
      {
        add(field.domain);
        for (GradientSums &bin : field.worst_cells.bins)
          add(bin);
        for (double &n : field.worst_cells.n_cells)
          numbers.push_back(&n);
        for (const types::boundary_id id : ids)
          add(field.boundaries[id]);
      }
    std::vector<double> values;
    for (const double *const number : numbers)
      values.push_back(*number);
    Utilities::MPI::sum(values, sums->communicator, values);
    count_collective(sums->communicator, values.size() * sizeof(double));
    for (unsigned int i = 0; i < numbers.size(); ++i)
      *numbers[i] = values[i];
    return internal::judge(fields);
  }



  template <int dim>
  const Vector<float> &
  Assessment<dim>::surrogate_indicators() const
  {
    return of_surrogate;
  }



  template <int dim>
  const Vector<float> &
  Assessment<dim>::solution_indicators() const
  {
    return of_solution;
  }



#define DERL_INSTANTIATE_VECTOR(dim, VectorType)                         \
  template void Assessment<dim>::add(const hp::MappingCollection<dim> &, \
                                     const DoFHandler<dim> &,            \
                                     const Snapshot<VectorType> &);
#define DERL_INSTANTIATE(dim)     \
  template class Assessment<dim>; \
  DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, dim)

  DERL_INSTANTIATE(1)
  DERL_INSTANTIATE(2)
  DERL_INSTANTIATE(3)
} // namespace derl
