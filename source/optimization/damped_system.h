// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_source_optimization_damped_system_h
#define derl_source_optimization_damped_system_h

#include <deal.II/lac/vector.h>

#include <derl/base/objective_function.h>

#include <derl/optimization/optimizers.h>

#include <memory>

namespace derl
{
  /**
   * The linear systems of an iteration of LevenbergMarquardt,
   * \f$(J^T J + \lambda I) v = -J^T r\f$, with J the Jacobian at the point at
   * which the objective was linearized last. All functions are collective.
   */
  class DampedSystem
  {
  public:
    virtual ~DampedSystem() = default;

    /** Compute what does not depend on the damping, after a linearization. */
    virtual void
    assemble() = 0;

    /**
     * Prepare to solve with the damping @p lambda. Returns false if round-off
     * makes the matrix indefinite.
     */
    virtual bool
    factorize(const double lambda) = 0;

    /**
     * Solve; @p r holds this rank's rows, @p v is the same on all ranks.
     */
    virtual void
    solve(const dealii::Vector<double> &r, dealii::Vector<double> &v) = 0;
  };

  /**
   * The system in the space that suits the objective's numbers of rows and
   * parameters. Collective.
   */
  std::unique_ptr<DampedSystem>
  make_damped_system(LeastSquaresObjective                &objective,
                     const LevenbergMarquardt::Parameters &parameters);
} // namespace derl

#endif
