// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_sample_records_h
#define derl_data_sample_records_h

#include <derl/data/samples.h>

#include <deal.II/base/mpi.h>

#include <cstdint>
#include <functional>
#include <string>

#include "../base/checkpoint.h"

namespace derl
{
  namespace internal
  {
    /**
     * Write the samples of all ranks as records whose names begin with
     * @p name, see doc/sample_files.md. Collective, errors as those of save().
     */
    void
    write_samples(const MPI_Comm    &communicator,
                  CheckpointWriter  &writer,
                  const std::string &name,
                  const Samples     &samples);

    /**
     * Read what write_samples() wrote. Collective. Throws AgreedError, with
     * messages that begin with @p what is read.
     *
     * @param share given the number of all samples, how many consecutive ones
     *   this rank is to have.
     */
    Samples
    read_samples(
      const MPI_Comm                                            &communicator,
      CheckpointReader                                          &reader,
      const std::string                                         &name,
      const std::string                                         &what,
      const std::function<std::uint64_t(const std::uint64_t n)> &share);

    /**
     * This rank's part of samples, one more on the first ranks than on the
     * others. Not collective.
     */
    std::uint64_t
    equal_share(const MPI_Comm &communicator, const std::uint64_t n_samples);
  } // namespace internal
} // namespace derl

#endif
