// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/jet_entry.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>

namespace derl
{
  using namespace dealii;

  std::vector<JetEntry>
  jet_entries_of_orders(const unsigned int               n_coordinates,
                        const unsigned int               n_components,
                        const std::vector<unsigned int> &orders)
  {
    std::vector<JetEntry> entries;
    for (unsigned int component = 0; component < n_components; ++component)
      for (const unsigned int order : orders)
        for (const MultiIndex &derivative :
             derivatives_of_order(n_coordinates, order))
          entries.push_back({component, derivative});
    return entries;
  }



  namespace
  {
    std::string
    listed(const std::vector<std::string> &names)
    {
      std::string result;
      for (const std::string &name : names)
        result += (result.empty() ? "" : ", ") + name;
      return result;
    }



    void
    add_new(const JetEntry &entry, std::vector<JetEntry> &entries)
    {
      if (std::find(entries.begin(), entries.end(), entry) == entries.end())
        entries.push_back(entry);
    }
  } // namespace



  FieldNames::FieldNames(const std::vector<std::string> &coordinates,
                         const std::vector<std::string> &components)
    : coordinates(coordinates)
    , components(components)
  {
  }



  void
  FieldNames::read_derivative(const std::string     &text,
                              const std::size_t      begin,
                              const JetEntry        &read,
                              const bool             after_letters,
                              std::vector<JetEntry> &found) const
  {
    // what follows is a group of letters, and perhaps more behind a '_'
    const auto go_on = [&](const JetEntry   &entry,
                           const std::size_t end,
                           const bool        with_letters) {
      if (end == text.size())
        add_new(entry, found);
      else if (text[end] == '_')
        read_derivative(text, end + 1, entry, with_letters, found);
    };

    for (unsigned int d = 0; d < coordinates.size(); ++d)
      if (coordinates[d].size() > 1 &&
          text.compare(begin, coordinates[d].size(), coordinates[d]) == 0)
        {
          JetEntry entry = read;
          ++entry.derivative[d];
          go_on(entry, begin + coordinates[d].size(), false);
        }

    // single letters stand together: u_xx, not u_x_x
    if (after_letters)
      return;

    JetEntry    entry = read;
    std::size_t end   = begin;
    for (; end < text.size() && text[end] != '_'; ++end)
      {
        const auto coordinate = std::find(
          coordinates.begin(), coordinates.end(), std::string(1, text[end]));
        if (coordinate == coordinates.end())
          return;
        ++entry.derivative[std::distance(coordinates.begin(), coordinate)];
      }
    if (end > begin)
      go_on(entry, end, true);
  }



  JetEntry
  FieldNames::parse(const std::string &name) const
  {
    std::vector<JetEntry> found;
    for (unsigned int c = 0; c < components.size(); ++c)
      {
        const JetEntry     value  = {c, MultiIndex(coordinates.size(), 0)};
        const std::string &prefix = components[c];
        if (name == prefix)
          add_new(value, found);
        else if (name.size() > prefix.size() && name[prefix.size()] == '_' &&
                 name.compare(0, prefix.size(), prefix) == 0)
          read_derivative(name, prefix.size() + 1, value, false, found);
      }
    AssertThrow(
      found.size() == 1,
      ExcMessage(
        "'" + name + "' is " + (found.empty() ? "no" : "more than one") +
        " derivative of a component. The components are " + listed(components) +
        ", the coordinates " + listed(coordinates) +
        ". The derivative of u with respect to x, x and t is called "
        "u_xxt; a coordinate of several letters is set apart, as in "
        "u_x_mu." +
        (found.empty() ? "" : " Rename a component or coordinate.")));
    return found[0];
  }



  std::vector<JetEntry>
  FieldNames::parse(const std::vector<std::string> &names) const
  {
    std::vector<JetEntry> entries;
    for (const std::string &name : names)
      entries.push_back(parse(name));
    return entries;
  }



  std::vector<JetEntry>
  FieldNames::parse(const std::initializer_list<const char *> names) const
  {
    return parse(std::vector<std::string>(names.begin(), names.end()));
  }



  std::string
  FieldNames::name(const JetEntry &entry) const
  {
    AssertIndexRange(entry.component, components.size());
    AssertDimension(entry.derivative.size(), coordinates.size());
    std::string letters, words;
    for (unsigned int d = 0; d < coordinates.size(); ++d)
      for (unsigned int i = 0; i < entry.derivative[d]; ++i)
        if (coordinates[d].size() == 1)
          letters += coordinates[d];
        else
          words += "_" + coordinates[d];
    return components[entry.component] +
           (letters.empty() ? "" : "_" + letters) + words;
  }



  unsigned int
  FieldNames::n_coordinates() const
  {
    return coordinates.size();
  }
} // namespace derl
