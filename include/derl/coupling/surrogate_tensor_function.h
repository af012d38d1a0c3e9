// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_coupling_surrogate_tensor_function_h
#define derl_coupling_surrogate_tensor_function_h

#include <derl/coupling/surrogate_function.h>

#include <deal.II/base/tensor_function.h>

#include <vector>

namespace derl
{
  /**
   * Components of a surrogate as a tensor-valued function of space, for
   * coefficients: a velocity field (rank 1), a diffusion tensor (rank 2). The
   * tensor's entries are consecutive components in row-major order, the last
   * index running fastest, and the derivative is the last index of a gradient:
   * gradient[i][d] is the derivative of entry i by x_d.
   *
   * set_time() has the meaning that it has for the function.
   */
  template <int rank, int dim>
  class SurrogateTensorFunction : public dealii::TensorFunction<rank, dim>
  {
  public:
    using value_type = typename dealii::TensorFunction<rank, dim>::value_type;
    using gradient_type =
      typename dealii::TensorFunction<rank, dim>::gradient_type;

    /**
     * @param function is copied with its time and parameters.
     * @param first_component the component that is the tensor's first entry.
     *   Throws if there are not enough behind it.
     */
    explicit SurrogateTensorFunction(const SurrogateFunction<dim> &function,
                                     const unsigned int first_component = 0);

    void
    set_time(const double time) override;

    /**
     * See SurrogateFunction::set_parameters().
     */
    void
    set_parameters(const std::vector<double> &values);

    value_type
    value(const dealii::Point<dim> &point) const override;

    void
    value_list(const std::vector<dealii::Point<dim>> &points,
               std::vector<value_type>               &values) const override;

    gradient_type
    gradient(const dealii::Point<dim> &point) const override;

    void
    gradient_list(const std::vector<dealii::Point<dim>> &points,
                  std::vector<gradient_type> &gradients) const override;

  private:
    SurrogateFunction<dim> function;
    const unsigned int     first_component;
  };
} // namespace derl

#endif
