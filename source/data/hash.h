// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_hash_h
#define derl_data_hash_h

#include <cmath>
#include <cstdint>

namespace derl
{
  namespace internal
  {
    /**
     * The finalizer of the generator SplitMix64 (G. Steele, D. Lea, C. Flood,
     * OOPSLA 2014): a bijection whose output looks random.
     */
    inline std::uint64_t
    mix(std::uint64_t z)
    {
      z += 0x9e3779b97f4a7c15ull;
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
      return z ^ (z >> 31);
    }



    /**
     * A number in [0, 1) made of the upper bits of a hash.
     */
    inline double
    to_uniform(const std::uint64_t hash)
    {
      return std::ldexp(double(hash >> 11), -53);
    }
  } // namespace internal
} // namespace derl

#endif
