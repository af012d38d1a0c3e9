// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_optimization_automatic_h
#define derl_optimization_automatic_h

#include <derl/optimization/optimizers.h>

#include <memory>

namespace derl
{
  /**
   * Chooses a method for the objective and the machine, and says which
   * and why:
   *
   * - Adam for an objective that is split into mini-batches;
   * - self-scaled Broyden as long as its matrix takes at most a quarter of the
   *   memory that a rank has: at equal time it was the most accurate method for
   *   921 and for 7851 parameters, see doc/optimizers.md;
   * - L-BFGS otherwise.
   *
   * When self-scaled Broyden can make no more progress, because its line
   * searches or its approximate curvature meet round-off, and the objective is
   * a LeastSquaresObjective whose normal matrix fits as well, the method of
   * Levenberg and Marquardt takes over from the point that was reached: its
   * steps do not depend on differences of gradients.
   *
   * A restart continues with the method that wrote the checkpoint.
   */
  class AutomaticOptimizer : public Optimizer
  {
  public:
    /** What it is called in parameter files. */
    static constexpr char method_name[] = "auto";

    /** Called on all ranks with a sentence for the user. */
    using Message = std::function<void(const std::string &)>;

    /**
     * @p parameters are those of all methods; the method in them is not
     * used. @p mpi_communicator as for make_optimizer(). @p bytes_per_rank
     * is the memory of a rank, the same number on all ranks; usually that of
     * memory_per_rank().
     */
    AutomaticOptimizer(const OptimizerParameters &parameters,
                       const MPI_Comm             mpi_communicator,
                       const Message             &message,
                       const double               bytes_per_rank);

    /** "auto", and the method in use after minimize() was called. */
    virtual std::string
    name() const override;

    virtual OptimizationResult
    minimize(ObjectiveFunction      &objective,
             dealii::Vector<double> &x,
             const StoppingCriteria &criteria,
             const Observer         &observer,
             CheckpointReader       *restart = nullptr) override;

    /**
     * That of the method that fits, on the rank that needs most of it.
     */
    virtual double
    memory_consumption(const unsigned int n_parameters) const override;

  private:
    /** What a run has used up. */
    struct Usage
    {
      unsigned int iterations  = 0;
      unsigned int evaluations = 0;
      double       seconds     = 0.;
    };

    std::unique_ptr<Optimizer>
    make(const std::string &name) const;

    /**
     * The memory of a method on the rank that needs most: what ranks decide on
     * must be the same on all of them. Collective.
     */
    double
    bytes_needed(const std::string &name,
                 const unsigned int n_parameters) const;

    /** Whether so many bytes on a rank leave enough for the rest. */
    bool
    fits(const double bytes) const;

    /** The method to begin with; says why. Collective. */
    std::string
    first_method(const ObjectiveFunction &objective) const;

    /**
     * Minimise with the present method, as the part of a run that has already
     * used up @p used; adds what this part uses.
     */
    OptimizationResult
    run(ObjectiveFunction      &objective,
        dealii::Vector<double> &x,
        const StoppingCriteria &criteria,
        const Observer         &observer,
        Usage                  &used,
        CheckpointReader       *restart) const;

    OptimizerParameters parameters;
    const MPI_Comm      mpi_communicator;
    const Message       message;
    const double        bytes_per_rank;
    std::string         method;
  };
} // namespace derl

#endif
