// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_shared_files_h
#define derl_data_shared_files_h

#include <derl/base/collective.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/mpi.h>

#include <stdexcept>

namespace derl
{
  namespace internal
  {
    /**
     * As run_collectively(), with messages that begin with @p what they are about.
     */
    inline void
    run_collectively_about(const MPI_Comm              &communicator,
                     const std::string           &what,
                     const std::function<void()> &work)
    {
      run_collectively(communicator, [&]() {
        try
          {
            work();
          }
        catch (const std::exception &error)
          {
            throw std::runtime_error(what + ": " + error_message(error));
          }
      });
    }



    /**
     * Throw on all ranks unless the @p description of the columns of a table is
     * the same everywhere: what goes into one file has one set of columns.
     * Collective.
     */
    inline void
    check_alike(const MPI_Comm &communicator, const std::string &description)
    {
      const std::string first =
        dealii::Utilities::MPI::broadcast(communicator, description, 0);
      run_collectively(communicator, [&]() {
        AssertThrow(description == first,
                    dealii::ExcMessage(
                      "The tables of samples have other columns on some ranks "
                      "and cannot be written into one file."));
      });
    }
  } // namespace internal
} // namespace derl

#endif
