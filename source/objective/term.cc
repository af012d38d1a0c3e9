// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/objective/term.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>

namespace derl
{
  using namespace dealii;

  Term::Term(const std::string                    &name,
             const std::shared_ptr<const Samples> &samples,
             const double                          weight)
    : label(name)
    , table(samples)
    , factor(weight)
  {
    AssertThrow(std::isfinite(weight) && weight >= 0,
                ExcMessage("The weight of the term '" + name +
                           "' must be a finite number that is not negative."));
  }



  const std::string &
  Term::name() const
  {
    return label;
  }



  const std::shared_ptr<const Samples> &
  Term::samples() const
  {
    return table;
  }



  double
  Term::weight() const
  {
    return factor;
  }



  MatchTerm::MatchTerm(const std::string                    &name,
                       const std::shared_ptr<const Samples> &samples,
                       const std::vector<JetEntry>          &entries,
                       const double                          weight)
    : Term(name, samples, weight)
    , entries(entries)
  {
    AssertThrow(!entries.empty(),
                ExcMessage("The term '" + name +
                           "' matches nothing. Say what, or leave it out."));
    for (unsigned int i = 0; i < entries.size(); ++i)
      {
        columns.push_back(samples->column_of(entries[i]));
        multiplicities.push_back(multiplicity(entries[i].derivative));
        diagonal.push_back({i, i});
      }
  }



  const std::vector<JetEntry> &
  MatchTerm::jet_entries() const
  {
    return entries;
  }



  const std::vector<double> &
  MatchTerm::row_weights() const
  {
    return multiplicities;
  }



  const std::vector<Term::Nonzero> &
  MatchTerm::pattern() const
  {
    return diagonal;
  }



  void
  MatchTerm::linearize(const ArrayView<const unsigned int> &batch,
                       const std::vector<const double *>   &jets,
                       const std::vector<double *>         &residuals,
                       const std::vector<double *>         &derivatives) const
  {
    for (unsigned int row = 0; row < columns.size(); ++row)
      {
        for (unsigned int k = 0; k < batch.size(); ++k)
          residuals[row][k] =
            jets[row][k] - samples()->observations(batch[k])[columns[row]];
        std::fill_n(derivatives[row], batch.size(), 1.);
        if (samples()->has_factors())
          for (unsigned int k = 0; k < batch.size(); ++k)
            {
              const double root =
                std::sqrt(samples()->factors(batch[k])[columns[row]]);
              residuals[row][k] *= root;
              derivatives[row][k] = root;
            }
      }
  }



  std::unique_ptr<Term>
  MatchTerm::clone_on(const std::shared_ptr<const Samples> &samples) const
  {
    return std::make_unique<MatchTerm>(name(), samples, entries, weight());
  }



  std::unique_ptr<Term>
  match(const std::string                    &name,
        const std::shared_ptr<const Samples> &samples,
        const std::vector<unsigned int>      &orders,
        const double                          weight)
  {
    std::vector<JetEntry> entries;
    for (const unsigned int of : orders)
      {
        bool observed = false;
        for (const JetEntry &column : samples->columns())
          if (order(column.derivative) == of)
            {
              entries.push_back(column);
              observed = true;
            }
        AssertThrow(
          observed,
          ExcMessage("The term '" + name + "' matches derivatives of order " +
                     std::to_string(of) + ", but the samples (" +
                     samples->origin() + ") hold none. Sample them as well."));
      }
    return std::make_unique<MatchTerm>(name, samples, entries, weight);
  }

} // namespace derl
