// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_source_training_format_h
#define derl_source_training_format_h

#include <cstdio>
#include <string>

namespace derl
{
  /**
   * A number as std::printf() shows it.
   */
  inline std::string
  format(const char *const specification, const double x)
  {
    char text[64];
    std::snprintf(text, sizeof(text), specification, x);
    return text;
  }
} // namespace derl

#endif
