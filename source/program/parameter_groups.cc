// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/program/training_run.h>

#include <deal.II/base/utilities.h>

#include <cstdint>
#include <exception>
#include <string>
#include <vector>

namespace derl
{
  using namespace dealii;

  ParameterGroups::ParameterGroups(const MPI_Comm    &communicator,
                                   const unsigned int n_groups)
    : communicator(communicator)
    , number_of_groups(n_groups)
  {
    const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(communicator);
    const unsigned int rank    = Utilities::MPI::this_mpi_process(communicator);
    if (n_groups == 0 || n_groups > n_ranks)
      throw AgreedError("There can be 1 to " + std::to_string(n_ranks) +
                        " groups of ranks, as many as ranks, not " +
                        std::to_string(n_groups) + ".");
    my_group       = std::uint64_t(rank) * n_groups / n_ranks;
    const int code = MPI_Comm_split(communicator,
                                    static_cast<int>(my_group),
                                    static_cast<int>(rank),
                                    &my_communicator);
    AssertThrowMPI(code);
  }



  ParameterGroups::~ParameterGroups()
  {
    MPI_Comm_free(&my_communicator);
  }



  const MPI_Comm &
  ParameterGroups::mesh_communicator() const
  {
    return my_communicator;
  }



  unsigned int
  ParameterGroups::group() const
  {
    return my_group;
  }



  unsigned int
  ParameterGroups::n_groups() const
  {
    return number_of_groups;
  }



  void
  ParameterGroups::for_each(
    const unsigned int                             n,
    const std::function<void(const unsigned int)> &work) const
  {
    // the work is collective in the group, and agrees on errors there
    std::exception_ptr error;
    try
      {
        for (unsigned int i = my_group; i < n; i += number_of_groups)
          work(i);
      }
    catch (...)
      {
        error = std::current_exception();
      }
    run_collectively(communicator, [&]() {
      if (error != nullptr)
        std::rethrow_exception(error);
    });
  }



  Samples
  ParameterGroups::join(const Samples *samples) const
  {
    const unsigned int n_ranks = Utilities::MPI::n_mpi_processes(communicator);
    const unsigned int rank    = Utilities::MPI::this_mpi_process(communicator);
    const unsigned int root =
      Utilities::MPI::min(samples != nullptr ? rank : n_ranks, communicator);
    if (root == n_ranks)
      throw AgreedError("There are no parameters to take samples of.");

    // the number of coordinates, then component and derivative of each column
    std::vector<unsigned int> numbers;
    // the auxiliary columns and the origin
    std::vector<std::string> names;
    if (rank == root)
      {
        numbers = {samples->n_coordinates()};
        for (const JetEntry &entry : samples->columns())
          {
            numbers.push_back(entry.component);
            numbers.insert(
              numbers.end(), entry.derivative.begin(), entry.derivative.end());
          }
        names = samples->auxiliary_names();
        names.push_back(samples->origin());
      }
    numbers = Utilities::MPI::broadcast(communicator, numbers, root);
    names   = Utilities::MPI::broadcast(communicator, names, root);
    if (samples != nullptr)
      return *samples;
    std::vector<JetEntry> columns;
    for (auto number = numbers.begin() + 1; number != numbers.end();
         number += 1 + numbers[0])
      columns.push_back(
        {*number, MultiIndex(number + 1, number + 1 + numbers[0])});
    const std::string origin = names.back();
    names.pop_back();
    return Samples(numbers[0], columns, origin, names);
  }
} // namespace derl
