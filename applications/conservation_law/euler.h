// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_conservation_law_euler_h
#define derl_applications_conservation_law_euler_h

#include <derl/data/samples.h>

#include <derl/equations/residual.h>

#include <deal.II/base/mpi.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace derl
{
  /**
   * The incompressible Euler equations with variable density in the unit ball,
   * of arXiv 2505.01391, for the density rho, the momentum m = rho v and the
   * pressure p as functions of t, x, y, z. The conservation of mass,
   * rho_t + div m = 0, is built into the surrogate
   * (OutputMap::conservation_law).
   */
  namespace euler
  {
    inline const std::vector<std::string> coordinates = {"t", "x", "y", "z"};
    inline const std::vector<std::string> components  = {"rho",
                                                         "mx",
                                                         "my",
                                                         "mz",
                                                         "p"};

    /**
     * "momentum": rho^3 (v_t + v.grad v + grad p / rho), free of divisions,
     * three rows; "incompressibility": rho^2 (rho_t + v.grad rho) / rho;
     * "wall": m.n; "mass": the residual that is zero to round-off.
     */
    std::map<std::string, std::shared_ptr<const Residual>>
    residuals();

    /**
     * Random points in the ball, or on its surface, at random times up to
     * @p final_time; each rank has an equal share.
     */
    Samples
    random_points(const MPI_Comm    &communicator,
                  const unsigned int n,
                  const double       final_time,
                  const bool         on_surface,
                  const unsigned int seed);

    /**
     * The initial values rho = 3/2 - |x|^2, v = (-2, x - 1, 1/2) at the points
     * of a table, at the time zero.
     */
    Samples
    initial_values(const Samples &points);
  } // namespace euler
} // namespace derl

#endif
