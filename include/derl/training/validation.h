// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_training_validation_h
#define derl_training_validation_h

#include <derl/base/checkpoint.h>

#include <derl/network/surrogate.h>

#include <derl/objective/sum_of_squares.h>

#include <derl/optimization/optimizer.h>

#include <derl/training/best_parameters.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>

#include <deal.II/lac/vector.h>

#include <limits>
#include <map>
#include <memory>
#include <optional>

namespace derl
{
  /**
   * The options of a Validation in a parameter file.
   */
  struct ValidationParameters
  {
    /** Share of the samples that is held out; 0 for none. */
    double fraction = 0.;
    /** Seed of the choice of these samples. */
    unsigned int seed = 30;
    /** Iterations between two checks. */
    unsigned int interval = 10;
    /** Checks without a new lowest value after which training stops. */
    unsigned int patience = 20;

    /**
     * Declare the entries in the current subsection of @p parameters.
     */
    void
    declare_parameters(dealii::ParameterHandler &parameters);

    /**
     * Throw if an option has no meaning.
     */
    void
    check() const;
  };



  /**
   * Judges the parameters of a training run by the sum of the terms on samples
   * that are held out. Which these are does not depend on the number of ranks,
   * see hold_out(). Each term is a weighted mean over its samples, so that the
   * values on both parts can be compared.
   *
   * All functions are collective.
   */
  class Validation
  {
  public:
    Validation(const Surrogate            &surrogate,
               const ValidationParameters &parameters,
               const MPI_Comm             &communicator);

    /**
     * Hold out some samples of @p term and return the term on the rest; without
     * validation all of it. Terms that share their samples go on doing so.
     */
    std::unique_ptr<const Term>
    hold_out_from(std::unique_ptr<const Term> term);

    /**
     * Whether samples are held out.
     */
    bool
    is_active() const;

    /**
     * Prepare for a run whose objective has the given terms: the weights of the
     * terms on the held-out samples will be the same.
     */
    void
    start(const std::vector<SumOfSquares::TermValue> &terms);

    /**
     * Look at an accepted point; if it is time, check it and offer it to
     * @p best. Returns the wish to stop if patience has come to an end.
     */
    std::optional<StopReason>
    observe(const IterationState &state, BestParameters &best);

    /**
     * Look at the last point of a run, and check it if that was not done.
     */
    void
    observe_last(const IterationState &state, BestParameters &best);

    /**
     * Write the state of the checks to a checkpoint, or read it. A run that
     * goes on from there observes its last point once more, which changes
     * nothing.
     */
    void
    exchange(CheckpointArchive &archive);

    /**
     * The value on the held-out samples at the last check.
     */
    double
    last_value() const;

    /**
     * Number of samples held out, over all ranks.
     */
    std::uint64_t
    n_samples() const;

  private:
    /** Check a point, unless that was done at its iteration. */
    void
    check_once(const IterationState &state, BestParameters &best);

    using Table = std::shared_ptr<const Samples>;

    const ValidationParameters               parameters;
    const MPI_Comm                           communicator;
    SumOfSquares                             held_out;
    std::map<Table, std::pair<Table, Table>> tables;

    bool                   is_checked     = false;
    double                 last           = std::numeric_limits<double>::max();
    unsigned int           last_iteration = 0;
    unsigned int           n_fruitless_checks = 0;
    dealii::Vector<double> residuals;
  };
} // namespace derl

#endif
