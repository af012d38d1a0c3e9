// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_training_validation_h
#define derl_training_validation_h

#include <derl/base/checkpoint.h>

#include <derl/objective/sum_of_squares.h>

#include <derl/optimization/optimizer.h>

#include <derl/training/best_parameters.h>

#include <deal.II/base/parameter_handler.h>

#include <deal.II/lac/vector.h>

#include <limits>
#include <optional>

namespace derl
{
  /**
   * The options of a Validation in a parameter file.
   */
  struct ValidationParameters
  {
    /** Share of the samples that is held out, besides those that only judge; 0
       for none. */
    double fraction = 0.;
    /** Seed of the choice of these samples. */
    unsigned int seed = 30;
    /** Iterations between two checks. */
    unsigned int interval = 10;
    /** Checks without a value that is lower than all before by a thousandth,
       after which training stops, */
    unsigned int patience = 20;
    /** if they are also this many times as many as there were until that. */
    double patience_factor = 9.;

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
   * Judges the parameters of a training run by the value of the objective on
   * samples that take no part in it: those that only judge (check_column), as
   * sample() has some in each cell if it chooses the points, and those that are
   * held out. See SumOfSquares::held_out_value().
   *
   * Of parameters that differ by less than a thousandth in that value the later
   * ones are kept: a value that consists of errors of the observations for the
   * most part tells nothing more, while the loss still falls.
   *
   * All functions are collective.
   */
  class Validation
  {
  public:
    /**
     * @param objective that is minimised; must outlive this object.
     */
    Validation(SumOfSquares &objective, const ValidationParameters &parameters);

    /**
     * Whether there are samples to judge by.
     */
    bool
    is_active() const;

    /**
     * Prepare for a run, and hold samples out.
     */
    void
    start();

    /**
     * Let checks begin anew, as the objective has become another one.
     */
    void
    forget();

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

  private:
    /** Check a point, unless that was done at its iteration. */
    void
    check_once(const IterationState &state, BestParameters &best);

    SumOfSquares              &objective;
    const ValidationParameters parameters;

    /** Values, and whether there is a last one yet. */
    bool   is_checked = false;
    double last       = std::numeric_limits<double>::max();
    double lowest     = std::numeric_limits<double>::max();

    unsigned int last_iteration = 0;
    unsigned int n_checks       = 0;

    /** The last value that was lower than all before by a thousandth, and the
     * number of its check. */
    double       progress       = std::numeric_limits<double>::max();
    unsigned int progress_check = 0;
  };
} // namespace derl

#endif
