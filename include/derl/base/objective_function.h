// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_objective_function_h
#define derl_base_objective_function_h

#include <deal.II/base/mpi.h>
#include <deal.II/base/timer.h>

#include <deal.II/lac/full_matrix.h>
#include <deal.II/lac/vector.h>

#include <cstdint>
#include <functional>
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



  /**
   * An objective that is a sum of squares,
   * @f[
   *   f(x) = \sum_i r_i(x)^2, \qquad \nabla f = 2 J^T r, \qquad
   *   J_{ij} = \frac{\partial r_i}{\partial x_j},
   * @f]
   * with rows i distributed over the ranks of a communicator and the
   * parameters x replicated. All weights are part of the residuals r_i. What
   * an Optimizer may use beyond value and gradient to exploit this structure.
   *
   * Functions that are marked as collective must be called by all ranks, and
   * give bitwise the same reduced numbers on all of them; a rank may own no
   * row.
   */
  class LeastSquaresObjective : public ObjectiveFunction
  {
  public:
    /**
     * The communicator over which rows are distributed.
     */
    virtual MPI_Comm
    get_communicator() const = 0;

    /**
     * Number of rows of this rank. Constant, except for a change of the terms
     * or of the mini-batch in use. Vectors over rows may not hold as many;
     * residuals() and apply_jacobian() then throw.
     */
    virtual std::uint64_t
    n_local_rows() const = 0;

    /**
     * Write the residuals of this rank's rows at @p x into @p r (resized if
     * necessary) and return the sum of the squares of all ranks' residuals,
     * which is value_and_gradient()'s value. A point at which the function
     * overflows gives a non-finite value, not an exception. Collective.
     */
    virtual double
    residuals(const dealii::Vector<double> &x, dealii::Vector<double> &r) = 0;

    /**
     * Choose the point of all following products and matrices, which then do
     * not depend on what is evaluated in between. Collective.
     */
    virtual void
    linearize(const dealii::Vector<double> &x) = 0;

    /**
     * J v for this rank's rows; @p v has length n_parameters(), @p result
     * n_local_rows() (resized if necessary). Not collective.
     */
    virtual void
    apply_jacobian(const dealii::Vector<double> &v,
                   dealii::Vector<double>       &result) = 0;

    /**
     * J^T w, summed over all ranks; @p w has length n_local_rows(), @p result
     * n_parameters() (resized if necessary). Collective; one reduction.
     */
    virtual void
    apply_transposed_jacobian(const dealii::Vector<double> &w,
                              dealii::Vector<double>       &result) = 0;

    /**
     * Rows begin, begin + 1, ... of this rank's part of J, as many as @p rows
     * has; its columns are the parameters. Not collective.
     */
    virtual void
    local_rows(const std::uint64_t begin, dealii::FullMatrix<double> &rows) = 0;

    /**
     * Call @p work with this rank's rows of J in turn, some hundred at a time.
     * Not collective.
     */
    void
    for_each_block_of_rows(
      const std::function<void(const dealii::FullMatrix<double> &)> &work);

    /**
     * Add to the upper triangle of @p matrix the part that @p rows of J have in
     * J^T J, for the columns of J from @p begin on, as many as the matrix has.
     */
    static void
    add_normal_matrix(const dealii::FullMatrix<double> &rows,
                      const unsigned int                begin,
                      dealii::FullMatrix<double>       &matrix);

    /**
     * The normal matrix J^T J over the rows of all ranks, of size
     * n_parameters() squared, on all ranks. Collective; what is sent is one of
     * its triangles, but the whole matrix is written. This default goes
     * through for_each_block_of_rows().
     */
    virtual void
    normal_matrix(dealii::FullMatrix<double> &matrix);

    /**
     * The diagonal of the normal matrix, on all ranks. Collective; one
     * reduction of n_parameters() numbers.
     */
    dealii::Vector<double>
    normal_diagonal();

    /**
     * The kernel of the sample space, J J^T over the rows of all ranks
     * (ordered by ranks), on all ranks, of size n_rows() squared, which must be
     * small enough for that. Collective.
     */
    virtual void
    sample_kernel(dealii::FullMatrix<double> &matrix) = 0;

    /**
     * Number of rows of all ranks. Collective; one reduction.
     */
    std::uint64_t
    n_rows() const;

    /**
     * Compare J v at @p x with central difference quotients of the residuals
     * along @p direction for the given @p steps: the rows hold the Euclidean
     * norms of the quotient, of J v, and of their difference, over the rows of
     * all ranks. Collective. Linearizes at @p x.
     */
    std::vector<DifferenceRow>
    check_jacobian(const dealii::Vector<double> &x,
                   const dealii::Vector<double> &direction,
                   const std::vector<double>    &steps);
  };
} // namespace derl

#endif
