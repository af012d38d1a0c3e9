// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// What is written must be read back to the bit on any number of ranks, in order
// and with nothing left out; a file that is damaged, of another kind or wrong
// in a line must be an error that says where.

#include <derl/data/samples.h>

#include <filesystem>
#include <fstream>
#include <numeric>

#include "../../source/base/checkpoint.h"
#include "../../source/base/communication.h"
#include "../check.h"

namespace test_sample_files
{
using namespace dealii;
using namespace derl;

unsigned int
this_rank()
{
  return Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
}



unsigned int
n_ranks()
{
  return Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
}



/**
 * Sample i of a table in (x, t) with two components and a normal: numbers that
 * have no short decimals.
 */
std::vector<double>
numbers_of_sample(const unsigned int i)
{
  std::vector<double> numbers;
  for (unsigned int k = 0; k < 9; ++k)
    numbers.push_back(std::ldexp(std::sin(1. + 13 * i + k), int(i % 40) - 20));
  numbers[6] = 1. + 1. / (1 + i);
  numbers[7] = 0.1 + i;
  numbers[8] = 1. / 3;
  return numbers;
}



const std::vector<JetEntry> columns = {{0, {0, 0}}, {0, {1, 1}}, {1, {0, 2}}};



/**
 * Samples @p begin to @p end.
 */
Samples
table(const unsigned int begin, const unsigned int end, const bool with_factors)
{
  Samples             samples(2, columns, "a\norigin", {"normal x"});
  std::vector<double> factors;
  for (unsigned int i = begin; i < end; ++i)
    {
      const std::vector<double> n = numbers_of_sample(i);
      samples.add(ArrayView<const double>(&n[0], 2),
                  ArrayView<const double>(&n[2], 3),
                  n[6],
                  ArrayView<const double>(&n[5], 1));
      factors.insert(factors.end(), {n[7], n[8], n[7] * n[8]});
    }
  if (with_factors)
    samples.set_factors(factors);
  // known of half of the tables
  if (with_factors)
    samples.set_estimated_errors({1. / 3., 1e-200, 0.}, 2. / 7.);
  return samples;
}



/**
 * Whether these are the samples from @p begin on, to the bit.
 */
bool
equal(const Samples &samples, const unsigned int begin, const bool with_factors)
{
  const Samples expected = table(begin, begin + samples.size(), with_factors);
  if (samples.columns() != expected.columns() ||
      samples.auxiliary_names() != expected.auxiliary_names() ||
      samples.points() != expected.points() ||
      samples.has_factors() != with_factors ||
      samples.estimated_errors() != expected.estimated_errors() ||
      samples.weight_of_estimated_errors() !=
        expected.weight_of_estimated_errors())
    return false;
  for (unsigned int i = 0; i < samples.size(); ++i)
    if (!std::equal(samples.observations(i),
                    samples.observations(i) + columns.size(),
                    expected.observations(i)) ||
        samples.auxiliary(i)[0] != expected.auxiliary(i)[0] ||
        samples.weight(i) != expected.weight(i) ||
        (with_factors && !std::equal(samples.factors(i),
                                     samples.factors(i) + columns.size(),
                                     expected.factors(i))))
      return false;
  return true;
}



/**
 * The number of samples on the ranks before this one.
 */
unsigned int
n_before(const Samples &samples)
{
  const auto sizes = Utilities::MPI::all_gather(MPI_COMM_WORLD, samples.size());
  return std::accumulate(sizes.begin(), sizes.begin() + this_rank(), 0u);
}



constexpr unsigned int n_samples = 100;

/**
 * All samples on the last rank: the others write nothing.
 */
Samples
all_on_last_rank(const bool with_factors)
{
  return table(0, this_rank() + 1 == n_ranks() ? n_samples : 0, with_factors);
}



void
check_round_trip()
{
  for (const bool with_factors : {false, true})
    {
      save(MPI_COMM_WORLD, "samples", all_on_last_rank(with_factors));
      const Samples read = load_samples(MPI_COMM_WORLD, "samples");
      check(with_factors ? "with factors" : "without factors",
            equal(read, n_before(read), with_factors) &&
              read.origin() == "a\norigin");
      const unsigned int least =
        Utilities::MPI::min(read.size(), MPI_COMM_WORLD);
      check("shares",
            global_count(MPI_COMM_WORLD, read.size()) == n_samples &&
              least == n_samples / n_ranks());
    }
  check("no previous version is left",
        !std::filesystem::exists(AtomicFile::previous_path("samples")));

  // again from where they are now: the same file
  const std::string first = read_file(MPI_COMM_WORLD, "samples", "file");
  save(MPI_COMM_WORLD, "samples", load_samples(MPI_COMM_WORLD, "samples"));
  check("written again", read_file(MPI_COMM_WORLD, "samples", "file") == first);

  save(MPI_COMM_WORLD, "nothing", table(0, 0, false));
  const Samples nothing = load_samples(MPI_COMM_WORLD, "nothing");
  check("nothing", equal(nothing, 0, false) && nothing.size() == 0);
}



const std::vector<std::string> x_t = {"x", "t"}, u_v = {"u", "v"};



void
check_csv()
{
  write_csv(MPI_COMM_WORLD, "table.csv", all_on_last_rank(false), x_t, u_v);
  const std::string text = read_file(MPI_COMM_WORLD, "table.csv", "file");
  deallog << text.substr(0, text.find('\n')) << std::endl;
  const Samples read =
    read_csv(MPI_COMM_WORLD, "table.csv", x_t, u_v, {"normal x"});
  check("comma-separated values",
        equal(read, n_before(read), false) &&
          global_count(MPI_COMM_WORLD, read.size()) == n_samples);
  check("dealt evenly",
        Utilities::MPI::min(read.size(), MPI_COMM_WORLD) >
          n_samples / n_ranks() - 10);

  if (this_rank() == 0)
    std::ofstream("other.csv", std::ios::binary)
      << " v_t , t ,x\r\n 1 , 2e0,-3\r\n\r\n4,5,6";
  MPI_Barrier(MPI_COMM_WORLD);
  const Samples  other = read_csv(MPI_COMM_WORLD, "other.csv", x_t, u_v);
  Vector<double> sums(4);
  for (unsigned int i = 0; i < other.size(); ++i)
    {
      const double factor = other.point(i)[0] < 0 ? 1. : 10.;
      sums[0] += factor * other.point(i)[0];
      sums[1] += factor * other.point(i)[1];
      sums[2] += factor * other.observations(i)[0];
      sums[3] += factor * other.weight(i);
    }
  Utilities::MPI::sum(sums, MPI_COMM_WORLD, sums);
  check("columns in any order, blanks, no weights, an empty line",
        sums[0] == 57 && sums[1] == 52 && sums[2] == 41 && sums[3] == 11 &&
          other.columns() == std::vector<JetEntry>{{1, {0, 1}}});
}



/**
 * A table that is more than one round of pieces.
 */
void
check_long_table()
{
  Samples   samples(1, {{0, {0}}}, "");
  const int n = this_rank() == 0 ? 600000 : 0;
  for (int i = 0; i < n; ++i)
    {
      const double x = std::sin(i);
      samples.add(
        ArrayView<const double>(&x, 1), ArrayView<const double>(&x, 1), 1.);
    }
  write_csv(MPI_COMM_WORLD, "long.csv", samples, {"x"}, {"u"});
  const Samples read    = read_csv(MPI_COMM_WORLD, "long.csv", {"x"}, {"u"});
  double        largest = 0.;
  for (unsigned int i = 0; i < read.size(); ++i)
    largest =
      std::max(largest, std::abs(read.point(i)[0] - read.observations(i)[0]));
  check("a long table",
        global_count(MPI_COMM_WORLD, read.size()) == 600000 && largest == 0.);
  if (this_rank() == 0)
    std::filesystem::remove("long.csv");
}



void
check_errors()
{
  expect_error("no file", []() { load_samples(MPI_COMM_WORLD, "none"); });
  const auto damaged =
    [](const std::string &name, const std::string &text, const bool is_table) {
      if (this_rank() == 0)
        std::ofstream("damaged", std::ios::binary) << text;
      MPI_Barrier(MPI_COMM_WORLD);
      expect_error(name, [&]() {
        if (is_table)
          read_csv(MPI_COMM_WORLD, "damaged", x_t, u_v);
        else
          load_samples(MPI_COMM_WORLD, "damaged");
      });
    };
  const std::string file = read_file(MPI_COMM_WORLD, "samples", "file");
  damaged("cut", file.substr(0, file.size() / 2), false);
  std::string changed = file;
  changed[file.size() / 2] ^= 1;
  damaged("changed", changed, false);
  damaged("a text", "x,u\n1,2\n", false);

  // right checksums, wrong contents
  const auto forged = [](const std::string    &name,
                         const std::string    &text_of_columns,
                         const Vector<double> &row) {
    CheckpointWriter writer(MPI_COMM_WORLD, "damaged");
    writer.add("samples/coordinates", std::uint64_t(1));
    writer.add("samples/columns", text_of_columns);
    writer.add("samples/auxiliary", std::string());
    writer.add("samples/origin", std::string("forged"));
    writer.add("samples/factors", std::uint64_t(0));
    writer.add_rows("samples/rows",
                    row.begin(),
                    this_rank() == 0 ? 1 : 0,
                    row.size(),
                    row.size());
    writer.close(false);
    expect_error(name, []() { load_samples(MPI_COMM_WORLD, "damaged"); });
  };
  const auto row = [](const std::initializer_list<double> &numbers) {
    return Vector<double>(numbers.begin(), numbers.end());
  };
  forged("columns that are no numbers", "0 x\n", row({0, 0, 1}));
  forged("a column twice", "0 1\n0 1\n", row({0, 0, 0, 1}));
  forged("more numbers than columns", "0 1\n", row({0, 0, 0, 1}));
  forged("a negative weight", "0 1\n", row({0, 0, -1}));

  damaged("not a number", "x,t,u\n1,2,3\n1,two,3\n", true);
  damaged("too few fields", "x,t,u\n1,2,3\n1,2\n", true);
  damaged("no coordinate", "x,u\n1,2\n", true);
  damaged("a column of no name", "x,t,,u\n1,2,3,4\n", true);
  damaged("a column twice", "x,t,u,u\n1,2,3,4\n", true);
  damaged("an unknown column", "x,t,w\n1,2,3\n", true);
  damaged("an infinite number", "x,t,u\n1,2,inf\n", true);
  damaged("a line without end", std::string(2000000, 'x'), true);
  expect_error("other columns on other ranks", []() {
    save(MPI_COMM_WORLD,
         "damaged",
         Samples(1, {{this_rank() == 0 ? 0u : 1u, {0}}}, ""));
    if (n_ranks() == 1)
      throw AgreedError("The tables of samples have other columns on some "
                        "ranks and cannot be written into one file.");
  });
}



DERL_TEST(sample_files)
{
  initlog();
  check_round_trip();
  check_csv();
  check_long_table();
  check_errors();
}
} // namespace test_sample_files
