// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Files around a checkpoint, and distributed matrices to put into it.

#ifndef derl_tests_base_checkpoint_files_h
#define derl_tests_base_checkpoint_files_h

#include <deal.II/base/mpi.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

namespace fs = std::filesystem;

const std::string path     = "checkpoint.derl";
const std::string previous = "checkpoint.derl.previous";

/**
 * Let the first rank work on files; all others wait and learn its result.
 */
inline std::string
on_first_rank(const std::function<std::string()> &work)
{
  std::string result;
  if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
    result = work();
  return dealii::Utilities::MPI::broadcast(MPI_COMM_WORLD, result, 0);
}



inline void
remove_files()
{
  on_first_rank([]() {
    for (const char *const end : {"", ".previous", ".part"})
      fs::remove_all(path + end);
    return "";
  });
}



inline std::string
contents(const std::string &file)
{
  return on_first_rank([&]() {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  });
}



inline void
put(const std::string &bytes, const std::string &file = path)
{
  on_first_rank([&]() {
    std::ofstream(file, std::ios::binary) << bytes;
    return "";
  });
}



/**
 * Which of the files there are: c(urrent), p(revious), t(emporary).
 */
inline std::string
files()
{
  return on_first_rank([]() {
    return std::string(fs::exists(path) ? "c" : "") +
           (fs::exists(previous) ? "p" : "") +
           (fs::is_symlink(path + ".part") || fs::exists(path + ".part") ? "t"
                                                                         : "");
  });
}



/**
 * The rows of this rank of a matrix whose entries are known; the first of
 * several ranks has none.
 */
struct Block
{
  Block(const std::uint64_t n_rows, const std::uint64_t n_columns)
    : n_columns(n_columns)
    , stride(n_columns + 3)
  {
    const std::uint64_t rank =
      dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
    const std::uint64_t size =
      dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
    const std::uint64_t n_parts = size == 1 ? 1 : size - 1;
    const auto          start   = [&](const std::uint64_t part) {
      return n_rows * (part + n_parts - size) / n_parts;
    };
    first = rank + n_parts < size ? 0 : start(rank);
    n     = start(rank + 1) - first;
    data.assign(n * stride, gap);
  }

  double
  entry(const std::uint64_t i, const std::uint64_t j) const
  {
    return j < n_columns ? double(first + i) - double(j) / 1024 : gap;
  }

  void
  fill()
  {
    for (std::uint64_t i = 0; i < n; ++i)
      for (std::uint64_t j = 0; j < n_columns; ++j)
        data[i * stride + j] = entry(i, j);
  }

  bool
  is_filled() const
  {
    bool good = true;
    for (std::uint64_t i = 0; i < n; ++i)
      for (std::uint64_t j = 0; j < stride; ++j)
        good = good && data[i * stride + j] == entry(i, j);
    return good;
  }

  const double        gap = -7.;
  std::uint64_t       n_columns, stride, first, n;
  std::vector<double> data;
};

#endif
