// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// An objective with several tables of samples, which tests distribute over the
// ranks as they like.

#ifndef derl_tests_objective_problem_h
#define derl_tests_objective_problem_h

#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <derl/equations/residual.h>

#include <allen_cahn/manufactured_solution.h>

#include <derl/objective/sum_of_squares.h>

#include <algorithm>
#include <limits>

#include "../../source/base/random.h"
#include "../check.h"
#include "watched_residual.h"

/**
 * Which rank has a sample, given its index and the number of samples.
 */
using Owner =
  std::function<unsigned int(const unsigned int, const unsigned int)>;



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
          const derl::Precision precision =
            derl::Precision::double_precision,
          const double boundary_weight = 10.)
    : surrogate(network())
    , objective(surrogate, communicator, precision)
    , x(surrogate.parameters)
  {
    unsigned int n_rows = 0;
    const auto   table  = [&](const std::vector<dealii::Point<2>> &points,
                           const std::vector<unsigned int>     &orders,
                           const unsigned int rows_per_point) {
      const derl::Samples all = derl::sample_function<2>(
        MPI_COMM_SELF, derl::ManufacturedSolution<2>(), points, orders);
      auto samples = std::make_shared<derl::Samples>(
        2,
        all.columns(),
        "sines",
        std::vector<std::string>{"number", "forcing"});
      const derl::AllenCahnForcing<2> forcing(0.1);
      derl::RandomStream              random(1);
      for (unsigned int i = 0; i < all.size(); ++i)
        {
          const double weight = 0.5 + random.uniform();
          if (owner(i, all.size()) != rank)
            continue;
          const std::array<double, 2> auxiliary = {
            {double(samples->size()), forcing.value(points[i])}};
          samples->add(dealii::ArrayView<const double>(all.point(i), 2),
                       dealii::ArrayView<const double>(all.observations(i),
                                                       all.columns().size()),
                       weight,
                       dealii::ArrayView<const double>(auxiliary.data(), 2));
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
    const auto residual = std::make_shared<WatchedResidual>(boundary->size());
    watched             = residual.get();
    objective.add_term({"gradients", interior, derl::match({1u})});
    objective.add_term({"boundary", boundary, residual, boundary_weight});
    objective.add_term({"equation", interior, derl::allen_cahn<2>(0.1), 0.7});
    objective.add_term({"more gradients", more, derl::match({1u}), 0.3});
  }

  static derl::Surrogate
  network()
  {
    derl::NetworkParameters options;
    options.hidden = {6, 5};
    return derl::Surrogate(options, {"x", "y"}, {"u"});
  }

  const derl::Surrogate        surrogate;
  derl::SumOfSquares           objective;
  const dealii::Vector<double> x;
  WatchedResidual             *watched;

  /** For each local row its number if one rank has all samples. */
  std::vector<unsigned int> global_rows;
};

#endif
