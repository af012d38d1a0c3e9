// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_reference_solver_h
#define derl_applications_reference_solver_h

#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>

#include <functional>
#include <memory>
#include <vector>

#include "problem.h"

namespace derl
{
  /**
   * The discretization of a problem in a parameter file.
   */
  struct ReferenceParameters
  {
    unsigned int fe_degree              = 2;
    unsigned int n_global_refinements   = 4;
    unsigned int n_adaptive_refinements = 0;
    double       refinement_fraction    = 0.3;

    /**
     * Declare the entries in the current subsection of @p prm.
     */
    void
    declare_parameters(dealii::ParameterHandler &prm);
  };



  /**
   * Finite element solutions of a Problem on a distributed mesh, which is
   * refined where the gradient jumps most. In time the backward difference
   * formula of order three, which starts from exact values at three times. All
   * functions that do not return members are collective.
   */
  template <int dim>
  class ReferenceSolver
  {
  public:
    using VectorType = dealii::TrilinosWrappers::MPI::Vector;

    /**
     * What sees solutions: values of the further coordinates, the solution, and
     * its rate, which is null for stationary solutions and initial values. Both
     * vectors have ghost elements.
     */
    using Observer = std::function<void(const std::vector<double> &coordinates,
                                        const VectorType          &solution,
                                        const VectorType          *rate)>;

    /**
     * Make the mesh; refine it by solutions for the first known parameters.
     *
     * @param problem must outlive this object; time and parameters of its exact
     *   solution are set.
     */
    ReferenceSolver(const MPI_Comm            &communicator,
                    const Problem<dim>        &problem,
                    const ReferenceParameters &parameters);

    /**
     * Solve for values of the problem's parameters and show @p observer the
     * solution, or the initial values and those of every second time step.
     */
    void
    run(const std::vector<double> &problem_parameters,
        const Observer            &observer);

    const dealii::Mapping<dim> &
    get_mapping() const
    {
      return solver->get_mapping();
    }

    const dealii::DoFHandler<dim> &
    get_dof_handler() const
    {
      return solver->get_dof_handler();
    }

  private:
    void
    solve_in_time(const Observer &observer);

    const Problem<dim>                             &problem;
    const std::unique_ptr<FiniteElementSolver<dim>> solver;
  };
} // namespace derl

#endif
