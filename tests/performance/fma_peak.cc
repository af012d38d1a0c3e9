// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "fma_peak.h"

#include <ctime>
#include <experimental/simd>

namespace derl
{
  namespace
  {
    double
    thread_seconds()
    {
      timespec time;
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
      return time.tv_sec + 1e-9 * time.tv_nsec;
    }
  } // namespace



  double
  fma_rate()
  {
    using Pack = std::experimental::native_simd<double>;
    // enough independent chains to hide the latency
    constexpr unsigned int n_chains = 12;
    constexpr unsigned int n_steps  = 250000;

    volatile double seed = 1e-9;
    Pack            sum[n_chains];
    for (unsigned int i = 0; i < n_chains; ++i)
      sum[i] = Pack(seed * i);
    const Pack a = 1. - seed, b = seed;

    const double start = thread_seconds();
    for (unsigned int step = 0; step < n_steps; ++step)
      for (unsigned int i = 0; i < n_chains; ++i)
        sum[i] = sum[i] * a + b;
    const double seconds = thread_seconds() - start;
    Pack         all     = 0.;
    for (unsigned int i = 0; i < n_chains; ++i)
      all += sum[i];
    seed = std::experimental::reduce(all);
    return 2. * Pack::size() * n_chains * n_steps / seconds;
  }
} // namespace derl
