// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_pendulum_terms_h
#define derl_applications_pendulum_terms_h

#include <derl/program/training_run.h>

#include "solver.h"

namespace derl
{
  struct PendulumParameters : TrainingRunParameters
  {
    PendulumParameters();

    double damping = 0.5;
    /** "motion", "Hamiltonian" or "Lagrangian" */
    std::string   learned = "motion";
    MotionSamples samples;

  protected:
    void
    declare_problem(dealii::ParameterHandler &prm) override;
  };

  /**
   * Take this rank's samples and add the terms to @p trainer. Collective.
   */
  void
  add_terms(const MPI_Comm           &communicator,
            const PendulumParameters &parameters,
            const Pendulum           &pendulum,
            Trainer                  &trainer);
} // namespace derl

#endif
