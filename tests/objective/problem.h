// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// An objective with several tables of samples, which tests distribute over the
// ranks as they like.

#ifndef derl_tests_objective_problem_h
#define derl_tests_objective_problem_h

#include <derl/base/random.h>

#include <derl/data/point_sets.h>
#include <derl/data/sampling.h>

#include <derl/equations/allen_cahn.h>

#include <derl/objective/equation_term.h>
#include <derl/objective/sum_of_squares.h>

#include <algorithm>
#include <limits>

#include "../check.h"

/**
 * Which rank has a sample, given its index and the number of samples.
 */
using Owner =
  std::function<unsigned int(const unsigned int, const unsigned int)>;



/**
 * A term that can fail, or overflow.
 */
class WatchedTerm : public derl::MatchTerm
{
public:
  using derl::MatchTerm::MatchTerm;

  void
  linearize(const dealii::ArrayView<const unsigned int> &batch,
            const std::vector<const double *>           &jets,
            const std::vector<double *>                 &residuals,
            const std::vector<double *> &derivatives) const override
  {
    if (fails)
      throw std::runtime_error("The sky fell.");
    derl::MatchTerm::linearize(batch, jets, residuals, derivatives);
    if (overflows)
      for (const auto *const arrays : {&residuals, &derivatives})
        for (double *const array : *arrays)
          std::fill_n(
            array, batch.size(), std::numeric_limits<double>::infinity());
  }

  bool fails     = false;
  bool overflows = false;
};



/**
 * An objective with several tables of samples: one for gradients and an
 * equation, one for values only, one for gradients only.
 */
struct Problem
{
  static constexpr unsigned int n_boundary_samples = 24;

  Problem(const MPI_Comm                &communicator,
          const unsigned int             rank,
          const Owner                   &owner,
          const derl::JetPlan::Precision precision =
            derl::JetPlan::Precision::double_precision,
          const double boundary_weight = 10.)
    : objective(network(), communicator, precision)
    , x(network().parameters)
  {
    unsigned int n_rows = 0;
    const auto   table  = [&](const std::vector<dealii::Point<2>> &points,
                           const std::vector<unsigned int>     &orders,
                           const unsigned int rows_per_point) {
      const derl::Samples all = derl::sample_function<2>(
        MPI_COMM_SELF, derl::ManufacturedSolution<2>(), points, orders);
      auto samples = std::make_shared<derl::Samples>(2, all.columns(), "sines");
      derl::RandomStream random(1);
      for (unsigned int i = 0; i < all.size(); ++i)
        {
          const double weight = 0.5 + random.uniform();
          if (owner(i, all.size()) != rank)
            continue;
          samples->add(dealii::ArrayView<const double>(all.point(i), 2),
                       dealii::ArrayView<const double>(all.observations(i),
                                                       all.columns().size()),
                       weight);
          for (unsigned int r = 0; r < rows_per_point; ++r)
            global_rows.push_back(n_rows + i * rows_per_point + r);
        }
      n_rows += all.size() * rows_per_point;
      return samples;
    };
    const auto interior =
      table(derl::random_points<2>({-1, -1}, {1, 1}, 90, 30), {0, 1}, 3);
    const auto boundary =
      table(derl::boundary_grid_points<2>({-1, -1}, {1, 1}, 6), {0}, 1);
    const auto more =
      table(derl::random_points<2>({-1, -1}, {1, 1}, 17, 7), {1}, 2);
    objective.add_term(derl::match("gradients", interior, {1}));
    auto term = std::make_unique<WatchedTerm>(
      "boundary", boundary, boundary->columns(), boundary_weight);
    watched = term.get();
    objective.add_term(std::move(term));
    objective.add_term(std::make_unique<derl::EquationTerm<derl::AllenCahn<2>>>(
      "equation", interior, derl::AllenCahn<2>(0.1), 0.7));
    objective.add_term(derl::match("more gradients", more, {1}, 0.3));
  }

  static derl::Surrogate
  network()
  {
    derl::NetworkParameters options;
    options.hidden = {6, 5};
    return derl::Surrogate(options, {"x", "y"}, {"u"});
  }

  derl::SumOfSquares           objective;
  const dealii::Vector<double> x;
  WatchedTerm                 *watched;

  /** For each local row its number if one rank has all samples. */
  std::vector<unsigned int> global_rows;
};

#endif
