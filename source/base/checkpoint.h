// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_checkpoint_h
#define derl_base_checkpoint_h

#include <deal.II/base/mpi.h>

#include <deal.II/lac/vector.h>

#include <derl/base/collective.h>

#include <boost/crc.hpp>

#include <cstdint>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace derl
{
  /**
   * Writes the state of a computation as named records into one file, which
   * does not depend on the number of ranks; see doc/checkpoint.md for the
   * format. The first rank writes. The file takes its place in close(), see
   * AtomicFile, and the one that was there before is kept as its previous
   * version, unless that is not wanted: a process that is killed at any instant
   * leaves a complete file.
   *
   * All functions are collective. Errors (a full disk, a number that is not
   * finite) are thrown by close() as AgreedError; the files that were there
   * before remain. An object that is destroyed without close() leaves nothing.
   *
   * The format is not Boost's, since that of archives depends on the version
   * of Boost, and deal.II's interface to HDF5 does not report failed writes in
   * release mode.
   */
  class CheckpointWriter
  {
  public:
    CheckpointWriter(const MPI_Comm &communicator, const std::string &path);

    /** Numbers that are the same on all ranks. */
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
     * A matrix whose rows are distributed over the ranks in order: each holds
     * @p n_local_rows rows of @p n_columns numbers, each row beginning
     * @p stride numbers after the one before. The numbers pass through the
     * first rank in pieces, so that additional memory is bounded.
     */
    void
    add_rows(const std::string  &name,
             const double       *rows,
             const std::uint64_t n_local_rows,
             const std::uint64_t n_columns,
             const std::uint64_t stride);

    void
    close(const bool keep_previous = true);

  private:
    /**
     * Run @p work on the first rank, unless an error happened before.
     */
    void
    on_first_rank(const std::function<void()> &work);

    void
    begin_record(const std::string  &name,
                 const std::uint32_t type,
                 const std::uint64_t n_rows,
                 const std::uint64_t n_columns);

    /** Append to the payload and to its checksum. */
    void
    write_payload(const void *data, const std::size_t size);

    void
    write_numbers(const double *values, const std::size_t n);

    void
    end_record();

    const dealii::Utilities::MPI::DuplicatedCommunicator communicator;
    const bool                                           is_first_rank;

    /** On the first rank only. */
    std::unique_ptr<AtomicFile> file;
    std::set<std::string>       names;
    boost::crc_32_type          checksum;
    std::string                 error;
  };



  /**
   * Reads what CheckpointWriter wrote, on any number of ranks. The first rank
   * reads. The constructor reads the whole file and verifies structure
   * and checksums; if the file is missing or damaged the previous version is
   * taken. Types and sizes of a record are compared with the requested ones
   * before memory is allocated, and numbers that are not finite are an error.
   *
   * All functions are collective, unless said otherwise, and throw AgreedError
   * with a sentence that names the file.
   */
  class CheckpointReader
  {
  public:
    /**
     * @param purpose what the file is in error messages.
     */
    CheckpointReader(const MPI_Comm    &communicator,
                     const std::string &path,
                     const std::string &purpose = "checkpoint");

    /** Whether there is a checkpoint at @p path, or its previous version. */
    static bool
    exists(const MPI_Comm &communicator, const std::string &path);

    /** The file that is read: the one asked for or the previous one. */
    const std::string &
    path() const;

    /**
     * A sentence that says why the previous version is read, empty if it is
     * not. Not collective, but the same on all ranks.
     */
    const std::string &
    warning() const;

    /** Whether there is a record of this name. Not collective. */
    bool
    has(const std::string &name) const;

    /**
     * The number of rows of a record that must have @p n_columns real numbers
     * in each; the file has this size. Not collective, but throws on all
     * ranks alike.
     */
    std::uint64_t
    n_rows(const std::string &name, const std::uint64_t n_columns) const;

    /** As many numbers as @p values has. */
    void
    read(const std::string &name, dealii::Vector<double> &values);

    double
    number(const std::string &name);

    /** An integer, not above @p max. */
    std::uint64_t
    integer(const std::string &name, const std::uint64_t max);

    std::string
    text(const std::string &name);

    /**
     * The rows that this rank holds now, see CheckpointWriter::add_rows();
     * the numbers of rows over all ranks and of columns must be those of the
     * record.
     */
    void
    read_rows(const std::string  &name,
              double             *rows,
              const std::uint64_t n_local_rows,
              const std::uint64_t n_columns,
              const std::uint64_t stride);

  private:
    struct Record
    {
      std::uint64_t type;
      std::uint64_t n_rows;
      std::uint64_t n_columns;
      std::uint64_t position;
      std::uint64_t checksum;

      template <class Archive>
      void
      serialize(Archive &archive, const unsigned int);
    };

    /** Verify the file @p path and list its records, on the first rank. */
    void
    open(const std::string &path);

    /**
     * Find a record of this type. This and the next are not collective, but
     * throw on all ranks alike.
     */
    const Record &
    find(const std::string &name, const std::uint32_t type) const;

    void
    check_size(const std::string  &name,
               const Record       &record,
               const std::uint64_t n_rows,
               const std::uint64_t n_columns) const;

    /** Go to the payload of a record. */
    void
    begin_payload(const Record &record);

    /** Read the next bytes of the payload. */
    void
    read_payload(void *data, const std::size_t size);

    void
    read_numbers(double *values, const std::size_t n);

    /** Compare the checksum. */
    void
    end_payload(const Record &record);

    const dealii::Utilities::MPI::DuplicatedCommunicator communicator;
    const bool                                           is_first_rank;
    const std::string                                    purpose;
    std::string                                          used_path;
    std::string                                          reason;

    std::map<std::string, Record> records;

    /** On the first rank only. */
    std::ifstream      file;
    boost::crc_32_type checksum;
  };



  /**
   * Both directions of a checkpoint in one: an object lists the variables that
   * make up its state once, in a function of this argument, and they are
   * written or read.
   * @code
   *   void exchange(CheckpointArchive &archive)
   *   {
   *     archive("my method/damping", damping);
   *     archive("my method/direction", direction);
   *   }
   * @endcode
   * Vectors must have their size before they are read. Collective; errors as
   * those of CheckpointWriter and CheckpointReader.
   */
  class CheckpointArchive
  {
  public:
    explicit CheckpointArchive(CheckpointWriter &writer);

    explicit CheckpointArchive(CheckpointReader &reader);

    /** Whether variables are read. */
    bool
    is_reading() const;

    void
    operator()(const std::string &name, double &variable);

    void
    operator()(const std::string &name, unsigned int &variable);

    void
    operator()(const std::string &name, bool &variable);

    void
    operator()(const std::string &name, dealii::Vector<double> &variable);

    /** A distributed matrix, see CheckpointWriter::add_rows(). */
    void
    rows(const std::string  &name,
         double             *rows,
         const std::uint64_t n_local_rows,
         const std::uint64_t n_columns,
         const std::uint64_t stride);

  private:
    CheckpointWriter *const writer;
    CheckpointReader *const reader;
  };
} // namespace derl

#endif
