// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_objective_sample_group_h
#define derl_objective_sample_group_h

#include <derl/network/jet_plan.h>

#include <derl/objective/sum_of_squares.h>

#include <memory>
#include <vector>

namespace derl
{
  /**
   * The terms on one table of samples: they share one evaluation of the
   * network, with the union of the derivatives that they need.
   */
  struct SumOfSquares::Group
  {
    explicit Group(const std::shared_ptr<const Samples> &samples);

    /**
     * Take the samples of another group, which has the same columns, and how
     * they are split. Call prepare() before the next evaluation.
     */
    void
    take_samples(const Group &other);

    /**
     * What the terms read of some of the samples, each an array over these.
     * Gathered once, so that evaluations run over contiguous numbers.
     */
    struct Selection
    {
      std::vector<unsigned int> indices;
      /** [point][coordinate] */
      std::vector<double> coordinates;
      std::vector<double> weights;
      /** [used column][point], see Group */
      std::vector<std::vector<double>> columns;
      /** [used factor][point] */
      std::vector<std::vector<double>> factors;

      dealii::ArrayView<const double>
      points(const std::size_t begin, const std::size_t end) const
      {
        const std::size_t dim =
          indices.empty() ? 0 : coordinates.size() / indices.size();
        return dealii::ArrayView<const double>(coordinates.data() + begin * dim,
                                               (end - begin) * dim);
      }

      dealii::ArrayView<const double>
      points() const
      {
        return points(0, indices.size());
      }
    };

    /**
     * A residual of each point: one row of one term. Its arrays are over the
     * points of the block that was evaluated last.
     */
    struct Row
    {
      /** On which of the network's jets the residuals depend, and their
       * derivatives with respect to it. */
      struct Dependence
      {
        unsigned int  component;
        unsigned int  derivative;
        const double *values;
        /** the number of the entry in the residual's binding */
        unsigned int entry;
      };

      unsigned int term;
      unsigned int number_in_term;
      /** over the square of the row's unit */
      double                  multiplicity;
      unsigned int            factor;
      const double           *residuals;
      std::vector<Dependence> dependences;

      /** The factors of the residuals' squares in the value of the term. */
      std::vector<double> weights;

      std::vector<double> scratch;

      /**
       * What the first @p n points of the block add to the value of the term.
       */
      double
      sum_of_squares(const unsigned int n) const
      {
        double sum = 0;
        for (unsigned int k = 0; k < n; ++k)
          sum += weights[k] * residuals[k] * residuals[k];
        return sum;
      }

      /**
       * Add the derivatives of sum_k factor(k) residual_k with respect to the
       * jets.
       */
      template <typename Factor>
      void
      add_adjoints(const Factor &factor, const JetBlock &adjoints)
      {
        for (unsigned int k = 0; k < adjoints.n_points(); ++k)
          scratch[k] = factor(k);
        for (const Dependence &d : dependences)
          {
            double *const adjoint = adjoints(d.component, d.derivative);
            for (unsigned int k = 0; k < adjoints.n_points(); ++k)
              adjoint[k] += scratch[k] * d.values[k];
          }
      }
    };

    /**
     * Add the term of number @p index, whose residual has been bound to the
     * samples. Call prepare() before the next evaluation.
     */
    void
    add_term(const unsigned int                     index,
             const std::shared_ptr<const Residual> &residual,
             const Residual::Binding               &binding);

    /**
     * Make a plan for all terms, and gather what they read.
     */
    void
    prepare(const Surrogate &surrogate, const Precision precision);

    /**
     * Take the samples with the given indices into use, or all that are not
     * held out.
     */
    void
    select(std::vector<unsigned int> indices);

    void
    select_all();

    /**
     * Gather what terms read of the judged() samples, if that was not done.
     */
    void
    gather_judged();

    /**
     * Let rows be divided by @p units, [term][row] of all terms, from now on.
     */
    void
    set_units(const std::vector<std::vector<double>> &units);

    /**
     * Evaluate all terms at the points of a block, whose first one is number
     * @p first of the selection. @p scales are the factors of the terms.
     */
    std::vector<Row> &
    evaluate(const Selection           &selection,
             const unsigned int         first,
             const JetBlock            &jets,
             const std::vector<double> &scales);

    /**
     * The same with the derivatives, for the samples in use.
     */
    std::vector<Row> &
    linearize(const unsigned int         first,
              const JetBlock            &jets,
              const std::vector<double> &scales);

    /**
     * Rows of the Jacobian: those of a point follow each other.
     */
    std::size_t
    n_rows() const
    {
      return in_use.indices.size() * rows_per_point;
    }

    /**
     * The samples for training, or those that are held out: which ones of this
     * rank, and their number and the sum of their weights on all ranks.
     */
    struct Part
    {
      std::vector<unsigned int> indices;
      std::uint64_t             n_global = 0;
      /** Those of the ranks before this one. */
      std::uint64_t n_before = 0;
      double        weight   = 0.;
    };

    /**
     * The samples that the parameters are judged by: those that are held out,
     * or all, if there are none.
     */
    const Part &
    judged() const
    {
      return held_out.n_global > 0 ? held_out : training;
    }

    /**
     * Find the numbers over all ranks, given the indices. Collective.
     */
    void
    count(const MPI_Comm &communicator, Part &part) const;

    std::shared_ptr<const Samples> samples;
    Part                           training;
    Part                           held_out;

    std::unique_ptr<JetPlan>            plan;
    std::unique_ptr<JetPlan::Workspace> workspace;
    std::vector<Row>                    rows;
    std::size_t                         rows_per_point = 0;
    /** Memory for a part of the Jacobian. */
    JacobianFactors factors;

    Selection in_use;
    /** Gathered on request, see gather_judged(). */
    Selection of_judged;

    unsigned int              epoch = dealii::numbers::invalid_unsigned_int;
    std::vector<unsigned int> permutation;
    /** Where the mini-batches of the epoch begin, the same on all ranks. */
    std::uint64_t shift = 0;

  private:
    /**
     * A term, where the jet entries and columns it reads are, and what it
     * writes.
     */
    struct Member
    {
      unsigned int                    index;
      std::shared_ptr<const Residual> residual;
      Residual::Binding               binding;
      std::vector<unsigned int>       derivative;
      /** for each row, what its square is divided by */
      std::vector<double> squared_units;
      /** positions among the used columns */
      std::vector<unsigned int> columns;

      std::vector<std::vector<double>> residuals;
      std::vector<std::vector<double>> derivatives;
      std::vector<double *>            residual_arrays;
      std::vector<double *>            derivative_arrays;
    };

    bool has_judged = false;

    Selection
    gather(std::vector<unsigned int> indices) const;

    /**
     * Make room for blocks of @p n points, and list the rows.
     */
    void
    reserve(const unsigned int n);

    /**
     * What @p member reads of a block of a selection.
     */
    Residual::Batch
    batch(const Member      &member,
          const Selection   &selection,
          const unsigned int first,
          const JetBlock    &jets) const;

    void
    weigh_rows(const Selection           &selection,
               const unsigned int         first,
               const unsigned int         n,
               const std::vector<double> &scales);

    std::vector<Member>       members;
    std::vector<unsigned int> used_columns;
    std::vector<unsigned int> used_factors;
  };
} // namespace derl

#endif
