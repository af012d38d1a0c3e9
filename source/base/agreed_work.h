// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_agreed_work_h
#define derl_base_agreed_work_h

#include <functional>
#include <optional>
#include <string>

namespace derl
{
  namespace internal
  {
    /**
     * Run what run_collectively() and sum_agreed() are given, and return the message
     * of its error, if there is one. Not collective. Throws if it is called by
     * such work itself, which must not communicate: a rank that failed before
     * would leave the others waiting.
     */
    std::optional<std::string>
    error_of_work(const std::function<void()> &work);
  } // namespace internal
} // namespace derl

#endif
