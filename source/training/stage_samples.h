// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_training_stage_samples_h
#define derl_training_stage_samples_h

#include <derl/training/curriculum.h>

#include <memory>
#include <string>
#include <vector>

namespace derl
{
  /**
   * The samples in the regions of the given numbers; null if no rank has one.
   * Collective.
   */
  std::shared_ptr<const Samples>
  samples_in(const MPI_Comm                  &communicator,
             const Samples                   &samples,
             const std::vector<std::string>  &coordinates,
             const std::vector<Region>       &regions,
             const std::vector<unsigned int> &numbers);

  /**
   * Whether a term, or its samples, is of the stage's own regions: neither
   * taught nor replayed.
   */
  bool
  is_new(const std::string &name);

  /**
   * Points times jet entries of an evaluation of the terms, over all ranks.
   * Collective.
   */
  double
  work_of_evaluation(const MPI_Comm          &communicator,
                     const Surrogate         &surrogate,
                     const std::vector<Term> &terms);
} // namespace derl

#endif
