// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_start_study_h
#define derl_applications_start_study_h

#include <derl/coupling/surrogate_function.h>

#include <derl/program/program.h>

#include <deal.II/base/conditional_ostream.h>

#include <string>
#include <utility>
#include <vector>

#include "diffusion_solver.h"
#include "known_solutions.h"
#include "warm_start_parameters.h"

namespace derl
{
  /**
   * Solve for unseen parameters from zero, from the nearest known solution,
   * from its extrapolation and from the surrogate; show the table, write it to
   * starts.csv and the residuals to newton.csv in the output folder, and draw
   * newton.png. Returns the figures for the summary. Collective.
   */
  std::vector<std::pair<std::string, Figures>>
  compare_starts(const WarmStartParameters        &parameters,
                 const KnownSolutions             &known,
                 SurrogateFunction<2>             &surrogate,
                 DiffusionSolver                  &solver,
                 const dealii::ConditionalOStream &progress);
} // namespace derl

#endif
