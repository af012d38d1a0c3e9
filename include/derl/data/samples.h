// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_samples_h
#define derl_data_samples_h

#include <derl/base/jet_entry.h>

#include <deal.II/base/array_view.h>
#include <deal.II/base/mpi.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace derl
{
  /**
   * The name of an auxiliary column that sets samples apart: where it is not
   * zero, a sample judges training and does not take part in it. Without the
   * column all samples are for training.
   */
  inline const std::string check_column = "check";



  /**
   * This rank's table of samples: points, the jet entries observed at them
   * (the columns; any subset may be), and a positive weight for each point,
   * for example its share of the domain's volume (JxW). What else is known at
   * the points (normals, coefficients, boundary values) are auxiliary columns,
   * which have names. If observations at a point are not equally reliable, each
   * also has a factor, its inverse error variance relative to the mean. A rank
   * without samples is legal.
   */
  class Samples
  {
  public:
    /**
     * An empty table.
     *
     * @param origin where the observations come from, for logs and
     *   provenance: "finite element solution, raw derivatives".
     * @param auxiliary_names must be different from each other, and not empty.
     */
    Samples(const unsigned int              n_coordinates,
            const std::vector<JetEntry>    &columns,
            const std::string              &origin,
            const std::vector<std::string> &auxiliary_names = {});

    /**
     * Append a sample: @p point of length n_coordinates(), @p observations
     * of the number of columns, and @p auxiliary of the number of auxiliary
     * columns.
     */
    void
    add(const dealii::ArrayView<const double> &point,
        const dealii::ArrayView<const double> &observations,
        const double                           weight,
        const dealii::ArrayView<const double> &auxiliary = {});

    /**
     * Append an auxiliary column with a value for each sample.
     */
    void
    add_auxiliary(const std::string &name, const std::vector<double> &values);

    /**
     * Append all samples of another table with the same coordinates and
     * columns: another solution, or another time. Where only one of the two has
     * factors, those of the other are one. Of estimated errors the root mean
     * square is kept.
     */
    void
    append(const Samples &other);

    /**
     * Give each observation a factor of its squared residual, as
     * [sample][column]: the inverse variance of its error, scaled so that its
     * mean is about one. Without a call all factors are one.
     */
    void
    set_factors(const std::vector<double> &factors);

    /**
     * State the root mean square error that the observations of each column are
     * estimated to have, over all ranks and as training weighs them. To be
     * called with the same numbers on all ranks.
     *
     * @param weight the sum of the samples' weights over all ranks, for
     *   append().
     */
    void
    set_estimated_errors(const std::vector<double> &errors,
                         const double               weight);

    /**
     * A table of the samples with the given indices, in their order.
     */
    Samples
    subset(const std::vector<unsigned int> &indices) const;

    /**
     * Replace all weights.
     */
    void
    set_weights(const std::vector<double> &weights);

    /**
     * Number of samples on this rank.
     */
    unsigned int
    size() const;

    unsigned int
    n_coordinates() const;

    const std::vector<JetEntry> &
    columns() const;

    const std::vector<std::string> &
    auxiliary_names() const;

    const std::string &
    origin() const;

    /**
     * Position of a jet entry among the columns. Throws if it is not observed.
     */
    unsigned int
    column_of(const JetEntry &entry) const;

    /**
     * All points as [sample][coordinate].
     */
    const std::vector<double> &
    points() const;

    const double *
    point(const unsigned int sample) const;

    const double *
    observations(const unsigned int sample) const;

    /**
     * A sample's values in the auxiliary columns.
     */
    const double *
    auxiliary(const unsigned int sample) const;

    double
    weight(const unsigned int sample) const;

    /**
     * Whether set_factors() was called.
     */
    bool
    has_factors() const;

    /**
     * The factors of a sample's observations, if has_factors().
     */
    const double *
    factors(const unsigned int sample) const;

    /**
     * What set_estimated_errors() stated, for each column; empty if nothing is
     * known.
     */
    const std::vector<double> &
    estimated_errors() const;

    /**
     * The sum of weights that was stated with them; zero if nothing is known.
     */
    double
    weight_of_estimated_errors() const;

    /**
     * Throw if a coordinate or observation is not finite or a weight or factor
     * is not positive, naming the first such sample. Not collective: wrap it in
     * run_collectively().
     */
    void
    check() const;

    /**
     * Bytes of this rank's table.
     */
    std::size_t
    memory_consumption() const;

  private:
    unsigned int             coordinates;
    std::vector<JetEntry>    observed;
    std::vector<std::string> auxiliary_columns;
    std::string              source;
    std::vector<double>      all_points;
    std::vector<double>      all_observations;
    std::vector<double>      all_auxiliary;
    std::vector<double>      all_weights;
    std::vector<double>      all_factors;
    std::vector<double>      errors_of_columns;
    double                   weight_of_errors = 0.;
  };



  /**
   * The samples with other numbers of components: component c of @p samples
   * becomes component @p components[c]. So solutions that count their
   * components from 0 can become parts of one surrogate. Not collective.
   */
  Samples
  relabel_components(const Samples                   &samples,
                     const std::vector<unsigned int> &components);

  /**
   * The samples in a space of more coordinates: coordinate d of @p samples
   * becomes coordinate @p coordinates[d] of a point whose other coordinates are
   * those of @p point, for example a parameter. Not collective.
   */
  Samples
  relabel_coordinates(const Samples                   &samples,
                      const std::vector<unsigned int> &coordinates,
                      const std::vector<double>       &point);

  /**
   * One table with the columns of several, in their order, which were sampled
   * at the same points, such as solutions on several DoFHandlers of one mesh
   * with one quadrature. Weights are those of the first. Throws if points
   * differ by more than @p tolerance times the largest coordinate, or if a
   * column appears twice. Not collective: wrap it in run_collectively() where
   * tables may be wrong on some ranks only.
   */
  Samples
  join_columns(const std::vector<const Samples *> &tables,
               const double                        tolerance = 1e-10);



  /**
   * Smallest and largest value of each coordinate over the tables of all
   * ranks; there must be a table. Collective.
   */
  std::pair<std::vector<double>, std::vector<double>>
  bounding_box(const MPI_Comm                     &communicator,
               const std::vector<const Samples *> &tables);



  /**
   * Largest absolute value of each coordinate over the tables of all ranks.
   * Collective.
   */
  std::vector<double>
  largest_magnitudes(const MPI_Comm &communicator, const Samples &samples);



  /**
   * Looks at a point and the weight of a sample there.
   */
  using PointVisitor =
    std::function<void(const dealii::ArrayView<const double> &point,
                       const double                           weight)>;

  /**
   * Chooses points before anything is observed there, by their places and
   * weights only. It is called once, on all ranks together, with a function
   * that visits this rank's points as often as wanted (collective; the visitor
   * must not communicate), and returns the numbers of those to keep, counted in
   * the order of the visits, without repetition and sorted. A point has all
   * coordinates, those of space, then those of the snapshot.
   */
  using PointChoice = std::function<std::vector<std::size_t>(
    const std::function<void(const PointVisitor &)> &visit)>;



  /**
   * The purpose of random numbers. Those of different purposes are
   * independent of each other also for equal seeds, so that what one choice
   * leaves is an unbiased set for the next one.
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
   * different numbers in about one of 10^5 cases. Rounding to significant
   * bits cannot find that a coordinate is zero up to round-off. That is
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
     * The same with known largest magnitudes. Not collective.
     */
    PointHash(const std::vector<double> &magnitudes,
              const RandomPurpose        purpose,
              const std::uint32_t        seed);

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
   * In units of what a standard deviation is: the root mean square of a column
   * over the (weighted) samples of all ranks, or one.
   */
  enum class NoiseScale
  {
    relative,
    absolute
  };

  /**
   * The samples with independent Gaussian noise of the given standard
   * @p deviation added to every observation. The noise at a point depends on
   * @p seed, but not on the number of ranks. Collective.
   */
  Samples
  add_noise(const MPI_Comm     &communicator,
            const Samples      &samples,
            const double        deviation,
            const std::uint32_t seed,
            const NoiseScale    scale = NoiseScale::relative);



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
   * Returns all samples if there are not more than @p size. Collective: for
   * each of about log2 of the number of samples bisections a reduction of some
   * hundred numbers, and when there are more boxes, messages between the ranks
   * that share one and a rank in charge of it. A rank needs memory for the
   * boxes of its own samples and for its share of those in charge, not for
   * those of others, nor for each rank.
   */
  Samples
  stratified_subset(const MPI_Comm     &communicator,
                    const Samples      &samples,
                    const std::uint64_t size,
                    const std::uint32_t seed);



  /**
   * Write the samples of all ranks into one file that does not depend on the
   * number of ranks, with everything that the tables have; see
   * doc/sample_files.md. Ranks may have none, but all tables must have the same
   * columns. Collective. Throws AgreedError, and leaves the file that was there
   * before, if it cannot be written or Samples::check() fails on a rank.
   */
  void
  save(const MPI_Comm    &communicator,
       const std::string &path,
       const Samples     &samples);

  /**
   * Read what save() wrote. Each rank gets an equal share of consecutive
   * samples, whatever the number of ranks was. Collective. Throws AgreedError
   * if the file is missing, damaged, or no table of samples.
   */
  Samples
  load_samples(const MPI_Comm &communicator, const std::string &path);

  /**
   * Read samples from a text with comma-separated values, of any size. The
   * first line names the columns:
   * @code
   *   x,y,u,u_x,u_y,weight,normal_x
   * @endcode
   * There must be a column for each of the @p coordinates; derivatives of the
   * @p components are read by their names, see FieldNames; `weight` is the
   * weight of a sample, which is 1 without this column. All other columns must
   * be listed in @p auxiliary. Each rank gets consecutive lines. Collective.
   * Throws AgreedError with the number of the line if a name or a number cannot
   * be read, or is not allowed in Samples.
   */
  Samples
  read_csv(const MPI_Comm                 &communicator,
           const std::string              &path,
           const std::vector<std::string> &coordinates,
           const std::vector<std::string> &components,
           const std::vector<std::string> &auxiliary = {});

  /**
   * Write samples as read_csv() reads them, with the weights, rank by rank;
   * factors are left out. Numbers are the shortest that are read back to the
   * same doubles. Collective. Errors as those of save().
   */
  void
  write_csv(const MPI_Comm                 &communicator,
            const std::string              &path,
            const Samples                  &samples,
            const std::vector<std::string> &coordinates,
            const std::vector<std::string> &components);
} // namespace derl

#endif
