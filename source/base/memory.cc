// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>
#include <derl/base/memory.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iomanip>
#include <limits>
#include <sstream>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * The number behind @p key in a file of such pairs, or infinity.
     */
    double
    read_entry(const std::string &path, const std::string &key)
    {
      std::ifstream file(path);
      std::string   name, rest;
      double        value;
      while (file >> name >> value)
        {
          if (name == key)
            return value;
          std::getline(file, rest);
        }
      return std::numeric_limits<double>::infinity();
    }



    double
    read_number(const std::string &path)
    {
      std::ifstream file(path);
      double        value;
      return file >> value ? value : std::numeric_limits<double>::infinity();
    }



    /**
     * Bytes that can be allocated without swapping, or infinity where the
     * system does not tell: those of the machine, or those that the limit of a
     * container or a batch job leaves (Linux control groups, version 2).
     */
    double
    available_memory()
    {
      const double machine =
        1024. * read_entry("/proc/meminfo", "MemAvailable:");
      const double limit = read_number("/sys/fs/cgroup/memory.max");
      const double used  = read_number("/sys/fs/cgroup/memory.current");
      return std::isfinite(used) ? std::min(machine, limit - used) : machine;
    }



    /**
     * The ranks of @p communicator that share a machine.
     */
    class Machine
    {
    public:
      explicit Machine(const MPI_Comm &communicator)
      {
        MPI_Comm_split_type(
          communicator, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &ranks);
      }

      ~Machine()
      {
        MPI_Comm_free(&ranks);
      }

      MPI_Comm ranks;
    };
  } // namespace



  double
  memory_per_rank(const MPI_Comm &communicator)
  {
    const Machine machine(communicator);
    return Utilities::MPI::min(available_memory() /
                                 Utilities::MPI::n_mpi_processes(machine.ranks),
                               communicator);
  }



  void
  check_memory(const MPI_Comm    &communicator,
               const double       bytes,
               const std::string &purpose)
  {
    const Machine machine(communicator);
    const double  wanted = Utilities::MPI::sum(bytes, machine.ranks);

    run_agreed(communicator, [&]() {
      const double       available = available_memory();
      std::ostringstream text;
      text << std::setprecision(3) << "The ranks on one machine need "
           << wanted / 1e9 << " GB for " << purpose << ", but only "
           << available / 1e9
           << " GB are available. Use a smaller network, an optimizer that "
              "needs less memory (L-BFGS, Adam), or more machines.";
      AssertThrow(wanted <= available, ExcMessage(text.str()));
    });
  }
} // namespace derl
