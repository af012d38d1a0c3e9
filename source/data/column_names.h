// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_column_names_h
#define derl_data_column_names_h

#include <derl/data/samples.h>

#include <string>

namespace derl
{
  namespace internal
  {
    /**
     * In what the coordinates and columns of two tables differ, as the end of a
     * sentence about them: "only the first ones have u0_x1"; empty if in
     * nothing. As tables know no names, components are u0, u1, ..., and
     * coordinates x0, x1, ...
     */
    std::string
    difference_of_columns(const Samples &first, const Samples &second);
  } // namespace internal
} // namespace derl

#endif
