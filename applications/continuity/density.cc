// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "density.h"

#include <deal.II/base/mpi.h>
#include <deal.II/base/numbers.h>

#include <array>
#include <map>

namespace derl
{
  using namespace dealii;

  Samples
  TurningDensity::sample(const Samples &samples) const
  {
    TurningDensity density(*this);
    return exact_samples(density, samples);
  }



  Figures
  TurningDensity::measure(const MPI_Comm &communicator,
                          const Samples  &samples,
                          const Samples  &edge) const
  {
    const unsigned int u = samples.column_of({0, {0, 0, 0}});
    // at each time: squares of errors and values, the mass
    using Sums = std::array<double, 3>;
    std::map<double, Sums> times;
    const Samples          exact = sample(samples);
    for (unsigned int i = 0; i < samples.size(); ++i)
      {
        const double value  = samples.observations(i)[u];
        const double wanted = exact.observations(i)[0];
        const double weight = samples.weight(i);
        Sums        &sums   = times[samples.point(i)[2]];
        sums[0] += weight * (value - wanted) * (value - wanted);
        sums[1] += weight * wanted * wanted;
        sums[2] += weight * value;
      }
    // a rank without cells has no times
    std::map<double, Sums> all;
    for (const auto &part : Utilities::MPI::all_gather(communicator, times))
      for (const auto &[time, sums] : part)
        for (unsigned int k = 0; k < sums.size(); ++k)
          all[time][k] += sums[k];
    const double mass    = 4. * numbers::PI * TurningGaussians::width;
    double       squares = 0.;
    for (const auto &[time, sums] : all)
      squares += std::pow(sums[2] / mass - 1., 2) / all.size();
    std::array<double, 2> at_edge = {{0., 0.}};
    for (unsigned int i = 0; i < edge.size(); ++i)
      {
        at_edge[0] += edge.weight(i) * std::pow(edge.observations(i)[0], 2);
        at_edge[1] += edge.weight(i);
      }
    at_edge[0]          = Utilities::MPI::sum(at_edge[0], communicator);
    at_edge[1]          = Utilities::MPI::sum(at_edge[1], communicator);
    const auto relative = [](const Sums &sums) {
      return std::sqrt(sums[0] / sums[1]);
    };
    return {{"initial_error", relative(all.begin()->second)},
            {"final_error", relative(all.rbegin()->second)},
            {"mass_error", std::sqrt(squares)},
            {"boundary_rms", std::sqrt(at_edge[0] / at_edge[1])}};
  }
} // namespace derl
