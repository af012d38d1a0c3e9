// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The interface of Function, in terms of the evaluation of blocks of points.

#include <derl/coupling/surrogate_function.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * The Hessian of a component at a point of a block that has it.
     */
    template <int dim>
    SymmetricTensor<2, dim>
    hessian_in(const JetBlock    &block,
               const unsigned int component,
               const unsigned int point)
    {
      SymmetricTensor<2, dim> result;
      for (unsigned int i = 0, entry = 1 + dim; i < dim; ++i)
        for (unsigned int j = i; j < dim; ++j, ++entry)
          result[i][j] = block(component, entry)[point];
      return result;
    }
  } // namespace



  template <int dim>
  double
  SurrogateFunction<dim>::value(const Point<dim>  &point,
                                const unsigned int component) const
  {
    return jets({point}, 0).values[0](component);
  }



  template <int dim>
  void
  SurrogateFunction<dim>::vector_value(const Point<dim> &point,
                                       Vector<double>   &values) const
  {
    values = jets({point}, 0).values[0];
  }



  template <int dim>
  void
  SurrogateFunction<dim>::value_list(const std::vector<Point<dim>> &points,
                                     std::vector<double>           &values,
                                     const unsigned int component) const
  {
    AssertDimension(values.size(), points.size());
    evaluate(in_space(0),
             points,
             [&](const unsigned int first, const JetBlock &block) {
               std::copy_n(
                 block(component, 0), block.n_points(), values.begin() + first);
             });
  }



  template <int dim>
  void
  SurrogateFunction<dim>::vector_value_list(
    const std::vector<Point<dim>> &points,
    std::vector<Vector<double>>   &values) const
  {
    AssertDimension(values.size(), points.size());
    evaluate(in_space(0),
             points,
             [&](const unsigned int first, const JetBlock &block) {
               for (unsigned int c = 0; c < this->n_components; ++c)
                 for (unsigned int k = 0; k < block.n_points(); ++k)
                   values[first + k](c) = block(c, 0)[k];
             });
  }



  template <int dim>
  Tensor<1, dim>
  SurrogateFunction<dim>::gradient(const Point<dim>  &point,
                                   const unsigned int component) const
  {
    return jets({point}, 1).gradients[0][component];
  }



  template <int dim>
  void
  SurrogateFunction<dim>::vector_gradient(
    const Point<dim>            &point,
    std::vector<Tensor<1, dim>> &gradients) const
  {
    gradients = jets({point}, 1).gradients[0];
  }



  template <int dim>
  void
  SurrogateFunction<dim>::gradient_list(const std::vector<Point<dim>> &points,
                                        std::vector<Tensor<1, dim>> &gradients,
                                        const unsigned int component) const
  {
    AssertDimension(gradients.size(), points.size());
    evaluate(in_space(1),
             points,
             [&](const unsigned int first, const JetBlock &block) {
               for (unsigned int d = 0; d < dim; ++d)
                 for (unsigned int k = 0; k < block.n_points(); ++k)
                   gradients[first + k][d] = block(component, 1 + d)[k];
             });
  }



  template <int dim>
  void
  SurrogateFunction<dim>::vector_gradient_list(
    const std::vector<Point<dim>>            &points,
    std::vector<std::vector<Tensor<1, dim>>> &gradients) const
  {
    AssertDimension(gradients.size(), points.size());
    evaluate(in_space(1),
             points,
             [&](const unsigned int first, const JetBlock &block) {
               for (unsigned int k = 0; k < block.n_points(); ++k)
                 {
                   gradients[first + k].resize(this->n_components);
                   for (unsigned int c = 0; c < this->n_components; ++c)
                     for (unsigned int d = 0; d < dim; ++d)
                       gradients[first + k][c][d] = block(c, 1 + d)[k];
                 }
             });
  }



  template <int dim>
  SymmetricTensor<2, dim>
  SurrogateFunction<dim>::hessian(const Point<dim>  &point,
                                  const unsigned int component) const
  {
    return jets({point}, 2).hessians[0][component];
  }



  template <int dim>
  void
  SurrogateFunction<dim>::vector_hessian(
    const Point<dim>                     &point,
    std::vector<SymmetricTensor<2, dim>> &hessians) const
  {
    hessians = jets({point}, 2).hessians[0];
  }



  template <int dim>
  void
  SurrogateFunction<dim>::hessian_list(
    const std::vector<Point<dim>>        &points,
    std::vector<SymmetricTensor<2, dim>> &hessians,
    const unsigned int                    component) const
  {
    AssertDimension(hessians.size(), points.size());
    evaluate(in_space(2),
             points,
             [&](const unsigned int first, const JetBlock &block) {
               for (unsigned int k = 0; k < block.n_points(); ++k)
                 hessians[first + k] = hessian_in<dim>(block, component, k);
             });
  }



  template <int dim>
  void
  SurrogateFunction<dim>::vector_hessian_list(
    const std::vector<Point<dim>>                     &points,
    std::vector<std::vector<SymmetricTensor<2, dim>>> &hessians) const
  {
    AssertDimension(hessians.size(), points.size());
    evaluate(in_space(2),
             points,
             [&](const unsigned int first, const JetBlock &block) {
               for (unsigned int k = 0; k < block.n_points(); ++k)
                 {
                   hessians[first + k].resize(this->n_components);
                   for (unsigned int c = 0; c < this->n_components; ++c)
                     hessians[first + k][c] = hessian_in<dim>(block, c, k);
                 }
             });
  }



  template <int dim>
  double
  SurrogateFunction<dim>::laplacian(const Point<dim>  &point,
                                    const unsigned int component) const
  {
    return trace(hessian(point, component));
  }



  template <int dim>
  void
  SurrogateFunction<dim>::vector_laplacian(const Point<dim> &point,
                                           Vector<double>   &laplacians) const
  {
    const Jets all = jets({point}, 2);
    for (unsigned int c = 0; c < this->n_components; ++c)
      laplacians(c) = trace(all.hessians[0][c]);
  }



  template <int dim>
  void
  SurrogateFunction<dim>::laplacian_list(const std::vector<Point<dim>> &points,
                                         std::vector<double> &laplacians,
                                         const unsigned int   component) const
  {
    AssertDimension(laplacians.size(), points.size());
    evaluate(in_space(2),
             points,
             [&](const unsigned int first, const JetBlock &block) {
               for (unsigned int k = 0; k < block.n_points(); ++k)
                 laplacians[first + k] =
                   trace(hessian_in<dim>(block, component, k));
             });
  }



  template <int dim>
  void
  SurrogateFunction<dim>::vector_laplacian_list(
    const std::vector<Point<dim>> &points,
    std::vector<Vector<double>>   &laplacians) const
  {
    AssertDimension(laplacians.size(), points.size());
    evaluate(in_space(2),
             points,
             [&](const unsigned int first, const JetBlock &block) {
               for (unsigned int k = 0; k < block.n_points(); ++k)
                 for (unsigned int c = 0; c < this->n_components; ++c)
                   laplacians[first + k](c) =
                     trace(hessian_in<dim>(block, c, k));
             });
  }



  template class SurrogateFunction<1>;
  template class SurrogateFunction<2>;
  template class SurrogateFunction<3>;
} // namespace derl
