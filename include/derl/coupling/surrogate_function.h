// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_coupling_surrogate_function_h
#define derl_coupling_surrogate_function_h

#include <derl/network/surrogate.h>

#include <deal.II/base/function.h>
#include <deal.II/base/thread_local_storage.h>

namespace derl
{
  /**
   * A surrogate as a deal.II function of space: wherever deal.II takes a
   * Function, it takes a surrogate, with exact first and second derivatives.
   *
   * The list functions evaluate many points together and are much faster per
   * point than the others. Evaluation is not collective and safe from several
   * threads. The surrogate is copied: later changes of it have no effect.
   */
  template <int dim>
  class SurrogateFunction : public dealii::Function<dim>
  {
  public:
    /**
     * Throws unless the surrogate has exactly @p dim coordinates.
     */
    explicit SurrogateFunction(const Surrogate &surrogate);

    double
    value(const dealii::Point<dim> &point,
          const unsigned int        component = 0) const override;

    void
    vector_value(const dealii::Point<dim> &point,
                 dealii::Vector<double>   &values) const override;

    void
    value_list(const std::vector<dealii::Point<dim>> &points,
               std::vector<double>                   &values,
               const unsigned int component = 0) const override;

    void
    vector_value_list(
      const std::vector<dealii::Point<dim>> &points,
      std::vector<dealii::Vector<double>>   &values) const override;

    dealii::Tensor<1, dim>
    gradient(const dealii::Point<dim> &point,
             const unsigned int        component = 0) const override;

    void
    vector_gradient(
      const dealii::Point<dim>            &point,
      std::vector<dealii::Tensor<1, dim>> &gradients) const override;

    void
    gradient_list(const std::vector<dealii::Point<dim>> &points,
                  std::vector<dealii::Tensor<1, dim>>   &gradients,
                  const unsigned int component = 0) const override;

    void
    vector_gradient_list(const std::vector<dealii::Point<dim>> &points,
                         std::vector<std::vector<dealii::Tensor<1, dim>>>
                           &gradients) const override;

    dealii::SymmetricTensor<2, dim>
    hessian(const dealii::Point<dim> &point,
            const unsigned int        component = 0) const override;

    void
    vector_hessian(
      const dealii::Point<dim>                     &point,
      std::vector<dealii::SymmetricTensor<2, dim>> &hessians) const override;

    void
    hessian_list(const std::vector<dealii::Point<dim>>        &points,
                 std::vector<dealii::SymmetricTensor<2, dim>> &hessians,
                 const unsigned int component = 0) const override;

    void
    vector_hessian_list(
      const std::vector<dealii::Point<dim>>                     &points,
      std::vector<std::vector<dealii::SymmetricTensor<2, dim>>> &hessians)
      const override;

    double
    laplacian(const dealii::Point<dim> &point,
              const unsigned int        component = 0) const override;

    void
    vector_laplacian(const dealii::Point<dim> &point,
                     dealii::Vector<double>   &laplacians) const override;

    void
    laplacian_list(const std::vector<dealii::Point<dim>> &points,
                   std::vector<double>                   &laplacians,
                   const unsigned int component = 0) const override;

    void
    vector_laplacian_list(
      const std::vector<dealii::Point<dim>> &points,
      std::vector<dealii::Vector<double>>   &laplacians) const override;

    /**
     * The jets up to order two of all components at once: values, gradients
     * and Hessians as [point][component]. Much cheaper than the three lists
     * one by one.
     */
    struct Jets
    {
      std::vector<dealii::Vector<double>>                       values;
      std::vector<std::vector<dealii::Tensor<1, dim>>>          gradients;
      std::vector<std::vector<dealii::SymmetricTensor<2, dim>>> hessians;
    };

    /**
     * Only derivatives up to @p max_order (at most 2) are computed; the others
     * are zero.
     */
    Jets
    jets(const std::vector<dealii::Point<dim>> &points,
         const unsigned int                     max_order) const;

  private:
    /**
     * A plan for derivatives up to some order, with a workspace per thread
     * that has the parameters in it.
     */
    struct Evaluator
    {
      Evaluator(const Surrogate &surrogate, const unsigned int max_order);

      JetPlan plan;
      mutable dealii::Threads::ThreadLocalStorage<JetPlan::Workspace>
        workspaces;
    };

    static JetPlan::Workspace
    ready_workspace(const JetPlan &plan, const Surrogate &surrogate);

    std::vector<std::unique_ptr<const Evaluator>> evaluators;
  };
} // namespace derl

#endif
