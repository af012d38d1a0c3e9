// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <deal.II/base/exceptions.h>
#include <deal.II/base/patterns.h>

#include <deal.II/lac/solver_cg.h>
#include <deal.II/lac/solver_control.h>
#include <deal.II/lac/solver_gmres.h>
#include <deal.II/lac/solver_minres.h>
#include <deal.II/lac/trilinos_precondition.h>
#include <deal.II/lac/trilinos_solver.h>

#include <Amesos.h>
#include <solvers/linear_system.h>

#include <string>

namespace derl
{
  using namespace dealii;

  namespace
  {
    using VectorType = TrilinosWrappers::MPI::Vector;

    void
    solve_directly(const TrilinosWrappers::SparseMatrix &matrix,
                   VectorType                           &x,
                   const VectorType                     &right_hand_side)
    {
      // MUMPS works on all ranks, KLU, which each Trilinos has, on one; for
      // small systems it is the faster one.
      const bool    is_large    = matrix.m() > 10000;
      const bool    in_parallel = is_large && Amesos().Query("Amesos_Mumps");
      SolverControl control(1, 0., false, false);
      TrilinosWrappers::SolverDirect solver(
        control,
        TrilinosWrappers::SolverDirect::AdditionalData(
          false, in_parallel ? "Amesos_Mumps" : "Amesos_Klu"));
      solver.solve(matrix, x, right_hand_side);
    }



    void
    iterate(const TrilinosWrappers::SparseMatrix    &matrix,
            VectorType                              &x,
            const VectorType                        &right_hand_side,
            const LinearMethod                       method,
            SolverControl                           &control,
            const TrilinosWrappers::PreconditionAMG &amg)
    {
      if (method == LinearMethod::cg)
        SolverCG<VectorType>(control).solve(matrix, x, right_hand_side, amg);
      else if (method == LinearMethod::minres)
        SolverMinRes<VectorType>(control).solve(
          matrix, x, right_hand_side, amg);
      else
        // right preconditioning: the residual is that of the system
        SolverGMRES<VectorType>(
          control, SolverGMRES<VectorType>::AdditionalData(52, true))
          .solve(matrix, x, right_hand_side, amg);
    }
  } // namespace



  void
  LinearOptions::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Linear relative tolerance",
                      relative_tolerance,
                      "The linear solver stops when the l2 norm of the "
                      "residual is at most this fraction of that of the right "
                      "hand side.",
                      Patterns::Double(1e-14, 0.1));
    prm.add_parameter("Maximal linear iterations",
                      n_max_iterations,
                      "The number of iterations for each linear system after "
                      "which the solver gives up.",
                      Patterns::Integer(1, 1000000));
  }



  void
  LinearOptions::check() const
  {
    AssertThrow(relative_tolerance > 0 && relative_tolerance < 1,
                ExcMessage("'Linear relative tolerance' must lie between 0 "
                           "and 1; choose for example 1e-8."));
  }



  unsigned int
  solve_linear_system(
    const TrilinosWrappers::SparseMatrix &matrix,
    VectorType                           &x,
    const VectorType                     &right_hand_side,
    const LinearOptions                  &options,
    const bool                            has_higher_order_elements,
    const TrilinosWrappers::SparseMatrix *preconditioner_matrix)
  {
    if (options.method == LinearMethod::direct)
      {
        solve_directly(matrix, x, right_hand_side);
        return 1;
      }

    TrilinosWrappers::PreconditionAMG                 amg;
    TrilinosWrappers::PreconditionAMG::AdditionalData data;
    data.higher_order_elements = has_higher_order_elements;
    data.smoother_sweeps       = options.n_smoother_sweeps;
    amg.initialize(
      preconditioner_matrix != nullptr ? *preconditioner_matrix : matrix, data);

    const double tolerance =
      options.relative_tolerance * right_hand_side.l2_norm();
    VectorType   residual(right_hand_side), correction(right_hand_side);
    unsigned int n_iterations = 0;
    // MINRES measures the residual in the norm of the preconditioner. Where
    // that norm was too optimistic, start again with what is left.
    const bool   is_minres = options.method == LinearMethod::minres;
    const double safety    = is_minres ? 0.5 : 1.;
    for (double norm = matrix.residual(residual, x, right_hand_side);
         norm > tolerance;
         norm = is_minres ? matrix.residual(residual, x, right_hand_side) : 0.)
      try
        {
          ReductionControl control(options.n_max_iterations - n_iterations,
                                   0.,
                                   safety * tolerance / norm,
                                   false,
                                   false);
          correction = 0.;
          iterate(matrix, correction, residual, options.method, control, amg);
          n_iterations += control.last_step();
          x += correction;
        }
      catch (const SolverControl::NoConvergence &)
        {
          AssertThrow(false,
                      ExcMessage("The linear solver has not converged within " +
                                 std::to_string(options.n_max_iterations) +
                                 " iterations." + options.remedy));
        }
    return n_iterations;
  }
} // namespace derl
