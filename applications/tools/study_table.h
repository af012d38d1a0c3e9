// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_study_table_h
#define derl_applications_study_table_h

#include <ostream>

#include "study_plan.h"

namespace derl
{
  /**
   * Collect the columns of @p parameters from the runs of @p plan: write
   * study.csv, a line for each run, study.md, a line for each row, and
   * study.png into the output folder, and show the table on @p out. Throws if
   * a column is not what StudyParameters says.
   */
  void
  write_study(const StudyParameters &parameters,
              const StudyPlan       &plan,
              std::ostream          &out);
} // namespace derl

#endif
