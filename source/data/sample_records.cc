// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "sample_records.h"

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <limits>
#include <sstream>

#include "shared_files.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    // Limits that no table comes near, for files that are none
    constexpr unsigned int max_n_coordinates = 1000;
    constexpr unsigned int max_component     = 1000000;
    constexpr unsigned int max_derivative    = 100;

    /**
     * A line for each column: its component, then the derivative.
     */
    std::string
    text_of_columns(const std::vector<JetEntry> &columns)
    {
      std::ostringstream text;
      for (const JetEntry &column : columns)
        {
          text << column.component;
          for (const unsigned int n : column.derivative)
            text << ' ' << n;
          text << '\n';
        }
      return text.str();
    }



    std::vector<JetEntry>
    read_columns(const std::string &text, const unsigned int n_coordinates)
    {
      std::vector<JetEntry> columns;
      std::istringstream    lines(text);
      for (std::string line; std::getline(lines, line);)
        {
          std::istringstream numbers(line);
          JetEntry           column{0, MultiIndex(n_coordinates)};
          const auto         read = [&](const unsigned int max) {
            unsigned int n = max + 1;
            numbers >> n;
            AssertThrow(numbers && n <= max,
                        ExcMessage("A column is not readable."));
            return n;
          };
          column.component = read(max_component);
          for (unsigned int &n : column.derivative)
            n = read(max_derivative);
          AssertThrow(std::find(columns.begin(), columns.end(), column) ==
                        columns.end(),
                      ExcMessage("A column is there twice."));
          columns.push_back(column);
        }
      return columns;
    }



    std::string
    text_of_names(const std::vector<std::string> &names)
    {
      std::string text;
      for (const std::string &name : names)
        {
          AssertThrow(name.find('\n') == std::string::npos,
                      ExcMessage("The name '" + name +
                                 "' of an auxiliary column has two lines."));
          text += name + '\n';
        }
      return text;
    }



    std::vector<std::string>
    read_names(const std::string &text)
    {
      std::vector<std::string> names;
      std::istringstream       lines(text);
      for (std::string line; std::getline(lines, line);)
        names.push_back(line);
      return names;
    }



    /**
     * The estimated errors and their weight with all digits, a line for each;
     * nothing if there are none.
     */
    std::string
    text_of_errors(const Samples &samples)
    {
      if (samples.estimated_errors().empty())
        return "";
      std::ostringstream text;
      text.precision(std::numeric_limits<double>::max_digits10);
      for (const double error : samples.estimated_errors())
        text << error << '\n';
      text << samples.weight_of_estimated_errors() << '\n';
      return text.str();
    }



    std::vector<double>
    read_numbers(const std::string &text)
    {
      std::vector<double> numbers;
      std::istringstream  in(text);
      for (double number; in >> number;)
        numbers.push_back(number);
      AssertThrow(in.eof(), ExcMessage("A number is not readable."));
      return numbers;
    }



    /**
     * How many numbers a sample is in the file: its point, observations,
     * auxiliary columns, weight, and its factors, if there are any.
     */
    std::uint64_t
    n_numbers(const Samples &samples, const bool with_factors)
    {
      return samples.n_coordinates() + samples.columns().size() +
             samples.auxiliary_names().size() + 1 +
             (with_factors ? samples.columns().size() : 0);
    }



    /**
     * All samples as rows of the file.
     */
    std::vector<double>
    pack(const Samples &samples, const bool with_factors)
    {
      std::vector<double> rows;
      rows.reserve(samples.size() * n_numbers(samples, with_factors));
      const auto add = [&rows](const double *begin, const std::size_t n) {
        rows.insert(rows.end(), begin, begin + n);
      };
      for (unsigned int i = 0; i < samples.size(); ++i)
        {
          add(samples.point(i), samples.n_coordinates());
          add(samples.observations(i), samples.columns().size());
          add(samples.auxiliary(i), samples.auxiliary_names().size());
          rows.push_back(samples.weight(i));
          if (samples.has_factors())
            add(samples.factors(i), samples.columns().size());
          else if (with_factors)
            rows.insert(rows.end(), samples.columns().size(), 1.);
        }
      return rows;
    }



    /**
     * Add the samples that pack() made @p rows of.
     */
    void
    unpack(const std::vector<double> &rows,
           const bool                 with_factors,
           Samples                   &samples)
    {
      const std::size_t   n_observations = samples.columns().size();
      std::vector<double> factors;
      for (auto row = rows.begin(); row != rows.end();)
        {
          const auto take = [&row](const std::size_t n) {
            const ArrayView<const double> view(&*row, n);
            row += n;
            return view;
          };
          const auto point        = take(samples.n_coordinates());
          const auto observations = take(n_observations);
          const auto auxiliary    = take(samples.auxiliary_names().size());
          const auto weight       = take(1);
          samples.add(point, observations, weight[0], auxiliary);
          if (with_factors)
            {
              const auto numbers = take(n_observations);
              factors.insert(factors.end(), numbers.begin(), numbers.end());
            }
        }
      if (with_factors)
        samples.set_factors(factors);
    }
  } // namespace



  void
  internal::write_samples(const MPI_Comm    &communicator,
                          CheckpointWriter  &writer,
                          const std::string &name,
                          const Samples     &samples)
  {
    run_collectively(communicator, [&]() { samples.check(); });
    const std::string columns = text_of_columns(samples.columns());
    std::string       auxiliary;
    run_collectively(communicator, [&]() {
      auxiliary = text_of_names(samples.auxiliary_names());
    });
    check_alike(communicator,
                std::to_string(samples.n_coordinates()) + '\n' + columns +
                  '\n' + auxiliary);
    const bool with_factors =
      Utilities::MPI::max(samples.has_factors() ? 1 : 0, communicator) == 1;
    std::vector<double> rows;
    run_collectively(communicator,
                     [&]() { rows = pack(samples, with_factors); });

    writer.add(name + "/coordinates", std::uint64_t(samples.n_coordinates()));
    writer.add(name + "/columns", columns);
    writer.add(name + "/auxiliary", auxiliary);
    writer.add(name + "/origin", samples.origin());
    writer.add(name + "/factors", std::uint64_t(with_factors ? 1 : 0));
    writer.add(name + "/estimated errors", text_of_errors(samples));
    const std::uint64_t n = n_numbers(samples, with_factors);
    writer.add_rows(name + "/rows", rows.data(), samples.size(), n, n);
  }



  std::uint64_t
  internal::equal_share(const MPI_Comm     &communicator,
                        const std::uint64_t n_samples)
  {
    const std::uint64_t n_ranks = Utilities::MPI::n_mpi_processes(communicator);
    const std::uint64_t rank = Utilities::MPI::this_mpi_process(communicator);
    return n_samples / n_ranks + (rank < n_samples % n_ranks ? 1 : 0);
  }



  Samples
  internal::read_samples(
    const MPI_Comm                                            &communicator,
    CheckpointReader                                          &reader,
    const std::string                                         &name,
    const std::string                                         &what,
    const std::function<std::uint64_t(const std::uint64_t n)> &share)
  {
    const std::uint64_t n_coordinates =
      reader.integer(name + "/coordinates", max_n_coordinates);
    const std::string columns      = reader.text(name + "/columns");
    const std::string auxiliary    = reader.text(name + "/auxiliary");
    const std::string origin       = reader.text(name + "/origin");
    const bool        with_factors = reader.integer(name + "/factors", 1) == 1;
    // files of earlier versions have none
    const std::string errors = reader.has(name + "/estimated errors")
                                 ? reader.text(name + "/estimated errors")
                                 : "";

    Samples samples(0, {}, "");
    run_collectively_about(communicator, what, [&]() {
      samples = Samples(n_coordinates,
                        read_columns(columns, n_coordinates),
                        origin,
                        read_names(auxiliary));
      if (!errors.empty())
        {
          std::vector<double> numbers = read_numbers(errors);
          AssertThrow(!numbers.empty(), ExcMessage("There are no errors."));
          const double weight = numbers.back();
          numbers.pop_back();
          samples.set_estimated_errors(numbers, weight);
        }
    });

    const std::uint64_t n       = n_numbers(samples, with_factors);
    const std::uint64_t n_local = share(reader.n_rows(name + "/rows", n));
    std::vector<double> rows;
    run_collectively_about(communicator, what, [&]() {
      AssertThrow(n_local <= std::numeric_limits<unsigned int>::max(),
                  ExcMessage("There are too many samples for one rank. Use "
                             "more ranks."));
      rows.resize(n_local * n);
    });
    reader.read_rows(name + "/rows", rows.data(), n_local, n, n);
    run_collectively_about(communicator, what, [&]() {
      unpack(rows, with_factors, samples);
      samples.check();
    });
    return samples;
  }
} // namespace derl
