// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Evaluate a model file at the points of a table of any size, on any number of
// ranks.

#include <derl/base/collective.h>

#include <derl/network/evaluator.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/utilities.h>

#include <algorithm>
#include <iostream>

#include "../../source/base/csv.h"
#include "../../source/base/text_rounds.h"

using namespace dealii;
using namespace derl;

namespace
{
  const std::string usage =
    "Usage: [mpirun -np N] derl-evaluate MODEL POINTS.csv [--entries \"u u_x\"]"
    " [--output FILE]\n\n"
    "Evaluates a model file at points. The first line of POINTS.csv names its "
    "columns, which must\ncontain the model's coordinates; others are ignored. "
    "What is evaluated are all components, or\nthe entries: components and "
    "their derivatives by their names (u, u_x, p_xt), up to order four.\nThe "
    "result is a table of the coordinates and these, values.csv if no file is "
    "given.\n";



  struct Options
  {
    std::vector<std::string> files;
    std::vector<std::string> entries;
    std::string              output = "values.csv";
  };



  Options
  read_options(const int argc, char **argv)
  {
    Options options;
    for (int i = 1; i < argc; ++i)
      {
        const std::string word = argv[i];
        if (word == "--entries" || word == "--output")
          {
            AssertThrow(i + 1 < argc,
                        ExcMessage("The option " + word + " needs a value."));
            const std::string value = argv[++i];
            if (word == "--output")
              options.output = value;
            else
              options.entries = Utilities::split_string_list(value, ' ');
          }
        else
          {
            AssertThrow(
              word.substr(0, 2) != "--",
              ExcMessage("There is no option " + word + ".\n" + usage));
            options.files.push_back(word);
          }
      }
    AssertThrow(
      options.files.size() == 2,
      ExcMessage("Give a model file and a table of points.\n" + usage));
    return options;
  }



  void
  evaluate(const MPI_Comm &communicator, const Options &options)
  {
    const Surrogate surrogate = load(communicator, options.files[0]);
    const std::vector<std::string> &names =
      options.entries.empty() ? surrogate.components : options.entries;
    TextReader reader(communicator, options.files[1], "table of points");

    // the table's column of each coordinate
    unsigned int               n_columns = 0;
    std::vector<unsigned int>  positions;
    std::unique_ptr<Evaluator> evaluator;
    std::string                header;
    run_collectively(communicator, [&]() {
      evaluator = std::make_unique<Evaluator>(surrogate, names);
      const std::vector<std::string> columns =
        split_csv_header(reader.header());
      n_columns = columns.size();
      for (const std::string &name : surrogate.coordinates)
        {
          const auto column = std::find(columns.begin(), columns.end(), name);
          AssertThrow(column != columns.end(),
                      ExcMessage("The table '" + options.files[1] +
                                 "' has no column '" + name +
                                 "', a coordinate of the model."));
          positions.push_back(std::distance(columns.begin(), column));
          header += name + ',';
        }
      for (const std::string &name : names)
        header += name + (&name == &names.back() ? '\n' : ',');
    });

    TextWriter writer(communicator, options.output);
    writer.write(Utilities::MPI::this_mpi_process(communicator) == 0 ? header
                                                                     : "");
    Evaluator::Workspace workspace(*evaluator);
    std::vector<double>  points, values, line;
    for (std::string lines; reader.next(lines);)
      {
        std::string text;
        run_collectively(communicator, [&]() {
          points.clear();
          for_each_csv_line(lines,
                            reader.line_number(),
                            n_columns,
                            [&](const ArrayView<const double> &numbers,
                                const unsigned long long) {
                              for (const unsigned int i : positions)
                                points.push_back(numbers[i]);
                            });
          const std::size_t n_points = points.size() / positions.size();
          values.resize(n_points * names.size());
          evaluator->evaluate(make_array_view(std::as_const(points)),
                              workspace,
                              make_array_view(values));
          for (std::size_t i = 0; i < n_points; ++i)
            {
              const auto point = points.begin() + i * positions.size();
              const auto value = values.begin() + i * names.size();
              line.assign(point, point + positions.size());
              line.insert(line.end(), value, value + names.size());
              append_csv_line(text, make_array_view(std::as_const(line)));
            }
        });
        writer.write(text);
      }
    writer.close();
  }
} // namespace



int
main(int argc, char **argv)
{
  return run_program(argc, argv, [&](const MPI_Comm &communicator) {
    if (argc == 2 && argv[1] == std::string("--help"))
      {
        if (Utilities::MPI::this_mpi_process(communicator) == 0)
          std::cout << usage;
        return;
      }
    Options options;
    run_collectively(communicator,
                     [&]() { options = read_options(argc, argv); });
    evaluate(communicator, options);
  });
}
