// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_text_rounds_h
#define derl_base_text_rounds_h

#include <deal.II/base/mpi.h>

#include <derl/base/collective.h>

#include <cstdint>
#include <fstream>
#include <memory>
#include <string>

namespace derl
{
  /**
   * Reads a text file of any size in rounds: in each of them every rank gets
   * some whole lines, first the first rank, then the next one. The first rank
   * reads and sends, so that no shared file system is needed; it holds a few
   * MB at a time. A small file is dealt evenly in one round.
   *
   * Collective. Errors are thrown as AgreedError with the file's name.
   */
  class TextReader
  {
  public:
    /**
     * @param purpose what the file is for in error messages: "table".
     */
    TextReader(const MPI_Comm    &communicator,
               const std::string &path,
               const std::string &purpose);

    /**
     * The first line, the same on all ranks, without its end; empty if there
     * is none. Not collective.
     */
    const std::string &
    header() const;

    /**
     * Get this rank's lines of the next round, each with its end; it may have
     * none. Returns false on all ranks when there was none left for any.
     */
    bool
    next(std::string &lines);

    /**
     * The number of the first line that next() gave to this rank; the header
     * is line 1. Not collective.
     */
    std::uint64_t
    line_number() const;

  private:
    /** The next line with its end, on the first rank; empty at the end. */
    std::string
    read_line();

    const dealii::Utilities::MPI::DuplicatedCommunicator communicator;
    const bool                                           is_first_rank;
    const std::string                                    what;
    std::string                                          first_line;
    std::uint64_t                                        number_of_line;

    /** On the first rank only. */
    std::ifstream file;
    std::uint64_t n_lines_read;
    std::size_t   piece_size;
  };



  /**
   * Writes a text file to which all ranks contribute in turn, first the first
   * rank, then the next one, as often as needed. The first rank writes; the
   * file takes its place in close(), see AtomicFile.
   *
   * Collective. Errors are thrown by close() as AgreedError; the file that was
   * there before remains. An object that is destroyed without close() leaves no
   * trace.
   */
  class TextWriter
  {
  public:
    TextWriter(const MPI_Comm &communicator, const std::string &path);

    /**
     * Append the texts of all ranks, of which many may be empty.
     */
    void
    write(const std::string &text);

    void
    close();

  private:
    const dealii::Utilities::MPI::DuplicatedCommunicator communicator;
    const bool                                           is_first_rank;

    /** On the first rank only. */
    std::unique_ptr<AtomicFile> file;
    std::string                 error;
  };
} // namespace derl

#endif
