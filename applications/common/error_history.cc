// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/coupling/surrogate_function.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/utilities.h>

#include <common/error_history.h>

#include <cmath>
#include <cstdint>
#include <cstdio>

namespace derl
{
  using namespace dealii;

  template <int dim>
  ErrorHistory<dim>::ErrorHistory(
    const MPI_Comm                             &communicator,
    const Surrogate                            &surrogate,
    const std::shared_ptr<const Function<dim>> &exact,
    const Point<dim>                           &lower,
    const Point<dim>                           &upper,
    const unsigned int                          n_points,
    const double                                interval,
    const std::string                          &path)
    : communicator(communicator)
    , surrogate(surrogate)
    , exact(exact)
    , interval(interval)
    , path(path)
  {
    const std::uint64_t n    = Utilities::pow<std::uint64_t>(n_points, dim);
    const unsigned int  rank = Utilities::MPI::this_mpi_process(communicator);
    const unsigned int  n_ranks = Utilities::MPI::n_mpi_processes(communicator);
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

    run_agreed(communicator, [&]() {
      if (rank == 0)
        file.open(path);
    });
    write("iteration,seconds,relative_l2_error,relative_h1_seminorm_error");
  }



  template <int dim>
  void
  ErrorHistory<dim>::write(const std::string &line)
  {
    run_agreed(communicator, [&]() {
      if (Utilities::MPI::this_mpi_process(communicator) != 0)
        return;
      file << line << std::endl;
      AssertThrow(file, ExcMessage("Cannot write '" + path + "'."));
    });
  }



  template <int dim>
  void
  ErrorHistory<dim>::update(const IterationState &state)
  {
    if (state.seconds < next || !std::isfinite(state.value))
      return;
    next = (std::floor(state.seconds / interval) + 1.) * interval;

    Surrogate current(surrogate);
    current.parameters = state.x;
    const auto jets    = SurrogateFunction<dim>(current).jets(points, 1);

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

    char line[128];
    std::snprintf(line,
                  sizeof(line),
                  "%u,%.3f,%.6e,%.6e",
                  state.iteration,
                  state.seconds,
                  std::sqrt(sums[0] / sums[1]),
                  std::sqrt(sums[2] / sums[3]));
    write(line);
  }



  template class ErrorHistory<2>;
  template class ErrorHistory<3>;
} // namespace derl
