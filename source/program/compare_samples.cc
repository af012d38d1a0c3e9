// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>
#include <derl/base/jet_entry.h>

#include <derl/coupling/errors.h>

#include <derl/data/sources.h>

#include <derl/program/program.h>
#include <derl/program/training_run.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/timer.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <map>
#include <numeric>
#include <utility>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * Columns whose errors count together: all values, all first derivatives,
     * or one derivative of a higher order.
     */
    struct Group
    {
      std::string               name;
      std::vector<unsigned int> columns;
    };



    std::vector<Group>
    groups_of(const FieldNames &names, const std::vector<JetEntry> &columns)
    {
      std::vector<Group> result = {{"relative_l2_error", {}},
                                   {"relative_h1_seminorm_error", {}}};
      for (unsigned int c = 0; c < columns.size(); ++c)
        {
          const MultiIndex  &d     = columns[c].derivative;
          const unsigned int order = std::accumulate(d.begin(), d.end(), 0u);
          if (order < 2)
            result[order].columns.push_back(c);
          else
            result.push_back(
              {"relative_" + names.name(columns[c]) + "_error", {c}});
        }
      return result;
    }



    /**
     * Weighted sums of squares: of differences to exact samples, and of these.
     */
    struct Squares
    {
      double error = 0., size = 0.;

      void
      add(const Samples     &samples,
          const Samples     &exact,
          const unsigned int i,
          const Group       &group)
      {
        for (const unsigned int c : group.columns)
          {
            const double u = exact.observations(i)[c];
            error +=
              exact.weight(i) * std::pow(samples.observations(i)[c] - u, 2);
            size += exact.weight(i) * u * u;
          }
      }

      double
      relative() const
      {
        return std::sqrt(error / size);
      }
    };



    Figures
    errors_of(const MPI_Comm           &communicator,
              const Samples            &samples,
              const Samples            &exact,
              const std::vector<Group> &groups)
    {
      Figures result;
      for (const Group &group : groups)
        {
          Squares sums;
          for (unsigned int i = 0; i < exact.size(); ++i)
            sums.add(samples, exact, i, group);
          sums.error = Utilities::MPI::sum(sums.error, communicator);
          sums.size  = Utilities::MPI::sum(sums.size, communicator);
          if (!group.columns.empty())
            result.emplace_back(group.name, sums.relative());
        }
      double largest = 0.;
      for (unsigned int i = 0; i < exact.size(); ++i)
        for (const unsigned int c : groups[0].columns)
          largest = std::max(
            largest,
            std::abs(samples.observations(i)[c] - exact.observations(i)[c]));
      result.emplace_back("max_error",
                          Utilities::MPI::max(largest, communicator));
      return result;
    }



    /**
     * The rows of all ranks on the first one, sorted, as [row][column].
     */
    std::vector<std::vector<double>>
    gather_rows(const MPI_Comm            &communicator,
                const std::vector<double> &mine,
                const unsigned int         n_columns)
    {
      std::vector<std::vector<double>> rows;
      for (const auto &numbers : Utilities::MPI::gather(communicator, mine))
        for (auto row = numbers.begin(); row != numbers.end(); row += n_columns)
          rows.emplace_back(row, row + n_columns);
      std::sort(rows.begin(), rows.end());
      return rows;
    }



    /**
     * Write errors of values and of first derivatives at each time.
     */
    void
    write_times(const MPI_Comm           &communicator,
                const std::string        &path,
                const unsigned int        t,
                const Samples            &exact,
                const Samples            &reference,
                const Samples            &surrogate,
                const std::vector<Group> &groups)
    {
      using Sums = std::array<Squares, 4>;
      std::map<double, Sums> times;
      for (unsigned int i = 0; i < exact.size(); ++i)
        for (unsigned int s = 0; s < 4; ++s)
          times[exact.point(i)[t]][s].add(
            s % 2 == 0 ? reference : surrogate, exact, i, groups[s / 2]);
      std::vector<double> mine;
      for (const auto &[time, sums] : times)
        {
          mine.push_back(time);
          for (const Squares &squares : sums)
            mine.insert(mine.end(), {squares.error, squares.size});
        }
      const auto rows = gather_rows(communicator, mine, 9);
      run_collectively(communicator, [&]() {
        if (Utilities::MPI::this_mpi_process(communicator) != 0)
          return;
        times.clear();
        for (const auto &row : rows)
          for (unsigned int s = 0; s < 4; ++s)
            {
              times[row[0]][s].error += row[1 + 2 * s];
              times[row[0]][s].size += row[2 + 2 * s];
            }
        std::ofstream out(path);
        out << "time,reference values,surrogate values,reference gradient,"
               "surrogate gradient\n";
        for (const auto &[time, sums] : times)
          {
            out << time;
            for (const Squares &squares : sums)
              out << ',' << squares.relative();
            out << '\n';
          }
        AssertThrow(out.flush(), ExcMessage("Cannot write '" + path + "'."));
      });
    }



    /**
     * Write times, places, values and errors in blocks of equal times, of which
     * some are left out if there are many points.
     */
    void
    write_map(const MPI_Comm    &communicator,
              const std::string &path,
              const unsigned int t,
              const Samples     &exact,
              const Samples     &reference,
              const Samples     &surrogate)
    {
      const unsigned int  c = exact.column_of({0, MultiIndex(2, 0)});
      std::vector<double> mine;
      for (unsigned int i = 0; i < exact.size(); ++i)
        {
          const double u = exact.observations(i)[c];
          mine.insert(mine.end(),
                      {exact.point(i)[t],
                       exact.point(i)[1 - t],
                       u,
                       reference.observations(i)[c] - u,
                       surrogate.observations(i)[c] - u});
        }
      const auto rows = gather_rows(communicator, mine, 5);
      run_collectively(communicator, [&]() {
        if (Utilities::MPI::this_mpi_process(communicator) != 0)
          return;
        std::ofstream     out(path);
        const std::size_t stride  = rows.size() / 50000 + 1;
        std::size_t       n_times = 0;
        for (std::size_t r = 0; r < rows.size(); ++r)
          {
            if (r > 0 && rows[r][0] != rows[r - 1][0] &&
                n_times++ % stride == 0)
              out << '\n';
            if (n_times % stride == 0)
              for (unsigned int n = 0; n < 5; ++n)
                out << rows[r][n] << (n < 4 ? ' ' : '\n');
          }
        AssertThrow(out.flush(), ExcMessage("Cannot write '" + path + "'."));
      });
    }
  } // namespace



  void
  TrainingRun::compare(const Samples                         &exact,
                       const Samples                         &reference,
                       const std::shared_ptr<const Residual> &equation)
  {
    Timer                    timer;
    const FieldNames         names = surrogate.names();
    std::vector<std::string> columns;
    for (const JetEntry &column : exact.columns())
      columns.push_back(names.name(column));
    std::vector<double> weights;
    for (unsigned int i = 0; i < exact.size(); ++i)
      weights.push_back(exact.weight(i));
    run_collectively(communicator, [&]() {
      AssertThrow(reference.columns() == exact.columns() &&
                    reference.points() == exact.points(),
                  ExcMessage("The samples of the reference have other points "
                             "or columns than those of the exact solution."));
    });
    const Samples learned =
      sample_teachers(communicator,
                      {{std::make_shared<const Surrogate>(surrogate),
                        [](const ArrayView<const double> &) { return true; }}},
                      exact.points(),
                      columns,
                      weights);

    const std::vector<Group> groups = groups_of(names, exact.columns());
    std::vector<std::pair<std::string, Figures>> figures;
    for (const auto &[name, samples] :
         std::vector<std::pair<std::string, const Samples *>>{
           {"reference", &reference}, {"surrogate", &learned}})
      {
        figures.emplace_back(name,
                             errors_of(communicator, *samples, exact, groups));
        if (equation != nullptr)
          figures.back().second.emplace_back(
            "residual_rms",
            residual_rms(communicator, names, *samples, *equation));
      }
    record(figures);

    const auto &all = surrogate.coordinates;
    const auto  t   = std::find(all.begin(), all.end(), "t") - all.begin();
    if (t < static_cast<long>(all.size()))
      {
        write_times(communicator,
                    folder + "/errors.csv",
                    t,
                    exact,
                    reference,
                    learned,
                    groups);
        draw_picture(folder,
                     "curves.gp",
                     {"errors",
                      "errors.csv",
                      "time",
                      "relative L2 error at this time",
                      "y",
                      "1",
                      "2 3 4 5"},
                     pcout);
        if (all.size() == 2 && surrogate.components.size() == 1)
          {
            write_map(communicator,
                      folder + "/fields.dat",
                      t,
                      exact,
                      reference,
                      learned);
            draw_picture(folder,
                         "space_time.gp",
                         {"solution", surrogate.components[0], all[1 - t]},
                         pcout);
          }
      }
    summary.seconds_evaluation = timer.wall_time();
  }
} // namespace derl
