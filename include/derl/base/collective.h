// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_collective_h
#define derl_base_collective_h

#include <deal.II/base/mpi.h>

#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>

namespace derl
{
  /**
   * An error that all ranks of a communicator throw together, with the same
   * message: that of the lowest rank where it occurred.
   */
  class AgreedError : public std::runtime_error
  {
  public:
    using std::runtime_error::runtime_error;
  };

  /**
   * The message of an exception, without the frame that deal.II puts around the
   * messages of AssertThrow().
   */
  std::string
  error_message(const std::exception &exception);

  /**
   * Run @p work, which must not communicate, on every rank of
   * @p communicator. If it throws on any rank, throw AgreedError on all. Work
   * that calls this function itself, on any communicator, fails.
   * Collective; costs one reduction of one integer.
   */
  void
  run_collectively(const MPI_Comm &communicator, const std::function<void()> &work);

  /**
   * The main function of a program: initialize MPI with one thread per rank,
   * run @p program and return the exit status. If an exception leaves
   * @p program on all ranks, the lowest rank prints its message to the error
   * stream and all ranks return 1; if it leaves it only on some, while others
   * are waiting for them, these print it and abort the whole program after a
   * moment.
   */
  int
  run_program(int                                          argc,
              char                                       **argv,
              const std::function<void(const MPI_Comm &)> &program);



  /**
   * The whole text of a file, read by the first rank only and sent to all, so
   * that all ranks see the same and no shared file system is needed.
   * Collective. Throws AgreedError if it cannot be read.
   *
   * @param purpose what the file is for in error messages: "parameter file".
   */
  std::string
  read_file(const MPI_Comm    &communicator,
            const std::string &path,
            const std::string &purpose);

  /**
   * A file that replaces another one in one step: a program that reads it,
   * even after a crash, finds the old or the new contents, never a part. It
   * grows under a temporary name in the same folder, is synced to the disk and
   * renamed by commit(). An object that is destroyed before leaves nothing.
   * Not collective. All functions throw with a message that names the file.
   */
  class AtomicFile
  {
  public:
    explicit AtomicFile(const std::string &path);

    ~AtomicFile();

    AtomicFile(const AtomicFile &) = delete;
    AtomicFile &
    operator=(const AtomicFile &) = delete;

    /** Append @p size bytes. */
    void
    write(const void *data, const std::size_t size);

    /**
     * Let the file take its place. If @p keep_previous, the one that was there
     * gets the name previous_path() first; between the two renamings there is
     * only that one, complete.
     */
    void
    commit(const bool keep_previous = false);

    /** Where commit() keeps the previous contents of @p path. */
    static std::string
    previous_path(const std::string &path);

  private:
    const std::string path;
    const std::string temporary;
    int               file;
    bool              is_committed;
  };

  /**
   * Replace the file @p path by @p text in one step, see AtomicFile. Written
   * by the calling rank; not collective. Throws with a message that names
   * the file.
   */
  void
  write_file_atomically(const std::string &path, const std::string &text);

  /**
   * As write_file_atomically(), by the first rank of @p communicator; all
   * ranks learn of a failure. Collective.
   */
  void
  write_file(const MPI_Comm    &communicator,
             const std::string &path,
             const std::string &text);

  /**
   * Create the folder @p path with its parents, if it does not exist, and make
   * sure that files can be written into it. Collective. Throws AgreedError.
   */
  void
  make_output_folder(const MPI_Comm &communicator, const std::string &path);
} // namespace derl

#endif
