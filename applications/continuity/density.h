// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_continuity_density_h
#define derl_applications_continuity_density_h

#include <derl/data/samples.h>

#include <derl/program/program.h>

#include <solvers/exact_solution.h>

#include <cmath>

namespace derl
{
  /**
   * The formula of four Gaussian densities that turn round the origin, once in
   * the time 2 pi.
   */
  struct TurningGaussians
  {
    template <typename Coordinates, typename Number>
    std::array<Number, 1>
    operator()(const Coordinates &x,
               const Number      &t,
               const std::vector<double> &) const
    {
      using std::cos;
      using std::exp;
      using std::sin;
      // where the point was at the time 0
      const Number a = cos(t) * x[0] + sin(t) * x[1];
      const Number b = cos(t) * x[1] - sin(t) * x[0];
      Number       sum(0.);
      for (const auto &center : centers)
        sum += exp(-((a - center[0]) * (a - center[0]) +
                     (b - center[1]) * (b - center[1])) /
                   width);
      return {{sum}};
    }

    static constexpr double width         = 0.05;
    static constexpr double centers[4][2] = {{-0.3, -0.6},
                                             {-0.1, 0.2},
                                             {0.5, -0.5},
                                             {0.5, 0.4}};
  };



  /**
   * The exact density, and what is measured by it.
   */
  class TurningDensity : public FormulaSolution<2, TurningGaussians>
  {
  public:
    TurningDensity()
      : FormulaSolution<2, TurningGaussians>(TurningGaussians())
    {
    }

    /**
     * Values and first derivatives with respect to x, y, t at the points of
     * @p samples in (x, y, t), with their weights.
     */
    Samples
    sample(const Samples &samples) const;

    /**
     * What is wrong with the values that samples have in the square and on its
     * @p edge at several times: initial_error and final_error, relative in L2
     * at the first and the last time; mass_error, the root mean square over the
     * times of the relative error of the total mass; and boundary_rms, that of
     * the values at the edge, where the exact density is below 3e-6.
     * Collective.
     */
    Figures
    measure(const MPI_Comm &communicator,
            const Samples  &samples,
            const Samples  &edge) const;
  };
} // namespace derl

#endif
