// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A residual that keeps count of the samples it is evaluated at, and can fail
// or overflow.

#ifndef derl_tests_objective_watched_residual_h
#define derl_tests_objective_watched_residual_h

#include <derl/equations/residual.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

/**
 * A mismatch of the values. The samples have the auxiliary column "number",
 * each one's position in the table.
 */
class WatchedResidual : public derl::Residual
{
public:
  explicit WatchedResidual(const unsigned int n_samples)
    : visits(n_samples)
    , mismatch(derl::match({"u"}))
  {
  }

  Binding
  bind(const derl::FieldNames &names, const Columns &available) const override
  {
    Binding result = mismatch->bind(names, available);
    result.columns.push_back(
      derl::column_with_name("number", names, available));
    return result;
  }

  void
  evaluate(const Batch &batch, const std::vector<double *> &rows) const override
  {
    visit(batch);
    mismatch->evaluate(batch, rows);
    overflow(batch, rows);
  }

  void
  linearize(const Batch                 &batch,
            const std::vector<double *> &rows,
            const std::vector<double *> &derivatives) const override
  {
    visit(batch);
    mismatch->linearize(batch, rows, derivatives);
    overflow(batch, rows);
    overflow(batch, derivatives);
  }

  mutable std::vector<unsigned int> visits;

  bool        overflows = false;
  bool        fails     = false;
  std::string message   = "The sky fell.";

private:
  void
  visit(const Batch &batch) const
  {
    if (fails)
      throw std::runtime_error(message);
    for (unsigned int k = 0; k < batch.n_points; ++k)
      ++visits[static_cast<unsigned int>(batch.columns.back()[k])];
  }

  void
  overflow(const Batch &batch, const std::vector<double *> &arrays) const
  {
    if (overflows)
      for (double *const array : arrays)
        std::fill_n(
          array, batch.n_points, std::numeric_limits<double>::infinity());
  }

  const std::shared_ptr<const derl::Residual> mismatch;
};

#endif
