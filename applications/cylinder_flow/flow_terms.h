// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_flow_terms_h
#define derl_applications_flow_terms_h

#include <derl/network/surrogate.h>

#include <derl/training/trainer.h>

#include <string>

#include "cylinder_solver.h"
#include "flow_parameters.h"

namespace derl
{
  /**
   * The maps between the benchmark's units and a network's: the cylinder's
   * center is at 0 and lengths are in the given number of diameters; velocities
   * are in the mean velocity, pressures in density times its square. A stream
   * function is in the mean velocity times the unit of length.
   */
  Scaling
  flow_scaling(const double length_unit,
               const bool   has_stream_function = false);

  /**
   * Take the samples that @p parameters describe and add the terms to
   * @p trainer. There are the samples
   * - "velocity points" and "pressure points", at the Gauss points in the cells
   *   where derivatives of the velocity, or of the pressure, are most accurate,
   * - "boundary", values at the Gauss points of the boundary's faces; one value
   *   of the pressure would be enough, as gradients fix the rest,
   * - "cylinder", derivatives at those of the cylinder's faces.
   *
   * Returns a description of the samples for the model's provenance.
   * Collective.
   */
  std::string
  add_terms(const FlowParameters &parameters,
            const CylinderSolver &solver,
            Trainer              &trainer);
} // namespace derl

#endif
