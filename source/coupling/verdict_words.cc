// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/coupling/errors.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cstdio>

#include "assessment_sums.h"

namespace derl
{
  using namespace dealii;

  std::string
  to_string(const Grade grade)
  {
    switch (grade)
      {
      case Grade::better:
        return "better than the finite element solution by its estimate";
      case Grade::as_good:
        return "as good as the finite element solution by its estimate";
      case Grade::worse:
        return "worse than the finite element solution by its estimate";
      case Grade::unknown:
        return "can't tell";
      }
    Assert(false, ExcInternalError());
    return "";
  }



  std::vector<std::pair<std::string, double>>
  Verdict::figures() const
  {
    std::vector<std::pair<std::string, double>> result;
    for (const Part &part : parts)
      {
        const std::string of = part.name + ", " + part.field + ": ";
        result.emplace_back(of + "solution", part.solution);
        result.emplace_back(of + "surrogate", part.surrogate);
        result.emplace_back(of + "recovery", part.recovery);
        result.emplace_back(of + "distance", part.distance);
        result.emplace_back(of + "distance of values", part.value_distance);
        result.emplace_back(of + "values of the solution", part.value_error);
      }
    return result;
  }



  namespace internal
  {
    namespace
    {
      std::string
      number(const double value)
      {
        char text[32];
        std::snprintf(text, sizeof(text), "%.1e", value);
        return text;
      }
    } // namespace



    void
    describe(Verdict &verdict)
    {
      const Verdict::Part &worst = *std::find_if(
        verdict.parts.begin(), verdict.parts.end(), [&](const auto &part) {
          return part.grade == verdict.grade;
        });
      verdict.text = to_string(verdict.grade);
      if (verdict.grade == Grade::unknown && worst.solution == 0.)
        verdict.text += ", because the solution has no error that can be "
                        "estimated: its gradient is zero or exact";
      else if (verdict.grade == Grade::unknown)
        verdict.text +=
          ", because the recovered gradient, the measure of both, has an "
          "estimated error of " +
          number(worst.recovery) +
          " itself, while the solution's distance to it is " +
          number(worst.solution) + " and the surrogate's " +
          number(worst.surrogate);
      else
        verdict.text += ": the relative error of the gradient of " +
                        worst.field + " is about " + number(worst.surrogate) +
                        ", the solution's " + number(worst.solution);
      verdict.text += '.';

      std::string worse_parts;
      for (const Verdict::Part &part : verdict.parts)
        if (part.name != "domain" && part.grade == Grade::worse)
          worse_parts += (worse_parts.empty() ? "" : ", ") + part.name + " (" +
                         number(part.surrogate) + ", the solution's " +
                         number(part.solution) + ")";
      if (!worse_parts.empty())
        verdict.text += " It is worse in: " + worse_parts + '.';

      for (const Verdict::Part &part : verdict.parts)
        if (part.name == "domain" &&
            std::find(verdict.fields_with_worse_values.begin(),
                      verdict.fields_with_worse_values.end(),
                      part.field) != verdict.fields_with_worse_values.end())
          verdict.text += " Values of " + part.field +
                          " are worse: they differ from the solution's by " +
                          number(part.value_distance) +
                          ", whose own error is about " +
                          number(part.value_error) + '.';

      if (verdict.grade == Grade::worse)
        verdict.advice =
          "If training met its limit, train longer ('Maximal time') or with a "
          "larger network ('Hidden layers'). If it ended by itself, it may "
          "have fitted the samples and nothing between them: let sample() "
          "choose the points, or hold some out ('Validation fraction = 0.1'). "
          "Otherwise try more weight where it is worse, recovered derivatives, "
          "and, where the solution has a corner or a layer, cells that count "
          "alike (SampleWeighting::cell).";
      else if (verdict.grade == Grade::unknown)
        verdict.advice =
          "Look at the cells where surrogate and solution differ most, and "
          "compare both with a solution on a finer mesh. Give materials ids "
          "of their own, and refine the mesh at corners.";
    }
  } // namespace internal
} // namespace derl
