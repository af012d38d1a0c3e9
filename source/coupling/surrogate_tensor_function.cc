// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/coupling/surrogate_function.h>

#include <deal.II/base/exceptions.h>

namespace derl
{
  using namespace dealii;

  template <int rank, int dim>
  SurrogateTensorFunction<rank, dim>::SurrogateTensorFunction(
    const SurrogateFunction<dim> &function,
    const unsigned int            first_component)
    : TensorFunction<rank, dim>(function.get_time())
    , function(function)
    , first_component(first_component)
  {
    const unsigned int n_entries = value_type::n_independent_components;
    AssertThrow(
      first_component + n_entries <= function.n_components,
      ExcMessage("A tensor of " + std::to_string(n_entries) +
                 " entries from component " + std::to_string(first_component) +
                 " on needs more than the surrogate's " +
                 std::to_string(function.n_components) + " components."));
  }



  template <int rank, int dim>
  void
  SurrogateTensorFunction<rank, dim>::set_time(const double time)
  {
    TensorFunction<rank, dim>::set_time(time);
    function.set_time(time);
  }



  template <int rank, int dim>
  void
  SurrogateTensorFunction<rank, dim>::set_parameters(
    const std::vector<double> &values)
  {
    function.set_parameters(values);
  }



  template <int rank, int dim>
  typename SurrogateTensorFunction<rank, dim>::value_type
  SurrogateTensorFunction<rank, dim>::value(const Point<dim> &point) const
  {
    std::vector<value_type> values(1);
    value_list({point}, values);
    return values[0];
  }



  template <int rank, int dim>
  void
  SurrogateTensorFunction<rank, dim>::value_list(
    const std::vector<Point<dim>> &points,
    std::vector<value_type>       &values) const
  {
    AssertDimension(values.size(), points.size());
    const auto jets = function.jets(points, 0);
    for (unsigned int i = 0; i < points.size(); ++i)
      for (unsigned int e = 0; e < value_type::n_independent_components; ++e)
        values[i][value_type::unrolled_to_component_indices(e)] =
          jets.values[i](first_component + e);
  }



  template <int rank, int dim>
  typename SurrogateTensorFunction<rank, dim>::gradient_type
  SurrogateTensorFunction<rank, dim>::gradient(const Point<dim> &point) const
  {
    std::vector<gradient_type> gradients(1);
    gradient_list({point}, gradients);
    return gradients[0];
  }



  template <int rank, int dim>
  void
  SurrogateTensorFunction<rank, dim>::gradient_list(
    const std::vector<Point<dim>> &points,
    std::vector<gradient_type>    &gradients) const
  {
    AssertDimension(gradients.size(), points.size());
    const auto jets = function.jets(points, 1);
    for (unsigned int i = 0; i < points.size(); ++i)
      for (unsigned int e = 0; e < gradient_type::n_independent_components; ++e)
        gradients[i][gradient_type::unrolled_to_component_indices(e)] =
          jets.gradients[i][first_component + e / dim][e % dim];
  }



  template class SurrogateTensorFunction<1, 1>;
  template class SurrogateTensorFunction<1, 2>;
  template class SurrogateTensorFunction<1, 3>;
  template class SurrogateTensorFunction<2, 1>;
  template class SurrogateTensorFunction<2, 2>;
  template class SurrogateTensorFunction<2, 3>;
} // namespace derl
