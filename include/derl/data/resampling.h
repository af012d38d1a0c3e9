// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_resampling_h
#define derl_data_resampling_h

#include <derl/data/samples.h>

#include <deal.II/base/mpi.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace derl
{
  /**
   * Smallest and largest value of each coordinate over the tables of all
   * ranks; there must be a table. Collective.
   */
  std::pair<std::vector<double>, std::vector<double>>
  bounding_box(const MPI_Comm                     &communicator,
               const std::vector<const Samples *> &tables);



  /**
   * What random numbers are drawn for. Those of different purposes are
   * independent of each other also for equal seeds, so that what one choice
   * leaves is no special part for the next one.
   */
  enum class RandomPurpose
  {
    hold_out,
    subset,
    reservoir,
    noise
  };



  /**
   * Random numbers that belong to a point: the same in whichever rank's table
   * it lies, in whichever of several tables, and whatever else is in there.
   *
   * They are hashes of the coordinates, rounded to 30 significant bits so that
   * round-off does not matter: two points that differ by it in a coordinate get
   * different numbers in about one of 10^5 cases. What rounding to significant
   * bits cannot know is that a coordinate is zero up to round-off. That is
   * judged by the largest magnitude that the coordinate has in the table: what
   * is below 2^-44 of it, where no coordinates are, counts as zero.
   */
  class PointHash
  {
  public:
    /**
     * Collective: finds the largest magnitudes of the coordinates over all
     * ranks.
     */
    PointHash(const MPI_Comm     &communicator,
              const Samples      &samples,
              const RandomPurpose purpose,
              const std::uint32_t seed);

    /**
     * A number in [0, 1) for the point with the given coordinates. Those with
     * different @p number are independent of each other. Not collective.
     */
    double
    uniform(const double *const point, const std::uint64_t number) const;

  private:
    const std::uint64_t key;
    /** For each coordinate: smaller magnitudes count as zero. */
    std::vector<double> negligible;
  };



  /**
   * The indices of the samples that are for training, and of those that only
   * judge it, see check_column. Not collective.
   */
  std::pair<std::vector<unsigned int>, std::vector<unsigned int>>
  check_indices(const Samples &samples);



  /**
   * Split samples at random: each one is held out with the probability
   * @p fraction. Returns the indices of the rest and of what is held out.
   * Samples at the same point stay together, also if they are in tables that
   * are split one after the other, and the choice does not depend on the number
   * of ranks. If the samples know their cells (SampleRequest::cell_numbers),
   * whole cells are held out. Those that only judge (check_column) are held out
   * as well. To split the rest once more, take another seed:
   * the same one would choose the same samples. Collective. Throws AgreedError
   * if one of the two parts is empty on all ranks.
   */
  std::pair<std::vector<unsigned int>, std::vector<unsigned int>>
  held_out_indices(const MPI_Comm     &communicator,
                   const Samples      &samples,
                   const double        fraction,
                   const std::uint32_t seed);

  /**
   * The samples with independent Gaussian noise added to every observation. Its
   * standard deviation is @p relative_deviation times the root mean square of
   * the column over the (weighted) samples of all ranks. The noise at a point
   * depends on @p seed, but not on the number of ranks. Collective.
   */
  Samples
  add_noise(const MPI_Comm     &communicator,
            const Samples      &samples,
            const double        relative_deviation,
            const std::uint32_t seed);



  /**
   * A random subset of @p size samples over all ranks that is spread as evenly
   * as the samples are, the same for any number of ranks.
   *
   * The bounding box is bisected, one coordinate after the other, and each half
   * gets its share of the size in proportion to its number of samples, rounded
   * up or down at random without bias, until a box is to have one sample. That
   * one is chosen with probability in proportion to its weight, and gets the
   * weight of the whole box; so the sum of all weights is kept, and weighted
   * sums over the subset approximate those over all samples with smaller
   * errors than those of independent choices. Where a half gets nothing,
   * its weight goes to the other half. Which one of several samples at the same
   * point is chosen depends on the ranks that have them.
   *
   * Returns all samples if there are not more than @p size. Collective: about
   * log2 of the number of samples reductions, each of at most three times
   * @p size numbers.
   */
  Samples
  stratified_subset(const MPI_Comm     &communicator,
                    const Samples      &samples,
                    const std::uint64_t size,
                    const std::uint32_t seed);
} // namespace derl

#endif
