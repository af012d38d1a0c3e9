// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_continuity_measure_h
#define derl_applications_continuity_measure_h

#include <derl/program/training_run.h>

#include <memory>

#include "solver.h"

namespace derl
{
  /**
   * Measure the solution and its surrogate by the exact density at the ends of
   * @p n_times equal parts of the interval of time, and draw them at its ends
   * and in the middle. Collective.
   */
  void
  measure(const std::shared_ptr<const Residual> &equation,
          const unsigned int                     n_times,
          ContinuitySolver                      &solver,
          TrainingRun                           &run);
} // namespace derl

#endif
