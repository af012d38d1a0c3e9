// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_network_input_map_h
#define derl_network_input_map_h

#include <vector>

namespace derl
{
  /**
   * A coordinate in which a surrogate is periodic.
   */
  struct PeriodicCoordinate
  {
    unsigned int coordinate;
    /** In the user's units. */
    double period;
    /** Waves of lengths period, period/2, ..., period/n_harmonics. */
    unsigned int n_harmonics = 1;
  };



  /**
   * What is done to a surrogate's coordinates before the first layer: the
   * network's inputs are *features* of them.
   *
   * First come the linear features, (x_d - shift_d) / scale_d for some
   * coordinates d, with the numbers of Scaling::input_shift and
   * Scaling::input_scale; then, for each wave with the frequencies k_d (in
   * cycles per unit of each coordinate), the cosine and the sine of
   * @f$2\pi \sum_d k_d (x_d - \text{shift}_d)@f$. So the shift of a coordinate
   * is the origin of its waves, and its scale means nothing to them.
   *
   * A surrogate is periodic in a coordinate that has no linear feature and
   * whose waves share a period: values and all derivatives agree at both ends,
   * whatever the network's parameters are.
   *
   * The default is affine: each coordinate is one linear feature.
   */
  class InputMap
  {
  public:
    InputMap() = default;

    /**
     * The map with the given features.
     *
     * @param linear_coordinates those with a linear feature, in this order.
     * @param waves the frequencies of each wave, one for each coordinate.
     */
    InputMap(const std::vector<unsigned int>        &linear_coordinates,
             const std::vector<std::vector<double>> &waves);

    /**
     * The map of a surrogate that is periodic in some of its
     * @p n_coordinates coordinates; the others stay linear. Throws if a
     * coordinate does not exist or is given twice, if a period is not a
     * positive number or if there are no harmonics.
     */
    static InputMap
    periodic(const unsigned int                     n_coordinates,
             const std::vector<PeriodicCoordinate> &coordinates);

    /**
     * Whether each coordinate is one linear feature, in order.
     */
    bool
    is_affine() const;

    /**
     * The number of the network's inputs.
     */
    unsigned int
    n_features(const unsigned int n_coordinates) const;

    /**
     * Coordinates with a linear feature; empty if the map is affine.
     */
    const std::vector<unsigned int> &
    linear_coordinates() const;

    /**
     * Frequencies as [wave][coordinate].
     */
    const std::vector<std::vector<double>> &
    waves() const;

    /**
     * The period of all features in a coordinate, or zero if there is none.
     */
    double
    period(const unsigned int coordinate) const;

    /**
     * Throw unless the map can be applied to @p n_coordinates coordinates.
     */
    void
    check(const unsigned int n_coordinates) const;

    bool
    operator==(const InputMap &other) const;

  private:
    std::vector<unsigned int>        linear;
    std::vector<std::vector<double>> frequencies;
  };
} // namespace derl

#endif
