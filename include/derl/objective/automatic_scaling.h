// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_objective_automatic_scaling_h
#define derl_objective_automatic_scaling_h

#include <derl/data/samples.h>

#include <derl/network/scaling.h>

#include <deal.II/base/mpi.h>

#include <vector>

namespace derl
{
  /**
   * The scaling with which a network sees samples as numbers of about one,
   * whatever the units of the problem:
   * - coordinates are mapped to [-1, 1], from the samples' bounding box. One
   *   that is the same everywhere is shifted to zero, and divided by its
   *   magnitude.
   * - a component's shift is the mean of its observed values, and its scale the
   *   largest root mean square of its observed values (after the shift) and
   *   first derivatives (with respect to the scaled coordinates); of higher
   *   derivatives if there are no others. Means are weighted by the samples'
   *   weights in each table; the shift is the mean over the tables, and of the
   *   root mean squares the largest one over the tables counts. A component of
   *   which nothing is observed, or zeros only, keeps its unit.
   *
   * All tables have the coordinates of the network; ranks may have no samples.
   * Collective; three reductions.
   */
  Scaling
  automatic_scaling(const MPI_Comm                     &communicator,
                    const unsigned int                  n_components,
                    const std::vector<const Samples *> &tables);



  /**
   * The size that a jet entry has if it is one in the network's units: the
   * component's scale over those of the coordinates. For derivatives in space,
   * that is with respect to coordinates called x, y and z, the latter are all
   * the geometric mean of their scales: gradients count alike in all
   * directions, whatever the shape of the domain.
   */
  double
  unit_of(const JetEntry                 &entry,
          const Scaling                  &scaling,
          const std::vector<std::string> &coordinates);
} // namespace derl

#endif
