// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_study_claims_h
#define derl_applications_study_claims_h

#include <ostream>

#include "study_figures.h"
#include "study_plan.h"

namespace derl
{
  /**
   * Judge the claims of @p plan and write them as a table in Markdown: a line
   * for each claim and case, in which the ratio is that of the medians. A run
   * that diverged has an infinite figure. Where one of the two modes has fewer
   * than two figures, there is no spread to compare with and no judgement.
   */
  void
  write_claims(const StudyPlan    &plan,
               const StudyFigures &figures,
               std::ostream       &out);
} // namespace derl

#endif
