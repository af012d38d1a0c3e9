// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_choices_h
#define derl_base_choices_h

#include <deal.II/base/exceptions.h>
#include <deal.II/base/patterns.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace derl
{
  /**
   * Options that a user chooses by name: one table from which the choice, the
   * pattern of its entry in a parameter file, and the message about a wrong
   * name are made.
   * @code
   *   const Choices<Shape> shapes("shape",
   *                               {{"round", Shape::round},
   *                                {"square", Shape::square}});
   *   prm.add_parameter("Shape", name, "Form of the hole.", shapes.pattern());
   *   const Shape shape = shapes.at(name);
   * @endcode
   */
  template <typename T>
  class Choices
  {
  public:
    /**
     * @param kind what is chosen, for messages: "optimizer".
     * @param entries names and what they stand for, at least two.
     */
    Choices(const std::string                            &kind,
            const std::vector<std::pair<std::string, T>> &entries)
      : kind(kind)
      , entries(entries)
    {
    }

    /**
     * What @p name stands for. Throws ExcMessage, with all names, if there is
     * no such choice.
     */
    const T &
    at(const std::string &name) const
    {
      const auto entry = std::find_if(
        begin(), end(), [&](const auto &e) { return e.first == name; });
      AssertThrow(entry != end(),
                  dealii::ExcMessage("There is no " + kind + " '" + name +
                                     "'. Choose " + list("'", ", ", " or ") +
                                     "."));
      return entry->second;
    }

    /**
     * The pattern of an entry that takes one of the names.
     */
    dealii::Patterns::Selection
    pattern() const
    {
      return dealii::Patterns::Selection(list("", "|", "|"));
    }

    /**
     * Pairs of a name and its value, in the order of the table.
     */
    auto
    begin() const
    {
      return entries.begin();
    }

    auto
    end() const
    {
      return entries.end();
    }

  private:
    /**
     * All names between quotes, with something between them and before the last
     * one.
     */
    std::string
    list(const std::string &quote,
         const std::string &between,
         const std::string &before_last) const
    {
      std::string text;
      for (std::size_t i = 0; i < entries.size(); ++i)
        text += (i == 0                    ? ""
                 : i + 1 == entries.size() ? before_last
                                           : between) +
                quote + entries[i].first + quote;
      return text;
    }

    const std::string                            kind;
    const std::vector<std::pair<std::string, T>> entries;
  };
} // namespace derl

#endif
