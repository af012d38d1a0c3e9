// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_source_base_reproducible_math_h
#define derl_source_base_reproducible_math_h

namespace derl
{
  /**
   * Functions with the same result, to the last bit, on all processors that run
   * one binary. The functions of the C library are not: glibc takes another
   * implementation where a processor has fused multiply-add, and the last bit
   * may differ. What all ranks compute from the same numbers, to go on with as
   * the same number, must not depend on that in a cluster of mixed processors.
   *
   * Only operations that IEEE 754 defines exactly are used; a sum of them costs
   * less than to have the first rank send its result. The relative error is a
   * few units in the last place.
   */

  /** x^y for a finite x that is not negative; 0^0 is 1. */
  double
  reproducible_power(const double x, const double y);

  /** cos(x) for x between 0 and pi; the error is absolute. */
  double
  reproducible_cosine(const double x);
} // namespace derl

#endif
