// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/objective/sum_of_squares.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "../base/communication.h"
#include "sample_group.h"

namespace derl
{
  using namespace dealii;

  MPI_Comm
  SumOfSquares::get_communicator() const
  {
    return communicator;
  }



  std::uint64_t
  SumOfSquares::n_local_rows() const
  {
    std::uint64_t n = 0;
    for (const auto &group : groups)
      n += group->n_rows();
    return n + n_penalty_rows();
  }



  void
  SumOfSquares::set_penalty(const Vector<double> &center,
                            const Vector<double> &factors)
  {
    AssertThrow(center.size() == n_parameters() &&
                  factors.size() == n_parameters(),
                ExcMessage("A penalty needs a center and a factor for each of "
                           "the " +
                           std::to_string(n_parameters()) + " parameters."));
    for (const double factor : factors)
      AssertThrow(factor >= 0. && std::isfinite(factor),
                  ExcMessage("The factors of a penalty must be finite numbers "
                             "that are not negative."));
    penalty_center  = center;
    penalty_factors = factors;
  }



  std::uint64_t
  SumOfSquares::n_penalty_rows() const
  {
    return Utilities::MPI::this_mpi_process(communicator) == 0
             ? penalty_factors.size()
             : 0;
  }



  double
  SumOfSquares::penalty(const Vector<double> &x) const
  {
    double result = 0.;
    for (unsigned int i = 0; i < penalty_factors.size(); ++i)
      result += penalty_factors(i) * (x(i) - penalty_center(i)) *
                (x(i) - penalty_center(i));
    return result;
  }



  void
  SumOfSquares::reinit_rows(Vector<double> &r) const
  {
    const std::uint64_t     n = n_local_rows();
    constexpr std::uint64_t limit =
      std::numeric_limits<Vector<double>::size_type>::max();
    AssertThrow(n <= limit,
                ExcMessage("This rank has " + std::to_string(n) +
                           " residuals, but a vector of this deal.II has at "
                           "most " +
                           std::to_string(limit) +
                           " entries. Use more ranks, or an optimizer that "
                           "only needs gradients (L-BFGS, Adam)."));
    r.reinit(n);
  }



  double
  SumOfSquares::residuals(const Vector<double> &x, Vector<double> &r)
  {
    prepare();
    AssertDimension(x.size(), n_parameters());
    std::vector<double> sums(terms.size() + 1);
    sum_agreed(communicator, sums, [&]() {
      reinit_rows(r);
      const auto  scale  = scales();
      std::size_t offset = 0;
      for (const auto &group : groups)
        {
          group->plan->set_parameters(x, *group->workspace);
          group->plan->evaluate(
            group->in_use.points(),
            *group->workspace,
            [&](const unsigned int first, const JetBlock &jets) {
              const auto &rows =
                group->evaluate(group->in_use, first, jets, scale);
              for (unsigned int i = 0; i < rows.size(); ++i)
                {
                  const Group::Row &row = rows[i];
                  sums[row.term] += row.sum_of_squares(jets.n_points());
                  // one without weight may overflow, and remains zero
                  if (!(weights[row.term] > 0))
                    continue;
                  for (unsigned int k = 0; k < jets.n_points(); ++k)
                    r(offset + (first + k) * rows.size() + i) =
                      std::sqrt(weights[row.term] * row.weights[k]) *
                      row.residuals[k];
                }
            });
          offset += group->n_rows();
        }
      for (unsigned int i = 0; i < n_penalty_rows(); ++i)
        r(offset + i) =
          std::sqrt(penalty_factors(i)) * (x(i) - penalty_center(i));
      sums[terms.size()] = first_rank_seconds();
    });
    return finish_evaluation(sums.data()) + penalty(x);
  }



  void
  SumOfSquares::linearize(const Vector<double> &x)
  {
    prepare();
    AssertDimension(x.size(), n_parameters());
    linearization_point = x;
  }



  void
  SumOfSquares::apply_jacobian(const Vector<double> &v, Vector<double> &result)
  {
    check_is_linearized();
    reinit_rows(result);
    const auto  scale  = scales();
    std::size_t offset = 0;
    for (const auto &group : groups)
      {
        group->plan->set_parameters(linearization_point, *group->workspace);
        group->plan->apply_jacobian(
          group->in_use.points(),
          v,
          *group->workspace,
          [&](const unsigned int first,
              const JetBlock    &jets,
              const JetBlock    &tangents) {
            const auto &rows = group->linearize(first, jets, scale);
            for (unsigned int i = 0; i < rows.size(); ++i)
              if (weights[rows[i].term] > 0)
                for (unsigned int k = 0; k < jets.n_points(); ++k)
                  {
                    double sum = 0;
                    for (const auto &d : rows[i].dependences)
                      sum +=
                        d.values[k] * tangents(d.component, d.derivative)[k];
                    result(offset + (first + k) * rows.size() + i) =
                      std::sqrt(weights[rows[i].term] * rows[i].weights[k]) *
                      sum;
                  }
          });
        offset += group->n_rows();
      }
    for (unsigned int i = 0; i < n_penalty_rows(); ++i)
      result(offset + i) = std::sqrt(penalty_factors(i)) * v(i);
  }



  void
  SumOfSquares::apply_transposed_jacobian(const Vector<double> &w,
                                          Vector<double>       &result)
  {
    check_is_linearized();
    std::vector<double> sums(n_parameters());
    sum_agreed(communicator, sums, [&]() {
      AssertDimension(w.size(), n_local_rows());
      Vector<double> local(n_parameters());
      const auto     scale  = scales();
      std::size_t    offset = 0;
      for (const auto &group : groups)
        {
          group->plan->set_parameters(linearization_point, *group->workspace);
          group->plan->add_gradient(
            group->in_use.points(),
            *group->workspace,
            [&](const unsigned int first,
                const JetBlock    &jets,
                const JetBlock    &adjoints) {
              auto &rows = group->linearize(first, jets, scale);
              for (unsigned int i = 0; i < rows.size(); ++i)
                if (weights[rows[i].term] > 0)
                  rows[i].add_adjoints(
                    [&](const unsigned int k) {
                      return std::sqrt(weights[rows[i].term] *
                                       rows[i].weights[k]) *
                             w(offset + (first + k) * rows.size() + i);
                    },
                    adjoints);
            },
            local);
          offset += group->n_rows();
        }
      for (unsigned int i = 0; i < n_penalty_rows(); ++i)
        local(i) += std::sqrt(penalty_factors(i)) * w(offset + i);
      std::copy(local.begin(), local.end(), sums.begin());
      result.reinit(n_parameters(), true);
    });
    std::copy(sums.begin(), sums.end(), result.begin());
  }



  void
  SumOfSquares::factorize(Group             &group,
                          const unsigned int begin,
                          const unsigned int end,
                          JacobianFactors   &factors)
  {
    check_is_linearized();
    const auto scale = scales();
    group.plan->set_parameters(linearization_point, *group.workspace);
    group.plan->factorize_jacobian(
      group.in_use.points(begin, end),
      group.rows_per_point,
      *group.workspace,
      [&](const unsigned int first,
          const unsigned int i,
          const JetBlock    &jets,
          const JetBlock    &adjoints) {
        if (i == 0)
          group.linearize(begin + first, jets, scale);
        Group::Row &row = group.rows[i];
        if (weights[row.term] > 0)
          row.add_adjoints(
            [&](const unsigned int k) {
              return std::sqrt(weights[row.term] * row.weights[k]);
            },
            adjoints);
      },
      factors);
  }



  void
  SumOfSquares::local_rows(const std::uint64_t begin, FullMatrix<double> &rows)
  {
    const std::uint64_t end = begin + rows.m();
    AssertThrow(end <= n_local_rows(),
                ExcMessage("There are fewer rows on this rank."));
    AssertDimension(rows.n(), n_parameters());
    std::size_t offset = 0;
    for (const auto &group : groups)
      {
        const std::size_t first = std::max<std::size_t>(begin, offset);
        const std::size_t last =
          std::min<std::size_t>(end, offset + group->n_rows());
        if (first < last)
          {
            const std::size_t  per_point   = group->rows_per_point;
            const unsigned int first_point = (first - offset) / per_point;
            const unsigned int end_point =
              (last - offset + per_point - 1) / per_point;
            const std::size_t skipped =
              first - offset - first_point * per_point;
            factorize(*group, first_point, end_point, group->factors);
            if (last - first == rows.m())
              group->plan->expand_rows(group->factors, skipped, rows);
            else
              {
                FullMatrix<double> part(last - first, rows.n());
                group->plan->expand_rows(group->factors, skipped, part);
                rows.fill(part, first - begin, 0);
              }
          }
        offset += group->n_rows();
      }
    for (std::uint64_t row = std::max<std::uint64_t>(begin, offset); row < end;
         ++row)
      {
        for (unsigned int i = 0; i < rows.n(); ++i)
          rows(row - begin, i) = 0.;
        rows(row - begin, row - offset) =
          std::sqrt(penalty_factors(row - offset));
      }
  }



  void
  SumOfSquares::sample_kernel(FullMatrix<double> &matrix)
  {
    AssertThrow(penalty_factors.size() == 0,
                ExcMessage("There is no kernel of an objective with a penalty "
                           "on parameters: use the normal matrix."));
    const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(communicator);
    const unsigned int rank    = Utilities::MPI::this_mpi_process(communicator);

    // each rank's number of points per group, and the layout of its factors
    const unsigned int           width = groups.size() + 1;
    std::vector<double>          counts(n_ranks * width);
    std::vector<JacobianFactors> own(groups.size()), others(groups.size());
    sum_agreed(communicator, counts, [&]() {
      for (unsigned int g = 0; g < groups.size(); ++g)
        {
          factorize(*groups[g], 0, groups[g]->in_use.indices.size(), own[g]);
          counts[rank * width + g] = groups[g]->in_use.indices.size();
        }
      counts[rank * width + groups.size()] = own[0].points_per_panel();
    });
    std::vector<std::vector<std::size_t>> offsets(n_ranks);
    std::size_t                           n = 0;
    for (unsigned int r = 0; r < n_ranks; ++r)
      {
        for (unsigned int g = 0; g < groups.size(); ++g)
          {
            offsets[r].push_back(n);
            n += std::size_t(counts[r * width + g]) * groups[g]->rows_per_point;
          }
        AssertThrow(counts[r * width + groups.size()] ==
                      own[0].points_per_panel(),
                    ExcMessage("The ranks run on processors of different "
                               "kinds. Set the environment variable "
                               "DERL_INSTRUCTION_SET to avx2 or baseline for "
                               "all of them."));
      }
    run_collectively(communicator, [&]() {
      matrix.reinit(n, n);
      // make room for the factors of any rank: none may fail between the
      // messages
      for (unsigned int h = 0; h < groups.size(); ++h)
        {
          double largest = 0;
          for (unsigned int r = 0; r < n_ranks; ++r)
            if (r != rank)
              largest = std::max(largest, counts[r * width + h]);
          others[h].reinit(own[h], largest);
        }
    });

    // The factors of one rank after the other pass by all; each pair of ranks
    // is the work of one of them.
    for (unsigned int sender = 0; sender < n_ranks; ++sender)
      {
        const unsigned int distance = (sender + n_ranks - rank) % n_ranks;
        const bool         is_mine =
          2 * distance < n_ranks || (2 * distance == n_ranks && rank < sender);
        for (unsigned int h = 0; h < groups.size(); ++h)
          {
            if (sender != rank)
              others[h].reinit(own[h], counts[sender * width + h]);
            JacobianFactors &sent = sender == rank ? own[h] : others[h];
            broadcast_bytes(communicator, sent.bytes(), sender);
            if (!is_mine)
              continue;
            for (unsigned int g = 0; g < groups.size(); ++g)
              if (offsets[rank][g] <= offsets[sender][h])
                groups[g]->plan->inner_products(
                  own[g], sent, matrix, offsets[rank][g], offsets[sender][h]);
              else if (sender != rank)
                groups[g]->plan->inner_products(
                  sent, own[g], matrix, offsets[sender][h], offsets[rank][g]);
          }
      }
    sum_symmetric(communicator, matrix);
  }
} // namespace derl
