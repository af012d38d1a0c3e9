// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_study_runs_h
#define derl_applications_study_runs_h

#include <ostream>

#include "study_plan.h"

namespace derl
{
  /**
   * Run all that has not been run yet, @p n_at_once at a time, and tell on
   * @p out how far it is. What a killed study has left is taken up: a run is
   * complete if its folder has a summary.json and the record of the same
   * program, parameters and settings, or if training diverged; one that was
   * interrupted goes on from its checkpoint. A run in which training diverges
   * is marked as such; any other failure ends the study with an exception, and
   * so does a signal that asks the program to end, when the runs that it
   * reached as well have ended.
   */
  void
  run_study(StudyPlan &plan, const unsigned int n_at_once, std::ostream &out);
} // namespace derl

#endif
