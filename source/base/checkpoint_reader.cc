// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "checkpoint.h"
#include <derl/base/collective.h>

#include <deal.II/base/exceptions.h>

#include <boost/serialization/map.hpp>
#include <boost/serialization/string.hpp>

#include <cmath>
#include <cstring>
#include <filesystem>

#include "checkpoint_format.h"

namespace derl
{
  using namespace dealii;
  using namespace checkpoint_format;

  template <class Archive>
  void
  CheckpointReader::Record::serialize(Archive &archive, const unsigned int)
  {
    archive &type &n_rows &n_columns &position &checksum;
  }



  CheckpointReader::CheckpointReader(const MPI_Comm    &communicator,
                                     const std::string &path,
                                     const std::string &purpose)
    : communicator(communicator)
    , is_first_rank(Utilities::MPI::this_mpi_process(communicator) == 0)
    , purpose(purpose)
    , used_path(path)
  {
    run_collectively(communicator, [&]() {
      if (!is_first_rank)
        return;
      try
        {
          open(path);
        }
      catch (const std::exception &exception)
        {
          reason = error_message(exception);
        }
      if (reason.empty())
        return;
      const std::string previous = AtomicFile::previous_path(path);
      if (!std::filesystem::exists(previous))
        throw std::runtime_error(reason);
      try
        {
          open(previous);
        }
      catch (const std::exception &exception)
        {
          throw std::runtime_error(reason + " " + error_message(exception));
        }
      reason += " Its previous version '" + previous + "' is used.";
      used_path = previous;
    });
    reason    = Utilities::MPI::broadcast(communicator, reason, 0);
    used_path = Utilities::MPI::broadcast(communicator, used_path, 0);
    records   = Utilities::MPI::broadcast(communicator, records, 0);
  }



  bool
  CheckpointReader::exists(const MPI_Comm    &communicator,
                           const std::string &path)
  {
    std::error_code error;
    return Utilities::MPI::broadcast(
             communicator,
             Utilities::MPI::this_mpi_process(communicator) == 0 &&
                 (std::filesystem::exists(path, error) ||
                  std::filesystem::exists(AtomicFile::previous_path(path),
                                          error))
               ? 1
               : 0,
             0) == 1;
  }



  void
  CheckpointReader::open(const std::string &path)
  {
    records.clear();
    file = std::ifstream();

    const std::string what = "The " + purpose + " '" + path + "' ";
    AssertThrow(std::filesystem::is_regular_file(path),
                ExcMessage(what + "does not exist or is not a regular file."));
    std::uint64_t left = std::filesystem::file_size(path);
    file.open(path, std::ios::binary);
    AssertThrow(file.is_open(), ExcMessage(what + "cannot be read."));

    const auto read = [&](void *data, const std::size_t size) {
      AssertThrow(size <= left, ExcMessage(what + "is not complete."));
      file.read(static_cast<char *>(data), size);
      AssertThrow(file, ExcMessage(what + "cannot be read."));
      left -= size;
      checksum.process_bytes(data, size);
    };
    const auto read_checksum = [&]() {
      const std::uint32_t computed = checksum.checksum();
      std::uint32_t       stored   = 0;
      read(&stored, sizeof(stored));
      checksum.reset();
      AssertThrow(boost::endian::little_to_native(stored) == computed,
                  ExcMessage(what + "is damaged: a checksum is wrong."));
      return computed;
    };

    std::array<char, magic.size()> begin;
    AssertThrow(left >= begin.size(), ExcMessage(what + "is not complete."));
    read(begin.data(), begin.size());
    AssertThrow(
      begin == magic,
      ExcMessage("The file '" + path + "' is not a " + purpose + "."));
    std::uint32_t version = 0;
    read(&version, sizeof(version));
    boost::endian::little_to_native_inplace(version);
    AssertThrow(version == format_version,
                ExcMessage(what + "has the format version " +
                           std::to_string(version) +
                           ", this program reads version " +
                           std::to_string(format_version) + " only."));

    checksum.reset();
    std::vector<char> buffer;
    while (true)
      {
        RecordHeader header;
        read(&header, sizeof(header));
        convert_byte_order(header);
        AssertThrow(header.name_length <= max_name_length,
                    ExcMessage(what + "is damaged: a name is too long."));
        std::string name(header.name_length, ' ');
        read(name.data(), name.size());
        read_checksum();
        AssertThrow(is_good_name(name),
                    ExcMessage(what + "is damaged: a name is not readable."));

        if (header.type == end_of_file)
          {
            AssertThrow(header.n_rows == records.size() && left == 0,
                        ExcMessage(what + "is damaged: it does not end where "
                                          "it says."));
            return;
          }
        AssertThrow(
          header.type == real_numbers || header.type == integers ||
            header.type == characters,
          ExcMessage(what + "is damaged: '" + name + "' has an unknown type."));
        const std::size_t size = size_of(header.type);
        AssertThrow(header.n_columns == 0 ||
                      header.n_rows <= left / size / header.n_columns,
                    ExcMessage(what + "is not complete."));
        AssertThrow(records.size() < max_n_records,
                    ExcMessage(what + "is damaged: it has too many records."));

        Record record{header.type,
                      header.n_rows,
                      header.n_columns,
                      static_cast<std::uint64_t>(file.tellg()),
                      0};
        for_each_piece(record.n_rows * record.n_columns * size,
                       [&](const std::uint64_t, const std::size_t n) {
                         buffer.resize(n);
                         read(buffer.data(), n);
                       });
        record.checksum = read_checksum();
        AssertThrow(
          records.emplace(name, record).second,
          ExcMessage(what + "is damaged: it has two records '" + name + "'."));
      }
  }



  const std::string &
  CheckpointReader::path() const
  {
    return used_path;
  }



  const std::string &
  CheckpointReader::warning() const
  {
    return reason;
  }



  bool
  CheckpointReader::has(const std::string &name) const
  {
    return records.count(name) > 0;
  }



  std::uint64_t
  CheckpointReader::n_rows(const std::string  &name,
                           const std::uint64_t n_columns) const
  {
    const Record &record = find(name, real_numbers);
    check_size(name, record, record.n_rows, n_columns);
    return record.n_rows;
  }



  const CheckpointReader::Record &
  CheckpointReader::find(const std::string  &name,
                         const std::uint32_t type) const
  {
    const auto record = records.find(name);
    if (record == records.end())
      throw AgreedError("The " + purpose + " '" + used_path +
                        "' is of another computation: it has no '" + name +
                        "'.");
    if (record->second.type != type)
      throw AgreedError("The " + purpose + " '" + used_path +
                        "' is of another computation: its '" + name +
                        "' has another type.");
    return record->second;
  }



  void
  CheckpointReader::check_size(const std::string  &name,
                               const Record       &record,
                               const std::uint64_t n_rows,
                               const std::uint64_t n_columns) const
  {
    const auto size = [](const std::uint64_t rows,
                         const std::uint64_t columns) {
      return std::to_string(rows) +
             (columns == 1 ? "" : " x " + std::to_string(columns));
    };
    if (record.n_rows != n_rows || record.n_columns != n_columns)
      throw AgreedError("The " + purpose + " '" + used_path +
                        "' is of another computation: its '" + name + "' has " +
                        size(record.n_rows, record.n_columns) +
                        " entries, not " + size(n_rows, n_columns) + ".");
  }



  void
  CheckpointReader::begin_payload(const Record &record)
  {
    file.clear();
    file.seekg(record.position);
    checksum.reset();
  }



  void
  CheckpointReader::read_payload(void *data, const std::size_t size)
  {
    file.read(static_cast<char *>(data), size);
    AssertThrow(
      file,
      ExcMessage("The " + purpose + " '" + used_path + "' cannot be read."));
    checksum.process_bytes(data, size);
  }



  void
  CheckpointReader::read_numbers(double *values, const std::size_t n)
  {
    std::vector<std::uint64_t> buffer;
    for_each_piece(n, [&](const std::uint64_t begin, const std::size_t size) {
      buffer.resize(size);
      read_payload(buffer.data(), size * sizeof(double));
      for (std::uint64_t &x : buffer)
        boost::endian::little_to_native_inplace(x);
      std::memcpy(values + begin, buffer.data(), size * sizeof(double));
      AssertThrow(std::all_of(values + begin,
                              values + begin + size,
                              [](const double x) { return std::isfinite(x); }),
                  ExcMessage("The " + purpose + " '" + used_path +
                             "' has a number that is not finite."));
    });
  }



  void
  CheckpointReader::end_payload(const Record &record)
  {
    AssertThrow(checksum.checksum() == record.checksum,
                ExcMessage("The " + purpose + " '" + used_path +
                           "' has changed while it was read."));
  }



  void
  CheckpointReader::read(const std::string &name, Vector<double> &values)
  {
    const Record &record = find(name, real_numbers);
    check_size(name, record, values.size(), 1);
    run_collectively(*communicator, [&]() {
      if (!is_first_rank)
        return;
      begin_payload(record);
      read_numbers(values.begin(), values.size());
      end_payload(record);
    });
    const int ierr =
      MPI_Bcast(values.begin(), values.size(), MPI_DOUBLE, 0, *communicator);
    AssertThrowMPI(ierr);
  }



  double
  CheckpointReader::number(const std::string &name)
  {
    Vector<double> value(1);
    read(name, value);
    return value[0];
  }



  std::uint64_t
  CheckpointReader::integer(const std::string &name, const std::uint64_t max)
  {
    const Record &record = find(name, integers);
    check_size(name, record, 1, 1);
    std::uint64_t value = 0;
    run_collectively(*communicator, [&]() {
      if (!is_first_rank)
        return;
      begin_payload(record);
      read_payload(&value, sizeof(value));
      end_payload(record);
      boost::endian::little_to_native_inplace(value);
      AssertThrow(value <= max,
                  ExcMessage("The " + purpose + " '" + used_path +
                             "' is of another computation: its '" + name +
                             "' is " + std::to_string(value) +
                             ", but must not be above " + std::to_string(max) +
                             "."));
    });
    return Utilities::MPI::broadcast(*communicator, value, 0);
  }



  std::string
  CheckpointReader::text(const std::string &name)
  {
    const Record &record = find(name, characters);
    std::string   value;
    run_collectively(*communicator, [&]() {
      AssertThrow(record.n_columns == 1 && record.n_rows <= max_text_length,
                  ExcMessage("The " + purpose + " '" + used_path +
                             "' is of another computation: its '" + name +
                             "' is too long."));
      if (!is_first_rank)
        return;
      value.resize(record.n_rows);
      begin_payload(record);
      read_payload(value.data(), value.size());
      end_payload(record);
    });
    return Utilities::MPI::broadcast(*communicator, value, 0);
  }



  void
  CheckpointReader::read_rows(const std::string  &name,
                              double             *rows,
                              const std::uint64_t n_local_rows,
                              const std::uint64_t n_columns,
                              const std::uint64_t stride)
  {
    const Record &record = find(name, real_numbers);
    const auto n_rows = Utilities::MPI::all_gather(*communicator, n_local_rows);
    std::uint64_t sum = 0;
    for (const std::uint64_t n : n_rows)
      sum += n;
    check_size(name, record, sum, n_columns);

    // Even after an error the first rank sends what the others wait for
    std::string error;
    const auto  attempt = [&](const std::function<void()> &work) {
      if (!error.empty())
        return;
      try
        {
          work();
        }
      catch (const std::exception &exception)
        {
          error = error_message(exception);
        }
    };
    std::vector<double> buffer;
    const auto          read = [&](const std::size_t size) {
      buffer.resize(size);
      attempt([&]() { read_numbers(buffer.data(), size); });
    };
    const auto unpack = [&](const std::uint64_t begin) {
      auto from = buffer.cbegin();
      for_each_part(rows,
                    n_columns,
                    stride,
                    begin,
                    buffer.size(),
                    [&](double *part, const std::size_t length) {
                      std::copy_n(from, length, part);
                      from += length;
                    });
    };
    if (is_first_rank)
      {
        attempt([&]() { begin_payload(record); });
        for_each_piece(n_local_rows * n_columns,
                       [&](const std::uint64_t begin, const std::size_t size) {
                         read(size);
                         unpack(begin);
                       });
        for (unsigned int rank = 1; rank < n_rows.size(); ++rank)
          for_each_piece(
            n_rows[rank] * n_columns,
            [&](const std::uint64_t, const std::size_t size) {
              read(size);
              const int ierr = MPI_Send(
                buffer.data(), size, MPI_DOUBLE, rank, 0, *communicator);
              AssertThrowMPI(ierr);
            });
        attempt([&]() { end_payload(record); });
      }
    else
      for_each_piece(n_local_rows * n_columns,
                     [&](const std::uint64_t begin, const std::size_t size) {
                       buffer.resize(size);
                       const int ierr = MPI_Recv(buffer.data(),
                                                 size,
                                                 MPI_DOUBLE,
                                                 0,
                                                 0,
                                                 *communicator,
                                                 MPI_STATUS_IGNORE);
                       AssertThrowMPI(ierr);
                       unpack(begin);
                     });
    run_collectively(*communicator, [&]() {
      if (!error.empty())
        throw std::runtime_error(error);
    });
  }
} // namespace derl
