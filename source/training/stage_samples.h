// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_training_stage_samples_h
#define derl_training_stage_samples_h

#include <derl/training/curriculum.h>

#include <cstdint>
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
   * Whether a teacher makes the samples of this name.
   */
  bool
  is_taught(const std::string &name);

  /**
   * Some of the samples, by chance, with a density that grows with the distance
   * d of a surrogate from what they say: as d / (mean of d) + 1, d^2 being the
   * sum over all columns of the squared differences in units of the columns'
   * root mean squares. Weights are such that weighted means over them estimate
   * those over all, see SampleReservoir. The same are chosen on any number of
   * ranks. Collective.
   *
   * @param n how many, over all ranks.
   */
  Samples
  choose_by_mismatch(const MPI_Comm     &communicator,
                     const Samples      &samples,
                     const Surrogate    &surrogate,
                     const std::uint64_t n,
                     const std::uint32_t seed);

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
