// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// What all tests share: their names, and a log file that is compared with a
// reference.

#ifndef derl_tests_tests_h
#define derl_tests_tests_h

#include <deal.II/base/logstream.h>
#include <deal.II/base/mpi.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>

/**
 * The tests of this program by their names.
 */
inline std::map<std::string, void (*)()> &
room_tests()
{
  static std::map<std::string, void (*)()> tests;
  return tests;
}



/**
 * Declare one for each test, with DERL_TEST().
 */
struct RegisteredTest
{
  RegisteredTest(const std::string &name, void (*function)())
  {
    room_tests()[name] = function;
  }
};

/**
 * Head of the function that is the test @p name; its reference is the file
 * name.output, or name.mpirun=1,2,3.output if it runs on one, two and three
 * ranks and prints the same on each. MPI is initialized. One per file and, as
 * all files of a folder are compiled together, in a namespace of its own:
 * @code
 *   namespace test_name
 *   {
 *   DERL_TEST(name)
 *   {
 *     initlog();
 *     check("one and one", 1 + 1 == 2);
 *   }
 *   } // namespace test_name
 * @endcode
 */
#define DERL_TEST(name)                                    \
  static void                 run_test();                  \
  static const RegisteredTest registered(#name, run_test); \
  static void                 run_test()

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
 * nothing to the screen.
 */
inline void
initlog()
{
  dealii::deallog.depth_console(0);
  if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
    {
      logfile().open("output");
      dealii::deallog.attach(logfile(), false);
    }
  else
    dealii::deallog.depth_file(0);
}



/**
 * Log on all ranks. The texts of the other ranks follow that of rank 0 in the
 * file "output" when the object goes out of scope. Declare it once,
 * instead of calling initlog().
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
