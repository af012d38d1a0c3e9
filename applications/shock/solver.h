// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_shock_solver_h
#define derl_applications_shock_solver_h

#include <derl/data/sampling.h>

#include <derl/equations/residual.h>

#include <solvers/exact_solution.h>
#include <solvers/finite_element_solver.h>

#include <memory>

namespace derl
{
  /**
   * Burgers' equation u_t + u u_x = viscosity u_xx for x and t in [0, 1], with
   * the solution of two shocks, between 1 and 1/2 and between 1/2 and 1/10,
   * which meet.
   */
  struct ShockProblem
  {
    explicit ShockProblem(const double viscosity);

    const double                                  viscosity;
    const std::shared_ptr<const ExactSolution<2>> exact;

    /** For names x, t and u. */
    const std::shared_ptr<const Residual> equation;
  };



  /**
   * Quadratic elements in space and time, on a mesh that is refined where the
   * gradient jumps most. The viscosity is larger on the first meshes, which
   * cannot resolve the shocks.
   */
  class ShockSolver : public FiniteElementSolver<2>
  {
  public:
    /**
     * @param problem must outlive this object
     */
    ShockSolver(const MPI_Comm      communicator,
                const ShockProblem &problem,
                const unsigned int  n_global_refinements,
                const unsigned int  n_adaptive_refinements);

    void
    solve_on_mesh() override;

    /**
     * Samples at the points that the library chooses. Collective.
     */
    Samples
    sample(const SampleRequest<2> &request) const;

    /**
     * Values at the initial time and at both ends of the interval. Collective.
     */
    Samples
    sample_given_values() const;

  private:
    const ShockProblem &problem;
    const unsigned int  n_meshes;
  };
} // namespace derl

#endif
