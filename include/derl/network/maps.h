// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_network_maps_h
#define derl_network_maps_h

#include <derl/base/jet_entry.h>

#include <memory>
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
   * How a surrogate's coordinates become inputs of the first layer: the
   * network's inputs are *features* of them.
   *
   * First come the linear features, (x_d - shift_d) / scale_d for some
   * coordinates d, with the numbers of Scaling::input_shift and
   * Scaling::input_scale; then, for each wave with the frequencies k_d (in
   * cycles per unit of each coordinate), the cosine and the sine of
   * @f$2\pi \sum_d k_d (x_d - \text{shift}_d)@f$. So the shift of a coordinate
   * is the origin of its waves, and its scale has no effect on them.
   *
   * A surrogate is periodic in a coordinate that has no linear feature and
   * whose waves share a period: values and all derivatives agree at both ends,
   * for all parameters of the network.
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



  struct Surrogate;

  /**
   * What makes a function of the coordinates equal to given values on faces:
   * instead of the network's output N (scaled as Scaling says) the surrogate
   * uses
   * @f[ N'(x) = \text{distance}(x) N(x) + \text{lifting}(x), @f]
   * where the distance is zero on the faces. The lifting is a polynomial plus,
   * if wanted, a component of another surrogate in the same coordinates. By
   * default the distance is one and the lifting zero.
   *
   * Example: the values 3 x on the lines y = 0 and y = 2, and at the initial
   * time t = 0, of a function of (x, y, t),
   * @code
   *   const double infinity = std::numeric_limits<double>::infinity();
   *   ExactValues  values   = ExactValues::on_box({-infinity, 0, 0},
   *                                               {infinity, 2, infinity});
   *   values.polynomial     = {{{1, 0, 0}, 3.}};
   * @endcode
   */
  struct ExactValues
  {
    /**
     * A factor (x_coordinate - position) / scale of the distance.
     */
    struct Factor
    {
      unsigned int coordinate;
      double       position;
      double       scale;

      bool
      operator==(const Factor &other) const;
    };

    /**
     * coefficient times the product of x_d to the power exponents[d], which may
     * be up to 64.
     */
    struct Monomial
    {
      MultiIndex exponents;
      double     coefficient;

      bool
      operator==(const Monomial &other) const;
    };

    /**
     * Values are given on the faces x_d = lower[d] and x_d = upper[d] of a box;
     * a bound that is infinite is no face. The distance is the product over the
     * coordinates of 4 (x - lower) (upper - x) / (upper - lower)^2, which is
     * one in the middle, or of x - lower or upper - x if there is one face
     * only.
     *
     * @param multiplicity power of the distance: with 2 the first derivatives
     *   on the faces are those of the lifting, too.
     */
    static ExactValues
    on_box(const std::vector<double> &lower,
           const std::vector<double> &upper,
           const unsigned int         multiplicity = 1);

    /** The distance is their product. */
    std::vector<Factor> distance;
    /** The lifting's polynomial is their sum. */
    std::vector<Monomial> polynomial;
    /** Whose component is added to the lifting, if any. */
    std::shared_ptr<const Surrogate> surrogate;
    unsigned int                     surrogate_component = 0;

    /**
     * Whether this changes nothing.
     */
    bool
    is_trivial() const;

    /**
     * Throw unless this can be imposed on a function of @p n_coordinates
     * coordinates.
     */
    void
    check(const unsigned int n_coordinates) const;

    /**
     * Surrogates are equal if they are the same object.
     */
    bool
    operator==(const ExactValues &other) const;
  };



  /**
   * What is done to the network's outputs to get a surrogate's components. It
   * has two steps, each of which may do nothing:
   *
   * 1. exact values are imposed on an output, see ExactValues;
   * 2. a component is a sum of outputs and of their derivatives with respect to
   *    the surrogate's coordinates, with constant coefficients.
   *
   * So the components may be the curl of a stream function, or the gradient of
   * a potential: their divergence or their curl is zero to round-off, whatever
   * the network's parameters are. All derivatives of the surrogate are those of
   * the result, and the network is evaluated with those that it takes: the
   * second ones for the gradient of a curl. A network has four orders of
   * derivatives; a surrogate that takes k of them for its values has 4 - k.
   *
   * direct_sum() combines maps of separate outputs:
   * @code
   *   // (psi, p) -> (u, v, p) in (x, y, t)
   *   const OutputMap map = OutputMap::direct_sum(
   *     {OutputMap::curl(2, 3), OutputMap::identity(1, 3)});
   * @endcode
   *
   * The default is the identity: each output is a component.
   */
  class OutputMap
  {
  public:
    /**
     * One summand of a component.
     */
    struct Term
    {
      unsigned int output;
      MultiIndex   derivative;
      double       coefficient;

      bool
      operator==(const Term &other) const;
    };

    OutputMap() = default;

    /**
     * The map with the given terms of each component.
     */
    OutputMap(const unsigned int                    n_outputs,
              const std::vector<std::vector<Term>> &components);

    /**
     * Each of @p n_outputs outputs is a component.
     */
    static OutputMap
    identity(const unsigned int n_outputs, const unsigned int n_coordinates);

    /**
     * The gradient of a potential, which is one output: the derivatives with
     * respect to the first @p dim of @p n_coordinates coordinates.
     */
    static OutputMap
    gradient(const unsigned int dim, const unsigned int n_coordinates);

    /**
     * The curl of one output, (d/dy psi, -d/dx psi), for @p dim = 2; that of
     * three outputs for @p dim = 3. Space is the first @p dim of
     * @p n_coordinates coordinates.
     */
    static OutputMap
    curl(const unsigned int dim, const unsigned int n_coordinates);

    /**
     * The field of the neural conservation law (J. Richter-Powell, Y. Lipman,
     * R. T. Q. Chen, NeurIPS 2022): n outputs b, and n components
     * @f$u_i = \sum_j \partial_j (\partial_j b_i - \partial_i b_j)@f$, whose
     * divergence with respect to all n = @p n_coordinates coordinates is zero.
     * With time as one of them, the components are a density and its flux. It
     * takes second derivatives of the network.
     */
    static OutputMap
    conservation_law(const unsigned int n_coordinates);

    /**
     * All outputs and components of the maps, one after the other.
     */
    static OutputMap
    direct_sum(const std::vector<OutputMap> &maps);

    /**
     * Impose exact values on an output. Returns this map, so that calls can be
     * chained. The identity must have been made for a number of outputs.
     */
    OutputMap &
    impose(const unsigned int output, const ExactValues &values);

    /**
     * Whether each output is a component, and nothing is imposed on it.
     */
    bool
    is_identity() const;

    /**
     * The number of the network's outputs for @p n_components components.
     */
    unsigned int
    n_outputs(const unsigned int n_components) const;

    /**
     * The terms of each component; empty for the default.
     */
    const std::vector<std::vector<Term>> &
    components() const;

    /**
     * The exact values of each output; empty for the default.
     */
    const std::vector<ExactValues> &
    exact_values() const;

    /**
     * The network's derivatives that @p derivatives of the surrogate take.
     */
    DerivativeSet
    needed_derivatives(const DerivativeSet &derivatives) const;

    /**
     * Throw unless the map makes @p n_components components, as functions of
     * @p n_coordinates coordinates.
     */
    void
    check(const unsigned int n_coordinates,
          const unsigned int n_components) const;

    bool
    operator==(const OutputMap &other) const;

  private:
    std::vector<ExactValues>       imposed;
    std::vector<std::vector<Term>> terms;
  };
} // namespace derl

#endif
