// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// How benchmarks take the time.

#ifndef derl_tests_performance_measure_h
#define derl_tests_performance_measure_h

#include <algorithm>
#include <ctime>
#include <vector>

#include "fma_peak.h"

inline double
thread_seconds()
{
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec + 1e-9 * time.tv_nsec;
}



/**
 * A measured time, and the peak of the core beside it.
 */
struct Timing
{
  double seconds;
  double peak;
  /** How much longer the median of all evaluations took. */
  double disturbance;
};



/**
 * Time and peak while the core was not disturbed, as the fastest twentieth of
 * both, measured in turns: a virtual machine often shares its cores with others
 * (the median tells how much), and its clock stumbles (hence no minimum).
 */
template <typename Function>
Timing
measure(const Function &evaluate, const unsigned int n_evaluations = 100)
{
  evaluate();
  std::vector<double> seconds, rates;
  for (unsigned int i = 0; i < n_evaluations; ++i)
    {
      rates.push_back(derl::fma_rate());
      const double start = thread_seconds();
      evaluate();
      seconds.push_back(thread_seconds() - start);
    }
  std::sort(seconds.begin(), seconds.end());
  std::sort(rates.begin(), rates.end());
  return {seconds[n_evaluations / 20],
          rates[n_evaluations - 1 - n_evaluations / 20],
          seconds[n_evaluations / 2] / seconds[n_evaluations / 20]};
}

#endif
