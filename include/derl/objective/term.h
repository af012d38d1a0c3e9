// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_objective_term_h
#define derl_objective_term_h

#include <derl/data/samples.h>

#include <memory>
#include <string>
#include <vector>

namespace derl
{
  /**
   * One weighted sum of squares in an objective: residuals that depend on the
   * jet of the network at a sample's point,
   * @f[
   *   \frac{\sum_i w_i \sum_r m_r\, \rho_r(\text{jet}(x_i))^2}
   *        {\sum_i w_i \sum_r m_r},
   * @f]
   * a weighted mean over samples i (of all ranks) and rows r. The objective
   * multiplies it by the term's weight.
   *
   * A term says on which jet entries its residuals depend, and gives the
   * residuals with their derivatives by these entries. Loss, gradient and
   * every product with the Jacobian follow from that.
   */
  class Term
  {
  public:
    /**
     * A non-zero of the matrix d(residual row)/d(jet entry).
     */
    struct Nonzero
    {
      unsigned int row;
      unsigned int entry;
    };

    /**
     * @param name appears in logs and summaries.
     * @param weight factor of the term in the objective, not negative.
     */
    Term(const std::string                    &name,
         const std::shared_ptr<const Samples> &samples,
         const double                          weight);

    virtual ~Term() = default;

    const std::string &
    name() const;

    const std::shared_ptr<const Samples> &
    samples() const;

    double
    weight() const;

    /**
     * The jet entries that the residuals depend on.
     */
    virtual const std::vector<JetEntry> &
    jet_entries() const = 0;

    /**
     * For each residual row the factor m_r of its square.
     */
    virtual const std::vector<double> &
    row_weights() const = 0;

    /**
     * Where the derivatives of the residuals are not identically zero.
     */
    virtual const std::vector<Nonzero> &
    pattern() const = 0;

    /**
     * Evaluate a batch of samples. All arrays are over the batch.
     *
     * @param batch which samples.
     * @param jets for each of jet_entries() the network's values.
     * @param residuals for each row the residuals, to be written.
     * @param derivatives for each of pattern() the derivatives, to be written.
     */
    virtual void
    linearize(const dealii::ArrayView<const unsigned int> &batch,
              const std::vector<const double *>           &jets,
              const std::vector<double *>                 &residuals,
              const std::vector<double *> &derivatives) const = 0;

    /**
     * The same term on other samples, which have at least the columns it needs.
     */
    virtual std::unique_ptr<Term>
    clone_on(const std::shared_ptr<const Samples> &samples) const = 0;

  private:
    std::string                    label;
    std::shared_ptr<const Samples> table;
    double                         factor;
  };



  /**
   * The mismatch between jet entries of the network and observed ones. Values
   * give OUTL, first derivatives DERL, both SOB, second derivatives HESL of
   * arXiv 2505.01391. A mixed derivative counts as often as it occurs in the
   * full tensor: a Hessian's mismatch is its Frobenius norm, and the mean is
   * over all its entries. If the samples have factors, these multiply the
   * squares.
   */
  class MatchTerm : public Term
  {
  public:
    /**
     * @param entries what to match; all must be columns of the samples.
     */
    MatchTerm(const std::string                    &name,
              const std::shared_ptr<const Samples> &samples,
              const std::vector<JetEntry>          &entries,
              const double                          weight = 1.);

    const std::vector<JetEntry> &
    jet_entries() const override;

    const std::vector<double> &
    row_weights() const override;

    const std::vector<Nonzero> &
    pattern() const override;

    void
    linearize(const dealii::ArrayView<const unsigned int> &batch,
              const std::vector<const double *>           &jets,
              const std::vector<double *>                 &residuals,
              const std::vector<double *> &derivatives) const override;

    std::unique_ptr<Term>
    clone_on(const std::shared_ptr<const Samples> &samples) const override;

  private:
    std::vector<JetEntry>     entries;
    std::vector<unsigned int> columns;
    std::vector<double>       multiplicities;
    std::vector<Nonzero>      diagonal;
  };

  /**
   * A term that matches all observed derivatives of the given total orders:
   * match("interior", samples, {first_derivatives}).
   */
  std::unique_ptr<Term>
  match(const std::string                    &name,
        const std::shared_ptr<const Samples> &samples,
        const std::vector<unsigned int>      &orders,
        const double                          weight = 1.);
} // namespace derl

#endif
