// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_allen_cahn_manufactured_solution_h
#define derl_applications_allen_cahn_manufactured_solution_h

#include <deal.II/base/numbers.h>

#include <solvers/exact_solution.h>

namespace derl
{
  /**
   * The formula of ManufacturedSolution.
   */
  struct ProductOfSines
  {
    template <typename Coordinates, typename Number>
    std::array<Number, 1>
    operator()(const Coordinates &x,
               const Number &,
               const std::vector<double> &) const
    {
      using std::sin;
      Number result = 1.;
      for (const Number &x_i : x)
        result = result * sin(dealii::numbers::PI * x_i);
      return {{result}};
    }
  };



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
  class ManufacturedSolution : public FormulaSolution<dim, ProductOfSines>
  {
  public:
    ManufacturedSolution()
      : FormulaSolution<dim, ProductOfSines>(ProductOfSines())
    {
    }
  };



  /**
   * The forcing f for which ManufacturedSolution solves the equation of
   * allen_cahn() with the given coefficients; the solution does not depend on
   * them.
   */
  template <int dim>
  class AllenCahnForcing : public dealii::Function<dim>
  {
  public:
    explicit AllenCahnForcing(const double lambda, const double reaction = 1.)
      : lambda(lambda)
      , reaction(reaction)
    {
    }

    double
    value(const dealii::Point<dim> &x, const unsigned int = 0) const override
    {
      constexpr double pi = dealii::numbers::PI;
      const double     u  = solution.value(x);
      return -lambda * dim * pi * pi * u + reaction * u * (u * u - 1.);
    }

  private:
    const double                    lambda;
    const double                    reaction;
    const ManufacturedSolution<dim> solution;
  };
} // namespace derl

#endif
