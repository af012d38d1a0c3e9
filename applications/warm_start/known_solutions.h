// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_known_solutions_h
#define derl_applications_known_solutions_h

#include <derl/training/trainer.h>

#include <deal.II/base/conditional_ostream.h>

#include <array>
#include <string>
#include <vector>

#include "diffusion_solver.h"
#include "warm_start_parameters.h"

namespace derl
{
  /**
   * The solutions for the training parameters with their derivatives by the
   * parameters: what the surrogate learns from, and what Newton's method can
   * start from without it.
   */
  class KnownSolutions
  {
  public:
    using VectorType = DiffusionSolver::VectorType;

    /**
     * Values of s and k.
     */
    using Parameters = std::array<double, 2>;

    /**
     * Solve for all training parameters, each from zero. Collective.
     */
    KnownSolutions(const WarmStartParameters        &parameters,
                   DiffusionSolver                  &solver,
                   const dealii::ConditionalOStream &progress);

    /**
     * Sample all solutions and add the terms. Returns a description for the
     * model's provenance. Collective.
     */
    std::string
    add_terms(Trainer &trainer) const;

    /**
     * The solution for the training parameters nearest to the @p wanted ones,
     * in units of the box.
     */
    void
    start_from_nearest(const Parameters &wanted, VectorType &start) const;

    /**
     * The same, extrapolated by the derivatives by the parameters.
     */
    void
    extrapolate_nearest(const Parameters &wanted, VectorType &start) const;

    /**
     * A random point in the box.
     */
    Parameters
    random_parameters(const double u, const double v) const;

    /**
     * Over all training parameters, the largest error of the temperature in the
     * centre relative to the exact one.
     */
    double
    centre_error() const;

  private:
    struct Known
    {
      Parameters              parameters;
      VectorType              solution;
      std::vector<VectorType> derivatives;
    };

    const Known &
    nearest(const Parameters &wanted) const;

    const WarmStartParameters &parameters;
    const DiffusionSolver     &solver;
    Parameters                 lower, upper;
    std::vector<Known>         known;
  };
} // namespace derl

#endif
