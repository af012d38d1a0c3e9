// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_korteweg_de_vries_terms_h
#define derl_applications_korteweg_de_vries_terms_h

#include <derl/program/training_run.h>

#include "fourier.h"

namespace derl
{
  struct KdvParameters : TrainingRunParameters
  {
    KdvParameters();

    KortewegDeVries problem;
    std::string     source   = "reference";
    std::string     teacher  = "teacher.json";
    unsigned int    n_points = 4000;
    unsigned int    n_waves  = 1;

  protected:
    void
    declare_problem(dealii::ParameterHandler &prm) override;
  };



  /**
   * All samples that terms may be about. The path of a teacher begins at
   * @p folder. Collective.
   */
  SampleTables
  sample(const MPI_Comm        &communicator,
         const KdvParameters   &parameters,
         const KdvSolver       &reference,
         const FourierSolution &exact,
         const std::string     &folder);
} // namespace derl

#endif
