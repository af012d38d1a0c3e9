// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_samples_h
#define derl_data_samples_h

#include <derl/base/jet_entry.h>

#include <deal.II/base/array_view.h>

#include <string>
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
     * run_agreed().
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
} // namespace derl

#endif
