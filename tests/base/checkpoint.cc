// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A checkpoint must come back bit by bit on any number of ranks, and nothing
// but a whole and unchanged file may be taken for one.

#include <boost/crc.hpp>
#include <cstring>
#include <limits>

#include "../../source/base/checkpoint.h"
#include "../check.h"
#include "checkpoint_files.h"

namespace test_checkpoint
{
using namespace dealii;
using namespace derl;

Vector<double>
some_numbers()
{
  Vector<double> v(4);
  v[0] = 1. / 3.;
  v[1] = -0.;
  v[2] = std::numeric_limits<double>::denorm_min();
  v[3] = -std::numeric_limits<double>::max();
  return v;
}



void
add_rows(CheckpointWriter &writer, const std::string &name, Block block)
{
  block.fill();
  writer.add_rows(
    name, block.data.data(), block.n, block.n_columns, block.stride);
}



bool
has_rows(CheckpointReader &reader, const std::string &name, Block block)
{
  reader.read_rows(
    name, block.data.data(), block.n, block.n_columns, block.stride);
  return block.is_filled();
}



void
write_small(const double mark)
{
  CheckpointWriter writer(MPI_COMM_WORLD, path);
  writer.add("mark", mark);
  writer.add("integer", ~std::uint64_t(0));
  writer.add("text", std::string("\0 line\n", 7));
  writer.add("empty", std::string());
  writer.add("numbers", some_numbers());
  add_rows(writer, "rows", Block(7, 3));
  add_rows(writer, "no rows", Block(0, 4));
  writer.close();
}



/**
 * The mark of a file written by write_small(), if all else is as it was.
 */
double
read_small()
{
  CheckpointReader reader(MPI_COMM_WORLD, path);
  Vector<double>   v(4);
  reader.read("numbers", v);
  const Vector<double> expected = some_numbers();
  const bool           good =
    std::memcmp(v.begin(), expected.begin(), 4 * sizeof(double)) == 0 &&
    reader.integer("integer", ~std::uint64_t(0)) == ~std::uint64_t(0) &&
    reader.text("text") == std::string("\0 line\n", 7) &&
    reader.text("empty").empty() && reader.has("rows") && !reader.has("row");
  return has_rows(reader, "rows", Block(7, 3)) &&
             has_rows(reader, "no rows", Block(0, 4)) && good
           ? reader.number("mark")
           : -1.;
}



void
check_round_trip()
{
  check("nothing there", !CheckpointReader::exists(MPI_COMM_WORLD, path));
  write_small(1.);
  check("exists", CheckpointReader::exists(MPI_COMM_WORLD, path));
  check("small", read_small() == 1. && files() == "c");

  // The format, whatever the number of ranks and the machine
  const std::string  bytes = contents(path);
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  deallog << bytes.size() << " bytes, checksum " << crc.checksum() << std::endl;

  // Rows that pieces of a transfer cut
  CheckpointWriter writer(MPI_COMM_WORLD, path);
  add_rows(writer, "large", Block(301, 1001));
  writer.close();
  CheckpointReader reader(MPI_COMM_WORLD, path);
  check("large", has_rows(reader, "large", Block(301, 1001)));
  check("previous", files() == "cp" && contents(previous) == bytes);
}



/**
 * Whether a file with this contents is not read; by the calling rank.
 */
bool
is_refused(const std::string &bytes)
{
  std::ofstream(path, std::ios::binary) << bytes;
  try
    {
      CheckpointReader reader(MPI_COMM_SELF, path);
      return false;
    }
  catch (const AgreedError &)
    {
      return true;
    }
}



void
check_damage()
{
  remove_files();
  write_small(1.);
  const std::string bytes = contents(path);

  const std::string accepted = on_first_rank([&]() {
    std::string result;
    for (std::size_t length = 0; length < bytes.size(); ++length)
      if (!is_refused(bytes.substr(0, length)))
        result += " cut off at " + std::to_string(length);
    for (std::size_t position = 0; position < bytes.size(); ++position)
      {
        std::string changed = bytes;
        changed[position] ^= 1 << position % 8;
        if (!is_refused(changed))
          result += " changed at " + std::to_string(position);
      }
    return result + (is_refused(bytes) ? " nothing" : "");
  });
  deallog << "damaged files that were accepted:" << accepted << std::endl;

  const auto expect_refusal = [](const std::string &what,
                                 const std::string &bad) {
    put(bad);
    expect_error(what, []() { CheckpointReader(MPI_COMM_WORLD, path); });
  };
  expect_refusal("empty", "");
  expect_refusal("half", bytes.substr(0, bytes.size() / 2));
  expect_refusal("text", "set Dimension = 2\n");
  expect_refusal("trailing byte", bytes + '\0');
  expect_refusal("twice", bytes + bytes);
  std::string newer = bytes;
  newer[8]          = 2;
  expect_refusal("newer", newer);
}



/**
 * A file with right checksums around whatever is in it.
 */
struct Forgery
{
  Forgery &
  record(const std::uint32_t type,
         const std::string  &name,
         const std::uint64_t n_rows,
         const std::uint64_t n_columns,
         const std::string  &payload,
         const std::uint32_t name_length = 0)
  {
    const std::uint32_t length = name_length == 0 ? name.size() : name_length;
    std::string         header;
    append(header, &type, 4);
    append(header, &length, 4);
    append(header, &n_rows, 8);
    append(header, &n_columns, 8);
    sealed(header + name);
    if (type != 0)
      sealed(payload);
    return *this;
  }

  static void
  append(std::string &text, const void *data, const std::size_t size)
  {
    text.append(static_cast<const char *>(data), size);
  }

  void
  sealed(const std::string &data)
  {
    boost::crc_32_type crc;
    crc.process_bytes(data.data(), data.size());
    const std::uint32_t sum = crc.checksum();
    bytes += data;
    append(bytes, &sum, 4);
  }

  std::string bytes = std::string("DERLckpt\1\0\0\0", 12);
};



void
check_forgeries()
{
  const std::string   eight(8, '\0');
  const std::uint64_t max = ~std::uint64_t(0);
  const auto refuses = [](const std::string &what, const Forgery &forgery) {
    put(forgery.bytes);
    expect_error(what, []() { CheckpointReader(MPI_COMM_WORLD, path); });
  };
  const auto complete = [](Forgery forgery, const unsigned int n) {
    return forgery.record(0, "end", n, 0, "");
  };

  put(complete(Forgery().record(1, "x", 1, 1, eight), 1).bytes);
  check("a right one",
        CheckpointReader(MPI_COMM_WORLD, path).number("x") == 0.);

  refuses("no end", Forgery().record(1, "x", 1, 1, eight));
  refuses("missing record", complete(Forgery(), 1));
  refuses(
    "two of a name",
    complete(Forgery().record(1, "x", 1, 1, eight).record(1, "x", 1, 1, eight),
             2));
  refuses("type", complete(Forgery().record(7, "x", 1, 1, eight), 1));
  for (const std::uint64_t n_columns :
       {std::uint64_t(1), std::uint64_t(8), max})
    for (const std::uint64_t n_rows :
         {std::uint64_t(1) << 61, std::uint64_t(1) << 62, max})
      refuses("size",
              complete(Forgery().record(1, "x", n_rows, n_columns, eight), 1));
  refuses("nameless", complete(Forgery().record(1, "", 1, 1, eight), 1));
  refuses("name", complete(Forgery().record(1, "\033[2J", 1, 1, eight), 1));
  refuses("long name",
          complete(Forgery().record(1, std::string(101, 'x'), 1, 1, eight), 1));
  refuses("very long name",
          complete(Forgery().record(1, "x", 1, 1, eight, 0xffffffff), 1));

  // These are found when they are asked for
  const auto reads = [&](const std::string                             &what,
                         const Forgery                                 &forgery,
                         const std::function<void(CheckpointReader &)> &work) {
    put(complete(forgery, 1).bytes);
    CheckpointReader reader(MPI_COMM_WORLD, path);
    expect_error(what, [&]() { work(reader); });
  };
  for (const double x : {std::numeric_limits<double>::quiet_NaN(),
                         -std::numeric_limits<double>::infinity()})
    {
      std::string payload;
      Forgery::append(payload, &x, 8);
      const Forgery forgery = Forgery().record(1, "x", 1, 1, payload);
      reads("number", forgery, [](CheckpointReader &r) { r.number("x"); });
      reads("rows", forgery, [](CheckpointReader &r) {
        Block block(1, 1);
        r.read_rows("x", block.data.data(), block.n, 1, block.stride);
      });
    }
  const auto vector = [](const unsigned int n) {
    return [n](CheckpointReader &r) {
      Vector<double> v(n);
      r.read("x", v);
    };
  };
  const Forgery matrix = Forgery().record(1, "x", 1, 2, eight + eight),
                integer =
                  Forgery().record(2, "x", 1, 1, "\2" + eight.substr(1));
  reads("missing", matrix, [](CheckpointReader &r) { r.number("y"); });
  reads("matrix", matrix, vector(2));
  reads("too short", matrix, vector(3));
  reads("columns", matrix, [](CheckpointReader &r) {
    Block block(2, 1);
    r.read_rows("x", block.data.data(), block.n, 1, block.stride);
  });
  reads("integer", integer, vector(1));
  reads("text", integer, [](CheckpointReader &r) { r.text("x"); });
  reads("bool", integer, [](CheckpointReader &r) {
    bool              x;
    CheckpointArchive archive(r);
    archive("x", x);
  });
  reads("long text",
        Forgery().record(3, "x", 2000000, 1, std::string(2000000, 'x')),
        [](CheckpointReader &r) { r.text("x"); });
  reads("no columns",
        Forgery().record(3, "x", max, 0, ""),
        [](CheckpointReader &r) { r.text("x"); });
}



void
check_previous()
{
  remove_files();
  expect_error("no file", []() { CheckpointReader(MPI_COMM_WORLD, path); });
  write_small(1.);
  write_small(2.);
  write_small(3.);
  check("newest", read_small() == 3.);

  const std::string bytes = contents(path);
  put(bytes.substr(0, 100));
  deallog << CheckpointReader(MPI_COMM_WORLD, path).warning() << std::endl;
  check("damaged", read_small() == 2.);
  on_first_rank([]() { return fs::remove(path) ? "" : "?"; });
  check("missing",
        read_small() == 2. && CheckpointReader::exists(MPI_COMM_WORLD, path) &&
          CheckpointReader(MPI_COMM_WORLD, path).path() == previous);
  write_small(4.);
  check("written anew", read_small() == 4. && files() == "cp");
  put("", path);
  put("no checkpoint at all", previous);
  expect_error("both damaged",
               []() { CheckpointReader(MPI_COMM_WORLD, path); });
  remove_files();
  on_first_rank([]() { return fs::create_directory(path) ? "" : "?"; });
  expect_error("folder", []() { CheckpointReader(MPI_COMM_WORLD, path); });
}



void
check_failed_writes()
{
  remove_files();
  write_small(1.);
  write_small(2.);
  const auto keeps = [](const std::string &what) {
    check(what + " keeps both",
          read_small() == 2. && files() == "cp" &&
            contents(previous).size() == contents(path).size());
  };

  {
    CheckpointWriter writer(MPI_COMM_WORLD, path);
    writer.add("number", 1.);
    check("not closed, yet", files() == "cpt");
  }
  keeps("not closed");

  for (const unsigned int n_rows : {3, 3000})
    {
      on_first_rank([]() {
        fs::create_symlink("/dev/full", path + ".part");
        return "";
      });
      expect_error("full disk", [&]() {
        CheckpointWriter writer(MPI_COMM_WORLD, path);
        add_rows(writer, "rows", Block(n_rows, 100));
        writer.add("after", 1.);
        writer.close();
      });
      keeps("full disk");
    }

  expect_error("infinite number", [&]() {
    CheckpointWriter writer(MPI_COMM_WORLD, path);
    writer.add("number", std::numeric_limits<double>::infinity());
    writer.close();
  });
  keeps("infinite number");
  for (const std::string &name :
       {std::string("x"), std::string(), std::string(101, 'x')})
    expect_error("name", [&]() {
      CheckpointWriter writer(MPI_COMM_WORLD, path);
      writer.add("x", 1.);
      writer.add(name, 1.);
      writer.close();
    });
  expect_error("long text", [&]() {
    CheckpointWriter writer(MPI_COMM_WORLD, path);
    writer.add("x", std::string(2000000, 'x'));
    writer.close();
  });
  keeps("name");
  expect_error("no folder", []() {
    CheckpointWriter writer(MPI_COMM_WORLD, "no_such_folder/" + path);
    writer.add("x", 1.);
    writer.close();
  });

  on_first_rank([]() {
    fs::remove(previous);
    fs::create_directories(previous + "/something");
    return "";
  });
  expect_error("no place for the previous version", []() { write_small(3.); });
  check("the newest is there", read_small() == 2. && files() == "cp");
}



DERL_TEST(checkpoint)
{
  initlog();

  remove_files();
  check_round_trip();
  check_damage();
  check_forgeries();
  check_previous();
  check_failed_writes();
  remove_files();
}
} // namespace test_checkpoint
