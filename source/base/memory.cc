// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>
#include <derl/base/memory.h>

#include <deal.II/base/exceptions.h>

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
     * Bytes that can be allocated without swapping, or infinity where the
     * system does not tell.
     */
    double
    available_memory()
    {
      std::ifstream info("/proc/meminfo");
      std::string   key, unit;
      double        kilobytes;
      while (info >> key >> kilobytes)
        {
          if (key == "MemAvailable:")
            return 1024. * kilobytes;
          std::getline(info, unit);
        }
      return std::numeric_limits<double>::infinity();
    }
  } // namespace



  void
  check_memory(const MPI_Comm    &communicator,
               const double       bytes,
               const std::string &purpose)
  {
    MPI_Comm machine;
    MPI_Comm_split_type(
      communicator, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
    const double wanted = Utilities::MPI::sum(bytes, machine);
    MPI_Comm_free(&machine);

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
