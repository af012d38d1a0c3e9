// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "euler.h"

#include <derl/equations/sacado_residual.h>

#include <cmath>
#include <random>

namespace derl
{
  using namespace dealii;

  std::map<std::string, std::shared_ptr<const Residual>>
  euler::residuals()
  {
    return {
      {"momentum",
       residual(
         {"rho",  "rho_t", "rho_x", "rho_y", "rho_z", "mx",   "mx_t", "mx_x",
          "mx_y", "mx_z",  "my",    "my_t",  "my_x",  "my_y", "my_z", "mz",
          "mz_t", "mz_x",  "mz_y",  "mz_z",  "p_x",   "p_y",  "p_z"},
         [](const auto &jet, const auto &, const auto &) {
           const auto &[r,
                        rt,
                        rx,
                        ry,
                        rz,
                        a,
                        at,
                        ax,
                        ay,
                        az,
                        b,
                        bt,
                        bx,
                        by,
                        bz,
                        c,
                        ct,
                        cx,
                        cy,
                        cz,
                        px,
                        py,
                        pz] = jet;
           // that of a mass that the flow carries
           using Number         = std::decay_t<decltype(r)>;
           const Number carried = r * rt + a * rx + b * ry + c * rz;
           return rows(
             r * (r * at + a * ax + b * ay + c * az) - a * carried + r * r * px,
             r * (r * bt + a * bx + b * by + c * bz) - b * carried + r * r * py,
             r * (r * ct + a * cx + b * cy + c * cz) - c * carried +
               r * r * pz);
         })},
      {"incompressibility",
       residual({"rho", "rho_t", "rho_x", "rho_y", "rho_z", "mx", "my", "mz"},
                [](const auto &jet, const auto &, const auto &) {
                  const auto &[r, rt, rx, ry, rz, a, b, c] = jet;
                  return rows(r * rt + a * rx + b * ry + c * rz);
                })},
      {"wall",
       residual({"mx", "my", "mz"},
                [](const auto &jet, const auto &, const auto &point) {
                  const auto &[a, b, c] = jet;
                  return rows(a * point[1] + b * point[2] + c * point[3]);
                })},
      {"mass",
       residual({"rho_t", "mx_x", "my_y", "mz_z"},
                [](const auto &jet, const auto &, const auto &) {
                  const auto &[rt, ax, by, cz] = jet;
                  return rows(rt + ax + by + cz);
                })}};
  }



  Samples
  euler::random_points(const MPI_Comm    &communicator,
                       const unsigned int n,
                       const double       final_time,
                       const bool         on_surface,
                       const unsigned int seed)
  {
    const unsigned int rank  = Utilities::MPI::this_mpi_process(communicator);
    const unsigned int ranks = Utilities::MPI::n_mpi_processes(communicator);
    // the library's distributions differ between platforms, this does not
    std::mt19937_64 generator(seed);
    const auto      uniform = [&]() {
      return std::ldexp(static_cast<double>(generator() >> 11), -53);
    };
    Samples result(4, {}, "random points");
    for (unsigned int i = 0; i < n; ++i)
      {
        std::vector<double> p(4);
        double              square;
        do
          {
            square = 0.;
            for (unsigned int d = 1; d < 4; ++d)
              {
                p[d] = 2. * uniform() - 1.;
                square += p[d] * p[d];
              }
          }
        while (square > 1. || (on_surface && square < 1e-2));
        if (on_surface)
          for (unsigned int d = 1; d < 4; ++d)
            p[d] /= std::sqrt(square);
        p[0] = final_time * uniform();
        if (i % ranks == rank)
          result.add(make_array_view(p), {}, 1.);
      }
    return result;
  }



  Samples
  euler::initial_values(const Samples &points)
  {
    Samples result(4,
                   FieldNames(coordinates, components)
                     .parse(std::vector<std::string>{"rho", "mx", "my", "mz"}),
                   "initial values");
    for (unsigned int i = 0; i < points.size(); ++i)
      {
        std::vector<double> p(points.point(i), points.point(i) + 4);
        p[0]             = 0.;
        const double rho = 1.5 - p[1] * p[1] - p[2] * p[2] - p[3] * p[3];
        const std::vector<double> values = {
          rho, -2. * rho, (p[1] - 1.) * rho, 0.5 * rho};
        result.add(make_array_view(p), make_array_view(values), 1.);
      }
    return result;
  }
} // namespace derl
