// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// How a program ends when exceptions leave it on some ranks or all: seen only
// from outside of the process, see check_run_program.sh.

#include <derl/base/collective.h>

#include <deal.II/base/exceptions.h>

#include <iostream>

using namespace dealii;

int
main(int argc, char **argv)
{
  const std::string mode = argc > 1 ? argv[1] : "";
  return derl::run_program(argc, argv, [&](const MPI_Comm &communicator) {
    const unsigned int rank = Utilities::MPI::this_mpi_process(communicator);
    const bool         is_last =
      rank + 1 == Utilities::MPI::n_mpi_processes(communicator);
    const auto message =
      ExcMessage("This is the message of rank " + std::to_string(rank) + ".");
    if (mode == "all_fail")
      AssertThrow(false, message);
    if (mode == "agreed")
      derl::run_collectively(communicator, [&]() { AssertThrow(!is_last, message); });
    if (mode == "one_fails")
      {
        AssertThrow(!is_last, message);
        MPI_Barrier(communicator);
      }
    if (rank == 0)
      std::cout << "Finished." << std::endl;
  });
}
