// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_memory_h
#define derl_base_memory_h

#include <deal.II/base/mpi.h>

#include <string>

namespace derl
{
  /**
   * Throw AgreedError if the ranks on one machine want more memory together
   * than it has available, before any of it is allocated: an operating system
   * that promises more than it has would end the program without a message.
   * Collective.
   *
   * @param bytes what this rank is about to allocate; a double, so that sizes
   *   from an input file cannot overflow.
   * @param purpose for the message: "the network and its optimizer".
   */
  void
  check_memory(const MPI_Comm    &communicator,
               const double       bytes,
               const std::string &purpose);

  /**
   * Bytes that each rank could allocate if all take as much: the smallest share
   * of a machine's available memory. Infinity where this is not known.
   * Collective.
   */
  double
  memory_per_rank(const MPI_Comm &communicator);
} // namespace derl

#endif
