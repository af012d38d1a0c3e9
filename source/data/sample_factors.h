// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_sample_factors_h
#define derl_data_sample_factors_h

#include <derl/data/samples.h>

#include <deal.II/base/mpi.h>

#include <vector>

namespace derl
{
  namespace internal
  {
    /**
     * Scale inverse variances such that the weighted mean of a column is
     * one. A variance far below the mean one is not believed: no factor
     * exceeds ten times that of the mean variance. Without any variance, as of
     * an initial value of zero, all factors are one. Collective.
     *
     * @param variances [sample][column]
     */
    void
    set_factors(const MPI_Comm            &communicator,
                const std::vector<double> &variances,
                Samples                   &samples);
  } // namespace internal
} // namespace derl

#endif
