// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_available_memory_h
#define derl_base_available_memory_h

#include <string>

namespace derl
{
  namespace internal
  {
    /**
     * Bytes that this process can allocate without swapping, or infinity where
     * the system does not tell: those of the machine, or those that the limit
     * of a container or a batch job leaves (Linux control groups, version 1 and
     * 2). Groups are nested, and the tightest limit counts. Pages of files that
     * were not used lately are free: the system gives them back first.
     *
     * @param root folder in which the system's files are found, for tests.
     */
    double
    available_memory(const std::string &root = "");
  } // namespace internal
} // namespace derl

#endif
