// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/data/sampling.h>

#include "hash.h"

namespace derl
{
  using namespace dealii;

  double
  cell_number(const CellId &cell)
  {
    std::uint64_t hash = internal::mix(cell.get_coarse_cell_id());
    for (const std::uint8_t child : cell.get_child_indices())
      hash = internal::mix(hash ^ child);
    // doubles hold integers of 53 bits
    return double(hash >> 11);
  }
} // namespace derl
