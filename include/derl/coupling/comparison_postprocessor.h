// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_coupling_comparison_postprocessor_h
#define derl_coupling_comparison_postprocessor_h

#include <derl/coupling/error_integration.h>
#include <derl/coupling/surrogate_function.h>

#include <deal.II/base/function.h>

#include <deal.II/numerics/data_postprocessor.h>

namespace derl
{
  /**
   * Fields for pictures of a scalar finite element solution beside the
   * surrogate that learned from it, evaluated exactly at every output point:
   * reference, surrogate, exact, the errors reference_error and
   * surrogate_error, and the residuals of the differential equation,
   * reference_residual and surrogate_residual.
   */
  template <int dim>
  class ComparisonPostprocessor : public dealii::DataPostprocessor<dim>
  {
  public:
    ComparisonPostprocessor(
      const SurrogateFunction<dim>                  &surrogate,
      const dealii::Function<dim>                   &exact,
      const typename ErrorIntegrator<dim>::Residual &residual);

    std::vector<std::string>
    get_names() const override;

    std::vector<
      dealii::DataComponentInterpretation::DataComponentInterpretation>
    get_data_component_interpretation() const override;

    dealii::UpdateFlags
    get_needed_update_flags() const override;

    void
    evaluate_scalar_field(
      const dealii::DataPostprocessorInputs::Scalar<dim> &inputs,
      std::vector<dealii::Vector<double>> &computed_quantities) const override;

  private:
    const SurrogateFunction<dim>                 &surrogate;
    const dealii::Function<dim>                  &exact;
    const typename ErrorIntegrator<dim>::Residual residual;
  };
} // namespace derl

#endif
