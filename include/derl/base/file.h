// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_file_h
#define derl_base_file_h

#include <deal.II/base/mpi.h>

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
   * Replace the file @p path by @p text in one step: whoever reads it, even
   * after a crash, finds the old or the new contents, never a part. Written
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
