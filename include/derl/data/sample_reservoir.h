// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_sample_reservoir_h
#define derl_data_sample_reservoir_h

#include <derl/data/samples.h>

#include <deal.II/base/mpi.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace derl
{
  /**
   * Samples of a run with many time steps, of which at most a given number is
   * kept, over all ranks. Fill it step by step:
   * @code
   *   SampleReservoir reservoir(communicator, 100000, seed);
   *   for (...) // time steps
   *     reservoir.add(sample(mapping, dof_handler,
   *                          Snapshot<VectorType>(u, {t}, {{{1}, &rate}}),
   *                          quadrature, {first_derivatives}),
   *                   step_length);
   *   const Samples samples = reservoir.samples();
   * @endcode
   *
   * What is kept is a random sample of all that was added, in which a sample
   * has the size s = (weight) x (time weight) x (indicator) and stays if its
   * priority s/h is among the largest, h being a random number of the sample
   * (priority sampling; N. Duffield, C. Lund, M. Thorup, J. ACM 54 (2007) 32).
   * With tau the largest priority of those that went, a sample's weight becomes
   * (weight) x (time weight) x max(1, tau/s): the expected value of a weighted
   * sum over what is kept is that over all that was added, the integral over
   * space and time. Constant indicators choose uniformly; larger ones keep
   * more samples, with smaller weights, where the current surrogate's residual
   * or another measure of error is large.
   *
   * Random numbers belong to points and steps: the same samples are kept for
   * any number of ranks. Samples stay on the rank that added them.
   */
  class SampleReservoir
  {
  public:
    /**
     * @param n_max the most samples that are kept over all ranks, at least 1.
     */
    SampleReservoir(const MPI_Comm     &communicator,
                    const std::uint64_t n_max,
                    const std::uint32_t seed);

    /**
     * Add the samples of a time step. All steps must have the same columns, and
     * all or none factors.
     *
     * @param time_weight the step's share of the time interval.
     * @param indicators positive numbers, one for each of this rank's samples;
     *   all equal if empty on all ranks. A sample that may matter should have
     *   an indicator well above zero: its weight, if it is kept, grows as the
     *   inverse.
     *
     * Collective: about ten small reductions. Needs memory for what is kept
     * and, during the call, for a copy of those samples of this step that may
     * be kept. Throws AgreedError if columns do not fit or numbers are not
     * positive.
     */
    void
    add(const Samples             &samples,
        const double               time_weight,
        const std::vector<double> &indicators = {});

    /**
     * Number of samples that are kept and that were added, over all ranks.
     */
    std::uint64_t
    n_kept() const;

    std::uint64_t
    n_added() const;

    /**
     * This rank's samples, with weights as above. Throws if none was ever
     * added. Not collective.
     */
    Samples
    samples() const;

    /**
     * Bytes of this rank's part.
     */
    std::size_t
    memory_consumption() const;

  private:
    /**
     * The numbers that belong to a sample.
     */
    struct Entry
    {
      double priority;
      double size;
      double weight;
    };

    void
    check(const Samples             &samples,
          const double               time_weight,
          const std::vector<double> &indicators) const;

    /**
     * The priority that exactly n_max samples of all ranks exceed (fewer, if
     * several have it), given those of this rank.
     */
    double
    find_threshold(const std::vector<double> &priorities) const;

    const MPI_Comm      communicator;
    const std::uint64_t n_max;
    const std::uint32_t seed;

    /** What is kept, since the first step. Factors are kept apart: a table
     * with factors cannot grow. */
    std::optional<Samples> table;
    std::vector<Entry>     entries;
    std::vector<double>    factors;

    double        threshold = 0.;
    unsigned int  n_steps   = 0;
    std::uint64_t added     = 0;
    std::uint64_t kept      = 0;
  };
} // namespace derl

#endif
