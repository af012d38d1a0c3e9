// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <algorithm>
#include <numeric>

#include "sample_group.h"

namespace derl
{
  using namespace dealii;

  SumOfSquares::Group::Group(const std::shared_ptr<const Samples> &samples)
    : samples(samples)
  {
    select_all();
  }



  DerivativeSet
  SumOfSquares::Group::needed_derivatives(const Term &new_term) const
  {
    const unsigned int dim = samples->n_coordinates();
    DerivativeSet      needed(dim);
    const auto         add_needed = [&](const Term &term) {
      for (const JetEntry &entry : term.jet_entries())
        needed = needed | DerivativeSet(dim, {entry.derivative});
    };
    add_needed(new_term);
    for (const Member &member : members)
      add_needed(*member.term);
    return needed;
  }



  void
  SumOfSquares::Group::add_term(
    const Term                         *term,
    const unsigned int                  index,
    std::unique_ptr<JetPlan>            new_plan,
    std::unique_ptr<JetPlan::Workspace> new_workspace)
  {
    plan      = std::move(new_plan);
    workspace = std::move(new_workspace);
    members.emplace_back();
    members.back().term  = term;
    members.back().index = index;
    for (Member &member : members)
      {
        member.derivative.clear();
        for (const JetEntry &entry : member.term->jet_entries())
          member.derivative.push_back(
            plan->derivative_set().index_of(entry.derivative));
      }
    reserve(1);
  }



  void
  SumOfSquares::Group::reserve(const unsigned int n)
  {
    rows.clear();
    for (Member &member : members)
      {
        const Term &term        = *member.term;
        const auto &entries     = term.jet_entries();
        const auto &row_weights = term.row_weights();
        const auto &pattern     = term.pattern();
        member.residuals.assign(row_weights.size(), std::vector<double>(n));
        member.derivatives.assign(pattern.size(), std::vector<double>(n));
        member.jet_arrays.resize(entries.size());

        member.residual_arrays.clear();
        const std::size_t first_row = rows.size();
        for (unsigned int row = 0; row < row_weights.size(); ++row)
          {
            double *const residuals = member.residuals[row].data();
            member.residual_arrays.push_back(residuals);
            rows.push_back({member.index,
                            row_weights[row],
                            residuals,
                            {},
                            std::vector<double>(n),
                            std::vector<double>(n)});
          }
        member.derivative_arrays.clear();
        for (unsigned int i = 0; i < pattern.size(); ++i)
          {
            const unsigned int e      = pattern[i].entry;
            double *const      values = member.derivatives[i].data();
            member.derivative_arrays.push_back(values);
            rows[first_row + pattern[i].row].dependences.push_back(
              {entries[e].component, member.derivative[e], values});
          }
      }
  }



  void
  SumOfSquares::Group::select(std::vector<unsigned int> indices)
  {
    const std::size_t dim = samples->n_coordinates();
    selected              = std::move(indices);
    coordinates.resize(selected.size() * dim);
    for (std::size_t i = 0; i < selected.size(); ++i)
      std::copy_n(samples->point(selected[i]), dim, &coordinates[i * dim]);
  }



  void
  SumOfSquares::Group::select_all()
  {
    std::vector<unsigned int> all(samples->size());
    std::iota(all.begin(), all.end(), 0u);
    select(std::move(all));
    epoch = numbers::invalid_unsigned_int;
  }



  std::vector<SumOfSquares::Group::Row> &
  SumOfSquares::Group::linearize(const unsigned int         first,
                                 const JetBlock            &jets,
                                 const std::vector<double> &scales)
  {
    const unsigned int                  n = jets.n_points();
    const ArrayView<const unsigned int> batch(&selected[first], n);
    if (rows[0].weights.size() < n)
      reserve(n);
    for (Member &member : members)
      {
        const auto &entries = member.term->jet_entries();
        for (unsigned int e = 0; e < entries.size(); ++e)
          member.jet_arrays[e] =
            jets(entries[e].component, member.derivative[e]);
        member.term->linearize(batch,
                               member.jet_arrays,
                               member.residual_arrays,
                               member.derivative_arrays);
      }
    for (Row &row : rows)
      for (unsigned int k = 0; k < n; ++k)
        row.weights[k] =
          scales[row.term] * row.row_weight * samples->weight(batch[k]);
    return rows;
  }



  ArrayView<const double>
  SumOfSquares::Group::points(const std::size_t begin,
                              const std::size_t end) const
  {
    const unsigned int dim = samples->n_coordinates();
    return ArrayView<const double>(coordinates.data() + begin * dim,
                                   (end - begin) * dim);
  }



  ArrayView<const double>
  SumOfSquares::Group::points() const
  {
    return points(0, selected.size());
  }
} // namespace derl
