// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_random_h
#define derl_base_random_h

#include <cstdint>
#include <random>
#include <vector>

namespace derl
{
  /**
   * A stream of random numbers that is the same on every platform: the
   * distributions of the C++ standard library are not, its generators are.
   *
   * uniform() takes 53 bits from two draws of the Mersenne twister, as
   * numpy.random.RandomState(seed).random_sample() does, so that data sets
   * published with a NumPy seed can be reproduced exactly.
   */
  class RandomStream
  {
  public:
    explicit RandomStream(const std::uint32_t seed);

    /**
     * The next number in [0, 1).
     */
    double
    uniform();

    /**
     * A random permutation of 0, ..., n-1 (Fisher and Yates).
     */
    std::vector<unsigned int>
    permutation(const unsigned int n);

  private:
    std::mt19937 generator;
  };
} // namespace derl

#endif
