// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/data/samples.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <memory>

#include "../base/csv.h"
#include "../base/text_rounds.h"
#include "shared_files.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * Where the numbers of a line of comma-separated values belong.
     */
    struct CsvColumns
    {
      CsvColumns(const std::string              &header,
                 const std::vector<std::string> &coordinates,
                 const std::vector<std::string> &components,
                 const std::vector<std::string> &auxiliary);

      /** Positions in the line; that of the weight may be missing. */
      std::vector<unsigned int> points, observations, auxiliary;
      std::vector<unsigned int> weight;
      std::vector<JetEntry>     entries;
      unsigned int              n_columns;
    };



    CsvColumns::CsvColumns(const std::string              &header,
                           const std::vector<std::string> &coordinates,
                           const std::vector<std::string> &components,
                           const std::vector<std::string> &auxiliary_names)
      : points(coordinates.size(), numbers::invalid_unsigned_int)
      , auxiliary(auxiliary_names.size(), numbers::invalid_unsigned_int)
    {
      const FieldNames               fields(coordinates, components);
      const std::vector<std::string> names = split_csv_header(header);
      n_columns                            = names.size();
      const auto found = [](const std::vector<std::string> &list,
                            const std::string              &name) {
        return std::find(list.begin(), list.end(), name) - list.begin();
      };
      for (unsigned int i = 0; i < n_columns; ++i)
        {
          const std::size_t d = found(coordinates, names[i]);
          const std::size_t a = found(auxiliary_names, names[i]);
          if (d < points.size())
            points[d] = i;
          else if (a < auxiliary.size())
            auxiliary[a] = i;
          else if (names[i] == "weight")
            weight.push_back(i);
          else
            {
              entries.push_back(fields.parse(names[i]));
              observations.push_back(i);
            }
        }
      const auto check = [](const std::vector<unsigned int> &positions,
                            const std::vector<std::string>  &names) {
        for (unsigned int i = 0; i < names.size(); ++i)
          AssertThrow(positions[i] != numbers::invalid_unsigned_int,
                      ExcMessage("There is no column '" + names[i] + "'."));
      };
      check(points, coordinates);
      check(auxiliary, auxiliary_names);
    }
  } // namespace



  Samples
  read_csv(const MPI_Comm                 &communicator,
           const std::string              &path,
           const std::vector<std::string> &coordinates,
           const std::vector<std::string> &components,
           const std::vector<std::string> &auxiliary)
  {
    TextReader                  reader(communicator, path, "table");
    std::unique_ptr<CsvColumns> columns;
    Samples                     samples(0, {}, "");
    const std::string           what = "The table '" + path + "'";
    internal::run_collectively_about(communicator, what, [&]() {
      columns = std::make_unique<CsvColumns>(
        reader.header(), coordinates, components, auxiliary);
      samples = Samples(coordinates.size(), columns->entries, path, auxiliary);
    });

    std::vector<double> point, observations, others;
    const auto          gather = [](const ArrayView<const double>   &line,
                           const std::vector<unsigned int> &positions,
                           std::vector<double>             &values) {
      values.clear();
      for (const unsigned int i : positions)
        values.push_back(line[i]);
      return make_array_view(std::as_const(values));
    };
    for (std::string lines; reader.next(lines);)
      internal::run_collectively_about(communicator, what, [&]() {
        for_each_csv_line(
          lines,
          reader.line_number(),
          columns->n_columns,
          [&](const ArrayView<const double> &line, const unsigned long long) {
            samples.add(gather(line, columns->points, point),
                        gather(line, columns->observations, observations),
                        columns->weight.empty() ? 1. : line[columns->weight[0]],
                        gather(line, columns->auxiliary, others));
          });
      });
    internal::run_collectively_about(communicator, what, [&]() { samples.check(); });
    return samples;
  }



  void
  write_csv(const MPI_Comm                 &communicator,
            const std::string              &path,
            const Samples                  &samples,
            const std::vector<std::string> &coordinates,
            const std::vector<std::string> &components)
  {
    std::string header;
    run_collectively(communicator, [&]() {
      samples.check();
      const FieldNames fields(coordinates, components);
      for (const std::string &name : coordinates)
        header += name + ',';
      for (const JetEntry &entry : samples.columns())
        header += fields.name(entry) + ',';
      for (const std::string &name : samples.auxiliary_names())
        header += name + ',';
      header += "weight\n";
    });
    internal::check_alike(communicator, header);

    TextWriter writer(communicator, path);
    writer.write(Utilities::MPI::this_mpi_process(communicator) == 0 ? header
                                                                     : "");
    std::string         text;
    std::vector<double> line;
    for (unsigned int i = 0; i < samples.size(); ++i)
      {
        line.assign(samples.point(i),
                    samples.point(i) + samples.n_coordinates());
        line.insert(line.end(),
                    samples.observations(i),
                    samples.observations(i) + samples.columns().size());
        line.insert(line.end(),
                    samples.auxiliary(i),
                    samples.auxiliary(i) + samples.auxiliary_names().size());
        line.push_back(samples.weight(i));
        append_csv_line(text, make_array_view(std::as_const(line)));
      }
    writer.write(text);
    writer.close();
  }
} // namespace derl
