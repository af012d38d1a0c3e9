// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/objective/sum_of_squares.h>
#include <derl/objective/terms.h>

#include <deal.II/base/exceptions.h>

#include <cmath>

#include "../base/communication.h"
#include "sample_group.h"

namespace derl
{
  using namespace dealii;

  void
  SumOfSquares::use_network_units(const Vector<double> &x)
  {
    prepare();
    AssertDimension(x.size(), n_parameters());
    const std::size_t n_rows = row_units().size();
    set_row_units(std::vector<double>(n_rows, 1.));

    // mean squares of the rows' changes, [term][row] in one array
    const std::vector<std::size_t>          first_row = first_rows();
    std::vector<std::vector<double>>        entry_units;
    std::vector<std::vector<Residual::Row>> rows;
    for (const TermData &data : terms)
      {
        const Samples          &samples = *data.term.samples;
        const Residual::Binding binding = data.term.residual->bind(
          surrogate.names(), {samples.columns(), samples.auxiliary_names()});
        entry_units.emplace_back();
        for (const JetEntry &entry : binding.entries)
          entry_units.back().push_back(
            unit_of(entry, surrogate.scaling, surrogate.coordinates));
        rows.push_back(binding.rows);
      }

    std::vector<double> squares(n_rows, 0.);
    sum_agreed(communicator, squares, [&]() {
      const std::vector<double> ones(terms.size(), 1.);
      for (const auto &group : groups)
        {
          group->plan->set_parameters(x, *group->workspace);
          group->plan->evaluate(
            group->in_use.points(),
            *group->workspace,
            [&](const unsigned int first, const JetBlock &jets) {
              for (const Group::Row &row : group->linearize(first, jets, ones))
                for (const auto &dependence : row.dependences)
                  {
                    const double unit = entry_units[row.term][dependence.entry];
                    double       sum  = 0.;
                    for (unsigned int k = 0; k < jets.n_points(); ++k)
                      sum += group->in_use.weights[first + k] *
                             dependence.values[k] * dependence.values[k];
                    squares[first_row[row.term] + row.number_in_term] +=
                      unit * unit * sum / group->training.weight;
                  }
            });
        }
    });

    std::vector<double> units(n_rows, 1.);
    for (unsigned int t = 0; t < terms.size(); ++t)
      for (unsigned int row = 0; row < rows[t].size(); ++row)
        {
          const std::size_t  i      = first_row[t] + row;
          const unsigned int column = rows[t][row].factor;
          if (column != Residual::no_column)
            units[i] = unit_of(terms[t].term.samples->columns()[column],
                               surrogate.scaling,
                               surrogate.coordinates);
          else if (std::isfinite(squares[i]) && squares[i] > 0.)
            units[i] = std::sqrt(squares[i]);
        }
    set_row_units(units);
  }



  std::vector<std::size_t>
  SumOfSquares::first_rows() const
  {
    std::vector<std::size_t> result;
    std::size_t              n = 0;
    for (const TermData &data : terms)
      {
        result.push_back(n);
        n += data.units.size();
      }
    return result;
  }



  std::vector<double>
  SumOfSquares::row_units() const
  {
    std::vector<double> result;
    for (const TermData &data : terms)
      result.insert(result.end(), data.units.begin(), data.units.end());
    return result;
  }



  void
  SumOfSquares::set_row_units(const std::vector<double> &units)
  {
    AssertThrow(units.size() == row_units().size(),
                ExcMessage("There must be one unit for each row of each "
                           "term."));
    for (const double unit : units)
      AssertThrow(std::isfinite(unit) && unit > 0.,
                  ExcMessage("The unit of a row must be a positive number."));
    auto                             next = units.begin();
    std::vector<std::vector<double>> of_terms;
    for (TermData &data : terms)
      {
        std::copy_n(next, data.units.size(), data.units.begin());
        next += data.units.size();
        of_terms.push_back(data.units);
      }
    for (const auto &group : groups)
      group->set_units(of_terms);
  }
} // namespace derl
