// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "column_names.h"

#include <derl/base/jet_entry.h>

#include <algorithm>
#include <vector>

namespace derl
{
  namespace internal
  {
    namespace
    {
      std::vector<std::string>
      column_names(const Samples &samples)
      {
        const auto numbered = [](const std::string &letter,
                                 const unsigned int n) {
          std::vector<std::string> result;
          for (unsigned int i = 0; i < n; ++i)
            result.push_back(letter + std::to_string(i));
          return result;
        };
        unsigned int n_components = 0;
        for (const JetEntry &column : samples.columns())
          n_components = std::max(n_components, column.component + 1);
        const FieldNames names(numbered("x", samples.n_coordinates()),
                               numbered("u", n_components));

        std::vector<std::string> result;
        for (const JetEntry &column : samples.columns())
          result.push_back(names.name(column));
        for (const std::string &name : samples.auxiliary_names())
          result.push_back("'" + name + "'");
        return result;
      }



      /**
       * The names that are among the first ones only, in a list.
       */
      std::string
      only_among(const std::vector<std::string> &first,
                 const std::vector<std::string> &second)
      {
        std::string result;
        for (const std::string &name : first)
          if (std::find(second.begin(), second.end(), name) == second.end())
            result += (result.empty() ? "" : ", ") + name;
        return result;
      }
    } // namespace



    std::string
    difference_of_columns(const Samples &first, const Samples &second)
    {
      if (first.n_coordinates() != second.n_coordinates())
        return "the first ones have " + std::to_string(first.n_coordinates()) +
               " coordinates, the second ones " +
               std::to_string(second.n_coordinates());
      const std::vector<std::string> names       = column_names(first);
      const std::vector<std::string> other_names = column_names(second);
      if (names == other_names)
        return "";
      const std::string of_first  = only_among(names, other_names);
      const std::string of_second = only_among(other_names, names);
      if (of_first.empty() && of_second.empty())
        return "the columns are in another order";
      return (of_first.empty() ? "" : "only the first ones have " + of_first) +
             (of_first.empty() || of_second.empty() ? "" : ", ") +
             (of_second.empty() ? ""
                                : "only the second ones have " + of_second) +
             " (u0 is the first component, x0 the first coordinate)";
    }
  } // namespace internal
} // namespace derl
