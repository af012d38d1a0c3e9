// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Tables of figures, as users see them and copy them into texts.

#include <derl/program/program.h>

#include <deal.II/base/conditional_ostream.h>

#include <sstream>

#include "../check.h"

namespace test_tables
{
using namespace dealii;
using namespace derl;

void
log_lines(const std::string &text)
{
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    deallog << line << std::endl;
}



DERL_TEST(tables)
{
  initlog();
  for (const double x : {0., 3., 1e8, 0.25, 123.456, -2.5, 1.23456e-3, 1.5e7})
    deallog << short_text(x) << std::endl;

  std::ostringstream text;
  print_figures(ConditionalOStream(text, true),
                {{"exact", {{"drag", 5.5}}},
                 {"reference", {{"drag", 5.25}, {"l2", 4e-3}, {"cells", 16.}}},
                 {"surrogate", {{"drag", 5.5}, {"l2", 1e-3}}}});
  log_lines(text.str());
  text.str("");
  print_figures(ConditionalOStream(text, true), {{"times", {{"one", 1.5}}}});
  log_lines(text.str());
}
} // namespace test_tables
