// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <deal.II/base/exceptions.h>

#include <cctype>
#include <chrono>
#include <iostream>
#include <new>
#include <sstream>
#include <thread>

#include "agreed_work.h"
#include "communication.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * How long ranks with an error wait for the others to report one, too.
     */
    constexpr std::chrono::milliseconds patience(2000);



    std::string
    without_surrounding_space(const std::string &text)
    {
      const char *const space = " \n\t";
      const auto        first = text.find_first_not_of(space);
      return first == std::string::npos
               ? ""
               : text.substr(first, text.find_last_not_of(space) - first + 1);
    }



    /**
     * Messages quote what damaged files hold; that must not control the
     * terminal that shows it.
     */
    std::string
    printable(std::string text)
    {
      for (char &c : text)
        if (std::iscntrl(static_cast<unsigned char>(c)) != 0 && c != '\n' &&
            c != '\t')
          c = '?';
      return text;
    }
  } // namespace



  std::string
  error_message(const std::exception &exception)
  {
    // the latter is what deal.II's vectors and matrices throw
    if (dynamic_cast<const std::bad_alloc *>(&exception) != nullptr ||
        dynamic_cast<const StandardExceptions::ExcOutOfMemory *>(&exception) !=
          nullptr)
      return "There is not enough memory. Use a smaller network or problem, an "
             "optimizer that needs less memory (L-BFGS, Adam), or more ranks "
             "on more machines.";
    if (const auto *const framed =
          dynamic_cast<const ExceptionBase *>(&exception))
      {
        std::ostringstream text;
        framed->print_info(text);
        const std::string message = without_surrounding_space(text.str());
        // an internal check has no words of its own: say where it is
        const bool has_words =
          !message.empty() && message != "(none)" &&
          dynamic_cast<const ExcInternalError *>(framed) == nullptr &&
          dynamic_cast<const ExcNotImplemented *>(framed) == nullptr;
        return printable(has_words ? message
                                   : without_surrounding_space(framed->what()));
      }
    if (dynamic_cast<const std::bad_alloc *>(&exception) != nullptr)
      return "There is not enough memory. Use a smaller network or problem, an "
             "optimizer that needs less memory (L-BFGS, Adam), or more ranks "
             "on more machines.";
    return printable(exception.what());
  }



  std::optional<std::string>
  internal::error_of_work(const std::function<void()> &work)
  {
    thread_local bool is_running = false;
    AssertThrow(
      !is_running,
      ExcMessage("What run_collectively() or sum_agreed() run must not call "
                 "one of them: a rank that fails before would leave "
                 "the others waiting. Call it beforehand."));
    std::optional<std::string> error;
    is_running = true;
    try
      {
        work();
      }
    catch (const std::exception &exception)
      {
        error = error_message(exception);
      }
    is_running = false;
    return error;
  }



  void
  run_collectively(const MPI_Comm &communicator, const std::function<void()> &work)
  {
    const std::optional<std::string> error = internal::error_of_work(work);
    const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(communicator);
    const unsigned int failed_rank = Utilities::MPI::min(
      error ? Utilities::MPI::this_mpi_process(communicator) : n_ranks,
      communicator);
    count_collective(communicator, sizeof(failed_rank));
    if (failed_rank < n_ranks)
      throw AgreedError(Utilities::MPI::broadcast(
        communicator, error.value_or(""), failed_rank));
  }



  int
  run_program(int                                          argc,
              char                                       **argv,
              const std::function<void(const MPI_Comm &)> &program)
  {
    Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);

    // a communicator of its own, so that nothing here can be mistaken for a
    // message of the program
    MPI_Comm failures;
    MPI_Comm_dup(MPI_COMM_WORLD, &failures);

    std::string message;
    try
      {
        program(MPI_COMM_WORLD);
        MPI_Comm_free(&failures);
        return 0;
      }
    catch (const std::exception &exception)
      {
        message = error_message(exception);
      }

    const unsigned int rank  = Utilities::MPI::this_mpi_process(failures);
    unsigned int       first = rank;
    MPI_Request        request;
    MPI_Iallreduce(&rank, &first, 1, MPI_UNSIGNED, MPI_MIN, failures, &request);
    int        all_failed = 0;
    const auto deadline   = std::chrono::steady_clock::now() + patience;
    do
      {
        MPI_Test(&request, &all_failed, MPI_STATUS_IGNORE);
        if (all_failed == 0)
          std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    while (all_failed == 0 && std::chrono::steady_clock::now() < deadline);

    if (all_failed == 0 || rank == first)
      std::cerr << "\nError: " << message << std::endl;
    if (all_failed == 0)
      MPI_Abort(MPI_COMM_WORLD, 1);
    MPI_Comm_free(&failures);
    return 1;
  }
} // namespace derl
