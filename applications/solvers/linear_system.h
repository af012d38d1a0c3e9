// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_solvers_linear_system_h
#define derl_applications_solvers_linear_system_h

#include <deal.II/base/parameter_handler.h>

#include <deal.II/lac/trilinos_sparse_matrix.h>
#include <deal.II/lac/trilinos_vector.h>

#include <string>

namespace derl
{
  /**
   * Methods for linear systems: for symmetric positive definite, symmetric and
   * any matrices, each preconditioned by algebraic multigrid, and a sparse
   * factorization.
   */
  enum class LinearMethod
  {
    cg,
    minres,
    gmres,
    direct
  };



  /**
   * How linear systems are solved.
   */
  struct LinearOptions
  {
    LinearMethod method             = LinearMethod::cg;
    double       relative_tolerance = 1e-11;
    unsigned int n_max_iterations   = 1000;
    /** Of multigrid's smoother, on each level. */
    unsigned int n_smoother_sweeps = 2;
    /** What a message adds that says that the method has not converged. */
    std::string remedy;

    /**
     * Declare the entries "Linear relative tolerance" and "Maximal linear
     * iterations" in the current subsection of @p prm.
     */
    void
    declare_parameters(dealii::ParameterHandler &prm);

    /**
     * Throw if a number makes no sense.
     */
    void
    check() const;
  };



  /**
   * Solve @p matrix * @p x = @p right_hand_side. An iteration starts from
   * @p x, and ends when the $l_2$ norm of the residual, as the method updates
   * it, is at most the relative tolerance times that of the right hand side;
   * that of MINRES is computed anew.
   *
   * @param has_higher_order_elements tells multigrid that the matrix is that of
   *   elements of degree two or more.
   * @param preconditioner_matrix is what multigrid is made of, by default the
   *   matrix itself; for MINRES it must be positive definite.
   *
   * Returns the number of iterations, 1 for the direct method. Collective;
   * throws the same exception on all ranks if the method does not converge.
   */
  unsigned int
  solve_linear_system(
    const dealii::TrilinosWrappers::SparseMatrix &matrix,
    dealii::TrilinosWrappers::MPI::Vector        &x,
    const dealii::TrilinosWrappers::MPI::Vector  &right_hand_side,
    const LinearOptions                          &options,
    const bool                                    has_higher_order_elements,
    const dealii::TrilinosWrappers::SparseMatrix *preconditioner_matrix =
      nullptr);
} // namespace derl

#endif
