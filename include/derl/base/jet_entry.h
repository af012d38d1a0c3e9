// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_jet_entry_h
#define derl_base_jet_entry_h

#include <derl/base/multi_index.h>

#include <string>
#include <vector>

namespace derl
{
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
     * The name of an entry of these coordinates and components.
     */
    std::string
    name(const JetEntry &entry) const;

    unsigned int
    n_coordinates() const;

  private:
    /**
     * Add to @p found what is meant by the letters from position @p begin of
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
