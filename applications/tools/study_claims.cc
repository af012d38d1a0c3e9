// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "study_claims.h"

#include <derl/program/program.h>

#include <deal.II/base/table_handler.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * The sorted figures of a row in one column.
     */
    std::vector<double>
    sorted_figures(const StudyRow                       &row,
                   const std::vector<std::vector<Json>> &figures,
                   const unsigned int                    column)
    {
      std::vector<double> numbers;
      for (unsigned int r = 0; r < row.runs.size(); ++r)
        if (row.runs[r].diverged)
          numbers.push_back(std::numeric_limits<double>::infinity());
        else if (figures[r][column].is_number())
          numbers.push_back(figures[r][column].get<double>());
      std::sort(numbers.begin(), numbers.end());
      return numbers;
    }



    double
    median(const std::vector<double> &sorted)
    {
      const std::size_t n = sorted.size();
      return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }



    std::string
    ratio_text(const std::vector<double> &lower,
               const std::vector<double> &higher)
    {
      if (lower.empty() || higher.empty())
        return "-";
      const double ratio = median(lower) / median(higher);
      return std::isfinite(ratio) ? short_text(ratio) : "-";
    }



    std::string
    judgement(const std::vector<double> &lower,
              const std::vector<double> &higher)
    {
      if (std::min(lower.size(), higher.size()) < 2)
        return "not judged";
      if (lower.back() < higher.front())
        return "reproduced";
      if (lower.front() > higher.back())
        return "not reproduced";
      return "within the spread";
    }
  } // namespace



  void
  write_claims(const StudyPlan    &plan,
               const StudyFigures &figures,
               std::ostream       &out)
  {
    TableHandler table;
    for (const StudyClaim &claim : plan.claims)
      for (unsigned int l = 0; l < plan.rows.size(); ++l)
        for (unsigned int h = 0; h < plan.rows.size(); ++h)
          {
            const StudyRow &lower_row  = plan.rows[l],
                           &higher_row = plan.rows[h];
            if (lower_row.mode != claim.lower ||
                higher_row.mode != claim.higher ||
                lower_row.values != higher_row.values)
              continue;
            const auto lower =
              sorted_figures(lower_row, figures[l], claim.column);
            const auto higher =
              sorted_figures(higher_row, figures[h], claim.column);
            const std::string name = case_text(plan, lower_row);
            table.add_value("experiment", plan.experiment);
            table.add_value("case", name.empty() ? std::string("-") : name);
            table.add_value("claim", claim.lower + " < " + claim.higher);
            table.add_value("figure", plan.columns[claim.column].heading);
            table.add_value("ratio", ratio_text(lower, higher));
            table.add_value("judgement", judgement(lower, higher));
          }
    write_markdown(table, out);
  }
} // namespace derl
