// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_checkpoint_h
#define derl_base_checkpoint_h

#include <deal.II/base/mpi.h>

#include <deal.II/lac/vector.h>

#include <cstdint>
#include <string>
#include <vector>

namespace derl
{
  /**
   * Writes the state of a computation as named records into one file, which
   * does not depend on the number of ranks. The file is written under a
   * temporary name by the first rank, synced to the disk and renamed by
   * close(); the file that was there before is kept as path + ".previous". A
   * process that is killed at any instant leaves a complete file behind.
   *
   * All functions are collective. Errors (a full disk) are thrown by close()
   * as AgreedError; the files that were there before remain. An object that is
   * destroyed without close() leaves no trace.
   */
  class CheckpointWriter
  {
  public:
    CheckpointWriter(const MPI_Comm &communicator, const std::string &path);

    ~CheckpointWriter();

    CheckpointWriter(const CheckpointWriter &) = delete;
    CheckpointWriter &
    operator=(const CheckpointWriter &) = delete;

    /** Numbers that are the same on all ranks. */
    void
    add(const std::string &name, const std::vector<double> &values);

    void
    add(const std::string &name, const dealii::Vector<double> &values);

    void
    add(const std::string &name, const double value);

    void
    add(const std::string &name, const std::uint64_t value);

    /** Text that is the same on all ranks. */
    void
    add(const std::string &name, const std::string &text);

    /**
     * A matrix whose rows are distributed over the ranks in order: rank p holds
     * @p n_local_rows rows of @p n_columns numbers, each row beginning
     * @p stride numbers after the one before. Memory beside that is bounded.
     */
    void
    add_rows(const std::string  &name,
             const double       *rows,
             const std::uint64_t n_local_rows,
             const std::uint64_t n_columns,
             const std::uint64_t stride);

    void
    close();

  private:
    struct Implementation;
    Implementation *implementation;
  };



  /**
   * Reads what CheckpointWriter wrote, on any number of ranks. The first rank
   * reads; checksums, names, types and sizes are verified before memory is
   * allocated. If the file is not complete, or missing, the previous one is
   * taken. All functions are collective and throw AgreedError with a sentence
   * that names the file.
   */
  class CheckpointReader
  {
  public:
    CheckpointReader(const MPI_Comm &communicator, const std::string &path);

    ~CheckpointReader();

    CheckpointReader(const CheckpointReader &) = delete;
    CheckpointReader &
    operator=(const CheckpointReader &) = delete;

    /** Whether there is a record of this name. */
    bool
    has(const std::string &name) const;

    /**
     * Numbers; throws if the record has not @p n of them.
     */
    std::vector<double>
    numbers(const std::string &name, const std::uint64_t n);

    void
    read(const std::string &name, dealii::Vector<double> &values);

    double
    number(const std::string &name);

    std::uint64_t
    integer(const std::string &name);

    std::string
    text(const std::string &name);

    /**
     * The rows that this rank holds now, see CheckpointWriter::add_rows();
     * throws if the numbers of rows over all ranks and of columns differ.
     */
    void
    read_rows(const std::string  &name,
              double             *rows,
              const std::uint64_t n_local_rows,
              const std::uint64_t n_columns,
              const std::uint64_t stride);

    /** The file that is read: the one asked for or the previous one. */
    std::string
    path() const;

  private:
    struct Implementation;
    Implementation *implementation;
  };
} // namespace derl

#endif
