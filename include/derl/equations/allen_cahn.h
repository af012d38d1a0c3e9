// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_equations_allen_cahn_h
#define derl_equations_allen_cahn_h

#include <derl/base/multi_index.h>

#include <deal.II/base/function.h>
#include <deal.II/base/point.h>
#include <deal.II/base/symmetric_tensor.h>
#include <deal.II/base/tensor.h>

#include <algorithm>
#include <array>

namespace derl
{
  /**
   * The manufactured solution of the stationary Allen-Cahn problem on
   * $[-1,1]^d$ with homogeneous Dirichlet values,
   * @f[
   *   u(x) = \prod_{i=1}^{d} \sin(\pi x_i), \qquad \Delta u = -d\,\pi^2 u .
   * @f]
   * It has one component; its $L^2$ norm on $[-1,1]^d$ is 1 and the $L^2$ norm
   * of its gradient is $\sqrt{d}\,\pi$.
   */
  template <int dim>
  class ManufacturedSolution : public dealii::Function<dim>
  {
  public:
    /**
     * The value $u(x)$. Not collective, like all functions of this class.
     */
    virtual double
    value(const dealii::Point<dim> &x,
          const unsigned int        component = 0) const override;

    /**
     * The gradient $\nabla u(x)$.
     */
    virtual dealii::Tensor<1, dim>
    gradient(const dealii::Point<dim> &x,
             const unsigned int        component = 0) const override;

    /**
     * The matrix of second derivatives of $u$ at $x$.
     */
    virtual dealii::SymmetricTensor<2, dim>
    hessian(const dealii::Point<dim> &x,
            const unsigned int        component = 0) const override;

    /**
     * The trace of the Hessian, $\Delta u(x) = -d\,\pi^2 u(x)$.
     */
    virtual double
    laplacian(const dealii::Point<dim> &x,
              const unsigned int        component = 0) const override;
  };



  /**
   * The stationary Allen-Cahn equation
   * @f[
   *   \lambda \Delta u + r (u^3 - u) = f \quad \text{in } [-1,1]^d, \qquad
   *   u = 0 \quad \text{on the boundary},
   * @f]
   * with the forcing $f$ for which ManufacturedSolution solves it. The forcing
   * depends on $\lambda$ and $r$, the solution does not. With $r=0$ the
   * equation is Poisson's.
   *
   * The residual is known pointwise, from the jet of a function: its value and
   * derivatives up to order two, in the order
   * $(u, u_x, u_y, u_{xx}, u_{xy}, u_{yy})$ in 2d and
   * $(u, u_x, u_y, u_z, u_{xx}, u_{xy}, u_{xz}, u_{yy}, u_{yz}, u_{zz})$ in 3d:
   * graded lexicographic, the first coordinate leading.
   *
   * The equation and its coefficient are those of the experiment "Allen-Cahn"
   * in "Learning and Transferring Physical Models through Derivatives",
   * arXiv 2505.01391, where $d=2$, $\lambda=0.01$ and $r=1$.
   */
  template <int dim>
  class AllenCahn
  {
  public:
    /**
     * Number of coordinates.
     */
    static constexpr unsigned int dimension = dim;

    /**
     * Number of equations.
     */
    static constexpr unsigned int n_residuals = 1;

    /**
     * Length of the jet that residual() takes.
     */
    static constexpr unsigned int n_jet_entries = 1 + dim + dim * (dim + 1) / 2;

    /**
     * The derivatives in that jet, in their order.
     */
    static DerivativeSet
    derivative_set();

    /**
     * The equation with the diffusion coefficient @p lambda, which must be
     * positive, and the coefficient @p reaction, called r above.
     */
    explicit AllenCahn(const double lambda, const double reaction = 1.);

    /**
     * The diffusion coefficient.
     */
    double
    get_lambda() const;

    /**
     * Position in the jet of the second derivative with respect to coordinates
     * @p i and @p j (both below dim, in either order).
     */
    static constexpr unsigned int
    second_derivative_index(const unsigned int i, const unsigned int j);

    /**
     * The forcing $f(x) = \lambda\Delta u + r(u^3 - u)$ with the manufactured
     * solution $u$.
     */
    double
    forcing(const dealii::Point<dim> &x) const;

    /**
     * The residual $\lambda\Delta u + r(u^3 - u) - f(x)$ at the point @p x of a
     * function with the given @p jet there.
     *
     * @p Number is any type with the arithmetic operators among its own kind
     * and with double: double itself, a SIMD pack, a type that differentiates
     * automatically.
     */
    template <typename Number>
    std::array<Number, n_residuals>
    residual(const dealii::Point<dim>                &x,
             const std::array<Number, n_jet_entries> &jet) const;

    /**
     * The same for a function with value @p u and the given derivatives at
     * @p x.
     */
    double
    residual(const dealii::Point<dim>              &x,
             const double                           u,
             const dealii::Tensor<1, dim>          &gradient,
             const dealii::SymmetricTensor<2, dim> &hessian) const;

  private:
    const double lambda;
    const double reaction;
  };



  // ----------------------- templates and constexpr functions ---------------

  template <int dim>
  constexpr unsigned int
  AllenCahn<dim>::second_derivative_index(const unsigned int i,
                                          const unsigned int j)
  {
    // Row i of the upper triangle, stored row by row, starts (with its
    // diagonal) after i rows of lengths dim, dim-1, ...
    const unsigned int row    = std::min(i, j);
    const unsigned int column = std::max(i, j);
    return 1 + dim + row * (2 * dim - row - 1) / 2 + column;
  }



  template <int dim>
  template <typename Number>
  std::array<Number, AllenCahn<dim>::n_residuals>
  AllenCahn<dim>::residual(const dealii::Point<dim>                &x,
                           const std::array<Number, n_jet_entries> &jet) const
  {
    Number laplacian = jet[second_derivative_index(0, 0)];
    for (unsigned int d = 1; d < dim; ++d)
      laplacian += jet[second_derivative_index(d, d)];

    const Number &u = jet[0];

    std::array<Number, n_residuals> result;
    result[0] = lambda * laplacian + reaction * u * (u * u - 1.) - forcing(x);
    return result;
  }
} // namespace derl

#endif
