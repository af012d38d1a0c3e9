// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_jet_entry_h
#define derl_base_jet_entry_h

#include <initializer_list>
#include <string>
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



  /**
   * One partial derivative of one component: an entry of a jet.
   */
  struct JetEntry
  {
    unsigned int component;
    MultiIndex   derivative;

    bool
    operator==(const JetEntry &other) const
    {
      return component == other.component && derivative == other.derivative;
    }
  };

  /**
   * The entries of all derivatives of the given total orders, for each
   * component in turn: orders {0, 1} of one component in (x, y) are
   * u, u_x, u_y.
   */
  std::vector<JetEntry>
  jet_entries_of_orders(const unsigned int               n_coordinates,
                        const unsigned int               n_components,
                        const std::vector<unsigned int> &orders);



  /**
   * The names of coordinates and components, and of the derivatives made of
   * them: `u`, `u_x`, `u_xxt`, `p_y`. Coordinates whose names have several
   * letters are set apart, `u_x_mu`. A component may itself be called `u_x`;
   * its derivative with respect to y is `u_x_y`.
   */
  class FieldNames
  {
  public:
    FieldNames(const std::vector<std::string> &coordinates,
               const std::vector<std::string> &components);

    /**
     * The entry with this name. Throws if there is none or more than one way
     * to read it; the message lists what exists.
     */
    JetEntry
    parse(const std::string &name) const;

    /**
     * The entries with these names, in their order.
     */
    std::vector<JetEntry>
    parse(const std::vector<std::string> &names) const;

    /**
     * The same. Without this function two literals in braces would be read as
     * a std::string that begins at the first and ends at the second one.
     */
    std::vector<JetEntry>
    parse(const std::initializer_list<const char *> names) const;

    /**
     * The name of an entry of these coordinates and components.
     */
    std::string
    name(const JetEntry &entry) const;

    unsigned int
    n_coordinates() const;

  private:
    /**
     * Add to @p found the meaning of the letters from position @p begin of
     * @p text on, given what was read before them, and whether that ended with
     * coordinates of one letter.
     */
    void
    read_derivative(const std::string     &text,
                    const std::size_t      begin,
                    const JetEntry        &read,
                    const bool             after_letters,
                    std::vector<JetEntry> &found) const;

    std::vector<std::string> coordinates;
    std::vector<std::string> components;
  };
} // namespace derl

#endif
