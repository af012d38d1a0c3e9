// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_problem_h
#define derl_applications_problem_h

#include <derl/coupling/surrogate_function.h>

#include <deal.II/base/types.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/mapping.h>

#include <solvers/exact_solution.h>
#include <solvers/linear_solver.h>

#include <memory>
#include <string>
#include <vector>

namespace derl
{
  /** Boundary ids: where values are known, and where they are not. */
  constexpr dealii::types::boundary_id known_values = 0;
  constexpr dealii::types::boundary_id free_surface = 1;



  /**
   * Relative errors of a quantity that one solves the problem for.
   */
  struct QuantityErrors
  {
    double reference;
    double surrogate;
  };



  /**
   * A linear problem with a known solution: its mesh, its discretization, and
   * what is measured. The values of the solution are given at the boundary with
   * the id known_values, elsewhere the natural boundary condition is zero.
   */
  template <int dim>
  class Problem
  {
  public:
    using Mesh       = dealii::parallel::distributed::Triangulation<dim>;
    using VectorType = dealii::TrilinosWrappers::MPI::Vector;

    virtual ~Problem() = default;

    /**
     * Make the mesh and refine it @p n_refinements times, more or less.
     * Collective.
     */
    virtual void
    make_mesh(const unsigned int n_refinements, Mesh &mesh) const = 0;

    /**
     * A solver, with elements of the given degree, at the time and parameters
     * of the exact solution; of problems in time a LinearSolver. Collective.
     */
    virtual std::unique_ptr<FiniteElementSolver<dim>>
    make_solver(const MPI_Comm     communicator,
                const unsigned int degree) const = 0;

    /**
     * Measure the quantity of the name quantity. Collective.
     */
    virtual QuantityErrors
    measure_quantity(const dealii::Mapping<dim>    &mapping,
                     const dealii::DoFHandler<dim> &dof_handler,
                     const VectorType              &solution,
                     const SurrogateFunction<dim>  &surrogate) const;

    std::string                         description;
    std::vector<std::string>            components = {"u"};
    std::shared_ptr<ExactSolution<dim>> exact;

    /** A pressure that is known up to a constant, which comes last; its
     * boundary values are not given. */
    bool has_pressure = false;

    /** The coordinates after those of space: time if there is one, then
     * parameters. */
    std::vector<std::string> further_coordinates;
    /** Values of the parameters to learn from, and to be tested with. */
    std::vector<std::vector<double>> known_parameters  = {{}};
    std::vector<std::vector<double>> unseen_parameters = {{}};
    /** Time steps from 0 to the final time; none if stationary. */
    unsigned int n_time_steps = 0;
    double       final_time   = 0;

    /** A quantity that one solves the problem for, or empty. */
    std::string quantity;
  };



  /**
   * The problem with a name; null if there is none of this dimension.
   */
  template <int dim>
  std::unique_ptr<Problem<dim>>
  make_problem(const std::string &name);

  /**
   * The names of all problems.
   */
  std::vector<std::string>
  problem_names();
} // namespace derl

#endif
