// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_least_squares_objective_h
#define derl_base_least_squares_objective_h

#include <deal.II/base/mpi.h>

#include <deal.II/lac/full_matrix.h>

#include <derl/base/objective_function.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace derl
{
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
