// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "csv.h"

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace derl
{
  using namespace dealii;

  namespace
  {
    std::string_view
    trimmed(std::string_view text)
    {
      const std::string_view blanks = " \t\r\n";
      const std::size_t      begin  = text.find_first_not_of(blanks);
      if (begin == std::string_view::npos)
        return {};
      return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
    }



    /**
     * Take the part before the next @p separator, or all, away from @p text.
     */
    std::string_view
    take_until(const char separator, std::string_view &text)
    {
      const std::size_t      end  = text.find(separator);
      const std::string_view part = text.substr(0, end);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
      return part;
    }
  } // namespace



  std::vector<std::string>
  split_csv_header(const std::string &line)
  {
    std::vector<std::string> names;
    std::string_view         rest = line;
    do
      {
        const bool has_more = rest.find(',') != std::string_view::npos;
        names.emplace_back(trimmed(take_until(',', rest)));
        AssertThrow(!names.back().empty(),
                    ExcMessage("The first line must name all columns, as in "
                               "'x,y,u', but reads '" +
                               line.substr(0, 200) + "'."));
        AssertThrow(std::count(names.begin(), names.end(), names.back()) == 1,
                    ExcMessage("The first line names the column '" +
                               names.back() + "' twice."));
        if (!has_more)
          return names;
      }
    while (true);
  }



  void
  for_each_csv_line(const std::string       &lines,
                    const unsigned long long first_line,
                    const unsigned int       n_columns,
                    const std::function<void(const ArrayView<const double> &,
                                             const unsigned long long)> &work)
  {
    std::vector<double> numbers(n_columns);
    std::string_view    rest = lines;
    for (unsigned long long n = first_line; !rest.empty(); ++n)
      {
        std::string_view line = trimmed(take_until('\n', rest));
        if (line.empty())
          continue;
        const auto where = [n]() { return "Line " + std::to_string(n) + ": "; };
        const std::size_t n_fields =
          1 + std::count(line.begin(), line.end(), ',');
        AssertThrow(n_fields == n_columns,
                    ExcMessage(where() + "there are " +
                               std::to_string(n_fields) + " fields for " +
                               std::to_string(n_columns) + " columns."));
        for (double &number : numbers)
          {
            const std::string_view field = trimmed(take_until(',', line));
            const char *const      end   = field.data() + field.size();
            const auto result = std::from_chars(field.data(), end, number);
            AssertThrow(result.ec == std::errc() && result.ptr == end,
                        ExcMessage(where() + "'" +
                                   std::string(field.substr(0, 50)) +
                                   "' is not a number."));
          }
        work(make_array_view(std::as_const(numbers)), n);
      }
  }



  void
  append_csv_line(std::string &text, const ArrayView<const double> &numbers)
  {
    std::array<char, 32> buffer;
    const char          *separator = "";
    for (const double number : numbers)
      {
        const auto result =
          std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
        text += separator;
        text.append(buffer.data(), result.ptr);
        separator = ",";
      }
    text += '\n';
  }
} // namespace derl
