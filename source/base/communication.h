// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_communication_h
#define derl_base_communication_h

#include <deal.II/base/array_view.h>
#include <deal.II/base/mpi.h>

#include <deal.II/lac/full_matrix.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace derl
{
  /**
   * How much the ranks have communicated.
   */
  struct CommunicationCount
  {
    /** Collective operations that this process took part in. */
    std::uint64_t collectives = 0;

    /** The sizes of the arrays that each rank held afterwards: the sum, the
     * gathered, or the broadcast numbers. How often MPI moves them is not
     * counted. */
    std::uint64_t bytes = 0;

    CommunicationCount
    operator-(const CommunicationCount &other) const
    {
      return {collectives - other.collectives, bytes - other.bytes};
    }
  };

  /**
   * The communication of this process so far in evaluations of objectives,
   * optimizers and agreements on errors. On a communicator of one rank nothing
   * is sent, and nothing counted. Take the difference of two calls.
   */
  CommunicationCount
  communication_count();

  /**
   * Count a collective operation that leaves @p bytes on each rank of
   * @p communicator.
   */
  void
  count_collective(const MPI_Comm &communicator, const std::size_t bytes);

  /**
   * How many things there are on all ranks, @p n of them on this one. There may
   * be more than 32 bits can count: a sum of the sizes of tables must not be
   * computed in their own type. Collective; costs one reduction of one integer.
   */
  std::uint64_t
  global_count(const MPI_Comm &communicator, const std::uint64_t n);

  /**
   * Run @p work on every rank as run_collectively() does, and replace @p numbers,
   * which it may fill, by their sums over the ranks: one reduction carries both
   * the sums and whether a rank failed. There must be equally many numbers on
   * all ranks, whether they failed or not. Collective.
   */
  void
  sum_agreed(const MPI_Comm              &communicator,
             std::vector<double>         &numbers,
             const std::function<void()> &work);

  /**
   * Replace a symmetric matrix, of which only the upper triangle need be
   * given, by its sum over the ranks. What is sent is the packed triangle, in
   * pieces, so that additional memory is small. Collective.
   */
  void
  sum_symmetric(const MPI_Comm             &communicator,
                dealii::FullMatrix<double> &matrix);

  /**
   * Send @p bytes of rank @p root to all ranks, which must have equally many;
   * there may be more than an int can count. Collective.
   */
  void
  broadcast_bytes(const MPI_Comm                &communicator,
                  const dealii::ArrayView<char> &bytes,
                  const unsigned int             root);
} // namespace derl

#endif
