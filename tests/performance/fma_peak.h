// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_tests_performance_fma_peak_h
#define derl_tests_performance_fma_peak_h

namespace derl
{
  /**
   * Double precision floating point operations per second that the core does
   * now, for about half a millisecond, in multiply-adds on registers; in single
   * precision it is twice as many. By the thread's own clock.
   */
  double
  fma_rate();
} // namespace derl

#endif
