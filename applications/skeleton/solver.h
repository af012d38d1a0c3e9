// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_skeleton_solver_h
#define derl_applications_skeleton_solver_h

#include <solvers/linear_solver.h>

#include <memory>

namespace derl
{
  /**
   * The equation k u - Laplace(u) = f on the square [-1, 1]^2, with f and
   * values at the boundary such that u = sin(2 x + y) exp(-x^2).
   */
  struct SkeletonProblem
  {
    explicit SkeletonProblem(const double k);

    const double                                     k;
    const std::shared_ptr<const dealii::Function<2>> exact;
    const std::shared_ptr<const dealii::Function<2>> f;
  };

  /**
   * Solve @p problem, which must outlive the result, with quadratic elements on
   * a mesh of 2^n_refinements cells per direction. Collective.
   */
  std::unique_ptr<LinearSolver<2>>
  solve(const MPI_Comm        &communicator,
        const SkeletonProblem &problem,
        const unsigned int     n_refinements);
} // namespace derl

#endif
