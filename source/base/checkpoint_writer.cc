// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "checkpoint.h"
#include <derl/base/collective.h>

#include <deal.II/base/exceptions.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "checkpoint_format.h"

namespace derl
{
  using namespace dealii;
  using namespace checkpoint_format;

  CheckpointWriter::CheckpointWriter(const MPI_Comm    &communicator,
                                     const std::string &path)
    : communicator(communicator)
    , is_first_rank(Utilities::MPI::this_mpi_process(communicator) == 0)
  {
    on_first_rank([&]() {
      file = std::make_unique<AtomicFile>(path);
      file->write(magic.data(), magic.size());
      const std::uint32_t version =
        boost::endian::native_to_little(format_version);
      file->write(&version, sizeof(version));
    });
  }



  void
  CheckpointWriter::on_first_rank(const std::function<void()> &work)
  {
    if (!is_first_rank || !error.empty())
      return;
    try
      {
        work();
      }
    catch (const std::exception &exception)
      {
        error = error_message(exception);
      }
  }



  void
  CheckpointWriter::begin_record(const std::string  &name,
                                 const std::uint32_t type,
                                 const std::uint64_t n_rows,
                                 const std::uint64_t n_columns)
  {
    AssertThrow(is_good_name(name) && names.insert(name).second,
                ExcMessage("'" + name + "' cannot be the name of a record."));
    RecordHeader header{
      type, static_cast<std::uint32_t>(name.size()), n_rows, n_columns};
    convert_byte_order(header);
    checksum.reset();
    write_payload(&header, sizeof(header));
    write_payload(name.data(), name.size());
    end_record();
  }



  void
  CheckpointWriter::write_payload(const void *data, const std::size_t size)
  {
    file->write(data, size);
    checksum.process_bytes(data, size);
  }



  void
  CheckpointWriter::write_numbers(const double *values, const std::size_t n)
  {
    std::vector<std::uint64_t> buffer;
    for_each_piece(n, [&](const std::uint64_t begin, const std::size_t size) {
      AssertThrow(std::all_of(values + begin,
                              values + begin + size,
                              [](const double x) { return std::isfinite(x); }),
                  ExcMessage("A number of the checkpoint is not finite."));
      buffer.resize(size);
      std::memcpy(buffer.data(), values + begin, size * sizeof(double));
      for (std::uint64_t &x : buffer)
        boost::endian::native_to_little_inplace(x);
      write_payload(buffer.data(), size * sizeof(double));
    });
  }



  void
  CheckpointWriter::end_record()
  {
    const std::uint32_t sum =
      boost::endian::native_to_little<std::uint32_t>(checksum.checksum());
    file->write(&sum, sizeof(sum));
    checksum.reset();
  }



  void
  CheckpointWriter::add(const std::string &name, const Vector<double> &values)
  {
    on_first_rank([&]() {
      begin_record(name, real_numbers, values.size(), 1);
      write_numbers(values.begin(), values.size());
      end_record();
    });
  }



  void
  CheckpointWriter::add(const std::string &name, const double value)
  {
    on_first_rank([&]() {
      begin_record(name, real_numbers, 1, 1);
      write_numbers(&value, 1);
      end_record();
    });
  }



  void
  CheckpointWriter::add(const std::string &name, const std::uint64_t value)
  {
    on_first_rank([&]() {
      begin_record(name, integers, 1, 1);
      const std::uint64_t little = boost::endian::native_to_little(value);
      write_payload(&little, sizeof(little));
      end_record();
    });
  }



  void
  CheckpointWriter::add(const std::string &name, const std::string &text)
  {
    on_first_rank([&]() {
      AssertThrow(text.size() <= max_text_length,
                  ExcMessage("The text '" + name + "' is too long."));
      begin_record(name, characters, text.size(), 1);
      write_payload(text.data(), text.size());
      end_record();
    });
  }



  void
  CheckpointWriter::add_rows(const std::string  &name,
                             const double       *rows,
                             const std::uint64_t n_local_rows,
                             const std::uint64_t n_columns,
                             const std::uint64_t stride)
  {
    const auto n_rows = Utilities::MPI::all_gather(*communicator, n_local_rows);
    on_first_rank([&]() {
      std::uint64_t sum = 0;
      for (const std::uint64_t n : n_rows)
        sum += n;
      begin_record(name, real_numbers, sum, n_columns);
    });

    // Even after an error the first rank takes what the others send
    std::vector<double> buffer;
    const auto pack = [&](const std::uint64_t begin, const std::size_t size) {
      buffer.clear();
      for_each_part(rows,
                    n_columns,
                    stride,
                    begin,
                    size,
                    [&](const double *part, const std::size_t length) {
                      buffer.insert(buffer.end(), part, part + length);
                    });
    };
    const auto write = [&]() {
      on_first_rank([&]() { write_numbers(buffer.data(), buffer.size()); });
    };
    if (is_first_rank)
      {
        for_each_piece(n_local_rows * n_columns,
                       [&](const std::uint64_t begin, const std::size_t size) {
                         pack(begin, size);
                         write();
                       });
        for (unsigned int rank = 1; rank < n_rows.size(); ++rank)
          for_each_piece(n_rows[rank] * n_columns,
                         [&](const std::uint64_t, const std::size_t size) {
                           buffer.resize(size);
                           const int ierr = MPI_Recv(buffer.data(),
                                                     size,
                                                     MPI_DOUBLE,
                                                     rank,
                                                     0,
                                                     *communicator,
                                                     MPI_STATUS_IGNORE);
                           AssertThrowMPI(ierr);
                           write();
                         });
      }
    else
      for_each_piece(n_local_rows * n_columns,
                     [&](const std::uint64_t begin, const std::size_t size) {
                       pack(begin, size);
                       const int ierr = MPI_Send(
                         buffer.data(), size, MPI_DOUBLE, 0, 0, *communicator);
                       AssertThrowMPI(ierr);
                     });
    on_first_rank([&]() { end_record(); });
  }



  void
  CheckpointWriter::close(const bool keep_previous)
  {
    on_first_rank([&]() {
      const std::uint64_t n_records = names.size();
      begin_record("end", end_of_file, n_records, 0);
      file->commit(keep_previous);
    });
    run_collectively(*communicator, [&]() {
      if (!error.empty())
        throw std::runtime_error(error);
    });
  }



  CheckpointArchive::CheckpointArchive(CheckpointWriter &writer)
    : writer(&writer)
    , reader(nullptr)
  {
  }



  CheckpointArchive::CheckpointArchive(CheckpointReader &reader)
    : writer(nullptr)
    , reader(&reader)
  {
  }



  bool
  CheckpointArchive::is_reading() const
  {
    return reader != nullptr;
  }



  void
  CheckpointArchive::operator()(const std::string &name, double &variable)
  {
    if (is_reading())
      variable = reader->number(name);
    else
      writer->add(name, variable);
  }



  void
  CheckpointArchive::operator()(const std::string &name, unsigned int &variable)
  {
    if (is_reading())
      variable =
        reader->integer(name, std::numeric_limits<unsigned int>::max());
    else
      writer->add(name, std::uint64_t(variable));
  }



  void
  CheckpointArchive::operator()(const std::string &name, bool &variable)
  {
    if (is_reading())
      variable = reader->integer(name, 1) == 1;
    else
      writer->add(name, std::uint64_t(variable));
  }



  void
  CheckpointArchive::operator()(const std::string &name,
                                Vector<double>    &variable)
  {
    if (is_reading())
      reader->read(name, variable);
    else
      writer->add(name, variable);
  }



  void
  CheckpointArchive::rows(const std::string  &name,
                          double             *rows,
                          const std::uint64_t n_local_rows,
                          const std::uint64_t n_columns,
                          const std::uint64_t stride)
  {
    if (is_reading())
      reader->read_rows(name, rows, n_local_rows, n_columns, stride);
    else
      writer->add_rows(name, rows, n_local_rows, n_columns, stride);
  }
} // namespace derl
