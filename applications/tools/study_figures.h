// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_study_figures_h
#define derl_applications_study_figures_h

#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "study_plan.h"

namespace derl
{
  using Json = nlohmann::ordered_json;

  /**
   * A number, a text or null for each row, run and column.
   */
  using StudyFigures = std::vector<std::vector<std::vector<Json>>>;

  /**
   * What runs have written about themselves. All is null if a run diverged;
   * otherwise a figure is null if the run has none of that name.
   */
  StudyFigures
  read_figures(const StudyPlan &plan, const std::vector<StudyColumn> &columns);

  /**
   * Call @p work with the numbers of some columns, line by line, of a file of
   * comma-separated values that a run has written.
   */
  void
  for_each_line(const StudyRun                                         &run,
                const std::string                                      &name,
                const std::vector<std::string>                         &columns,
                const std::function<void(const std::vector<double> &)> &work);
} // namespace derl

#endif
