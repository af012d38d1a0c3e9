// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// What is held out of samples, and the rest, as tables.

#ifndef derl_tests_data_held_out_h
#define derl_tests_data_held_out_h

#include <derl/data/samples.h>

#include <utility>

#include "../check.h"

inline std::pair<derl::Samples, derl::Samples>
hold_out(const MPI_Comm      &communicator,
         const derl::Samples &samples,
         const double         fraction,
         const std::uint32_t  seed)
{
  const auto parts =
    derl::held_out_indices(communicator, samples, fraction, seed);
  return {samples.subset(parts.first), samples.subset(parts.second)};
}

#endif
