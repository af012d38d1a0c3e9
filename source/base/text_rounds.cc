// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <vector>

#include "check_file.h"
#include "text_rounds.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /** What the first rank reads in a round. */
    constexpr std::size_t max_round_size = std::size_t(1) << 24;

    /** What a rank gets at most; MPI counts it in an int. */
    constexpr std::size_t max_piece_size = std::size_t(1) << 20;

    /** A longer line is none of a table. */
    constexpr std::size_t max_line_length = std::size_t(1) << 20;

    constexpr std::uint64_t is_the_end = ~std::uint64_t(0);
  } // namespace



  TextReader::TextReader(const MPI_Comm    &communicator,
                         const std::string &path,
                         const std::string &purpose)
    : communicator(communicator)
    , is_first_rank(Utilities::MPI::this_mpi_process(communicator) == 0)
    , what("The " + purpose + " '" + path + "'")
    , number_of_line(0)
    , n_lines_read(0)
    , piece_size(0)
  {
    run_collectively(communicator, [&]() {
      if (!is_first_rank)
        return;
      internal::check_is_regular_file(path, what);
      std::error_code error;
      file.open(path, std::ios::binary);
      AssertThrow(file.is_open(), ExcMessage(what + " cannot be read."));

      const std::size_t n_ranks = Utilities::MPI::n_mpi_processes(communicator);
      const std::uintmax_t share =
        std::filesystem::file_size(path, error) / n_ranks;
      piece_size = std::min<std::uintmax_t>(
        share, std::min(max_piece_size, max_round_size / n_ranks));

      first_line = read_line();
      while (!first_line.empty() &&
             (first_line.back() == '\n' || first_line.back() == '\r'))
        first_line.pop_back();
    });
    first_line = Utilities::MPI::broadcast(communicator, first_line, 0);
  }



  const std::string &
  TextReader::header() const
  {
    return first_line;
  }



  std::uint64_t
  TextReader::line_number() const
  {
    return number_of_line;
  }



  std::string
  TextReader::read_line()
  {
    std::string line;
    for (int c = file.get(); c != std::ifstream::traits_type::eof();
         c     = file.get())
      {
            line.push_back(static_cast<char>(c));
            if (c == '\n')
          break;
        AssertThrow(line.size() < max_line_length,
                    ExcMessage(what + " is not a text of lines: line " +
                               std::to_string(n_lines_read + 1) +
                               " has no end."));
      }
    AssertThrow(!file.bad(), ExcMessage(what + " cannot be read."));
    if (!line.empty())
      ++n_lines_read;
    return line;
  }



  bool
  TextReader::next(std::string &lines)
  {
    // size and number of the first line of each rank's piece
    std::vector<std::array<std::uint64_t, 2>> heads;
    std::vector<std::string>                  pieces;
    run_collectively(*communicator, [&]() {
      if (!is_first_rank)
        return;
      const unsigned int n_ranks =
        Utilities::MPI::n_mpi_processes(*communicator);
      pieces.resize(n_ranks);
      heads.resize(n_ranks);
      for (unsigned int rank = 0; rank < n_ranks; ++rank)
        {
          heads[rank][1] = n_lines_read + 1;
          do
            {
              const std::string line = read_line();
              if (line.empty())
                break;
              pieces[rank] += line;
            }
          while (pieces[rank].size() < piece_size);
          heads[rank][0] = pieces[rank].size();
        }
      if (pieces[0].empty())
        for (auto &head : heads)
          head[0] = is_the_end;
    });

    std::array<std::uint64_t, 2> head;
    int                          ierr = MPI_Scatter(heads.data(),
                           2,
                           MPI_UINT64_T,
                           head.data(),
                           2,
                           MPI_UINT64_T,
                           0,
                           *communicator);
    AssertThrowMPI(ierr);
    lines.clear();
    if (head[0] == is_the_end)
      return false;
    number_of_line = head[1];
    if (is_first_rank)
      {
        for (unsigned int rank = 1; rank < pieces.size(); ++rank)
          if (!pieces[rank].empty())
            {
              ierr = MPI_Send(pieces[rank].data(),
                              pieces[rank].size(),
                              MPI_CHAR,
                              rank,
                              0,
                              *communicator);
              AssertThrowMPI(ierr);
            }
        lines = std::move(pieces[0]);
      }
    else if (head[0] > 0)
      {
        lines.resize(head[0]);
        ierr = MPI_Recv(lines.data(),
                        lines.size(),
                        MPI_CHAR,
                        0,
                        0,
                        *communicator,
                        MPI_STATUS_IGNORE);
        AssertThrowMPI(ierr);
      }
    return true;
  }



  TextWriter::TextWriter(const MPI_Comm &communicator, const std::string &path)
    : communicator(communicator)
    , is_first_rank(Utilities::MPI::this_mpi_process(communicator) == 0)
  {
    run_collectively(communicator, [&]() {
      if (is_first_rank)
        file = std::make_unique<AtomicFile>(path);
    });
  }



  void
  TextWriter::write(const std::string &text)
  {
    const std::uint64_t        size = text.size();
    std::vector<std::uint64_t> sizes(
      is_first_rank ? Utilities::MPI::n_mpi_processes(*communicator) : 0);
    int ierr = MPI_Gather(
      &size, 1, MPI_UINT64_T, sizes.data(), 1, MPI_UINT64_T, 0, *communicator);
    AssertThrowMPI(ierr);

    // Even after an error the first rank takes what the others send
    const auto append = [&](const char *data, const std::size_t n) {
      if (!error.empty())
        return;
      try
        {
          file->write(data, n);
        }
      catch (const std::exception &exception)
        {
          error = error_message(exception);
        }
    };
    if (!is_first_rank)
      {
        for (std::size_t begin = 0; begin < size; begin += max_piece_size)
          {
            ierr = MPI_Send(text.data() + begin,
                            std::min<std::size_t>(max_piece_size, size - begin),
                            MPI_CHAR,
                            0,
                            0,
                            *communicator);
            AssertThrowMPI(ierr);
          }
        return;
      }
    append(text.data(), size);
    std::vector<char> buffer(max_piece_size);
    for (unsigned int rank = 1; rank < sizes.size(); ++rank)
      for (std::size_t begin = 0; begin < sizes[rank]; begin += max_piece_size)
        {
          const std::size_t n =
            std::min<std::size_t>(max_piece_size, sizes[rank] - begin);
          ierr = MPI_Recv(buffer.data(),
                          n,
                          MPI_CHAR,
                          rank,
                          0,
                          *communicator,
                          MPI_STATUS_IGNORE);
          AssertThrowMPI(ierr);
          append(buffer.data(), n);
        }
  }



  void
  TextWriter::close()
  {
    run_collectively(*communicator, [&]() {
      if (!error.empty())
        throw std::runtime_error(error);
      if (is_first_rank)
        file->commit();
    });
  }
} // namespace derl
