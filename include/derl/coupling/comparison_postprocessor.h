// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_coupling_comparison_postprocessor_h
#define derl_coupling_comparison_postprocessor_h

#include <derl/coupling/surrogate_function.h>

#include <derl/data/sample_request.h>

#include <derl/equations/residual.h>

#include <deal.II/base/function.h>

#include <deal.II/numerics/data_postprocessor.h>

#include <memory>
#include <vector>

namespace derl
{
  /**
   * Fields for pictures of a finite element solution beside the surrogate that
   * learned from it, evaluated exactly at every output point: reference,
   * surrogate; if there is an exact solution: exact and the errors
   * reference_error and surrogate_error; if there is a differential equation:
   * its residuals reference_residual and surrogate_residual; finally the
   * difference of surrogate and reference, and the vectors reference_gradient
   * and surrogate_gradient. The residual of a system is the norm of its rows.
   *
   * For a vector-valued solution there is a field for each component, with its
   * name behind: surrogate_u.
   */
  template <int dim>
  class ComparisonPostprocessor : public dealii::DataPostprocessor<dim>
  {
  public:
    /**
     * @param surrogate and @p exact must outlive this object and have as many
     *   components as the solution; otherwise this constructor or the output
     *   throws.
     * @param exact may be null, and @p residual, too. A residual may read
     *   derivatives in space up to order two, and the auxiliary columns that
     *   @p auxiliary fills.
     */
    explicit ComparisonPostprocessor(
      const SurrogateFunction<dim>              &surrogate,
      const dealii::Function<dim>               *exact     = nullptr,
      const std::shared_ptr<const Residual>     &residual  = nullptr,
      const std::vector<AuxiliaryFunction<dim>> &auxiliary = {});

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

    void
    evaluate_vector_field(
      const dealii::DataPostprocessorInputs::Vector<dim> &inputs,
      std::vector<dealii::Vector<double>> &computed_quantities) const override;

  private:
    /**
     * The fields at one point, in the order of their names.
     */
    void
    write(const dealii::Point<dim>                           &point,
          const dealii::Vector<double>                       &values,
          const std::vector<dealii::Tensor<1, dim>>          &gradients,
          const std::vector<dealii::SymmetricTensor<2, dim>> &hessians,
          const typename SurrogateFunction<dim>::Jets        &jets,
          const unsigned int                                  point_index,
          dealii::Vector<double>                             &out) const;

    /**
     * The norm of the residual's rows at a point.
     */
    double
    residual_norm(
      const dealii::Point<dim>                           &point,
      const dealii::Vector<double>                       &values,
      const std::vector<dealii::Tensor<1, dim>>          &gradients,
      const std::vector<dealii::SymmetricTensor<2, dim>> &hessians) const;

    const SurrogateFunction<dim>             &surrogate;
    const dealii::Function<dim> *const        exact;
    const std::shared_ptr<const Residual>     residual;
    const std::vector<AuxiliaryFunction<dim>> auxiliary;
    Residual::Binding                         binding;
  };
} // namespace derl

#endif
