// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "terms.h"

#include <solvers/energies.h>

#include <utility>

namespace derl
{
  using namespace dealii;

  PendulumParameters::PendulumParameters()
    : TrainingRunParameters(
        "output/pendulum",
        "trajectories: u_t; initial: u u_t",
        {"trajectories", "initial", "random", "states", "rest"},
        "u u_t u_tt u_u0 u_v0 u_t_u0 u_t_v0 along the trajectories and for "
        "initial states; the residual 'equation' along the trajectories or at "
        "random points; for an energy 'Hamilton' or 'Lagrange' at the states "
        "of the trajectories, value and 'mass' at rest.")
  {
  }



  void
  PendulumParameters::declare_problem(ParameterHandler &prm)
  {
    prm.add_parameter("Damping",
                      damping,
                      "The coefficient b of u'' + 0.981 sin u + b u' = 0.",
                      Patterns::Double(0.));
    prm.add_parameter("Learned function",
                      learned,
                      "The motion u(t, u0, v0) for all initial states, or an "
                      "energy, from which motions follow by integration: a "
                      "Hamiltonian H(q, p) or a Lagrangian L(q, v).",
                      Patterns::Selection("motion|Hamiltonian|Lagrangian"));
    prm.enter_subsection("Samples");
    samples.declare_parameters(prm);
    prm.leave_subsection();
  }



  void
  add_terms(const MPI_Comm           &communicator,
            const PendulumParameters &parameters,
            const Pendulum           &pendulum,
            Trainer                  &trainer)
  {
    const MotionSamples &samples = parameters.samples;
    Samples      trajectories    = samples.trajectories(communicator, pendulum);
    SampleTables tables;
    tables.add("states", states_with_rates(trajectories));
    tables.add("rest", state_at_rest(communicator));
    tables.add("trajectories", std::move(trajectories));
    tables.add("initial", samples.initial(communicator, pendulum));
    tables.add("random", samples.random(communicator));
    auto residuals        = energy_residuals(pendulum.damping);
    residuals["equation"] = pendulum.residual();
    tables.add_terms(parameters.term_choices(), trainer, residuals);
  }
} // namespace derl
