// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_objective_sum_of_squares_h
#define derl_objective_sum_of_squares_h

#include <derl/base/objective_function.h>

#include <derl/network/surrogate.h>

#include <derl/objective/term.h>

#include <deal.II/base/mpi.h>

#include <memory>
#include <string>
#include <vector>

namespace derl
{
  /**
   * The objective of training: a weighted sum of terms, as a function of the
   * parameters of a network.
   *
   * Each rank evaluates its own samples; one reduction per evaluation sums
   * [gradient | terms | errors | clock] over the ranks. The network is
   * evaluated once per table of samples, with the union of the derivatives
   * that the terms on this table need, so that points where only values
   * matter cost only values.
   */
  class SumOfSquares : public ObjectiveFunction
  {
  public:
    /**
     * An objective without terms for networks of the surrogate's architecture
     * and scaling. Collective.
     */
    SumOfSquares(const Surrogate &surrogate, const MPI_Comm &communicator);

    ~SumOfSquares() override;

    /**
     * Add a term. Collective. Throws AgreedError if the term has no samples
     * on any rank, if a sample is not usable, or if name or derivatives do
     * not fit.
     */
    void
    add_term(std::unique_ptr<const Term> term);

    unsigned int
    n_parameters() const override;

    double
    value_and_gradient(const dealii::Vector<double> &x,
                       dealii::Vector<double>       &gradient) override;

    /**
     * Split the samples of every table at random into mini-batches such that
     * one of the largest table has about @p size samples, over all ranks. The
     * partition is made on each rank from its own samples and depends on
     * @p seed; each mini-batch's value is an unbiased estimate of the full
     * one. Collective.
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
     * Number of different samples of all terms, over all ranks.
     */
    std::uint64_t
    n_samples() const;

    /**
     * Smallest and largest value of each coordinate over all samples of all
     * ranks. Collective.
     */
    std::pair<std::vector<double>, std::vector<double>>
    bounding_box() const;

  private:
    struct Group;

    void
    add_local(const dealii::Vector<double> &x,
              dealii::Vector<double>       &gradient,
              std::vector<double>          &term_sums);

    const Surrogate prototype;
    const MPI_Comm  communicator;

    std::vector<std::unique_ptr<Group>>      groups;
    std::vector<std::unique_ptr<const Term>> terms;
    std::vector<double>                      total_weights;
    std::vector<double>                      values;

    unsigned int batch_size = 0;
    unsigned int batch_seed = 0;
    unsigned int batches    = 1;
    bool         in_batches = false;
    double       agreed_seconds;
  };
} // namespace derl

#endif
