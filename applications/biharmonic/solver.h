// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_biharmonic_solver_h
#define derl_applications_biharmonic_solver_h

#include <derl/data/samples.h>

#include <derl/equations/residual.h>

#include <deal.II/base/function.h>

#include <solvers/finite_element_solver.h>

#include <memory>
#include <string>
#include <vector>

namespace derl
{
  /**
   * The equation Laplace(Laplace(u)) = f on the unit square, clamped: u and its
   * normal derivative are zero at the boundary. f is such that
   * u = sin^2(pi x) sin^2(pi y).
   */
  namespace Biharmonic
  {
    /**
     * The derivative of the exact solution of order i with respect to x and j
     * with respect to y.
     */
    double
    exact(const dealii::Point<2> &x,
          const unsigned int      i,
          const unsigned int      j);

    double
    f(const dealii::Point<2> &x);

    /**
     * The equation, divided by the root mean square of f.
     */
    std::shared_ptr<const Residual>
    equation();

    /**
     * The exact solution in the given columns at this rank's points, which are
     * weighted alike if there are no weights.
     */
    Samples
    sample_exact(const std::vector<double>   &points,
                 const std::vector<JetEntry> &columns,
                 const std::vector<double>   &weights = {});
  } // namespace Biharmonic



  /**
   * Continuous elements with penalties for jumps of the normal derivative (the
   * C0 interior penalty method; S. Brenner, L. Sung, J. Sci. Comput. 22 (2005)
   * 83-118), which impose that it is zero at the boundary as well.
   */
  class BiharmonicSolver : public FiniteElementSolver<2>
  {
  public:
    /**
     * Elements of a @p degree of two or more on 2^n_refinements cells per
     * direction.
     */
    BiharmonicSolver(const MPI_Comm     communicator,
                     const unsigned int degree,
                     const unsigned int n_refinements);

    void
    solve_on_mesh() override;

    /**
     * Samples at n Gauss points per direction; zero stands for the points that
     * the library chooses. Orders are at most three. Collective.
     */
    Samples
    sample(const std::vector<unsigned int> &orders,
           const unsigned int               n_gauss_points = 0) const;

  private:
    struct Scratch;
    struct Copy;

    void
    assemble_cell(const dealii::DoFHandler<2>::active_cell_iterator &cell,
                  Scratch                                           &scratch,
                  Copy &copy) const;

    /**
     * The terms of the face that the scratch object's values are about.
     */
    void
    assemble_face(const double width, Scratch &scratch, Copy &copy) const;

    const dealii::Functions::ZeroFunction<2> zero;
  };
} // namespace derl

#endif
