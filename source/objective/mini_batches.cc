// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/objective/sum_of_squares.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "../base/random.h"
#include "sample_group.h"

namespace derl
{
  using namespace dealii;

  void
  SumOfSquares::set_batch_size(const unsigned int size, const unsigned int seed)
  {
    AssertThrow(size > 0, ExcMessage("A mini-batch needs samples."));
    std::uint64_t largest = 0;
    for (const auto &group : groups)
      largest = std::max(largest, group->training.n_global);
    const std::uint64_t n = (largest + size - 1) / size;
    AssertThrow(n <= std::numeric_limits<unsigned int>::max(),
                ExcMessage("There would be " + std::to_string(n) +
                           " mini-batches. Make them larger."));
    batch_seed = seed;
    batches    = n;
    // steps of the golden ratio visit all parts of a period evenly
    batch_stride = std::max(1L, std::lround(0.6180339887498949 * batches));
    while (std::gcd(batch_stride, std::uint64_t(batches)) > 1)
      ++batch_stride;
    for (const auto &group : groups)
      group->epoch = numbers::invalid_unsigned_int;
  }



  unsigned int
  SumOfSquares::n_batches() const
  {
    return batches;
  }



  void
  SumOfSquares::use_batch(const unsigned int epoch, const unsigned int batch)
  {
    AssertIndexRange(batch, batches);
    prepare();
    in_batches                 = true;
    const unsigned int rank    = Utilities::MPI::this_mpi_process(communicator);
    const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(communicator);
    for (unsigned int g = 0; g < groups.size(); ++g)
      {
        Group     &group  = *groups[g];
        const auto stream = [&](const unsigned int number) {
          // any numbers will do that differ between epochs, streams, tables
          return RandomStream(batch_seed + 2654435761u * epoch +
                              40503u * number + 97u * g);
        };
        if (group.epoch != epoch)
          {
            group.permutation =
              stream(rank).permutation(group.training.indices.size());
            for (unsigned int &index : group.permutation)
              index = group.training.indices[index];
            // a stream of all ranks
            group.shift = stream(n_ranks).uniform() * batches;
            group.epoch = epoch;
          }

        // The samples of all ranks, one rank after the other, are dealt out
        // like cards. The shift gives each batch the same share on average.
        const std::uint64_t residue =
          (group.shift + batch * batch_stride) % batches;
        std::vector<unsigned int> chosen;
        for (std::uint64_t i =
               (residue + batches - group.training.n_before % batches) %
               batches;
             i < group.permutation.size();
             i += batches)
          chosen.push_back(group.permutation[i]);
        group.select(std::move(chosen));
      }
  }



  void
  SumOfSquares::use_all_samples()
  {
    if (!in_batches)
      return;
    in_batches = false;
    for (const auto &group : groups)
      group->select_all();
  }
} // namespace derl
