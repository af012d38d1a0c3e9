// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_flow_benchmark_h
#define derl_applications_flow_benchmark_h

#include <deal.II/base/point.h>
#include <deal.II/base/tensor.h>
#include <deal.II/base/types.h>

#include <array>

namespace derl
{
  /**
   * The benchmark 2D-1 of M. Schaefer and S. Turek, "Benchmark computations of
   * laminar flow around a cylinder", Notes on Numerical Fluid Mechanics 52
   * (1996) 547-566: the stationary flow at Reynolds number 20 past a cylinder
   * of diameter 0.1 in a channel of height 0.41, of density 1.
   */
  namespace flow_benchmark
  {
    constexpr double viscosity        = 1e-3;
    constexpr double channel_length   = 2.2;
    constexpr double channel_height   = 0.41;
    constexpr double diameter         = 0.1;
    constexpr double largest_velocity = 0.3;
    /** two thirds of the largest velocity at the inflow */
    constexpr double mean_velocity = 0.2;

    inline dealii::Point<2>
    center()
    {
      return {0.2, 0.2};
    }

    /** Velocities u, v and the pressure p. */
    constexpr unsigned int n_components = 3;

    /** The boundary ids of GridGenerator::channel_with_cylinder(). */
    constexpr dealii::types::boundary_id inflow   = 0;
    constexpr dealii::types::boundary_id outflow  = 1;
    constexpr dealii::types::boundary_id cylinder = 2;
    constexpr dealii::types::boundary_id walls    = 3;

    /**
     * What the benchmark asks for: the coefficients of drag and lift, forces
     * times 2 / (density * mean velocity^2 * diameter), and the difference of
     * the pressures at (0.15, 0.2) and (0.25, 0.2).
     */
    struct Coefficients
    {
      double drag                = 0;
      double lift                = 0;
      double pressure_difference = 0;
    };

    /**
     * The published figures, from spectral computations: G. Nabh, "On high
     * order methods for the stationary incompressible Navier-Stokes equations",
     * doctoral thesis, Heidelberg 1998; also the values of the benchmark's page
     * at TU Dortmund (featflow).
     */
    constexpr Coefficients published = {5.57953523384,
                                        0.010618948146,
                                        0.11752016697};

    /**
     * The factor between a force and its coefficient.
     */
    constexpr double force_scale =
      2. / (mean_velocity * mean_velocity * diameter);

    /**
     * The points in front of and behind the cylinder between which the
     * pressure difference is taken.
     */
    inline std::array<dealii::Point<2>, 2>
    pressure_points()
    {
      dealii::Tensor<1, 2> radius;
      radius[0] = diameter / 2;
      return {{center() - radius, center() + radius}};
    }
  } // namespace flow_benchmark
} // namespace derl

#endif
