// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_signals_h
#define derl_base_signals_h

#include <deal.II/base/mpi.h>

#include <array>
#include <string>

#include <signal.h>

namespace derl
{
  /**
   * While an object of this class exists, SIGTERM, SIGINT and SIGUSR1, as batch
   * systems and users send them, do not end the process but are noted, for the
   * program to end in good order. Signals that were ignored before still are.
   * The destructor restores what was before. There may be one object at a time.
   */
  class SignalCatcher
  {
  public:
    SignalCatcher();

    ~SignalCatcher();

    SignalCatcher(const SignalCatcher &) = delete;
    SignalCatcher &
    operator=(const SignalCatcher &) = delete;

    /**
     * The name of a signal that some rank of @p communicator has caught, the
     * same on all ranks; empty if there is none. Collective; costs one
     * reduction of one integer.
     */
    std::string
    caught(const MPI_Comm &communicator) const;

  private:
    std::array<struct sigaction, 3> previous;
  };
} // namespace derl

#endif
