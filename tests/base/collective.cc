// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// An error on one rank must be the same exception on all, with the message of
// the lowest rank that met it; files, folders and memory are judged for all
// ranks.

#include <derl/base/collective.h>

#include <deal.II/base/exceptions.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>

#include "../../source/base/available_memory.h"
#include "../../source/base/communication.h"
#include "../../source/base/memory.h"
#include "../tests.h"

namespace test_collective
{
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
      run_collectively(world, [&]() {
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
    run_collectively(world, []() { throw std::out_of_range("Beyond the end."); });
  });
  log_outcome("out of memory",
              [&]() { run_collectively(world, []() { throw std::bad_alloc(); }); });
  log_outcome("twice", [&]() {
    run_collectively(world, [&]() { throw AgreedError("Said before."); });
  });
  // work that communicates would wait for ranks that failed before
  log_outcome("inside", [&]() {
    run_collectively(world, [&]() { run_collectively(world, []() {}); });
  });
  log_outcome("inside of a sum", [&]() {
    std::vector<double> numbers(1);
    sum_agreed(world, numbers, [&]() { run_collectively(world, []() {}); });
  });
  log_outcome("after that", fail_on([](const unsigned int) { return false; }));
}



/**
 * Sizes of large meshes: their sums need more than 32 bits, whether one rank's
 * part does or not.
 */
void
test_counts(const unsigned int n_ranks)
{
  const std::uint64_t half = std::uint64_t(1) << 31, large = half << 10;
  deallog << "counts: " << (global_count(world, half) == half * n_ranks)
          << (global_count(world, 2 * half) == 2 * half * n_ranks)
          << (global_count(world, large + 1) == (large + 1) * n_ranks)
          << std::endl;
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



void
check(const std::string &what, const bool is_true)
{
  deallog << what << ": " << (is_true ? "ok" : "FAILED") << std::endl;
}



/**
 * What available_memory() finds in a system with the given files, in units of
 * 1024 bytes; the machine has 9000.
 */
double
memory_of_system(const std::map<std::string, std::string> &files)
{
  const std::filesystem::path root = "system";
  std::filesystem::remove_all(root);
  const auto write = [&](const std::string &name, const std::string &text) {
    std::filesystem::create_directories((root / name).parent_path());
    std::ofstream(root / name) << text;
  };
  write("proc/meminfo", "MemTotal: 10000 kB\nMemAvailable: 9000 kB\n");
  for (const auto &[name, text] : files)
    write(name, text);
  return derl::internal::available_memory(root.string()) / 1024.;
}



/**
 * The limits of nested control groups, as batch systems and containers make
 * them; pages of files do not count as used.
 */
void
test_available_memory()
{
  check("no control groups", memory_of_system({}) == 9000);

  const std::string v2 =
    "30 25 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
  const auto v2_group = [](const std::string &limit) {
    return std::map<std::string, std::string>{
      {"memory.max", limit},
      {"memory.current", std::to_string(1500 * 1024)},
      {"memory.stat", "anon 7\ninactive_file 512000\nactive_file 1\n"}};
  };
  const auto system = [](std::map<std::string, std::string>        files,
                         const std::string                        &folder,
                         const std::map<std::string, std::string> &group) {
    for (const auto &[name, text] : group)
      files[folder + name] = text;
    return files;
  };

  // the limit is that of a job, the process is in one of its steps
  std::map<std::string, std::string> job = {
    {"proc/self/mountinfo", "20 25 0:20 / /proc rw - proc proc rw\n" + v2},
    {"proc/self/cgroup", "0::/slurm/job_7/step_0\n"}};
  const std::string limit = std::to_string(4000 * 1024) + "\n";
  job = system(job, "sys/fs/cgroup/slurm/job_7/", v2_group(limit));
  check("limit of a job", memory_of_system(job) == 4000 - 1500 + 500);
  job = system(job, "sys/fs/cgroup/slurm/job_7/step_0/", v2_group("max\n"));
  check("steps without limit", memory_of_system(job) == 3000);
  job = system(job,
               "sys/fs/cgroup/slurm/job_7/step_0/",
               v2_group(std::to_string(3500 * 1024)));
  check("tighter limit of a step", memory_of_system(job) == 2500);
  job = system(job, "sys/fs/cgroup/slurm/job_7/step_1/", v2_group("1024"));
  check("limit of another step", memory_of_system(job) == 2500);
  job["proc/self/cgroup"] = "0::/\n";
  check("outside of jobs", memory_of_system(job) == 9000);
  job = system(job, "sys/fs/cgroup/", v2_group(limit));
  check("limit of a container", memory_of_system(job) == 3000);
  job = system(job, "sys/fs/cgroup/", v2_group("99000000"));
  check("more than the machine has", memory_of_system(job) == 9000);

  // version 1, whose memory may be beside version 2 without controllers
  std::map<std::string, std::string> first = {
    {"proc/self/mountinfo",
     "30 25 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
     "31 25 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
     "32 25 0:28 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup "
     "rw,memory\n"},
    {"proc/self/cgroup", "3:cpu:/other\n2:memory:/uid_0/job_1\n0::/some\n"}};
  const auto v1_group = [](const std::string &bytes) {
    return std::map<std::string, std::string>{
      {"memory.limit_in_bytes", bytes},
      {"memory.usage_in_bytes", std::to_string(1000 * 1024)},
      {"memory.stat", "inactive_file 1\ntotal_inactive_file 204800\n"}};
  };
  first = system(first,
                 "sys/fs/cgroup/memory/uid_0/job_1/",
                 v1_group("9223372036854771712\n"));
  check("version 1 without limit", memory_of_system(first) == 9000);
  first = system(first, "sys/fs/cgroup/memory/uid_0/", v1_group(limit));
  check("version 1, limit of a user",
        memory_of_system(first) == 4000 - 1000 + 200);

  // a container that sees its own group only, under the name the host knows
  std::map<std::string, std::string> container = {
    {"proc/self/mountinfo",
     "32 25 0:28 /docker/ab /sys/fs/cgroup/memory ro - cgroup cgroup "
     "rw,memory\n"},
    {"proc/self/cgroup", "2:memory:/docker/ab\n"}};
  container = system(container, "sys/fs/cgroup/memory/", v1_group(limit));
  check("container, version 1", memory_of_system(container) == 3200);
  container["proc/self/cgroup"] = "2:memory:/docker/ab/inner\n";
  container                     = system(container,
                     "sys/fs/cgroup/memory/inner/",
                     v1_group(std::to_string(2000 * 1024)));
  check("group in a container", memory_of_system(container) == 1200);
  std::filesystem::remove_all("system");
}



DERL_TEST(collective)
{
  MPILogInitAll      log;
  const unsigned int rank    = Utilities::MPI::this_mpi_process(world);
  const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(world);

  test_run_agreed(rank, n_ranks);
  test_counts(n_ranks);
  test_messages();
  test_files(rank);
  test_folders(rank);
  test_memory(rank);
  if (rank == 0)
    test_available_memory();
}
} // namespace test_collective
