// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_file_h
#define derl_base_file_h

#include <deal.II/base/mpi.h>

#include <cstddef>
#include <string>

namespace derl
{
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
   * A file that takes the place of another one in one step: whoever reads it,
   * even after a crash, finds the old or the new contents, never a part. It
   * grows under a temporary name in the same folder, is synced to the disk and
   * renamed by commit(). An object that is destroyed before leaves no trace.
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
