// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <deal.II/base/exceptions.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <unistd.h>

#include "check_file.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * Larger files are no input of this library; the limit keeps a wrong path
     * (a device, a dump) from filling the memory of all ranks.
     */
    constexpr std::uintmax_t max_file_size = std::uintmax_t(1) << 30;



    bool
    is_first_rank(const MPI_Comm &communicator)
    {
      return Utilities::MPI::this_mpi_process(communicator) == 0;
    }



    void
    throw_system_error(const std::string &what,
                       const std::string &path,
                       const int          error)
    {
      AssertThrow(
        false,
        ExcMessage(what + " '" + path + "': " + std::strerror(error) + "."));
    }
  } // namespace



  std::string
  read_file(const MPI_Comm    &communicator,
            const std::string &path,
            const std::string &purpose)
  {
    std::string text;
    run_collectively(communicator, [&]() {
      if (!is_first_rank(communicator))
        return;
      internal::check_is_regular_file(path,
                                      "The " + purpose + " '" + path + "'");
      std::error_code error;
      AssertThrow(std::filesystem::file_size(path, error) <= max_file_size,
                  ExcMessage("The " + purpose + " '" + path +
                             "' is larger than 1 GiB and cannot be what it is "
                             "said to be."));
      errno = 0;
      std::ifstream      in(path, std::ios::binary);
      std::ostringstream contents;
      contents << in.rdbuf();
      if (!in.is_open() || in.bad())
        throw_system_error("Cannot read the " + purpose, path, errno);
      text = contents.str();
    });
    return Utilities::MPI::broadcast(communicator, text, 0);
  }



  AtomicFile::AtomicFile(const std::string &path)
    : path(path)
    , temporary(path + ".part")
    , file(::open(temporary.c_str(),
                  O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                  0666))
    , is_committed(false)
  {
    if (file < 0)
      throw_system_error("Cannot write", path, errno);
  }



  AtomicFile::~AtomicFile()
  {
    if (file >= 0)
      ::close(file);
    if (!is_committed)
      ::unlink(temporary.c_str());
  }



  void
  AtomicFile::write(const void *data, const std::size_t size)
  {
    const char *const bytes   = static_cast<const char *>(data);
    std::size_t       written = 0;
    while (written < size)
      {
        const ssize_t n = ::write(file, bytes + written, size - written);
        if (n >= 0)
          written += n;
        else if (errno != EINTR)
          throw_system_error("Cannot write", path, errno);
      }
  }



  void
  AtomicFile::commit(const bool keep_previous)
  {
    const auto require = [this](const bool success) {
      if (!success)
        throw_system_error("Cannot write", path, errno);
    };

    // the contents must be on the disk before the name points to them
    require(::fsync(file) == 0);
    const int closed = ::close(file);
    file             = -1;
    require(closed == 0);
    if (keep_previous)
      require(std::rename(path.c_str(), previous_path(path).c_str()) == 0 ||
              errno == ENOENT);
    require(std::rename(temporary.c_str(), path.c_str()) == 0);
    is_committed = true;

    // the new name, too; some file systems cannot sync a folder
    const std::filesystem::path folder =
      std::filesystem::path(path).parent_path();
    const int entry = ::open(folder.empty() ? "." : folder.c_str(),
                             O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (entry >= 0)
      {
        ::fsync(entry);
        ::close(entry);
      }
  }



  std::string
  AtomicFile::previous_path(const std::string &path)
  {
    return path + ".previous";
  }



  void
  write_file_atomically(const std::string &path, const std::string &text)
  {
    AtomicFile file(path);
    file.write(text.data(), text.size());
    file.commit();
  }



  void
  write_file(const MPI_Comm    &communicator,
             const std::string &path,
             const std::string &text)
  {
    run_collectively(communicator, [&]() {
      if (is_first_rank(communicator))
        write_file_atomically(path, text);
    });
  }



  void
  make_output_folder(const MPI_Comm &communicator, const std::string &path)
  {
    run_collectively(communicator, [&]() {
      if (!is_first_rank(communicator))
        return;
      AssertThrow(!path.empty(),
                  ExcMessage("The name of the output folder is empty."));
      std::error_code error;
      std::filesystem::create_directories(path, error);
      AssertThrow(
        !error && std::filesystem::is_directory(path),
        ExcMessage("Cannot create the output folder '" + path + "': " +
                   (error ? error.message() : "there is a file of that name") +
                   ". Choose another one."));
      const std::string probe = path + "/.write_test";
      try
        {
          write_file_atomically(probe, "");
        }
      catch (const std::exception &)
        {
          AssertThrow(false,
                      ExcMessage("The output folder '" + path +
                                 "' cannot be written to. Change its "
                                 "permissions or choose another one."));
        }
      std::filesystem::remove(probe);
    });
  }
} // namespace derl
