// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_solvers_flow_equations_h
#define derl_applications_solvers_flow_equations_h

#include <derl/equations/residual.h>

#include <derl/network/maps.h>

#include <map>
#include <memory>
#include <string>

namespace derl
{
  /**
   * The stationary Navier-Stokes equations of FlowProblem, without a force, as
   * residuals of the components u, v and p: "continuity", the divergence, and
   * "momentum".
   */
  std::map<std::string, std::shared_ptr<const Residual>>
  flow_equations(const double viscosity);

  /**
   * The components u, v, p of a network with these outputs, or of one with a
   * stream function, whose curl is the velocity, and p.
   */
  OutputMap
  flow_output_map(const bool has_stream_function);
} // namespace derl

#endif
