// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_objective_function_h
#define derl_base_objective_function_h

#include <deal.II/base/timer.h>

#include <deal.II/lac/vector.h>

#include <string>
#include <vector>

namespace derl
{
  /**
   * A differentiable function of a replicated parameter vector: all that an
   * Optimizer knows of the thing it minimises.
   *
   * The parameter vector and the gradient are the same on all ranks. Calls of
   * value_and_gradient() are collective over whatever communicator the derived
   * class sums over; after each call all ranks hold bitwise the same value,
   * gradient and elapsed_seconds(), so that every decision an optimizer takes
   * from them is taken alike everywhere.
   */
  class ObjectiveFunction
  {
  public:
    virtual ~ObjectiveFunction() = default;

    /**
     * Length of the parameter vector and of the gradient.
     */
    virtual unsigned int
    n_parameters() const = 0;

    /**
     * Return the value at @p x and write the gradient into @p gradient
     * (resized if necessary). A parameter vector at which the function
     * overflows gives a non-finite value, not an exception. Collective.
     */
    virtual double
    value_and_gradient(const dealii::Vector<double> &x,
                       dealii::Vector<double>       &gradient) = 0;

    /**
     * A number that changes when the function becomes another one, for example
     * because its samples were replaced in Optimizer::Observer. Optimizers look
     * at it after each iteration: values and gradients of before are then not
     * compared with those of after, but what is known of the curvature is kept.
     * The same on all ranks.
     */
    virtual unsigned int
    revision() const;

    /**
     * Number of mini-batches in an epoch; 1 if the objective cannot be split.
     */
    virtual unsigned int
    n_batches() const;

    /**
     * Restrict the following evaluations to one mini-batch: number @p batch
     * (below n_batches()) of the random partition that belongs to @p epoch.
     */
    virtual void
    use_batch(const unsigned int epoch, const unsigned int batch);

    /**
     * Undo use_batch(): the following evaluations see all samples.
     */
    virtual void
    use_all_samples();

    /**
     * Seconds since restart_clock() or, if it was never called, construction:
     * the clock for time limits and logs. The default is the clock of this
     * rank, for functions that one rank evaluates alone; a function whose
     * evaluation is collective must return what all ranks agreed on at the last
     * one. Not collective.
     */
    virtual double
    elapsed_seconds() const;

    /**
     * Let the clock of elapsed_seconds() begin at zero, as a minimisation does
     * at its start. Not collective, but to be called alike by all ranks.
     */
    virtual void
    restart_clock();

    /**
     * Let the clock of elapsed_seconds() stand still until start_clock(), for
     * work that is not part of the minimisation. Not collective, but to be
     * called alike by all ranks.
     */
    void
    stop_clock();

    void
    start_clock();

    /**
     * One row of the table made by check_gradient().
     */
    struct DifferenceRow
    {
      double step;
      double difference_quotient;
      double directional_derivative;
      double error;
    };

    /**
     * Compare the directional derivative along @p direction at @p x with
     * central difference quotients for the given @p steps; the errors must
     * fall like step^2 until round-off takes over. Collective.
     */
    std::vector<DifferenceRow>
    check_gradient(const dealii::Vector<double> &x,
                   const dealii::Vector<double> &direction,
                   const std::vector<double>    &steps);

  private:
    dealii::Timer timer;
  };

  /**
   * The rows that ObjectiveFunction::check_gradient() or
   * LeastSquaresObjective::check_jacobian() made as a table for people to read:
   * step, difference quotient, derivative, and error, under a line of titles.
   */
  std::string
  difference_table(const std::vector<ObjectiveFunction::DifferenceRow> &rows);
} // namespace derl

#endif
