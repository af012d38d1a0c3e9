// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/data/samples.h>

#include <algorithm>
#include <tuple>

#include "sample_group.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * The position of @p number in a list, at whose end it is put if it is not
     * there.
     */
    unsigned int
    position_in(std::vector<unsigned int> &list, const unsigned int number)
    {
      const auto         found  = std::find(list.begin(), list.end(), number);
      const unsigned int result = std::distance(list.begin(), found);
      if (found == list.end())
        list.push_back(number);
      return result;
    }
  } // namespace



  SumOfSquares::Group::Group(const std::shared_ptr<const Samples> &samples)
    : samples(samples)
  {
    std::tie(training.indices, held_out.indices) = check_indices(*samples);
    in_use.indices                               = training.indices;
  }



  void
  SumOfSquares::Group::take_samples(const Group &other)
  {
    samples        = other.samples;
    training       = other.training;
    held_out       = other.held_out;
    in_use.indices = training.indices;
    epoch          = numbers::invalid_unsigned_int;
  }



  void
  SumOfSquares::Group::count(const MPI_Comm &communicator, Part &part) const
  {
    double weight = 0.;
    for (const unsigned int i : part.indices)
      weight += samples->weight(i);
    const std::uint64_t n_local = part.indices.size();
    part.weight                 = Utilities::MPI::sum(weight, communicator);
    part.n_global               = Utilities::MPI::sum(n_local, communicator);
    part.n_before               = 0;
    const int ierr              = MPI_Exscan(
      &n_local, &part.n_before, 1, MPI_UINT64_T, MPI_SUM, communicator);
    AssertThrowMPI(ierr);
  }



  void
  SumOfSquares::Group::add_term(const unsigned int                     index,
                                const std::shared_ptr<const Residual> &residual,
                                const Residual::Binding               &binding)
  {
    Member member{index,
                  residual,
                  binding,
                  {},
                  std::vector<double>(binding.rows.size(), 1.),
                  {},
                  {},
                  {},
                  {},
                  {}};
    for (const unsigned int column : binding.columns)
      member.columns.push_back(position_in(used_columns, column));
    for (Residual::Row &row : member.binding.rows)
      if (row.factor != Residual::no_column)
        row.factor = samples->has_factors()
                       ? position_in(used_factors, row.factor)
                       : Residual::no_column;
    rows_per_point += binding.rows.size();
    members.push_back(std::move(member));
  }



  void
  SumOfSquares::Group::prepare(const Surrogate         &surrogate,
                               const Precision precision)
  {
    const unsigned int dim = samples->n_coordinates();
    DerivativeSet      needed(dim);
    for (const Member &member : members)
      for (const JetEntry &entry : member.binding.entries)
        needed = needed | DerivativeSet(dim, {entry.derivative});
    plan = std::make_unique<JetPlan>(surrogate.make_plan(needed, precision));
    workspace = std::make_unique<JetPlan::Workspace>(*plan);
    for (Member &member : members)
      {
        member.derivative.clear();
        for (const JetEntry &entry : member.binding.entries)
          member.derivative.push_back(needed.index_of(entry.derivative));
      }
    reserve(1);
    select(std::move(in_use.indices));
    has_judged = false;
  }



  void
  SumOfSquares::Group::gather_judged()
  {
    if (!has_judged)
      of_judged = gather(judged().indices);
    has_judged = true;
  }



  void
  SumOfSquares::Group::reserve(const unsigned int n)
  {
    rows.clear();
    for (Member &member : members)
      {
        const Residual::Binding &binding = member.binding;
        member.residuals.assign(binding.rows.size(), std::vector<double>(n));
        member.derivatives.assign(binding.pattern.size(),
                                  std::vector<double>(n));

        member.residual_arrays.clear();
        const std::size_t first_row = rows.size();
        for (unsigned int row = 0; row < binding.rows.size(); ++row)
          {
            double *const residuals = member.residuals[row].data();
            member.residual_arrays.push_back(residuals);
            rows.push_back(
              {member.index,
               row,
               binding.rows[row].multiplicity / member.squared_units[row],
               binding.rows[row].factor,
               residuals,
               {},
               std::vector<double>(n),
               std::vector<double>(n)});
          }
        member.derivative_arrays.clear();
        for (unsigned int i = 0; i < binding.pattern.size(); ++i)
          {
            const unsigned int e      = binding.pattern[i].entry;
            double *const      values = member.derivatives[i].data();
            member.derivative_arrays.push_back(values);
            rows[first_row + binding.pattern[i].row].dependences.push_back(
              {binding.entries[e].component, member.derivative[e], values, e});
          }
      }
  }



  void
  SumOfSquares::Group::set_units(const std::vector<std::vector<double>> &units)
  {
    for (Member &member : members)
      for (unsigned int row = 0; row < member.squared_units.size(); ++row)
        member.squared_units[row] =
          units[member.index][row] * units[member.index][row];
    // the next block lists the rows anew
    rows.clear();
  }



  SumOfSquares::Group::Selection
  SumOfSquares::Group::gather(std::vector<unsigned int> indices) const
  {
    const std::size_t dim = samples->n_coordinates(), n = indices.size();
    const std::size_t n_observed = samples->columns().size();
    Selection         result;
    result.coordinates.resize(n * dim);
    result.weights.resize(n);
    result.columns.assign(used_columns.size(), std::vector<double>(n));
    result.factors.assign(used_factors.size(), std::vector<double>(n));
    for (std::size_t i = 0; i < n; ++i)
      {
        const unsigned int sample = indices[i];
        std::copy_n(samples->point(sample), dim, &result.coordinates[i * dim]);
        result.weights[i] = samples->weight(sample);
        for (std::size_t c = 0; c < used_columns.size(); ++c)
          result.columns[c][i] =
            used_columns[c] < n_observed
              ? samples->observations(sample)[used_columns[c]]
              : samples->auxiliary(sample)[used_columns[c] - n_observed];
        for (std::size_t c = 0; c < used_factors.size(); ++c)
          result.factors[c][i] = samples->factors(sample)[used_factors[c]];
      }
    result.indices = std::move(indices);
    return result;
  }



  void
  SumOfSquares::Group::select(std::vector<unsigned int> indices)
  {
    in_use = gather(std::move(indices));
  }



  void
  SumOfSquares::Group::select_all()
  {
    select(training.indices);
    epoch = numbers::invalid_unsigned_int;
  }



  Residual::Batch
  SumOfSquares::Group::batch(const Member      &member,
                             const Selection   &selection,
                             const unsigned int first,
                             const JetBlock    &jets) const
  {
    const unsigned int dim = samples->n_coordinates();
    Residual::Batch    result;
    result.n_points      = jets.n_points();
    result.n_coordinates = dim;
    result.points = selection.coordinates.data() + std::size_t(first) * dim;
    for (unsigned int e = 0; e < member.derivative.size(); ++e)
      result.jets.push_back(
        jets(member.binding.entries[e].component, member.derivative[e]));
    for (const unsigned int column : member.columns)
      result.columns.push_back(selection.columns[column].data() + first);
    return result;
  }



  void
  SumOfSquares::Group::weigh_rows(const Selection           &selection,
                                  const unsigned int         first,
                                  const unsigned int         n,
                                  const std::vector<double> &scales)
  {
    const double *const weights = selection.weights.data() + first;
    for (Row &row : rows)
      {
        const double scale = scales[row.term] * row.multiplicity;
        for (unsigned int k = 0; k < n; ++k)
          row.weights[k] = scale * weights[k];
        if (row.factor == Residual::no_column)
          continue;
        const double *const factors =
          selection.factors[row.factor].data() + first;
        for (unsigned int k = 0; k < n; ++k)
          row.weights[k] *= factors[k];
      }
  }



  std::vector<SumOfSquares::Group::Row> &
  SumOfSquares::Group::evaluate(const Selection           &selection,
                                const unsigned int         first,
                                const JetBlock            &jets,
                                const std::vector<double> &scales)
  {
    const unsigned int n = jets.n_points();
    if (rows.empty() || rows[0].weights.size() < n)
      reserve(n);
    for (const Member &member : members)
      member.residual->evaluate(batch(member, selection, first, jets),
                                member.residual_arrays);
    weigh_rows(selection, first, n, scales);
    return rows;
  }



  std::vector<SumOfSquares::Group::Row> &
  SumOfSquares::Group::linearize(const unsigned int         first,
                                 const JetBlock            &jets,
                                 const std::vector<double> &scales)
  {
    const unsigned int n = jets.n_points();
    if (rows.empty() || rows[0].weights.size() < n)
      reserve(n);
    for (const Member &member : members)
      member.residual->linearize(batch(member, in_use, first, jets),
                                 member.residual_arrays,
                                 member.derivative_arrays);
    weigh_rows(in_use, first, n, scales);
    return rows;
  }
} // namespace derl
