// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_heat_series_heat_samples_h
#define derl_applications_heat_series_heat_samples_h

#include <derl/data/sources.h>

#include <memory>

#include "heat_series_parameters.h"
#include "heat_solver.h"

namespace derl
{
  /**
   * The samples of a run in bounded memory. All functions are collective.
   */
  class HeatSamples
  {
  public:
    HeatSamples(const MPI_Comm             &communicator,
                const HeatSeriesParameters &parameters);

    /**
     * Sample the solver's current step.
     */
    void
    add(const HeatSolver &solver);

    /**
     * Add the terms of the parameters with what was sampled.
     */
    void
    add_terms(Trainer &trainer) const;

    std::uint64_t
    n_seen() const
    {
      return domain.n_added() + boundary.n_added();
    }

  private:
    const MPI_Comm                 communicator;
    const HeatSeriesParameters     parameters;
    SampleReservoir                domain, boundary;
    std::shared_ptr<const Samples> initial;
  };
} // namespace derl

#endif
