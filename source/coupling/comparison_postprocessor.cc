// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/coupling/errors.h>

#include <deal.II/base/exceptions.h>

#include <cmath>

#include "../data/auxiliary_functions.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    void
    check_components(const unsigned int of_surrogate,
                     const unsigned int of_solution)
    {
      AssertThrow(of_surrogate == of_solution,
                  ExcMessage("A surrogate of " + std::to_string(of_surrogate) +
                             " components cannot be compared with a solution "
                             "of " +
                             std::to_string(of_solution) + "."));
    }
  } // namespace



  template <int dim>
  ComparisonPostprocessor<dim>::ComparisonPostprocessor(
    const SurrogateFunction<dim>              &surrogate,
    const Function<dim>                       *exact,
    const std::shared_ptr<const Residual>     &residual,
    const std::vector<AuxiliaryFunction<dim>> &auxiliary)
    : surrogate(surrogate)
    , exact(exact)
    , residual(residual)
    , auxiliary(auxiliary)
  {
    AssertThrow(exact == nullptr ||
                  exact->n_components == surrogate.n_components,
                ExcMessage("The exact solution has not as many components as "
                           "the surrogate."));
    if (residual == nullptr)
      return;
    const FieldNames names = surrogate.names();
    binding = residual->bind(names, {{}, internal::auxiliary_names(auxiliary)});
    for (const JetEntry &entry : binding.entries)
      {
        unsigned int in_space = 0;
        for (unsigned int d = 0; d < dim; ++d)
          in_space += entry.derivative[d];
        AssertThrow(in_space == order(entry.derivative) && in_space <= 2,
                    ExcMessage("Pictures can show residuals of derivatives in "
                               "space up to order two only, not of " +
                               names.name(entry) + "."));
      }
  }



  template <int dim>
  std::vector<std::string>
  ComparisonPostprocessor<dim>::get_names() const
  {
    const unsigned int       n_components = surrogate.n_components;
    std::vector<std::string> names;
    const auto add = [&](const std::string &name, const unsigned int width) {
      for (unsigned int c = 0; c < n_components; ++c)
        for (unsigned int i = 0; i < width; ++i)
          names.push_back(n_components == 1
                            ? name
                            : name + "_" + surrogate.component_names()[c]);
    };
    add("reference", 1);
    add("surrogate", 1);
    if (exact != nullptr)
      {
        add("exact", 1);
        add("reference_error", 1);
        add("surrogate_error", 1);
      }
    if (residual)
      {
        names.push_back("reference_residual");
        names.push_back("surrogate_residual");
      }
    add("difference", 1);
    add("reference_gradient", dim);
    add("surrogate_gradient", dim);
    return names;
  }



  template <int dim>
  std::vector<DataComponentInterpretation::DataComponentInterpretation>
  ComparisonPostprocessor<dim>::get_data_component_interpretation() const
  {
    // the gradients are the last fields
    const unsigned int n_fields    = get_names().size();
    const unsigned int n_gradients = 2 * dim * surrogate.n_components;
    std::vector<DataComponentInterpretation::DataComponentInterpretation>
      result(n_fields - n_gradients,
             DataComponentInterpretation::component_is_scalar);
    result.resize(n_fields,
                  DataComponentInterpretation::component_is_part_of_vector);
    return result;
  }



  template <int dim>
  UpdateFlags
  ComparisonPostprocessor<dim>::get_needed_update_flags() const
  {
    return update_values | update_gradients | update_quadrature_points |
           (residual ? update_hessians : update_default);
  }



  template <int dim>
  double
  ComparisonPostprocessor<dim>::residual_norm(
    const Point<dim>                           &point,
    const Vector<double>                       &values,
    const std::vector<Tensor<1, dim>>          &gradients,
    const std::vector<SymmetricTensor<2, dim>> &hessians) const
  {
    std::vector<double> jet, columns;
    for (const auto &[component, derivative] : binding.entries)
      {
        // the one or two coordinates of the derivative
        std::vector<unsigned int> d;
        for (unsigned int i = 0; i < dim; ++i)
          d.insert(d.end(), derivative[i], i);
        jet.push_back(d.empty()       ? values(component)
                      : d.size() == 1 ? gradients[component][d[0]]
                                      : hessians[component][d[0]][d[1]]);
      }
    std::vector<double> of_functions;
    internal::append_auxiliary(auxiliary, point, of_functions);
    for (const unsigned int column : binding.columns)
      columns.push_back(of_functions[column]);
    std::vector<double> coordinates(point.begin_raw(), point.end_raw());
    if (surrogate.has_time())
      coordinates.push_back(surrogate.get_time());
    coordinates.insert(coordinates.end(),
                       surrogate.get_parameters().begin(),
                       surrogate.get_parameters().end());

    Residual::Batch batch{
      1, {}, {}, coordinates.data(), unsigned(coordinates.size())};
    for (const double &entry : jet)
      batch.jets.push_back(&entry);
    for (const double &column : columns)
      batch.columns.push_back(&column);
    std::vector<double>   rows(binding.rows.size());
    std::vector<double *> row_arrays;
    for (double &row : rows)
      row_arrays.push_back(&row);
    residual->evaluate(batch, row_arrays);
    double square = 0.;
    for (unsigned int row = 0; row < rows.size(); ++row)
      square += binding.rows[row].multiplicity * rows[row] * rows[row];
    return std::sqrt(square);
  }



  template <int dim>
  void
  ComparisonPostprocessor<dim>::write(
    const Point<dim>                            &point,
    const Vector<double>                        &values,
    const std::vector<Tensor<1, dim>>           &gradients,
    const std::vector<SymmetricTensor<2, dim>>  &hessians,
    const typename SurrogateFunction<dim>::Jets &jets,
    const unsigned int                           point_index,
    Vector<double>                              &out) const
  {
    const unsigned int    n_components = surrogate.n_components;
    const Vector<double> &learned      = jets.values[point_index];
    unsigned int          field        = 0;
    const auto            add          = [&](const Vector<double> &components) {
      for (const double component : components)
        out(field++) = component;
    };
    const auto difference = [](Vector<double> a, const Vector<double> &b) {
      a -= b;
      return a;
    };
    const auto add_gradients =
      [&](const std::vector<Tensor<1, dim>> &of_components) {
        for (unsigned int c = 0; c < n_components; ++c)
          for (unsigned int d = 0; d < dim; ++d)
            out(field++) = of_components[c][d];
      };

    add(values);
    add(learned);
    if (exact != nullptr)
      {
        Vector<double> u(n_components);
        exact->vector_value(point, u);
        add(u);
        add(difference(values, u));
        add(difference(learned, u));
      }
    if (residual)
      {
        out(field++) = residual_norm(point, values, gradients, hessians);
        out(field++) = residual_norm(point,
                                     learned,
                                     jets.gradients[point_index],
                                     jets.hessians[point_index]);
      }
    add(difference(learned, values));
    add_gradients(gradients);
    add_gradients(jets.gradients[point_index]);
    AssertDimension(field, out.size());
  }



  template <int dim>
  void
  ComparisonPostprocessor<dim>::evaluate_scalar_field(
    const DataPostprocessorInputs::Scalar<dim> &inputs,
    std::vector<Vector<double>>                &computed_quantities) const
  {
    check_components(surrogate.n_components, 1);
    const std::vector<Point<dim>> &points = inputs.evaluation_points;
    const auto     jets = surrogate.jets(points, residual ? 2 : 1);
    Vector<double> value(1);
    for (unsigned int q = 0; q < points.size(); ++q)
      {
        value(0) = inputs.solution_values[q];
        write(points[q],
              value,
              {inputs.solution_gradients[q]},
              {residual ? symmetrize(inputs.solution_hessians[q])
                        : SymmetricTensor<2, dim>()},
              jets,
              q,
              computed_quantities[q]);
      }
  }



  template <int dim>
  void
  ComparisonPostprocessor<dim>::evaluate_vector_field(
    const DataPostprocessorInputs::Vector<dim> &inputs,
    std::vector<Vector<double>>                &computed_quantities) const
  {
    const std::vector<Point<dim>> &points = inputs.evaluation_points;
    const auto         jets         = surrogate.jets(points, residual ? 2 : 1);
    const unsigned int n_components = surrogate.n_components;
    std::vector<SymmetricTensor<2, dim>> hessians(n_components);
    for (unsigned int q = 0; q < points.size(); ++q)
      {
        check_components(n_components, inputs.solution_values[q].size());
        if (residual)
          for (unsigned int c = 0; c < n_components; ++c)
            hessians[c] = symmetrize(inputs.solution_hessians[q][c]);
        write(points[q],
              inputs.solution_values[q],
              inputs.solution_gradients[q],
              hessians,
              jets,
              q,
              computed_quantities[q]);
      }
  }



  template class ComparisonPostprocessor<1>;
  template class ComparisonPostprocessor<2>;
  template class ComparisonPostprocessor<3>;
} // namespace derl
