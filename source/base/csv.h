// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_csv_h
#define derl_base_csv_h

#include <deal.II/base/array_view.h>

#include <functional>
#include <string>
#include <vector>

namespace derl
{
  /**
   * The names in the first line of comma-separated values, without blanks
   * around them. Throws if a name is empty or appears twice.
   */
  std::vector<std::string>
  split_csv_header(const std::string &line);

  /**
   * Read lines of @p n_columns comma-separated numbers, and call @p work with
   * those of each. Empty lines are skipped. Numbers are written as in C++,
   * whatever the locale is. Throws with the number of the line, counted from
   * @p first_line, if something else stands there.
   */
  void
  for_each_csv_line(
    const std::string                                        &lines,
    const unsigned long long                                  first_line,
    const unsigned int                                        n_columns,
    const std::function<void(const dealii::ArrayView<const double> &numbers,
                             const unsigned long long line)> &work);

  /**
   * Append numbers as a line to @p text, each the shortest that is read back to
   * the same double.
   */
  void
  append_csv_line(std::string                           &text,
                  const dealii::ArrayView<const double> &numbers);
} // namespace derl

#endif
