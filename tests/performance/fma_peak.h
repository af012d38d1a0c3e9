// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_tests_performance_fma_peak_h
#define derl_tests_performance_fma_peak_h

namespace derl
{
  /**
   * The speed, in floating point operations per second, of a loop of fused
   * multiply-adds that never leaves the registers: what this core can do right
   * now. Takes about 10 ms.
   */
  double
  fma_peak();
} // namespace derl

#endif
