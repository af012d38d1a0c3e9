// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_optimization_self_scaled_broyden_h
#define derl_optimization_self_scaled_broyden_h

#include <deal.II/base/mpi.h>

#include <derl/optimization/line_search.h>
#include <derl/optimization/optimizer.h>

namespace derl
{
  /**
   * The self-scaled Broyden method with a dense inverse Hessian and a strong
   * Wolfe line search: the method of choice for full batches as long as the
   * matrix of n_parameters^2 / 2 doubles fits into the memory of all ranks. See
   * BroydenMatrix for formulas and sources and minimize_with_line_search() for
   * the treatment of failures; there are no other restarts.
   */
  class SelfScaledBroyden : public Optimizer
  {
  public:
    /** What it is called in parameter files. */
    static constexpr char method_name[] = "self-scaled Broyden";

    struct Parameters
    {
      /** The update formula: "self-scaled Broyden", "self-scaled BFGS" or
       * "BFGS". */
      std::string update = method_name;

      /** Trial length of a line search. Scaling makes the inverse Hessian too
       * large rather than too small: from 1 most searches on losses of
       * networks need a second evaluation, from 1/2 one in ten does, with the
       * same decrease per iteration (doc/optimizers.md). */
      double trial_step = 0.5;

      LineSearch::Parameters line_search;

      /** Declare the members in the current section of @p prm. */
      void
      declare_parameters(dealii::ParameterHandler &prm);

      /** Throw ExcMessage if a member is outside its range. */
      void
      check() const;
    };

    /**
     * The rows of the matrix are distributed over @p mpi_communicator, which
     * must be the one of the objective or a part of it.
     */
    SelfScaledBroyden(const Parameters &parameters,
                      const MPI_Comm    mpi_communicator);

    virtual std::string
    name() const override;

    virtual OptimizationResult
    minimize(ObjectiveFunction      &objective,
             dealii::Vector<double> &x,
             const StoppingCriteria &criteria,
             const Observer         &observer,
             CheckpointReader       *restart = nullptr) override;

    virtual double
    memory_consumption(const unsigned int n_parameters) const override;

  private:
    const Parameters parameters;
    const MPI_Comm   mpi_communicator;
  };
} // namespace derl

#endif
