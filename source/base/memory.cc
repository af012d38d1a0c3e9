// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <deal.II/base/exceptions.h>

#include <iomanip>
#include <sstream>

#include "available_memory.h"
#include "memory.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
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
    return Utilities::MPI::min(internal::available_memory() /
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

    run_collectively(communicator, [&]() {
      const double       available = internal::available_memory();
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
