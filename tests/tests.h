// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// What all tests share: a log file that the test driver compares.

#ifndef derl_tests_tests_h
#define derl_tests_tests_h

#include <deal.II/base/logstream.h>
#include <deal.II/base/mpi.h>

#include <fstream>
#include <sstream>
#include <string>

/**
 * The file "output", to which deallog writes on rank 0.
 */
inline std::ofstream &
logfile()
{
  static std::ofstream file;
  return file;
}



/**
 * Send what a test writes to deallog on rank 0 into the file "output", and
 * nothing to the screen. With several ranks call it after MPI_InitFinalize.
 */
inline void
initlog()
{
  dealii::deallog.depth_console(0);
  int is_initialized = 0;
  MPI_Initialized(&is_initialized);
  if (is_initialized == 0 ||
      dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
    {
      logfile().open("output");
      dealii::deallog.attach(logfile(), false);
    }
  else
    dealii::deallog.depth_file(0);
}



/**
 * Log on all ranks. The texts of the other ranks follow that of rank 0 in the
 * file "output" when the object goes out of scope. Declare it once, after
 * MPI_InitFinalize and instead of initlog().
 */
struct MPILogInitAll
{
  MPILogInitAll()
    : rank(dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD))
  {
    initlog();
    if (rank != 0)
      {
        dealii::deallog.depth_file(dealii::numbers::invalid_unsigned_int);
        dealii::deallog.attach(text, false);
      }
    if (dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD) > 1)
      dealii::deallog.push(std::to_string(rank));
  }

  ~MPILogInitAll()
  {
    const auto texts =
      dealii::Utilities::MPI::gather(MPI_COMM_WORLD, text.str(), 0);
    dealii::deallog.detach();
    if (rank == 0)
      for (const std::string &other : texts)
        logfile() << other;
  }

  MPILogInitAll(const MPILogInitAll &) = delete;
  MPILogInitAll &
  operator=(const MPILogInitAll &) = delete;

private:
  const unsigned int rank;
  std::ostringstream text;
};

#endif
