// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_poisson_solver_h
#define derl_applications_poisson_solver_h

#include <solvers/exact_solution.h>
#include <solvers/linear_solver.h>

#include <memory>
#include <string>

namespace derl
{
  /**
   * The solution of Poisson's equation that the study compares with:
   * - "waves": sin(pi x_1 + 0.4) sin(pi x_2 + 0.7). The phases keep it from
   *   having the symmetries of the meshes, and from vanishing at the boundary.
   * - "peak": exp(-10 |x - c|^2), c = (0.3, -0.2), which is flat in most of the
   *   domain. It is a mild case of the peak problem of W.F. Mitchell, "A
   *   collection of 2D elliptic problems for testing adaptive grid refinement
   *   algorithms", Appl. Math. Comput. 220 (2013) 350-364.
   */
  std::shared_ptr<const ExactSolution<2>>
  exact_solution(const std::string &name);



  /**
   * Poisson's equation with a known solution, its values at the boundary, and
   * continuous elements on one of these meshes: "uniform", "distorted"
   * (vertices moved at random by a fifth of the edges' length) and "refined"
   * (with one more level of refinement in a disk, so that there are hanging
   * nodes) for the square [-1,1]^2, "curved" for the unit disk, with cells of
   * the element's degree.
   */
  class PoissonSolver : public LinearSolver<2>
  {
  public:
    /**
     * Make the mesh, with @p n_refinements refinements of a square of 2x2
     * cells, or so, and solve. Collective.
     *
     * @param exact the solution, with gradient and Hessian; it must outlive
     *   this object.
     */
    PoissonSolver(const MPI_Comm            &communicator,
                  const dealii::Function<2> &exact,
                  const std::string         &mesh,
                  const unsigned int         degree,
                  const unsigned int         n_refinements);

    const dealii::Function<2> &
    get_exact_solution() const
    {
      return exact;
    }

  private:
    const dealii::Function<2> &exact;
  };
} // namespace derl

#endif
