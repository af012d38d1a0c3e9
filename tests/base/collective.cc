// An error on one rank must be the same exception on all, with the message of
// the lowest rank that met it; files and folders are judged for all ranks.
// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>
#include <derl/base/file.h>
#include <derl/base/memory.h>

#include <deal.II/base/exceptions.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "../tests.h"

using namespace dealii;
using namespace derl;

const MPI_Comm world = MPI_COMM_WORLD;

DeclException0(ExcWordless);



void
log_outcome(const std::string &what, const std::function<void()> &function)
{
  std::string outcome = "no exception";
  try
    {
      function();
    }
  catch (const AgreedError &error)
    {
      outcome = std::string("agreed: ") + error_message(error);
    }
  catch (const std::exception &error)
    {
      outcome = error_message(error);
    }
  deallog << what << ": " << outcome << std::endl;
  // all ranks are here, and none is a message behind
  if (Utilities::MPI::sum(1u, world) != Utilities::MPI::n_mpi_processes(world))
    deallog << "FAILED, the ranks are out of step" << std::endl;
}



void
test_run_agreed(const unsigned int rank, const unsigned int n_ranks)
{
  const auto fail_on = [&](const auto &condition) {
    return [condition, rank]() {
      run_agreed(world, [&]() {
        AssertThrow(!condition(rank),
                    ExcMessage("Rank " + std::to_string(rank) + " failed."));
      });
    };
  };
  log_outcome("none", fail_on([](const unsigned int) { return false; }));
  log_outcome("all", fail_on([](const unsigned int) { return true; }));
  log_outcome("first", fail_on([](const unsigned int r) { return r == 0; }));
  log_outcome("last",
              fail_on([=](const unsigned int r) { return r == n_ranks - 1; }));
  log_outcome("all but the first",
              fail_on([](const unsigned int r) { return r > 0; }));
  log_outcome("standard exception", []() {
    run_agreed(world, []() { throw std::out_of_range("Beyond the end."); });
  });
  log_outcome("out of memory",
              [&]() { run_agreed(world, []() { throw std::bad_alloc(); }); });
  log_outcome("twice", [&]() {
    run_agreed(world, [&]() { throw AgreedError("Said before."); });
  });
}



void
test_messages()
{
  const auto message = [](const auto &exception) {
    return error_message(exception);
  };
  deallog << message(ExcMessage("Bare.")) << std::endl
          << message(ExcMessage("Two lines:\n  the second.")) << std::endl
          << message(std::runtime_error("Standard.")) << std::endl;
  try
    {
      AssertThrow(1 > 2, ExcMessage("Thrown."));
    }
  catch (const std::exception &exception)
    {
      deallog << message(exception) << std::endl;
    }
  const auto says_where = [](const std::function<void()> &function) {
    try
      {
        function();
      }
    catch (const std::exception &exception)
      {
        return error_message(exception).find("collective.cc") !=
               std::string::npos;
      }
    return false;
  };
  deallog << "checks without words say where they are: "
          << says_where([]() { AssertThrow(1 > 2, ExcInternalError()); })
          << says_where([]() { AssertThrow(1 > 2, ExcNotImplemented()); })
          << says_where([]() { AssertThrow(1 > 2, ExcWordless()); })
          << std::endl;
}



void
test_files(const unsigned int rank)
{
  log_outcome("missing",
              [&]() { read_file(world, "missing.prm", "parameter file"); });
  log_outcome("a folder", [&]() { read_file(world, ".", "mesh file"); });

  const std::string contents = std::string("one\r\ntwo\0three", 14) + "\n\xff";
  log_outcome("write", [&]() {
    // the text of the first rank counts
    write_file(world, "file", rank == 0 ? contents : "something else");
  });
  log_outcome("read back", [&]() {
    const std::string text = read_file(world, "file", "file");
    deallog << (text == contents ? "same" : "FAILED, different") << std::endl;
  });
  log_outcome("replace", [&]() { write_file(world, "file", ""); });
  log_outcome("read empty", [&]() {
    deallog << "size " << read_file(world, "file", "file").size() << std::endl;
  });
  log_outcome("write into nothing",
              [&]() { write_file(world, "missing/file", contents); });
  log_outcome("make a folder", []() { make_output_folder(world, "folder"); });
  log_outcome("write over a folder",
              [&]() { write_file(world, "folder", contents); });
  if (rank == 0)
    deallog << "leftovers: " << std::filesystem::exists("file.part")
            << std::filesystem::exists("folder.part") << std::endl;
}



void
test_folders(const unsigned int rank)
{
  const auto make = [](const std::string &path) {
    return [path]() { make_output_folder(world, path); };
  };
  if (rank == 0)
    std::filesystem::remove_all("results");
  log_outcome("new", make("results/2024/a"));
  log_outcome("again", make("results/2024/a"));
  log_outcome("slash at the end", make("results/b/"));
  log_outcome("here", make("."));
  if (rank == 0)
    deallog << "made, and empty: "
            << std::filesystem::is_empty("results/2024/a")
            << std::filesystem::is_empty("results/b") << std::endl;
  log_outcome("no name", make(""));
  log_outcome("a file", make("file"));
  log_outcome("below a file", make("file/results"));
  // nobody can write there, not even root
  log_outcome("not to be written", make("/proc/self"));
}



void
test_memory(const unsigned int rank)
{
  const auto need = [](const double bytes) {
    return [bytes]() {
      try
        {
          check_memory(world, bytes, "the test");
        }
      catch (const AgreedError &error)
        {
          // without the numbers, which depend on the machine
          const std::string text  = error_message(error);
          const auto        end   = text.find(" need ");
          const auto        begin = text.find(" GB for ");
          const auto        rest  = text.find(" GB are available");
          throw AgreedError(text.substr(0, end) + " ..." +
                            text.substr(begin, text.find("but only") - begin) +
                            "... " + text.substr(rest));
        }
    };
  };
  log_outcome("nothing", need(0.));
  log_outcome("a megabyte", need(1e6));
  log_outcome("too much", need(1e18));
  log_outcome("too much on one rank", need(rank == 0 ? 1e18 : 0.));
  log_outcome("not a number", need(std::nan("")));

  // what one rank could have, but not two together
  double available = 0.;
  try
    {
      check_memory(world, 1e18, "the test");
    }
  catch (const AgreedError &error)
    {
      const std::string text = error.what();
      available = 1e9 * std::stod(text.substr(text.find("but only ") + 9));
    }
  log_outcome("a large part on each rank", need(0.7 * available));
}



int
main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  MPILogInitAll                    log;
  const unsigned int rank    = Utilities::MPI::this_mpi_process(world);
  const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(world);

  test_run_agreed(rank, n_ranks);
  test_messages();
  test_files(rank);
  test_folders(rank);
  test_memory(rank);
}
