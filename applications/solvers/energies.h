// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_solvers_energies_h
#define derl_applications_solvers_energies_h

#include <derl/data/samples.h>
#include <derl/data/sources.h>

#include <derl/equations/residual.h>

#include <derl/network/surrogate.h>

#include <deal.II/base/mpi.h>

#include <map>
#include <memory>
#include <string>

namespace derl
{
  /**
   * What makes a network in (q, p) the Hamiltonian H, or one in (q, v) the
   * Lagrangian L, of motions z'' = a with a known @p damping: the residuals
   * "Hamilton" and "Lagrange", for states_with_rates(), and "mass", for
   * the state_at_rest(), which excludes that L is zero.
   */
  std::map<std::string, std::shared_ptr<const Residual>>
  energy_residuals(const double damping);

  /**
   * The states on trajectories, of which u, u_t and u_tt are the first columns,
   * as points with the auxiliary columns velocity and acceleration. Not
   * collective.
   */
  Samples
  states_with_rates(const Samples &trajectories);

  /**
   * One point on the first rank, angle and velocity zero, with the value zero.
   */
  Samples
  state_at_rest(const MPI_Comm &communicator);

  /**
   * The motion that a surrogate for H or for L implies.
   */
  DifferentialEquations
  implied_equations(const Surrogate &surrogate, const double damping);
} // namespace derl

#endif
