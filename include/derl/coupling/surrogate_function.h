// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_coupling_surrogate_function_h
#define derl_coupling_surrogate_function_h

#include <derl/network/evaluator.h>

#include <deal.II/base/function.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/table.h>
#include <deal.II/base/tensor_function.h>
#include <deal.II/base/vectorization.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/mapping.h>

#include <deal.II/hp/mapping_collection.h>

#include <deal.II/lac/affine_constraints.h>

#include <memory>
#include <vector>

namespace derl
{
  /**
   * What a SurrogateFunction does at a point outside the surrogate's domain or,
   * if it has none, outside the bounding box of the training samples, where the
   * surrogate extrapolates.
   */
  enum class OutsideBox
  {
    ignore,
    /**
     * One line to the error stream for each coordinate: at once if the first
     * process evaluates there, or else from
     * SurrogateFunction::warn_of_points_outside().
     */
    warn,
    /** an exception */
    error
  };



  /**
   * A surrogate as a deal.II function of space: wherever deal.II takes a
   * Function, it takes a surrogate, with exact first and second derivatives.
   *
   * The surrogate's coordinates are those of space, then time if there is a
   * coordinate named "t" at this place, then parameters. Time and parameters
   * belong to the object; set_time() and set_parameters() set them.
   *
   * The list functions evaluate many points together and are much faster per
   * point than the others. Evaluation is not collective and safe from several
   * threads, unless one of them sets time or parameters. The surrogate is
   * copied once: later changes of it have no effect, and copies of this object
   * share it and cost almost nothing, so that each use may have its own time
   * and parameters.
   */
  template <int dim>
  class SurrogateFunction : public dealii::Function<dim>
  {
  public:
    /**
     * Throws if the surrogate has less than @p dim coordinates. A surrogate
     * that was never trained has no box.
     */
    explicit SurrogateFunction(const Surrogate &surrogate,
                               const OutsideBox outside_box = OutsideBox::warn);

    /**
     * With OutsideBox::warn: warn of each coordinate in which any rank
     * evaluated this object or a copy of it outside, unless there was a warning
     * already: one line in all, from the lowest such rank. ErrorIntegrator and
     * warm_start() call it; a program that evaluates by itself may do so when
     * it is through. Collective: a reduction of an integer for each coordinate.
     */
    void
    warn_of_points_outside(const MPI_Comm &communicator) const;

    /**
     * Whether one of the coordinates is time. If not, set_time() has no effect.
     */
    bool
    has_time() const;

    unsigned int
    n_parameters() const;

    /**
     * The parameters of the following evaluations, of length n_parameters().
     * They must be set before the first one.
     */
    void
    set_parameters(const std::vector<double> &values);

    const std::vector<double> &
    get_parameters() const;

    /**
     * Names of the components.
     */
    const std::vector<std::string> &
    component_names() const;

    /**
     * The names of all coordinates and components, and of derivatives.
     */
    FieldNames
    names() const;

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
     * and Hessians as [point][component]. One evaluation of the network; for
     * many points and few components derivatives() is faster, because it does
     * not allocate memory for each point.
     */
    struct Jets
    {
      std::vector<dealii::Vector<double>>                       values;
      std::vector<std::vector<dealii::Tensor<1, dim>>>          gradients;
      std::vector<std::vector<dealii::SymmetricTensor<2, dim>>> hessians;
    };

    /**
     * Only derivatives up to @p max_order (at most 2) are computed; the lists
     * of the others are empty.
     */
    Jets
    jets(const std::vector<dealii::Point<dim>> &points,
         const unsigned int                     max_order) const;

    /**
     * Derivatives up to total order four, including time and parameters:
     * entry (i, c, e) is derivative @p derivatives[e] of component c at point
     * i. The set's multi-indices are over all coordinates of the surrogate:
     * {0, 0, 1} is the rate u_t in (x, y, t).
     */
    dealii::Table<3, double>
    derivatives(const std::vector<dealii::Point<dim>> &points,
                const DerivativeSet                   &derivatives) const;

    /**
     * Values, gradients and Hessians of @p n_selected components at the
     * quadrature points of a batch of cells, in the form in which FEEvaluation
     * has them.
     */
    template <int n_selected, std::size_t width>
    struct BatchJets
    {
      using Number = dealii::VectorizedArray<double, width>;

      std::vector<dealii::Tensor<1, n_selected, Number>> values;
      std::vector<dealii::Tensor<1, n_selected, dealii::Tensor<1, dim, Number>>>
        gradients;
      std::vector<dealii::Tensor<1, n_selected, dealii::Tensor<2, dim, Number>>>
        hessians;
    };

    /**
     * Evaluate components first_component .. first_component+n_selected-1 at
     * @p points, one for each FEEvaluation::quadrature_point().
     *
     * @param max_order 0 for values, 1 for gradients as well, 2 for Hessians as
     *   well; the lists of the others are empty.
     * @param n_lanes how many entries of the vectorized arrays are points,
     *   MatrixFree::n_active_entries_per_cell_batch(); the others become zero.
     */
    template <int n_selected, std::size_t width>
    void
    batch_jets(
      const std::vector<
        dealii::Point<dim, dealii::VectorizedArray<double, width>>> &points,
      const unsigned int                                             max_order,
      BatchJets<n_selected, width>                                  &result,
      const unsigned int first_component = 0,
      const unsigned int n_lanes         = width) const;

  private:
    struct Shared;
    struct Evaluation;

    /**
     * The evaluator of derivatives in space up to some order, at most two.
     */
    const Evaluation &
    in_space(const unsigned int max_order) const;

    /**
     * All coordinates of the points, which are checked.
     */
    dealii::ArrayView<const double>
    coordinates_of(const std::vector<dealii::Point<dim>> &points,
                   std::vector<double>                   &coordinates) const;

    /**
     * Hand the jets at @p points to @p consumer block by block. For derivatives
     * in space the entries are the value, first derivatives, then second ones
     * row by row of the upper triangle.
     */
    void
    evaluate(const Evaluation                      &evaluation,
             const std::vector<dealii::Point<dim>> &points,
             const JetPlan::JetConsumer            &consumer) const;

    void
    check_box(const std::vector<dealii::Point<dim>> &points) const;

    std::shared_ptr<const Shared> shared;
    OutsideBox                    outside_box;
    std::vector<double>           parameters;
  };



  template <int dim>
  template <int n_selected, std::size_t width>
  void
  SurrogateFunction<dim>::batch_jets(
    const std::vector<
      dealii::Point<dim, dealii::VectorizedArray<double, width>>> &points,
    const unsigned int                                             max_order,
    BatchJets<n_selected, width>                                  &result,
    const unsigned int first_component,
    const unsigned int n_lanes) const
  {
    AssertThrow(n_lanes > 0 && n_lanes <= width,
                dealii::ExcMessage("There are not as many lanes."));
    AssertThrow(first_component + n_selected <= this->n_components,
                dealii::ExcMessage("The surrogate does not have as many "
                                   "components."));
    const auto                     &evaluation = in_space(max_order);
    std::vector<dealii::Point<dim>> all;
    all.reserve(points.size() * n_lanes);
    for (const auto &point : points)
      for (unsigned int lane = 0; lane < n_lanes; ++lane)
        {
          dealii::Point<dim> p;
          for (unsigned int d = 0; d < dim; ++d)
            p[d] = point[d][lane];
          all.push_back(p);
        }

    result.values.assign(points.size(), {});
    result.gradients.assign(max_order > 0 ? points.size() : 0, {});
    result.hessians.assign(max_order > 1 ? points.size() : 0, {});
    evaluate(
      evaluation, all, [&](const unsigned int first, const JetBlock &block) {
        for (int c = 0; c < n_selected; ++c)
          for (unsigned int k = 0; k < block.n_points(); ++k)
            {
              const unsigned int q    = (first + k) / n_lanes;
              const unsigned int lane = (first + k) % n_lanes;
              const auto         jet  = [&](const unsigned int entry) {
                return block(first_component + c, entry)[k];
              };
              result.values[q][c][lane] = jet(0);
              if (max_order > 0)
                for (unsigned int d = 0; d < dim; ++d)
                  result.gradients[q][c][d][lane] = jet(1 + d);
              if (max_order > 1)
                for (unsigned int i = 0, entry = 1 + dim; i < dim; ++i)
                  for (unsigned int j = i; j < dim; ++j, ++entry)
                    result.hessians[q][c][i][j][lane] =
                      result.hessians[q][c][j][i][lane] = jet(entry);
            }
      });
  }



  /**
   * Components of a surrogate as a tensor-valued function of space, for
   * coefficients: a velocity field (rank 1), a diffusion tensor (rank 2). The
   * tensor's entries are consecutive components in row-major order, the last
   * index running fastest, and the derivative is the last index of a gradient:
   * gradient[i][d] is the derivative of entry i with respect to x_d.
   *
   * set_time() has the same meaning as for the function.
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
     *   Throws if there are not enough after it.
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



  /**
   * Turn a surrogate, or any other function, into a finite element function
   * from which a nonlinear or iterative solver starts, then apply constraints
   * at hanging nodes and Dirichlet boundaries. With the
   * constraints of the solution (not with the homogeneous ones of an update),
   * Newton's method then begins with the right boundary values.
   *
   * The function is interpolated where the element has support points. Base
   * elements without (FE_DGP, FE_RaviartThomas, FE_Nedelec, ...) become the L2
   * projection of their components onto the functions that satisfy the
   * constraints; the others in the same FESystem are still interpolated.
   * The mesh may be of hypercubes, simplices or both, and the DoFHandler have
   * an hp::FECollection.
   *
   * Collective over the mesh's communicator. Throws AgreedError if the function
   * throws on a rank or is not finite somewhere, if an element has neither
   * support points nor shape functions in cells (FE_FaceP), or if the vector's
   * parallel distribution is not that of the degrees of freedom.
   *
   * @param mappings one for all cells, or one for each index of elements.
   * @param function with as many components as the element. It must not
   *   communicate.
   * @param vector a vector or block vector of deal.II, Trilinos or PETSc, with
   *   locally owned elements only, or with ghost elements as well, which are
   *   then updated.
   */
  template <int dim, typename VectorType>
  void
  warm_start(const dealii::hp::MappingCollection<dim> &mappings,
             const dealii::DoFHandler<dim>            &dof_handler,
             const dealii::AffineConstraints<double>  &constraints,
             const dealii::Function<dim>              &function,
             VectorType                               &vector);

  /**
   * The same for one mapping.
   */
  template <int dim, typename VectorType>
  void
  warm_start(const dealii::Mapping<dim>              &mapping,
             const dealii::DoFHandler<dim>           &dof_handler,
             const dealii::AffineConstraints<double> &constraints,
             const dealii::Function<dim>             &function,
             VectorType                              &vector)
  {
    warm_start(dealii::hp::MappingCollection<dim>(mapping),
               dof_handler,
               constraints,
               function,
               vector);
  }
} // namespace derl

#endif
