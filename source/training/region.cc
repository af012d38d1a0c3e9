// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/training/curriculum.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/utilities.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace derl
{
  using namespace dealii;

  Region::Region(const std::string &text)
    : description(Utilities::trim(text))
  {
    if (description == "all")
      return;
    const std::string form =
      " Regions are written as comparisons 'x < 0 and t >= 0.5', of a name "
      "with a number by one of < <= = >= >, or as 'all'.";
    std::istringstream words(description);
    std::string        name, sign, number, conjunction;
    do
      {
        AssertThrow(
          words >> name >> sign >> number,
          ExcMessage("Cannot read the region '" + description + "'." + form));
        const std::vector<std::string> signs = {"<", "<=", "=", ">=", ">"};
        double                         value = 0.;
        bool                           is_good =
          std::find(signs.begin(), signs.end(), sign) != signs.end();
        try
          {
            value = Utilities::string_to_double(number);
          }
        catch (const std::exception &)
          {
            is_good = false;
          }
        AssertThrow(is_good && std::isfinite(value),
                    ExcMessage("Cannot read '" + name + " " + sign + " " +
                               number + "' in the region '" + description +
                               "'." + form));
        comparisons.push_back({name, sign, value});
        if (!(words >> conjunction))
          return;
      }
    while (conjunction == "and");
    AssertThrow(false,
                ExcMessage("'" + conjunction + "' in the region '" +
                           description + "' must be 'and'." + form));
  }



  const std::string &
  Region::text() const
  {
    return description;
  }



  bool
  Region::contains(const std::vector<std::string> &names,
                   const ArrayView<const double>  &values) const
  {
    return std::all_of(
      comparisons.begin(), comparisons.end(), [&](const Comparison &c) {
        const auto name = std::find(names.begin(), names.end(), c.name);
        if (name == names.end())
          {
            std::string known;
            for (const std::string &other : names)
              known += " " + other;
            AssertThrow(
              false,
              ExcMessage(
                "The region '" + description + "' compares '" + c.name +
                "', which samples do not have. They have:" + known + "."));
          }
        const double value = values[name - names.begin()];
        return c.sign == "<"    ? value < c.number
               : c.sign == "<=" ? value <= c.number
               : c.sign == "="  ? value == c.number
               : c.sign == ">=" ? value >= c.number
                                : value > c.number;
      });
  }
} // namespace derl
