// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_multi_index_h
#define derl_base_multi_index_h

#include <vector>

namespace derl
{
  /**
   * A partial derivative: entry i says how often one differentiates with
   * respect to coordinate i. Of length n_coordinates.
   */
  using MultiIndex = std::vector<unsigned int>;

  /**
   * Total order of a partial derivative, the sum of its entries.
   */
  unsigned int
  order(const MultiIndex &derivative);

  /**
   * Number of index tuples that stand for this derivative in the full tensor
   * of its order, order! / prod(entries!): 2 for u_xy, because a Hessian holds
   * it twice.
   */
  double
  multiplicity(const MultiIndex &derivative);

  /**
   * All partial derivatives of total order @p order in @p n_coordinates
   * coordinates, lexicographic with the first coordinate leading:
   * xx, xy, yy.
   */
  std::vector<MultiIndex>
  derivatives_of_order(const unsigned int n_coordinates,
                       const unsigned int order);



  /**
   * An ordered, downward-closed set of multi-indices: which partial
   * derivatives of a network are computed together. With a derivative it
   * holds every lower one, down to the value, because the chain rule needs
   * them; the order is by total order first, so that entry 0 is the value.
   */
  class DerivativeSet
  {
  public:
    /**
     * The smallest downward-closed set that contains @p derivatives (which
     * may be empty: the set then holds just the value). All entries must
     * have length @p n_coordinates, at least 1.
     */
    explicit DerivativeSet(const unsigned int             n_coordinates,
                           const std::vector<MultiIndex> &derivatives = {});

    /**
     * All derivatives up to total order @p order.
     */
    static DerivativeSet
    up_to_order(const unsigned int n_coordinates, const unsigned int order);

    /**
     * The union of two sets over the same coordinates.
     */
    DerivativeSet
    operator|(const DerivativeSet &other) const;

    bool
    operator==(const DerivativeSet &other) const;

    unsigned int
    size() const;

    unsigned int
    n_coordinates() const;

    unsigned int
    max_order() const;

    const MultiIndex &
    operator[](const unsigned int i) const;

    bool
    contains(const MultiIndex &derivative) const;

    /**
     * Position of @p derivative, which must be in the set.
     */
    unsigned int
    index_of(const MultiIndex &derivative) const;

    std::vector<MultiIndex>::const_iterator
    begin() const;

    std::vector<MultiIndex>::const_iterator
    end() const;

  private:
    unsigned int            coordinates;
    std::vector<MultiIndex> members;
  };
} // namespace derl

#endif
