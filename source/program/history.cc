// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/coupling/surrogate_function.h>

#include <derl/program/results.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/utilities.h>

#include <cmath>
#include <cstdint>
#include <cstdio>

namespace derl
{
  using namespace dealii;

  template <int dim>
  History<dim>::History(const MPI_Comm                 &communicator,
                        const Surrogate                &surrogate,
                        const std::vector<std::string> &columns,
                        const Measure                  &measure,
                        const double                    interval,
                        const std::string              &path)
    : communicator(communicator)
    , surrogate(surrogate)
    , measure(measure)
    , interval(interval)
    , path(path)
  {
    run_collectively(communicator, [&]() {
      if (Utilities::MPI::this_mpi_process(communicator) == 0)
        file.open(path);
    });
    std::string header = "iteration,seconds";
    for (const std::string &column : columns)
      header += "," + column;
    write(header);
  }



  template <int dim>
  void
  History<dim>::write(const std::string &line)
  {
    run_collectively(communicator, [&]() {
      if (Utilities::MPI::this_mpi_process(communicator) != 0)
        return;
      file << line << std::endl;
      AssertThrow(file, ExcMessage("Cannot write '" + path + "'."));
    });
  }



  template <int dim>
  void
  History<dim>::update(const IterationState &state)
  {
    if (state.seconds < next || !std::isfinite(state.value))
      return;
    next = (std::floor(state.seconds / interval) + 1.) * interval;

    Surrogate current(surrogate);
    current.parameters = state.x;
    char text[64];
    std::snprintf(
      text, sizeof(text), "%u,%.3f", state.iteration, state.seconds);
    std::string line = text;
    for (const double figure : measure(SurrogateFunction<dim>(current)))
      {
        std::snprintf(text, sizeof(text), ",%.6e", figure);
        line += text;
      }
    write(line);
  }



  template <int dim>
  typename History<dim>::Measure
  errors_on_grid(const MPI_Comm                             &communicator,
                 const std::shared_ptr<const Function<dim>> &exact,
                 const Point<dim>                           &lower,
                 const Point<dim>                           &upper,
                 const unsigned int                          n_points)
  {
    const std::uint64_t n    = Utilities::pow<std::uint64_t>(n_points, dim);
    const unsigned int  rank = Utilities::MPI::this_mpi_process(communicator);
    const unsigned int  n_ranks = Utilities::MPI::n_mpi_processes(communicator);
    std::vector<Point<dim>> points;
    for (std::uint64_t i = n * rank / n_ranks; i < n * (rank + 1) / n_ranks;
         ++i)
      {
        Point<dim>    x;
        std::uint64_t rest = i;
        for (unsigned int d = 0; d < dim; ++d, rest /= n_points)
          x[d] = lower[d] +
                 (upper[d] - lower[d]) * (rest % n_points) / (n_points - 1.);
        points.push_back(x);
      }

    return [communicator, exact, points](
             const SurrogateFunction<dim> &surrogate) -> std::vector<double> {
      const auto jets = surrogate.jets(points, 1);

      // squares of the errors of values and gradients, and of what is exact
      std::vector<double> sums(4, 0.);
      for (unsigned int i = 0; i < points.size(); ++i)
        {
          const double         u        = exact->value(points[i]);
          const Tensor<1, dim> gradient = exact->gradient(points[i]);
          sums[0] += std::pow(jets.values[i](0) - u, 2);
          sums[1] += u * u;
          sums[2] += (jets.gradients[i][0] - gradient).norm_square();
          sums[3] += gradient.norm_square();
        }
      Utilities::MPI::sum(sums, communicator, sums);
      return {std::sqrt(sums[0] / sums[1]), std::sqrt(sums[2] / sums[3])};
    };
  }



  template class History<2>;
  template class History<3>;
  template History<2>::Measure
  errors_on_grid(const MPI_Comm &,
                 const std::shared_ptr<const Function<2>> &,
                 const Point<2> &,
                 const Point<2> &,
                 const unsigned int);
  template History<3>::Measure
  errors_on_grid(const MPI_Comm &,
                 const std::shared_ptr<const Function<3>> &,
                 const Point<3> &,
                 const Point<3> &,
                 const unsigned int);
} // namespace derl
