// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_optimization_optimizer_h
#define derl_optimization_optimizer_h

#include <derl/base/objective_function.h>

#include <deal.II/base/parameter_handler.h>

#include <deal.II/lac/vector.h>

#include <functional>
#include <optional>
#include <string>

namespace derl
{
  class CheckpointReader;
  class CheckpointWriter;



  /**
   * What an optimizer passes to its observer: numbers that belong to the point
   * @p x. The reference is valid during the call only.
   */
  struct IterationState
  {
    /** Number of accepted steps; 0 is the starting point. */
    unsigned int iteration;

    /** Evaluations of value and gradient since the start of minimize(). */
    unsigned int evaluations;

    /** Value of the objective at @p x (of the mini-batch in use, if any). */
    double value;

    /** Euclidean norm of the gradient at @p x. */
    double gradient_norm;

    /** Multiple of the search direction (or learning rate) that led to @p x. */
    double step_length;

    /** Seconds since the start of minimize(), the same on all ranks. */
    double seconds;

    /** The accepted parameters. */
    const dealii::Vector<double> &x;

    /**
     * Writes all that the optimizer needs to continue from here, for
     * Optimizer::minimize() to restart from. Collective.
     */
    const std::function<void(CheckpointWriter &)> &save;
  };



  /**
   * Why minimize() came to an end.
   */
  enum class StopReason
  {
    iteration_limit,
    time_limit,
    gradient_small,
    value_small,
    stagnation,
    line_search_failed,
    steps_refused,
    validation,
    signal,
    non_finite_value
  };

  /**
   * The reason in words, for logs: "iteration limit", "time limit", "gradient
   * small", "value small", "stagnation", "line search cannot decrease the
   * objective further", "no damped step decreases the objective further",
   * "validation", "signal", "non-finite value".
   */
  std::string
  to_string(const StopReason reason);



  /**
   * When to end a minimisation. The first rule that is met wins, in the order
   * non-finite value, value, gradient, the observer's wish, stagnation,
   * iterations, time.
   */
  struct StoppingCriteria
  {
    /** Largest number of accepted steps; 0 evaluates the start only. */
    unsigned int max_iterations = 1000;

    /**
     * Largest time in seconds, measured with
     * ObjectiveFunction::elapsed_seconds() from the start of minimize() and
     * looked at after each iteration; 0 or infinity mean no limit.
     */
    double max_seconds = 0.;

    /** Stop when the Euclidean norm of the gradient is not above this. */
    double gradient_tolerance = 0.;

    /** Stop when the value is not above this. */
    double value_tolerance = 0.;

    /**
     * Stop when this many accepted steps in a row have not brought the value
     * below its lowest by more than stagnation_tolerance times its magnitude; 0
     * for never, but methods with a line search always stop in the end, see
     * minimize_with_line_search().
     */
    unsigned int stagnation_iterations = 0;

    /** The relative decrease that stagnation_iterations steps must make. */
    double stagnation_tolerance = 1e-3;

    /** Declare the members in the current section of @p prm. */
    void
    declare_parameters(dealii::ParameterHandler &prm);

    /** Throw ExcMessage if a member has no meaning. */
    void
    check() const;
  };



  /**
   * The outcome of a minimisation. All ranks hold the same numbers.
   */
  struct OptimizationResult
  {
    StopReason   reason;
    unsigned int iterations;
    unsigned int evaluations;

    /** Value over all samples at the returned point. */
    double value;

    /** Euclidean norm of the gradient at the returned point. */
    double gradient_norm;

    /** Seconds since the start, with those before a restart. */
    double seconds;
  };



  /**
   * A method that minimises an ObjectiveFunction. An optimizer knows nothing of
   * what it minimises, and all its decisions follow from numbers that are the
   * same on all ranks.
   */
  class Optimizer
  {
  public:
    /**
     * Called with the start (iteration 0, or that of the checkpoint of a
     * restart) and after each iteration. Returns a
     * reason, the same on all ranks, if the run shall stop here.
     */
    using Observer =
      std::function<std::optional<StopReason>(const IterationState &)>;

    virtual ~Optimizer() = default;

    /** The name as it stands in parameter files and logs. */
    virtual std::string
    name() const = 0;

    /**
     * Minimise @p objective from @p x, which holds the last accepted point on
     * return; the last evaluation of the objective was then made at that point
     * with all samples. An empty @p observer is not called.
     *
     * With @p restart, a checkpoint that IterationState::save wrote, the run
     * continues from there as if it had not been interrupted, on any number of
     * ranks: @p x is overwritten, and counts and seconds continue from the
     * checkpoint's.
     *
     * Collective over the communicator of the objective and, for methods that
     * distribute their memory, over the communicator of the optimizer. Throws
     * ExcMessage if @p x has not the objective's number of parameters, and
     * AgreedError if the checkpoint is of another method or size.
     */
    virtual OptimizationResult
    minimize(ObjectiveFunction      &objective,
             dealii::Vector<double> &x,
             const StoppingCriteria &criteria,
             const Observer         &observer,
             CheckpointReader       *restart = nullptr) = 0;

    /**
     * Bytes that minimize() will allocate on this rank for an objective with
     * @p n_parameters parameters; a double, since a dense matrix of a large
     * network exceeds the range of integers. Ranks may need different amounts.
     * Collective, since a method may be chosen by what all ranks need.
     */
    virtual double
    memory_consumption(const unsigned int n_parameters) const = 0;
  };
} // namespace derl

#endif
