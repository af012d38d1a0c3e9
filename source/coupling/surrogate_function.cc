// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/coupling/surrogate_function.h>

#include <deal.II/base/exceptions.h>

namespace derl
{
  using namespace dealii;

  template <int dim>
  SurrogateFunction<dim>::Evaluator::Evaluator(const Surrogate   &surrogate,
                                               const unsigned int max_order)
    : plan(surrogate.make_plan(DerivativeSet::up_to_order(dim, max_order)))
    , workspaces(ready_workspace(plan, surrogate))
  {
  }



  template <int dim>
  JetPlan::Workspace
  SurrogateFunction<dim>::ready_workspace(const JetPlan   &plan,
                                          const Surrogate &surrogate)
  {
    JetPlan::Workspace workspace(plan);
    plan.set_parameters(surrogate.parameters, workspace);
    return workspace;
  }



  template <int dim>
  SurrogateFunction<dim>::SurrogateFunction(const Surrogate &surrogate)
    : Function<dim>(surrogate.architecture.n_outputs)
  {
    surrogate.check();
    AssertThrow(surrogate.architecture.n_inputs == dim,
                ExcMessage("A surrogate of " +
                           std::to_string(surrogate.architecture.n_inputs) +
                           " coordinates is no function of space in " +
                           std::to_string(dim) + " dimensions."));
    for (unsigned int order = 0; order <= 2; ++order)
      evaluators.push_back(std::make_unique<const Evaluator>(surrogate, order));
  }



  template <int dim>
  typename SurrogateFunction<dim>::Jets
  SurrogateFunction<dim>::jets(const std::vector<Point<dim>> &points,
                               const unsigned int             max_order) const
  {
    AssertIndexRange(max_order, evaluators.size());
    const unsigned int n            = points.size();
    const unsigned int n_components = this->n_components;
    Jets               result;
    result.values.resize(n, Vector<double>(n_components));
    result.gradients.resize(n, std::vector<Tensor<1, dim>>(n_components));
    result.hessians.resize(n,
                           std::vector<SymmetricTensor<2, dim>>(n_components));

    std::vector<double> coordinates;
    coordinates.reserve(n * dim);
    for (const Point<dim> &point : points)
      for (unsigned int d = 0; d < dim; ++d)
        coordinates.push_back(point[d]);

    const Evaluator &evaluator = *evaluators[max_order];
    evaluator.plan.evaluate(
      ArrayView<const double>(coordinates.data(), coordinates.size()),
      evaluator.workspaces.get(),
      [&](const unsigned int first, const JetBlock &block) {
        for (unsigned int c = 0; c < n_components; ++c)
          for (unsigned int k = 0; k < block.n_points(); ++k)
            {
              result.values[first + k](c) = block(c, 0)[k];
              // entries of the set: the value, first derivatives, then second
              // ones row by row of the upper triangle
              if (max_order >= 1)
                for (unsigned int i = 0; i < dim; ++i)
                  result.gradients[first + k][c][i] = block(c, 1 + i)[k];
              if (max_order >= 2)
                for (unsigned int i = 0, entry = 1 + dim; i < dim; ++i)
                  for (unsigned int j = i; j < dim; ++j, ++entry)
                    result.hessians[first + k][c][i][j] = block(c, entry)[k];
            }
      });
    return result;
  }



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
    const Jets all = jets(points, 0);
    for (unsigned int i = 0; i < points.size(); ++i)
      values[i] = all.values[i](component);
  }



  template <int dim>
  void
  SurrogateFunction<dim>::vector_value_list(
    const std::vector<Point<dim>> &points,
    std::vector<Vector<double>>   &values) const
  {
    values = jets(points, 0).values;
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
    const Jets all = jets(points, 1);
    for (unsigned int i = 0; i < points.size(); ++i)
      gradients[i] = all.gradients[i][component];
  }



  template <int dim>
  void
  SurrogateFunction<dim>::vector_gradient_list(
    const std::vector<Point<dim>>            &points,
    std::vector<std::vector<Tensor<1, dim>>> &gradients) const
  {
    gradients = jets(points, 1).gradients;
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
    const Jets all = jets(points, 2);
    for (unsigned int i = 0; i < points.size(); ++i)
      hessians[i] = all.hessians[i][component];
  }



  template <int dim>
  void
  SurrogateFunction<dim>::vector_hessian_list(
    const std::vector<Point<dim>>                     &points,
    std::vector<std::vector<SymmetricTensor<2, dim>>> &hessians) const
  {
    hessians = jets(points, 2).hessians;
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
    const Jets all = jets(points, 2);
    for (unsigned int i = 0; i < points.size(); ++i)
      laplacians[i] = trace(all.hessians[i][component]);
  }



  template <int dim>
  void
  SurrogateFunction<dim>::vector_laplacian_list(
    const std::vector<Point<dim>> &points,
    std::vector<Vector<double>>   &laplacians) const
  {
    const Jets all = jets(points, 2);
    for (unsigned int i = 0; i < points.size(); ++i)
      for (unsigned int c = 0; c < this->n_components; ++c)
        laplacians[i](c) = trace(all.hessians[i][c]);
  }



  template class SurrogateFunction<1>;
  template class SurrogateFunction<2>;
  template class SurrogateFunction<3>;
} // namespace derl
