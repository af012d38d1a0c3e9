// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_objective_sum_of_squares_h
#define derl_objective_sum_of_squares_h

#include <derl/base/objective_function.h>

#include <derl/data/samples.h>

#include <derl/equations/residual.h>

#include <derl/network/surrogate.h>

#include <deal.II/base/mpi.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace derl
{
  class JacobianFactors;



  /**
   * One weighted sum of squares in an objective: a residual at the points of a
   * table of samples,
   * @f[
   *   \frac{\sum_i w_i \sum_r m_r\, f_{ir}\, \rho_r(x_i)^2}
   *        {\sum_i w_i \sum_r m_r},
   * @f]
   * over samples i (of all ranks) of weight w and rows r of multiplicity m; f
   * is the factor of the observation that a row is about, and 1 for rows that
   * are about none. Factors have the mean one, so that this is a weighted mean.
   */
  struct Term
  {
    /** Appears in logs and summaries; different for each term. */
    std::string                     name;
    std::shared_ptr<const Samples>  samples;
    std::shared_ptr<const Residual> residual;
    /** The factor of the sum in the objective, not negative. */
    double weight = 1.;
  };



  /**
   * The objective of training: a weighted sum of terms, as a function of the
   * parameters of a network.
   *
   * Each rank evaluates its own samples; one reduction per evaluation sums
   * [gradient | terms | clock | errors] over the ranks. The network is
   * evaluated once per table of samples, with the union of the derivatives
   * that the terms on this table need, so that points where only values
   * matter cost only values.
   *
   * Its residuals are those of the terms times
   * @f$\sqrt{\text{term's weight} \cdot \text{row's weight} \cdot
   * \text{sample's weight} / \text{their sum}}@f$. The rows of a rank are
   * ordered by table of samples, sample, and term; only those of the samples
   * in use (see use_batch()) count. Products with the Jacobian cost about as
   * much as a gradient; only sample_kernel() needs memory that grows with the
   * number of samples. Products at a point at which residuals() have thrown are
   * not agreed among ranks.
   *
   * All weighting is done here: the square of a row counts with
   * @f[
   *   \text{term's weight} \cdot \frac{\text{sample's weight} \cdot
   *   \text{row's multiplicity} \cdot \text{observation's factor}}
   *   {\text{sum of sample's weight} \cdot \text{row's multiplicity}}.
   * @f]
   * Rows are in the user's units, or, after use_network_units(), in those of
   * the network.
   */
  class SumOfSquares : public LeastSquaresObjective
  {
  public:
    /**
     * An objective without terms for the network of @p surrogate, which must
     * outlive this object. What a surrogate has besides parameters (scaling,
     * maps, fixed layers) may be changed between evaluations, equally on all
     * ranks, and is used. The network is evaluated in the given precision, all
     * sums are taken in double. Collective.
     */
    SumOfSquares(const Surrogate &surrogate,
                 const MPI_Comm  &communicator,
                 const Precision  precision = Precision::double_precision);

    ~SumOfSquares() override;

    /**
     * Add a term. Collective. Throws AgreedError if the term has no samples
     * on any rank, if a sample is not usable, if name or weight do not fit, or
     * if the residual cannot be bound to the surrogate's names and the columns
     * of the samples.
     */
    void
    add_term(const Term &term);

    /**
     * Replace the samples of the term @p name, and of all terms that have the
     * same table: new points, another time, a domain that has grown. Columns,
     * auxiliary columns, and whether there are factors must be as before. Units
     * and weights remain, and of the new samples the same share is held out.
     * The revision() changes. Collective, and allowed in Optimizer::Observer;
     * with mini-batches their number remains. Returns the old ones. Throws
     * AgreedError if there is no such term, or the samples do not fit.
     */
    std::shared_ptr<const Samples>
    replace_samples(const std::string                    &name,
                    const std::shared_ptr<const Samples> &samples);

    unsigned int
    revision() const override;

    /**
     * Keep a share of the samples of each table out of evaluations, for
     * held_out_value(), besides those that only judge (check_column). Samples
     * at the same point stay together, and the choice does not depend on the
     * number of ranks, see held_out_indices(). Collective, before evaluations.
     * Throws AgreedError if of a table nothing is held out, or all.
     */
    void
    hold_out(const double fraction, const std::uint32_t seed);

    /**
     * The value of the objective on the samples that are held out or only
     * judge, and for tables without such samples on all of them. As each term
     * is a weighted mean over its samples, it can be compared with the value on
     * those for training. Collective.
     */
    double
    held_out_value(const dealii::Vector<double> &x);

    /**
     * Replace the weights of the terms, which are Term::weight at first. A
     * term of weight zero is evaluated and reported, but neither its value nor
     * its derivatives are used: they need not be finite.
     */
    void
    set_weights(const std::vector<double> &new_weights);

    /**
     * Add @f$\sum_i f_i (x_i - c_i)^2@f$ to the objective, with factors f that
     * are not negative, which holds parameters near a center c: elastic weight
     * consolidation, if the factors are the normal_diagonal() of what was
     * learned before (J. Kirkpatrick et al., "Overcoming catastrophic
     * forgetting in neural networks", 2017). It replaces an earlier one, is not
     * among the terms, and has a row for each parameter, after those of the
     * samples of the first rank. sample_kernel() then throws: there are more
     * rows than parameters. To be called with the same numbers on all ranks.
     */
    void
    set_penalty(const dealii::Vector<double> &center,
                const dealii::Vector<double> &factors);

    /**
     * Count rows in the network's units from now on, so that the values of
     * terms do not depend on the units of the problem: a row that is about an
     * observed jet entry is divided by unit_of() it; another one, such as that
     * of an equation, by the root mean square over the samples of
     * @f$\left(\sum_e (u_e\, \partial\rho / \partial j_e)^2\right)^{1/2}@f$
     * with the units u of the jet entries j, which is the row's change when
     * these change by one in the network's units; derivatives are those at the
     * parameters @p x. Collective.
     */
    void
    use_network_units(const dealii::Vector<double> &x);

    /**
     * What the rows of all terms, one after the other, are divided by; and to
     * set these numbers, for example from a checkpoint, which must be positive
     * and as many.
     */
    std::vector<double>
    row_units() const;

    void
    set_row_units(const std::vector<double> &units);

    unsigned int
    n_parameters() const override;

    double
    value_and_gradient(const dealii::Vector<double> &x,
                       dealii::Vector<double>       &gradient) override;

    MPI_Comm
    get_communicator() const override;

    std::uint64_t
    n_local_rows() const override;

    double
    residuals(const dealii::Vector<double> &x,
              dealii::Vector<double>       &r) override;

    void
    linearize(const dealii::Vector<double> &x) override;

    void
    apply_jacobian(const dealii::Vector<double> &v,
                   dealii::Vector<double>       &result) override;

    void
    apply_transposed_jacobian(const dealii::Vector<double> &w,
                              dealii::Vector<double>       &result) override;

    void
    local_rows(const std::uint64_t         begin,
               dealii::FullMatrix<double> &rows) override;

    void
    sample_kernel(dealii::FullMatrix<double> &matrix) override;

    /**
     * Split the samples of every table at random into mini-batches such that
     * one has at most @p size samples of the largest table, over all ranks. The
     * numbers of samples of a table in two mini-batches differ by at most one,
     * over all ranks and on each of them. The partition depends on @p seed and
     * on how the samples lie on the ranks. Collective.
     *
     * A mini-batch's value is n_batches() times the part that its samples have
     * in the full value: an unbiased estimate of that, whose mean over an epoch
     * is exact. If there are more mini-batches than samples of a table, those
     * that have one are spread evenly over the epoch. In the others the terms
     * of that table are zero, which term_values() reports after them.
     */
    void
    set_batch_size(const unsigned int size, const unsigned int seed);

    unsigned int
    n_batches() const override;

    void
    use_batch(const unsigned int epoch, const unsigned int batch) override;

    void
    use_all_samples() override;

    double
    elapsed_seconds() const override;

    void
    restart_clock() override;

    /**
     * A term's name, its weight, and its value (before weighting) at the last
     * evaluation.
     */
    struct TermValue
    {
      std::string name;
      double      weight;
      double      value;
    };

    std::vector<TermValue>
    term_values() const;

    /**
     * How well the samples of a column are fitted.
     */
    struct Misfit
    {
      std::string term;
      /** "u_x" */
      std::string entry;
      /** Root mean square over the samples for training, weighted as in the
       * objective, in the user's units. */
      double rms;
      /** Samples::estimated_errors(); not a number if nothing is known. */
      double estimated_error;
    };

    /**
     * The misfit of each row that is about an observed jet entry, such as those
     * of match(), at the parameters @p x. Collective.
     */
    std::vector<Misfit>
    misfits(const dealii::Vector<double> &x);

    /**
     * The weights that the terms came with.
     */
    std::vector<double>
    initial_weights() const;

    /**
     * The mean weight of each term's samples, over all ranks.
     */
    std::vector<double>
    mean_sample_weights() const;

    /**
     * Number of different samples of all terms, over all ranks, without those
     * held out; and of the latter.
     */
    std::uint64_t
    n_samples() const;

    std::uint64_t
    n_held_out_samples() const;

    /**
     * Smallest and largest value of each coordinate over all samples of all
     * ranks. Collective.
     */
    std::pair<std::vector<double>, std::vector<double>>
    bounding_box() const;

    /**
     * The tables of this rank that terms use, each once.
     */
    std::vector<const Samples *>
    tables() const;

  private:
    struct Group;

    struct TermData
    {
      Term term;
      /** The sum of the rows' multiplicities. */
      double       multiplicity;
      unsigned int group;
      /** What rows are divided by. */
      std::vector<double> units;
    };

    /**
     * Let the terms' plans be those of the surrogate as it is now. Collective.
     */
    void
    prepare();

    /**
     * The factors of the weighted sums of squares in the values of the terms.
     */
    std::vector<double>
    scales() const;

    void
    check_has_terms() const;

    /**
     * Hold samples of a group out, if that was asked for, and count them.
     */
    void
    split(Group &group) const;

    void
    check_is_linearized() const;

    /**
     * The number of each term's first row in lists of the rows of all terms.
     */
    std::vector<std::size_t>
    first_rows() const;

    /**
     * Give @p r the length n_local_rows(), and zeros.
     */
    void
    reinit_rows(dealii::Vector<double> &r) const;

    /**
     * This rank's contribution to the clock that all ranks agree on.
     */
    double
    first_rank_seconds() const;

    /**
     * Given [terms | clock] of all ranks, keep them and return the value.
     */
    double
    finish_evaluation(const double *const sums);

    /**
     * The rows of the penalty on this rank.
     */
    std::uint64_t
    n_penalty_rows() const;

    /**
     * The value of the penalty; zero if there is none.
     */
    double
    penalty(const dealii::Vector<double> &x) const;

    /**
     * The objective from the values of its terms.
     */
    double
    weighted_sum(const double *const sums) const;

    /**
     * The rows of the Jacobian at points begin .. end-1 of a group.
     */
    void
    factorize(Group             &group,
              const unsigned int begin,
              const unsigned int end,
              JacobianFactors   &factors);

    const Surrogate &surrogate;
    const MPI_Comm   communicator;
    const Precision  precision;

    std::vector<std::unique_ptr<Group>> groups;
    std::vector<TermData>               terms;
    std::vector<double>                 weights;
    std::vector<double>                 values;
    bool                                is_prepared = false;
    Surrogate                           surrogate_of_plans;
    dealii::Vector<double>              linearization_point;
    /** Empty if there is no penalty. */
    dealii::Vector<double> penalty_center;
    dealii::Vector<double> penalty_factors;
    unsigned int           n_replacements = 0;
    double                 held_out_share = 0.;
    std::uint32_t          held_out_seed  = 0;

    unsigned int  batch_seed   = 0;
    unsigned int  batches      = 1;
    std::uint64_t batch_stride = 1;
    bool          in_batches   = false;
    double        agreed_seconds;
  };
} // namespace derl

#endif
