// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_allen_cahn_parameters_problem_h
#define derl_applications_allen_cahn_parameters_problem_h

#include <derl/data/samples.h>

#include <derl/equations/residual.h>

#include <deal.II/base/function.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/point.h>

#include <solvers/exact_solution.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace derl
{
  /**
   * The two families of Allen-Cahn problems of arXiv 2505.01391,
   * @f[
   *   \lambda \Delta u + u^3 - u = f \quad \text{in } [-1,1]^2, \qquad
   *   u = 0 \quad \text{on the boundary},
   * @f]
   * with f such that the solutions are, with one parameter that is the
   * equation's coefficient, too ("exp"),
   * @f[
   *   u = \sin \pi x \sin \pi y \; e^{-\xi (x + 0.7)}, \qquad \lambda = \xi,
   * @f]
   * or with two ("multi")
   * @f[
   *   u = \frac 12 \sum_{i=1}^{2} \frac{\xi_i}{i^2} \sin i \pi x \sin i \pi y,
   *   \qquad \lambda = 0.1.
   * @f]
   * Functions are those for the present parameters, and 0, ..., n - 1 are the
   * numbers of the parameters.
   */
  class ParametricProblem
  {
  public:
    /**
     * @param name "exp" or "multi"
     * @param n_training of the training parameters are used, the first ones; 0
     *   for all
     */
    ParametricProblem(const std::string &name, const unsigned int n_training);

    // functions refer to this object
    ParametricProblem(const ParametricProblem &) = delete;
    ParametricProblem &
    operator=(const ParametricProblem &) = delete;

    /**
     * Make @p values the present parameters.
     */
    void
    set_parameters(const std::vector<double> &values) const;

    const std::vector<double> &
    get_parameters() const;

    /**
     * lambda, and its derivative with respect to parameter @p k.
     */
    double
    diffusion() const;

    double
    diffusion_derivative(const unsigned int k) const;

    /**
     * The derivative of f.
     */
    double
    forcing_derivative(const unsigned int k, const dealii::Point<2> &x) const;

    /**
     * The residual of the equation, with f in the column "f".
     */
    std::shared_ptr<const Residual>
    equation() const;

    /**
     * Exact samples at points of which each rank has its share, with
     * derivatives of total orders @p orders with respect to x and y and, on
     * demand, once with respect to a parameter, and the column "f". Collective.
     */
    Samples
    sample(const MPI_Comm                      &communicator,
           const std::vector<dealii::Point<2>> &points,
           const std::vector<unsigned int>     &orders,
           const bool with_parameter_derivatives) const;

    /**
     * Whether the present parameters lie between those for training: in their
     * convex hull.
     */
    bool
    is_inside() const;

    /**
     * The root mean square of f over the square.
     */
    double
    rms_of_forcing() const;

    /**
     * n^2 parameters: those of a uniform line from 0.5 to 3.2 or, of two, all
     * pairs of 1/n, 2/n, ..., 1, row by row.
     */
    std::vector<std::vector<double>>
    map(const unsigned int n) const;

    const bool is_exponential;

    /** Names of those of space and of the parameters. */
    const std::vector<std::string> coordinates;

    /** Those of the paper's code: "training", "validation", "test". */
    using Set = std::pair<std::string, std::vector<std::vector<double>>>;
    std::vector<Set> sets;

    std::shared_ptr<ExactSolution<2>>          exact;
    std::shared_ptr<const dealii::Function<2>> forcing;

  private:
    /** The exact solution's derivatives with respect to the parameters. */
    std::vector<std::shared_ptr<ExactSolution<2>>> derivatives;
  };
} // namespace derl

#endif
