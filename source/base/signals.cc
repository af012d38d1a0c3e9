// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "communication.h"

#include <deal.II/base/exceptions.h>

#include <csignal>

#include "signals.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    struct Signal
    {
      int         number;
      const char *name;
    };
    constexpr std::array<Signal, 3> signals = {
      {{SIGTERM, "SIGTERM"}, {SIGINT, "SIGINT"}, {SIGUSR1, "SIGUSR1"}}};

    bool                       is_active   = false;
    volatile std::sig_atomic_t last_signal = 0;



    extern "C" void
    note_signal(const int number)
    {
      last_signal = number;
    }
  } // namespace



  SignalCatcher::SignalCatcher()
  {
    AssertThrow(!is_active,
                ExcMessage("Signals are being caught already, by another "
                           "object."));
    is_active   = true;
    last_signal = 0;

    struct sigaction action = {};
    action.sa_handler       = note_signal;
    action.sa_flags         = SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (unsigned int i = 0; i < signals.size(); ++i)
      {
        sigaction(signals[i].number, nullptr, &previous[i]);
        if (previous[i].sa_handler != SIG_IGN)
          sigaction(signals[i].number, &action, nullptr);
      }
  }



  SignalCatcher::~SignalCatcher()
  {
    for (unsigned int i = 0; i < signals.size(); ++i)
      sigaction(signals[i].number, &previous[i], nullptr);
    is_active = false;
  }



  std::string
  SignalCatcher::caught(const MPI_Comm &communicator) const
  {
    const int number =
      Utilities::MPI::max(static_cast<int>(last_signal), communicator);
    count_collective(communicator, sizeof(number));
    for (const Signal &signal : signals)
      if (signal.number == number)
        return signal.name;
    return "";
  }
} // namespace derl
