// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_box_sums_h
#define derl_data_box_sums_h

#include <deal.II/base/mpi.h>

#include <cstdint>
#include <vector>

namespace derl
{
  namespace internal
  {
    /**
     * How numbers of several ranks become one for each of these.
     */
    enum class Combination
    {
      sum,
      minimum,
      /** the sum over the ranks before each one */
      sum_before
    };

    /**
     * Combine numbers that belong to keys over the ranks that have the key.
     * Each key is in the charge of one rank, which gets messages from those
     * that have it, and answers them: memory and messages of a rank grow with
     * the number of its keys and of those in its charge, the share of one rank,
     * not with the number of ranks. Collective.
     *
     * @param keys of this rank, all different, and looking random.
     * @param numbers equally many for each key, as [key][number]; replaced by
     *   the combination.
     */
    void
    combine_by_key(const MPI_Comm                   &communicator,
                   const std::vector<std::uint64_t> &keys,
                   const Combination                 combination,
                   std::vector<double>              &numbers);

    /**
     * The same for numbers that all ranks have for the same keys, in the same
     * order: their memory is that of all keys. Collective: one reduction.
     */
    void
    combine_everywhere(const MPI_Comm      &communicator,
                       const Combination    combination,
                       std::vector<double> &numbers);
  } // namespace internal
} // namespace derl

#endif
