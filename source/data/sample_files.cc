// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/data/samples.h>

#include "../base/checkpoint.h"
#include "sample_records.h"

namespace derl
{
  void
  save(const MPI_Comm    &communicator,
       const std::string &path,
       const Samples     &samples)
  {
    CheckpointWriter writer(communicator, path);
    internal::write_samples(communicator, writer, "samples", samples);
    writer.close(false);
  }



  Samples
  load_samples(const MPI_Comm &communicator, const std::string &path)
  {
    const std::string purpose = "file of samples";
    CheckpointReader  reader(communicator, path, purpose);
    return internal::read_samples(communicator,
                                  reader,
                                  "samples",
                                  "The " + purpose + " '" + path + "'",
                                  [&](const std::uint64_t n) {
                                    return internal::equal_share(communicator,
                                                                 n);
                                  });
  }
} // namespace derl
