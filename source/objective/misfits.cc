// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/objective/sum_of_squares.h>

#include <cmath>
#include <limits>

#include "../base/communication.h"
#include "sample_group.h"

namespace derl
{
  using namespace dealii;

  std::vector<SumOfSquares::Misfit>
  SumOfSquares::misfits(const Vector<double> &x)
  {
    prepare();
    use_all_samples();
    AssertDimension(x.size(), n_parameters());

    const std::vector<std::size_t> first_row = first_rows();
    const std::size_t              n_rows    = row_units().size();

    // [squares of residuals, weights][row]
    std::vector<double> sums(2 * n_rows, 0.);
    sum_agreed(communicator, sums, [&]() {
      const std::vector<double> ones(terms.size(), 1.);
      for (const auto &group : groups)
        {
          group->plan->set_parameters(x, *group->workspace);
          group->plan->evaluate(
            group->in_use.points(),
            *group->workspace,
            [&](const unsigned int first, const JetBlock &jets) {
              for (const Group::Row &row :
                   group->evaluate(group->in_use, first, jets, ones))
                {
                  const std::size_t i =
                    first_row[row.term] + row.number_in_term;
                  sums[i] += row.sum_of_squares(jets.n_points());
                  for (unsigned int k = 0; k < jets.n_points(); ++k)
                    sums[n_rows + i] += row.weights[k];
                }
            });
        }
    });

    std::vector<Misfit> result;
    for (unsigned int t = 0; t < terms.size(); ++t)
      {
        const Samples          &samples = *terms[t].term.samples;
        const Residual::Binding binding = terms[t].term.residual->bind(
          surrogate.names(), {samples.columns(), samples.auxiliary_names()});
        const std::vector<double> &errors = samples.estimated_errors();
        for (unsigned int row = 0; row < binding.rows.size(); ++row)
          {
            const unsigned int column = binding.rows[row].factor;
            if (column == Residual::no_column)
              continue;
            const std::size_t i = first_row[t] + row;
            result.push_back({terms[t].term.name,
                              surrogate.names().name(samples.columns()[column]),
                              std::sqrt(sums[i] / sums[n_rows + i]),
                              errors.empty()
                                ? std::numeric_limits<double>::quiet_NaN()
                                : errors[column]});
          }
      }
    return result;
  }
} // namespace derl
