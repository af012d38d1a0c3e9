// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_continuity_solver_h
#define derl_applications_continuity_solver_h

#include <derl/data/sampling.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/fe_dgq.h>
#include <deal.II/fe/mapping_q1.h>

#include <deal.II/lac/trilinos_sparse_matrix.h>
#include <deal.II/lac/trilinos_vector.h>

#include <vector>

#include "density.h"

namespace derl
{
  struct ContinuitySolverParameters
  {
    unsigned int fe_degree      = 3;
    unsigned int n_cells        = 14;
    double       courant_number = 0.8;
    double       final_time     = 10.;
    unsigned int n_intervals    = 100;

    void
    declare_parameters(dealii::ParameterHandler &prm);
  };



  /**
   * Solves the continuity equation u_t + div(v u) = 0 with the velocity v =
   * (-y, x) on the square (-1.5, 1.5)^2 with
   * discontinuous elements and the upwind flux, and keeps the solution at
   * equally spaced times. Nothing flows in: the exact density is below 3e-6 at
   * the boundary. In time, steps are those of the classical Runge-Kutta method
   * of order four; with elements of degree 0 they are Euler's, which is the
   * finite volume scheme of first order. All functions are collective.
   */
  class ContinuitySolver
  {
  public:
    using VectorType = dealii::TrilinosWrappers::MPI::Vector;

    /**
     * Make the mesh and the matrix.
     */
    ContinuitySolver(const MPI_Comm                   &communicator,
                     const ContinuitySolverParameters &parameters);

    /**
     * Solve for all times.
     */
    void
    solve();

    unsigned int
    n_times() const
    {
      return solutions.size();
    }

    /**
     * The length of the interval of time that time @p i stands for in the
     * trapezoidal rule; or, with @p more_at_ends, the weight of Chebyshev's
     * polynomials, which is larger at both ends: a fit is worst where it has
     * samples on one side only, and there is the time at which errors have
     * added up.
     */
    double
    time_weight(const unsigned int i, const bool more_at_ends) const;

    /**
     * Go to one of the times, that of exact(), get_solution() and the
     * samples.
     */
    void
    go_to(const unsigned int i);

    const dealii::Mapping<2> &
    get_mapping() const
    {
      return mapping;
    }

    const dealii::DoFHandler<2> &
    get_dof_handler() const
    {
      return dof_handler;
    }

    const TurningDensity &
    exact() const
    {
      return exact_solution;
    }

    /** It has ghost elements. */
    const VectorType &
    get_solution() const
    {
      return solution;
    }

    /**
     * Samples of the solution in the cells and at the boundary, at points that
     * are those of @p line in each direction. Derivatives with respect to time
     * are those that the equation in space gives.
     */
    Samples
    sample(const dealii::Quadrature<1> &line,
           const SampleRequest<2>      &request) const;

    Samples
    sample_boundary(const dealii::Quadrature<1> &line,
                    const SampleRequest<2>      &request) const;

  private:
    /**
     * Let @p matrix be the one of y' = matrix y. The shape functions are those
     * of the Gauss points, so that the mass matrix is diagonal.
     */
    void
    assemble();

    /**
     * The solution with the derivatives with respect to time that samples of
     * derivatives of the given orders need.
     */
    Snapshot<VectorType>
    snapshot(const std::vector<unsigned int> &orders) const;

    /**
     * The derivative with respect to time.
     */
    VectorType
    apply(const VectorType &y) const;

    const ContinuitySolverParameters                parameters;
    const MPI_Comm                                  communicator;
    const dealii::MappingQ1<2>                      mapping;
    dealii::parallel::distributed::Triangulation<2> mesh;
    const dealii::FE_DGQArbitraryNodes<2>           fe;
    dealii::DoFHandler<2>                           dof_handler;
    dealii::TrilinosWrappers::SparseMatrix          matrix;

    TurningDensity          exact_solution;
    std::vector<VectorType> solutions;
    VectorType              solution, rate, second_rate;
  };
} // namespace derl

#endif
