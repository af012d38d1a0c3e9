// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_objective_sample_group_h
#define derl_objective_sample_group_h

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
     * A residual of each point: one row of one term. Its arrays are over the
     * points of the block that was linearized last.
     */
    struct Row
    {
      /** On which of the network's jets the residuals depend, and their
       * derivatives by it. */
      struct Dependence
      {
        unsigned int  component;
        unsigned int  derivative;
        const double *values;
      };

      unsigned int            term;
      double                  row_weight;
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
       * Add the derivatives of sum_k factor(k) residual_k by the jets.
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
     * The derivatives that all terms and @p new_term need.
     */
    DerivativeSet
    needed_derivatives(const Term &new_term) const;

    /**
     * Add the term of number @p index, and a plan for what
     * needed_derivatives() said.
     */
    void
    add_term(const Term                         *term,
             const unsigned int                  index,
             std::unique_ptr<JetPlan>            new_plan,
             std::unique_ptr<JetPlan::Workspace> new_workspace);

    /**
     * Take the samples with the given indices into use, or all.
     */
    void
    select(std::vector<unsigned int> indices);

    void
    select_all();

    /**
     * Evaluate all terms at the points of a block, whose first one is number
     * @p first of those in use. @p scales are the factors of the terms.
     */
    std::vector<Row> &
    linearize(const unsigned int         first,
              const JetBlock            &jets,
              const std::vector<double> &scales);

    dealii::ArrayView<const double>
    points(const std::size_t begin, const std::size_t end) const;

    dealii::ArrayView<const double>
    points() const;

    /**
     * Rows of the Jacobian: those of a point follow each other.
     */
    std::size_t
    n_rows() const
    {
      return selected.size() * rows.size();
    }

    const std::shared_ptr<const Samples> samples;
    std::uint64_t                        n_global = 0;
    /** Samples of the ranks before this one. */
    std::uint64_t                       n_before = 0;
    std::unique_ptr<JetPlan>            plan;
    std::unique_ptr<JetPlan::Workspace> workspace;
    std::vector<Row>                    rows;
    /** Memory for a part of the Jacobian. */
    JacobianFactors factors;

    /** The samples in use. */
    std::vector<unsigned int> selected;

    unsigned int              epoch = dealii::numbers::invalid_unsigned_int;
    std::vector<unsigned int> permutation;
    /** Where the mini-batches of the epoch begin, the same on all ranks. */
    std::uint64_t shift = 0;

  private:
    /**
     * A term, where the jet entries it needs are in the plan's jets, and what
     * it writes.
     */
    struct Member
    {
      const Term               *term;
      unsigned int              index;
      std::vector<unsigned int> derivative;

      std::vector<std::vector<double>> residuals;
      std::vector<std::vector<double>> derivatives;
      std::vector<double *>            residual_arrays;
      std::vector<double *>            derivative_arrays;
      std::vector<const double *>      jet_arrays;
    };

    /**
     * Make room for blocks of @p n points, and list the rows.
     */
    void
    reserve(const unsigned int n);

    std::vector<Member> members;
    std::vector<double> coordinates;
  };
} // namespace derl

#endif
