// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/coupling/comparison_postprocessor.h>

namespace derl
{
  using namespace dealii;

  template <int dim>
  ComparisonPostprocessor<dim>::ComparisonPostprocessor(
    const SurrogateFunction<dim>                  &surrogate,
    const Function<dim>                           &exact,
    const typename ErrorIntegrator<dim>::Residual &residual)
    : surrogate(surrogate)
    , exact(exact)
    , residual(residual)
  {
  }



  template <int dim>
  std::vector<std::string>
  ComparisonPostprocessor<dim>::get_names() const
  {
    return {"reference",
            "surrogate",
            "exact",
            "reference_error",
            "surrogate_error",
            "reference_residual",
            "surrogate_residual"};
  }



  template <int dim>
  std::vector<DataComponentInterpretation::DataComponentInterpretation>
  ComparisonPostprocessor<dim>::get_data_component_interpretation() const
  {
    return std::vector<
      DataComponentInterpretation::DataComponentInterpretation>(
      get_names().size(), DataComponentInterpretation::component_is_scalar);
  }



  template <int dim>
  UpdateFlags
  ComparisonPostprocessor<dim>::get_needed_update_flags() const
  {
    return update_values | update_gradients | update_hessians |
           update_quadrature_points;
  }



  template <int dim>
  void
  ComparisonPostprocessor<dim>::evaluate_scalar_field(
    const DataPostprocessorInputs::Scalar<dim> &inputs,
    std::vector<Vector<double>>                &computed_quantities) const
  {
    const std::vector<Point<dim>> &points = inputs.evaluation_points;
    const auto                     jets   = surrogate.jets(points, 2);
    for (unsigned int q = 0; q < points.size(); ++q)
      {
        const double    reference = inputs.solution_values[q];
        const double    value     = jets.values[q](0);
        const double    u         = exact.value(points[q]);
        Vector<double> &out       = computed_quantities[q];
        out(0)                    = reference;
        out(1)                    = value;
        out(2)                    = u;
        out(3)                    = reference - u;
        out(4)                    = value - u;
        out(5)                    = residual(points[q],
                          reference,
                          inputs.solution_gradients[q],
                          symmetrize(inputs.solution_hessians[q]));
        out(6) =
          residual(points[q], value, jets.gradients[q][0], jets.hessians[q][0]);
      }
  }



  template class ComparisonPostprocessor<2>;
  template class ComparisonPostprocessor<3>;
} // namespace derl
