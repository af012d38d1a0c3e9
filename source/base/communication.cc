// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <string>

#include "agreed_work.h"
#include "communication.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    std::atomic<std::uint64_t> n_collectives(0);
    std::atomic<std::uint64_t> n_bytes(0);

    /**
     * Numbers in a message of a large matrix: far from the limits of int, and
     * large enough that latency does not count.
     */
    constexpr std::size_t piece_size = 1 << 20;



    /**
     * Call function(row, begin, end) for pieces of the rows of the upper
     * triangle that have together piece_size numbers or fewer, beginning at
     * (row, column), which are moved to the end of the piece. Returns the
     * number of numbers.
     */
    template <typename Function>
    std::size_t
    walk_triangle(const std::size_t n,
                  std::size_t      &row,
                  std::size_t      &column,
                  const Function   &function)
    {
      std::size_t size = 0;
      while (row < n && size < piece_size)
        {
          const std::size_t end = std::min(n, column + piece_size - size);
          function(row, column, end);
          size += end - column;
          column = end;
          if (column == n)
            column = ++row;
        }
      return size;
    }
  } // namespace



  CommunicationCount
  communication_count()
  {
    return {n_collectives, n_bytes};
  }



  void
  count_collective(const MPI_Comm &communicator, const std::size_t bytes)
  {
    if (Utilities::MPI::n_mpi_processes(communicator) == 1)
      return;
    ++n_collectives;
    n_bytes += bytes;
  }



  std::uint64_t
  global_count(const MPI_Comm &communicator, const std::uint64_t n)
  {
    count_collective(communicator, sizeof(n));
    return Utilities::MPI::sum(n, communicator);
  }



  void
  sum_agreed(const MPI_Comm              &communicator,
             std::vector<double>         &numbers,
             const std::function<void()> &work)
  {
    const std::optional<std::string> error = internal::error_of_work(work);
    numbers.push_back(error ? 1. : 0.);
    Utilities::MPI::sum(ArrayView<const double>(numbers.data(), numbers.size()),
                        communicator,
                        ArrayView<double>(numbers.data(), numbers.size()));
    count_collective(communicator, numbers.size() * sizeof(double));
    const double n_failed = numbers.back();
    numbers.pop_back();
    if (n_failed != 0)
      run_collectively(communicator, [&]() {
        if (error)
          throw std::runtime_error(*error);
      });
  }



  void
  sum_symmetric(const MPI_Comm &communicator, FullMatrix<double> &matrix)
  {
    const std::size_t n = matrix.m();
    AssertDimension(matrix.n(), n);
    if (Utilities::MPI::n_mpi_processes(communicator) > 1)
      {
        std::vector<double> piece(std::min(piece_size, n * (n + 1) / 2));
        for (std::size_t row = 0, column = 0; row < n;)
          {
            std::size_t       to_row = row, to_column = column;
            double           *to   = piece.data();
            const std::size_t size = walk_triangle(
              n,
              row,
              column,
              [&](const auto r, const auto begin, const auto end) {
                to = std::copy_n(&matrix(r, begin), end - begin, to);
              });
            const int ierr = MPI_Allreduce(MPI_IN_PLACE,
                                           piece.data(),
                                           static_cast<int>(size),
                                           MPI_DOUBLE,
                                           MPI_SUM,
                                           communicator);
            AssertThrowMPI(ierr);
            count_collective(communicator, size * sizeof(double));
            const double *from = piece.data();
            walk_triangle(n,
                          to_row,
                          to_column,
                          [&](const auto r, const auto begin, const auto end) {
                            std::copy_n(from, end - begin, &matrix(r, begin));
                            from += end - begin;
                          });
          }
      }

    // block by block, since one of the two sides strides through memory
    constexpr std::size_t block = 32;
    for (std::size_t i0 = 0; i0 < n; i0 += block)
      for (std::size_t j0 = i0; j0 < n; j0 += block)
        for (std::size_t i = i0; i < std::min(n, i0 + block); ++i)
          for (std::size_t j = std::max(i + 1, j0); j < std::min(n, j0 + block);
               ++j)
            matrix(j, i) = matrix(i, j);
  }



  void
  broadcast_bytes(const MPI_Comm        &communicator,
                  const ArrayView<char> &bytes,
                  const unsigned int     root)
  {
    if (Utilities::MPI::n_mpi_processes(communicator) == 1)
      return;
    const std::size_t piece = piece_size * sizeof(double);
    for (std::size_t begin = 0; begin < bytes.size(); begin += piece)
      {
        const std::size_t size = std::min(piece, bytes.size() - begin);
        const int         ierr = MPI_Bcast(bytes.data() + begin,
                                   static_cast<int>(size),
                                   MPI_CHAR,
                                   root,
                                   communicator);
        AssertThrowMPI(ierr);
        count_collective(communicator, size);
      }
  }
} // namespace derl
