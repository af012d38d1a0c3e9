// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_stokes_flow_h
#define derl_applications_stokes_flow_h

#include <memory>

#include "problem.h"

namespace derl
{
  /**
   * The Stokes equations -Laplace(u) + grad p = f, div u = 0, with Taylor-Hood
   * elements: rows of eddies, with the velocity given at the boundary. The
   * quantity is the pressure.
   */
  std::unique_ptr<Problem<2>>
  make_stokes_flow();
} // namespace derl

#endif
