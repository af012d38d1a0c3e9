// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/equations/sacado_residual.h>

#include <solvers/flow_equations.h>

namespace derl
{
  std::map<std::string, std::shared_ptr<const Residual>>
  flow_equations(const double viscosity)
  {
    const auto continuity =
      residual({"u_x", "v_y"}, [](const auto &jet, const auto &, const auto &) {
        const auto &[u_x, v_y] = jet;
        return rows(u_x + v_y);
      });
    const auto momentum = residual(
      {"u",
       "u_x",
       "u_y",
       "u_xx",
       "u_yy",
       "v",
       "v_x",
       "v_y",
       "v_xx",
       "v_yy",
       "p_x",
       "p_y"},
      [viscosity](const auto &jet, const auto &, const auto &) {
        const auto
          &[u, u_x, u_y, u_xx, u_yy, v, v_x, v_y, v_xx, v_yy, p_x, p_y] = jet;
        return rows(u * u_x + v * u_y + p_x - viscosity * (u_xx + u_yy),
                    u * v_x + v * v_y + p_y - viscosity * (v_xx + v_yy));
      });
    return {{"continuity", continuity}, {"momentum", momentum}};
  }



  OutputMap
  flow_output_map(const bool has_stream_function)
  {
    return has_stream_function
             ? OutputMap::direct_sum(
                 {OutputMap::curl(2, 2), OutputMap::identity(1, 2)})
             : OutputMap();
  }
} // namespace derl
