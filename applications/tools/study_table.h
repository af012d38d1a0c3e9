// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_study_table_h
#define derl_applications_study_table_h

#include <ostream>

#include "study_plan.h"

namespace derl
{
  /**
   * Collect the columns of @p plan from its runs: write study.csv and
   * study.json, a line for each run, study.md, a line for each row and what
   * becomes of the claims, and study.png into the output folder, and show the
   * tables on @p out. Throws if no run has a figure that a column names.
   */
  void
  write_study(const StudyParameters &parameters,
              const StudyPlan       &plan,
              std::ostream          &out);
} // namespace derl

#endif
