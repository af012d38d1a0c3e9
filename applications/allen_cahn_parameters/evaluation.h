// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_allen_cahn_parameters_evaluation_h
#define derl_applications_allen_cahn_parameters_evaluation_h

#include <derl/program/training_run.h>

#include "solver.h"

namespace derl
{
  /**
   * Means of the figures of "reference" and "surrogate" over the test
   * parameters and, with its name before theirs, over the sets training,
   * validation, inside and outside (test and validation parameters, by
   * ParametricProblem::is_inside()) and map. All are written to set.dat.
   */
  std::vector<std::pair<std::string, Figures>>
  evaluate(const ParametricProblem &problem,
           ParametricSolver        &solver,
           const unsigned int       n_map,
           const TrainingRun       &run);
} // namespace derl

#endif
