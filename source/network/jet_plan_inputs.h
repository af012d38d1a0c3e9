// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// How a block of points becomes the network's inputs, with all their
// derivatives if they depend on the point.

#ifndef derl_network_jet_plan_inputs_h
#define derl_network_jet_plan_inputs_h

#include <derl/network/jet_plan.h>

#include <deal.II/base/numbers.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "jet_plan_implementation.h"

namespace derl
{
  template <typename Number>
  void
  JetPlan::Implementation::fill_inputs(const double      *points,
                                       const unsigned int n_points,
                                       const unsigned int n_panels,
                                       Number            *workspace) const
  {
    const unsigned int dim = scaling.input_shift.size();
    const auto         linear =
      [&](const unsigned int d, const unsigned int p, Number *const out) {
        for (unsigned int k = 0; k < panel_size; ++k)
          out[k] = static_cast<Number>(
            shifted(points, n_points, p * panel_size + k, d) * input_slope[d]);
      };

    const Place value = {false, 0};
    for (unsigned int p = 0; p < n_panels; ++p)
      if (!shape.has_features)
        for (unsigned int d = 0; d < dim; ++d)
          linear(d, p, input_of(workspace, p, value, d));
      else
        {
          const auto &coordinates = input_map.linear_coordinates();
          for (unsigned int f = 0; f < coordinates.size(); ++f)
            linear(coordinates[f], p, input_of(workspace, p, value, f));
          for (const LinearSlope &slope : linear_slopes)
            std::fill_n(input_of(workspace, p, slope.place, slope.feature),
                        panel_size,
                        static_cast<Number>(slope.value));
          fill_waves(points, n_points, p, workspace);
        }
  }



  template <typename Number>
  void
  JetPlan::Implementation::fill_waves(const double      *points,
                                      const unsigned int n_points,
                                      const unsigned int p,
                                      Number            *workspace) const
  {
    const unsigned int dim     = scaling.input_shift.size();
    unsigned int       feature = input_map.linear_coordinates().size();
    // no panel has more points
    std::array<double, 64> cosine, sine;
    for (unsigned int w = 0; w < input_map.waves().size(); ++w, feature += 2)
      {
        const std::vector<double> &frequencies = input_map.waves()[w];
        for (unsigned int k = 0; k < panel_size; ++k)
          {
            double cycles = 0.;
            for (unsigned int d = 0; d < dim; ++d)
              cycles += frequencies[d] *
                        shifted(points, n_points, p * panel_size + k, d);
            // whole cycles are taken off where that is exact
            const double angle =
              2. * dealii::numbers::PI * (cycles - std::round(cycles));
            cosine[k] = std::cos(angle);
            sine[k]   = std::sin(angle);
          }
        for (const WaveDerivative &derivative : wave_derivatives[w])
          {
            // derivatives of the cosine: -sin, -cos, sin; those of the sine are
            // one ahead
            const auto write = [&](const unsigned int ahead,
                                   Number *const      out) {
              const unsigned int phase  = (derivative.order + ahead) % 4;
              const double       factor = phase == 1 || phase == 2
                                            ? -derivative.factor
                                            : derivative.factor;
              const auto        &wave   = phase % 2 == 0 ? cosine : sine;
              for (unsigned int k = 0; k < panel_size; ++k)
                out[k] = static_cast<Number>(factor * wave[k]);
            };
            write(0, input_of(workspace, p, derivative.place, feature));
            write(3, input_of(workspace, p, derivative.place, feature + 1));
          }
      }
  }
} // namespace derl

#endif
