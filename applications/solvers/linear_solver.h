// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_solvers_linear_solver_h
#define derl_applications_solvers_linear_solver_h

#include <solvers/backward_differences.h>
#include <solvers/finite_element_solver.h>

#include <functional>

namespace derl
{
  /**
   * Linear equations L u = f, or u_t + L u = f for a scalar u, with values that
   * are given at parts of the boundary, elsewhere the natural boundary
   * condition.
   */
  template <int dim>
  class LinearSolver : public FiniteElementSolver<dim>
  {
  public:
    using typename FiniteElementSolver<dim>::VectorType;
    using typename FiniteElementSolver<dim>::CellTerms;

    /**
     * @param terms the integrals of L and f over a cell
     * @param given_values values at the boundary with the id 0; must outlive
     *   this object
     */
    LinearSolver(const MPI_Comm                    communicator,
                 const dealii::FiniteElement<dim> &element,
                 const unsigned int                mapping_degree,
                 const unsigned int                n_gauss_points,
                 const CellTerms                  &terms,
                 const dealii::Function<dim>      &given_values,
                 const LinearOptions              &options = LinearOptions(),
                 const dealii::ConditionalOStream &progress =
                   dealii::ConditionalOStream(std::cout, false));

    void
    solve_on_mesh() override;

    /**
     * Solve u_t + L u = f for the values at the time of @p bdf, after its
     * begin_step() and after all functions have got this time. They become the
     * solution.
     */
    void
    solve_step(BackwardDifferences<VectorType> &bdf);

    /**
     * The time derivative that the formula gave in the last step, with ghost
     * elements.
     */
    const VectorType &
    get_rate() const
    {
      return rate;
    }

  private:
    /**
     * Solve for @p values, from what they are.
     */
    void
    solve(const CellTerms &all_terms, VectorType &values);

    const CellTerms     terms;
    const LinearOptions options;
    VectorType          rate;
  };



  /**
   * The integrals of $L u = -\nabla\cdot(a\nabla u) + b\cdot\nabla u$ and of f
   * over a cell, for a scalar u.
   */
  template <int dim>
  typename LinearSolver<dim>::CellTerms
  diffusion_terms(
    const std::function<double(const dealii::Point<dim> &)> &diffusion,
    const std::function<double(const dealii::Point<dim> &)> &source,
    const dealii::Tensor<1, dim> &convection = dealii::Tensor<1, dim>());
} // namespace derl

#endif
