// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/objective_function.h>

#include <cmath>
#include <cstdio>

namespace derl
{
  unsigned int
  ObjectiveFunction::revision() const
  {
    return 0;
  }



  unsigned int
  ObjectiveFunction::n_batches() const
  {
    return 1;
  }



  void
  ObjectiveFunction::use_batch(const unsigned int, const unsigned int)
  {
  }



  void
  ObjectiveFunction::use_all_samples()
  {
  }



  double
  ObjectiveFunction::elapsed_seconds() const
  {
    return timer.wall_time();
  }



  void
  ObjectiveFunction::restart_clock()
  {
    timer.restart();
  }



  void
  ObjectiveFunction::stop_clock()
  {
    timer.stop();
  }



  void
  ObjectiveFunction::start_clock()
  {
    timer.start();
  }



  std::vector<ObjectiveFunction::DifferenceRow>
  ObjectiveFunction::check_gradient(const dealii::Vector<double> &x,
                                    const dealii::Vector<double> &direction,
                                    const std::vector<double>    &steps)
  {
    dealii::Vector<double> gradient(n_parameters());
    value_and_gradient(x, gradient);
    const double slope = gradient * direction;

    std::vector<DifferenceRow> table;
    dealii::Vector<double>     shifted(x.size());
    for (const double step : steps)
      {
        const auto value_at = [&](const double t) {
          shifted = x;
          shifted.add(t, direction);
          return value_and_gradient(shifted, gradient);
        };
        const double quotient = (value_at(step) - value_at(-step)) / (2 * step);
        table.push_back({step, quotient, slope, std::abs(quotient - slope)});
      }
    return table;
  }



  std::string
  difference_table(const std::vector<ObjectiveFunction::DifferenceRow> &rows)
  {
    char line[128];
    std::snprintf(line,
                  sizeof(line),
                  "%10s%24s%24s%12s\n",
                  "step",
                  "difference quotient",
                  "derivative",
                  "error");
    std::string text = line;
    for (const auto &row : rows)
      {
        std::snprintf(line,
                      sizeof(line),
                      "%10.0e%24.14e%24.14e%12.3e\n",
                      row.step,
                      row.difference_quotient,
                      row.directional_derivative,
                      row.error);
        text += line;
      }
    return text;
  }
} // namespace derl
