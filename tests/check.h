// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Verdicts of tests that all ranks take together, in words that depend neither
// on round-off nor on the number of ranks.

#ifndef derl_tests_check_h
#define derl_tests_check_h

#include <derl/base/collective.h>

#include <cmath>
#include <functional>

#include "tests.h"

/**
 * Log "ok" if @p error is at most @p tolerance on every rank, otherwise the
 * largest error. Collective.
 */
inline void
check(const std::string &what, const double error, const double tolerance)
{
  const bool         failed = !(error <= tolerance);
  const unsigned int n_failed =
    dealii::Utilities::MPI::sum(failed ? 1u : 0u, MPI_COMM_WORLD);
  const double largest = dealii::Utilities::MPI::max(
    std::isfinite(error) ? error : 1e300, MPI_COMM_WORLD);
  dealii::deallog << what << ": ";
  if (n_failed == 0)
    dealii::deallog << "ok" << std::endl;
  else
    dealii::deallog << "FAILED on " << n_failed << " ranks, " << largest
                    << std::endl;
}



/**
 * Log "ok" if @p good on every rank. Collective.
 */
inline void
check(const std::string &what, const bool good)
{
  check(what, good ? 0. : 1., 0.);
}



/**
 * Log the message of the exception that @p work throws, how many ranks throw
 * it if these are not all, and whether it is an AgreedError. Collective.
 */
inline void
expect_error(const std::string &what, const std::function<void()> &work)
{
  std::string message = "NO ERROR";
  try
    {
      work();
    }
  catch (const derl::AgreedError &error)
    {
      message = "agreed: " + derl::error_message(error);
    }
  catch (const std::exception &error)
    {
      message = derl::error_message(error);
    }
  for (const std::string &other :
       dealii::Utilities::MPI::all_gather(MPI_COMM_WORLD, message))
    if (other != message)
      message = "DIFFERENT MESSAGES: " + message + " | " + other;
  dealii::deallog << what << ": " << message << std::endl;
}

#endif
