// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_heat_series_frame_h
#define derl_applications_heat_series_frame_h

#include <derl/network/surrogate.h>

#include <deal.II/base/conditional_ostream.h>

#include <string>

#include "heat_solver.h"

namespace derl
{
  /**
   * Write the fields of solution, surrogate and exact solution at the solver's
   * current time into @p folder, with pictures: field.png, both solutions, and
   * errors.png. Collective.
   */
  void
  write_frame(const MPI_Comm                   &communicator,
              const std::string                &folder,
              const HeatSolver                 &solver,
              const Surrogate                  &surrogate,
              const dealii::ConditionalOStream &progress);
} // namespace derl

#endif
