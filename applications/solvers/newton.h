// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_solvers_newton_h
#define derl_applications_solvers_newton_h

#include <deal.II/base/parameter_handler.h>

#include <deal.II/lac/trilinos_vector.h>

#include <functional>
#include <string>
#include <vector>

namespace derl
{
  /**
   * When Newton's method ends.
   */
  struct NewtonOptions
  {
    double       absolute_tolerance = 1e-12;
    double       relative_tolerance = 0.;
    unsigned int n_max_steps        = 30;

    /**
     * Declare the entries "Newton absolute tolerance", "Newton relative
     * tolerance" and "Maximal Newton steps" in the current subsection of
     * @p prm.
     */
    void
    declare_parameters(dealii::ParameterHandler &prm);

    /**
     * Throw if the method would never stop.
     */
    void
    check() const;
  };



  /**
   * A step of Newton's method; step 0 is the start.
   */
  struct NewtonStep
  {
    unsigned int step = 0;
    /** The $l_2$ norm of the residual vector after the step. */
    double residual_norm = 0.;
    /** The fraction of Newton's update that was taken. */
    double step_length = 0.;
    /** Of the linear solver in this step. */
    unsigned int n_linear_iterations = 0;
    /** How often the residual was computed in this step. */
    unsigned int n_residuals = 1;
  };



  /**
   * All steps of a solve, the start included.
   */
  struct NewtonLog
  {
    std::vector<NewtonStep> steps;

    unsigned int
    n_steps() const;

    /** Steps that were shortened. */
    unsigned int
    n_damped_steps() const;

    /** In all steps. */
    unsigned int
    n_linear_iterations() const;
  };



  /**
   * The equations R(u) = 0. The functions are collective; @p u has ghost
   * elements, other vectors have none.
   */
  struct NonlinearEquations
  {
    using VectorType = dealii::TrilinosWrappers::MPI::Vector;

    /** Compute R(u). */
    std::function<void(const VectorType &u, VectorType &residual)> residual;
    /** Solve R'(u) update = right_hand_side, and return the number of
     * iterations that this took. */
    std::function<unsigned int(const VectorType &u,
                               const VectorType &right_hand_side,
                               VectorType       &update)>
      solve_linearized;
    /** What is solved and what may help, for messages: "Newton's method,
     * @p name, has not converged. @p remedy, or ...". */
    std::string name;
    std::string remedy;
  };



  /**
   * Newton's method with backtracking from @p solution, which has ghost
   * elements and becomes the solution: each step is halved until the residual's
   * $l_2$ norm is at most $1 - 10^{-4} s$ times the one before, $s$ being the
   * step's length (J. Nocedal and S. J. Wright, Numerical Optimization,
   * section 11.2).
   *
   * It stops as soon as the norm of the residual is at most the absolute
   * tolerance, or the relative tolerance times the norm at the vector zero. It
   * is not compared with the norm at the start: a good start must not make the
   * rule stricter than round-off allows.
   *
   * @param observer sees each step, the start included; it may be empty.
   *
   * Collective; throws the same exception on all ranks if
   * there are too many steps, or steps shorter than $10^{-6}$.
   *
   * deal.II's interface to KINSOL offers the same strategy, but stops by the
   * largest residual in units that it chooses, shows neither the steps nor how
   * they were shortened, and wants callbacks of other types in each version.
   */
  NewtonLog
  solve_by_newton(const NonlinearEquations                      &equations,
                  const NewtonOptions                           &options,
                  dealii::TrilinosWrappers::MPI::Vector         &solution,
                  const std::function<void(const NewtonStep &)> &observer = {});
} // namespace derl

#endif
