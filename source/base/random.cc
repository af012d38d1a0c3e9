// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "random.h"

#include <numeric>
#include <utility>

namespace derl
{
  RandomStream::RandomStream(const std::uint32_t seed)
    : generator(seed)
  {
  }



  double
  RandomStream::uniform()
  {
    const std::uint32_t high = generator() >> 5;
    const std::uint32_t low  = generator() >> 6;
    return (high * 67108864. + low) / 9007199254740992.;
  }



  std::vector<unsigned int>
  RandomStream::permutation(const unsigned int n)
  {
    std::vector<unsigned int> result(n);
    std::iota(result.begin(), result.end(), 0u);
    for (unsigned int i = n; i > 1; --i)
      std::swap(result[i - 1],
                result[static_cast<unsigned int>(uniform() * i)]);
    return result;
  }
} // namespace derl
