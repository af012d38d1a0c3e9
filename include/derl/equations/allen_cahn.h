// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_equations_allen_cahn_h
#define derl_equations_allen_cahn_h

#include <derl/equations/residual.h>

#include <deal.II/base/function.h>
#include <deal.II/base/point.h>
#include <deal.II/base/symmetric_tensor.h>
#include <deal.II/base/tensor.h>

#include <memory>

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
   * The residual of the stationary Allen-Cahn equation,
   * @f[
   *   \lambda \Delta u + r (u^3 - u) - f \quad \text{in } [-1,1]^d, \qquad
   *   u = 0 \quad \text{on the boundary},
   * @f]
   * of the component u in the coordinates x, y and z, where f is the auxiliary
   * column "forcing". With $r=0$ the equation is Poisson's. Throws if @p lambda
   * is not positive.
   *
   * The equation and its coefficient are those of the experiment "Allen-Cahn"
   * in "Learning and Transferring Physical Models through Derivatives",
   * arXiv 2505.01391, where $d=2$, $\lambda=0.01$ and $r=1$.
   */
  template <int dim>
  std::shared_ptr<const Residual>
  allen_cahn(const double lambda, const double reaction = 1.);



  /**
   * The forcing f for which ManufacturedSolution solves the Allen-Cahn equation
   * with the given coefficients; the solution does not depend on them.
   */
  template <int dim>
  class AllenCahnForcing : public dealii::Function<dim>
  {
  public:
    explicit AllenCahnForcing(const double lambda, const double reaction = 1.);

    virtual double
    value(const dealii::Point<dim> &x,
          const unsigned int        component = 0) const override;

  private:
    const double lambda;
    const double reaction;
  };
} // namespace derl

#endif
