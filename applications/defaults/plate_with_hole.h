// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_plate_with_hole_h
#define derl_applications_plate_with_hole_h

#include <memory>

#include "problem.h"

namespace derl
{
  /**
   * A square plate with a round hole under tension in x direction, plane
   * strain. Its displacement is that of the infinite plate: E. G. Kirsch,
   * Zeitschrift des Vereines Deutscher Ingenieure 42 (1898) 797. It is given at
   * the outer boundary; the hole is free. The quantity is the hoop stress
   * there.
   */
  std::unique_ptr<Problem<2>>
  make_plate_with_hole();
} // namespace derl

#endif
