// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_collective_h
#define derl_base_collective_h

#include <deal.II/base/mpi.h>

#include <functional>
#include <stdexcept>
#include <string>

namespace derl
{
  /**
   * An error that all ranks of a communicator throw together, with the same
   * message: that of the lowest rank that met it.
   */
  class AgreedError : public std::runtime_error
  {
  public:
    using std::runtime_error::runtime_error;
  };

  /**
   * What an exception says, without the frame that deal.II puts around the
   * messages of AssertThrow().
   */
  std::string
  error_message(const std::exception &exception);

  /**
   * Run @p work, which must not communicate, on every rank of
   * @p communicator. If it throws on any rank, throw AgreedError on all. Work
   * that calls this function itself, on whatever communicator, fails.
   * Collective; costs one reduction of one integer.
   */
  void
  run_agreed(const MPI_Comm &communicator, const std::function<void()> &work);

  /**
   * The main function of a program: initialize MPI with one thread per rank,
   * run @p program and return the exit status. If an exception leaves
   * @p program on all ranks, the lowest rank prints its message to the error
   * stream and all ranks return 1; if it leaves it only on some, while others
   * are waiting for them, these print it and abort the whole program after a
   * moment.
   */
  int
  run_program(int                                          argc,
              char                                       **argv,
              const std::function<void(const MPI_Comm &)> &program);
} // namespace derl

#endif
