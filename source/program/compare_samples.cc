// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>
#include <derl/base/jet_entry.h>

#include <derl/coupling/errors.h>

#include <derl/data/sources.h>

#include <derl/program/program.h>
#include <derl/program/training_run.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/mpi.templates.h>
#include <deal.II/base/timer.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <map>
#include <numeric>
#include <sstream>
#include <utility>

namespace derl
{
  using namespace dealii;

  /**
   * Weighted sums of squares: of differences to exact observations, and of
   * these.
   */
  struct SampleErrors::Squares
  {
    double error = 0., size = 0.;

    void
    add(const Samples                   &samples,
        const Samples                   &exact,
        const unsigned int               i,
        const double                     weight,
        const std::vector<unsigned int> &columns)
    {
      for (const unsigned int c : columns)
        {
          const double u = exact.observations(i)[c];
          error += weight * std::pow(samples.observations(i)[c] - u, 2);
          size += weight * u * u;
        }
    }

    void
    add(const Squares &other)
    {
      error += other.error;
      size += other.size;
    }

    double
    relative() const
    {
      return std::sqrt(error / size);
    }

    template <class Archive>
    void
    serialize(Archive &archive, const unsigned int /*version*/)
    {
      archive &error &size;
    }
  };



  namespace
  {
    std::vector<std::pair<std::string, std::vector<unsigned int>>>
    groups_of(const FieldNames            &names,
              const std::vector<JetEntry> &columns,
              const unsigned int           t)
    {
      std::vector<std::pair<std::string, std::vector<unsigned int>>> result = {
        {"relative_l2_error", {}},
        {"relative_h1_seminorm_error", {}},
        {"relative_rate_error", {}}};
      for (unsigned int c = 0; c < columns.size(); ++c)
        {
          const MultiIndex  &d     = columns[c].derivative;
          const unsigned int order = std::accumulate(d.begin(), d.end(), 0u);
          if (order > 1)
            result.push_back(
              {"relative_" + names.name(columns[c]) + "_error", {c}});
          else
            result[order].second.push_back(c);
          if (order == 1 && t < d.size() && d[t] == 1)
            result[2].second.push_back(c);
        }
      result.erase(
        std::remove_if(result.begin(),
                       result.end(),
                       [](const auto &group) { return group.second.empty(); }),
        result.end());
      return result;
    }



    std::vector<double>
    weights_of(const Samples &samples)
    {
      std::vector<double> result;
      for (unsigned int i = 0; i < samples.size(); ++i)
        result.push_back(samples.weight(i));
      return result;
    }
  } // namespace



  SampleErrors::SampleErrors(const MPI_Comm  &communicator,
                             const Surrogate &surrogate,
                             const std::shared_ptr<const Residual> &equation)
    : communicator(communicator)
    , names(surrogate.names())
    , model{std::make_shared<const Surrogate>(surrogate),
            [](const ArrayView<const double> &) { return true; }}
    , equation(equation)
    , t(std::find(surrogate.coordinates.begin(),
                  surrogate.coordinates.end(),
                  "t") -
        surrogate.coordinates.begin())
    , has_times(t < surrogate.coordinates.size())
  {
  }



  SampleErrors::~SampleErrors() = default;



  Samples
  SampleErrors::add(const Samples &exact,
                    const Samples &reference,
                    const double   factor)
  {
    std::vector<std::string> columns;
    for (const JetEntry &column : exact.columns())
      columns.push_back(names.name(column));
    run_collectively(communicator, [&]() {
      AssertThrow(reference.columns() == exact.columns() &&
                    reference.points() == exact.points(),
                  ExcMessage("The samples of the reference have other points "
                             "or columns than those of the exact solution."));
    });
    Samples learned = sample_teachers(
      communicator, {model}, exact.points(), columns, weights_of(exact));

    groups = groups_of(names, exact.columns(), t);
    const std::array<const Samples *, 2> both   = {{&reference, &learned}};
    double                               volume = 0.;
    for (unsigned int i = 0; i < exact.size(); ++i)
      {
        const double weight = factor * exact.weight(i);
        volume += weight;
        auto &sums = times[has_times ? exact.point(i)[t] : 0.];
        sums.resize(2 * groups.size());
        for (unsigned int g = 0; g < groups.size(); ++g)
          for (unsigned int k = 0; k < 2; ++k)
            sums[2 * g + k].add(*both[k], exact, i, weight, groups[g].second);
        for (unsigned int k = 0; k < 2; ++k)
          for (unsigned int c = 0; c < columns.size(); ++c)
            if (order(exact.columns()[c].derivative) == 0)
              largest[k] = std::max(largest[k],
                                    std::abs(both[k]->observations(i)[c] -
                                             exact.observations(i)[c]));
      }
    if (equation != nullptr)
      {
        volume = Utilities::MPI::sum(volume, communicator);
        volumes += volume;
        for (unsigned int k = 0; k < 2; ++k)
          residuals[k] +=
            volume *
            std::pow(residual_rms(communicator, names, *both[k], *equation), 2);
      }
    return learned;
  }



  std::map<double, std::vector<SampleErrors::Squares>>
  SampleErrors::all_times() const
  {
    // ranks may have seen different times, or none
    using Times = std::map<double, std::vector<Squares>>;
    return Utilities::MPI::all_reduce<Times>(
      times, communicator, [](const Times &a, const Times &b) {
        Times sum = a;
        for (const auto &[time, squares] : b)
          {
            sum[time].resize(squares.size());
            for (unsigned int s = 0; s < squares.size(); ++s)
              sum[time][s].add(squares[s]);
          }
        return sum;
      });
  }



  std::vector<std::pair<std::string, Figures>>
  SampleErrors::figures() const
  {
    const auto                                   all    = all_times();
    std::vector<std::pair<std::string, Figures>> result = {{"reference", {}},
                                                           {"surrogate", {}}};
    for (unsigned int k = 0; k < 2; ++k)
      {
        Figures &figures = result[k].second;
        for (unsigned int g = 0; g < groups.size(); ++g)
          {
            Squares sum;
            for (const auto &[time, squares] : all)
              sum.add(squares[2 * g + k]);
            figures.emplace_back(groups[g].first, sum.relative());
          }
        figures.emplace_back("max_error",
                             Utilities::MPI::max(largest[k], communicator));
        if (equation != nullptr)
          figures.emplace_back("residual_rms",
                               std::sqrt(residuals[k] / volumes));
      }
    return result;
  }



  void
  SampleErrors::write_times(const std::string        &folder,
                            const ConditionalOStream &progress) const
  {
    if (!has_times)
      return;
    const auto                               all    = all_times();
    const std::map<std::string, std::string> titles = {
      {"relative_l2_error", "values"},
      {"relative_h1_seminorm_error", "gradient"},
      {"relative_rate_error", "rate"}};
    std::ostringstream text;
    std::string        columns;
    unsigned int       column = 1;
    text << "time";
    for (const auto &group : groups)
      if (titles.count(group.first) > 0)
        for (const std::string of : {"reference ", "surrogate "})
          {
            text << ',' << of << titles.at(group.first);
            columns += std::to_string(++column) + " ";
          }
    for (const auto &[time, squares] : all)
      {
        text << '\n' << time;
        for (unsigned int g = 0; g < groups.size(); ++g)
          if (titles.count(groups[g].first) > 0)
            text << ',' << squares[2 * g].relative() << ','
                 << squares[2 * g + 1].relative();
      }
    write_file(communicator, folder + "/errors.csv", text.str() + '\n');
    draw_picture(folder,
                 "curves.gp",
                 {"errors",
                  "errors.csv",
                  "time",
                  "relative L2 error at this time",
                  "y",
                  "1",
                  columns},
                 progress);
  }



  namespace
  {
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
    Timer         timer;
    SampleErrors  errors(communicator, surrogate, equation);
    const Samples learned = errors.add(exact, reference);
    record(errors.figures());
    errors.write_times(folder, pcout);

    const auto &all = surrogate.coordinates;
    const auto  t   = std::find(all.begin(), all.end(), "t") - all.begin();
    if (t < 2 && all.size() == 2 && surrogate.components.size() == 1)
      {
        write_map(
          communicator, folder + "/fields.dat", t, exact, reference, learned);
        draw_picture(folder,
                     "space_time.gp",
                     {"solution", surrogate.components[0], all[1 - t]},
                     pcout);
      }
    summary.seconds_evaluation = timer.wall_time();
  }
} // namespace derl
