// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "defaults_parameters.h"

#include <derl/data/sampling.h>

#include <deal.II/base/patterns.h>

#include "problem.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    std::string
    join(const std::vector<std::string> &names)
    {
      std::string text;
      for (const std::string &name : names)
        text += (text.empty() ? "" : "|") + name;
      return text;
    }



    std::string
    estimator_names()
    {
      std::vector<std::string> names;
      for (const EstimatorDescription &description : all_estimators())
        names.push_back(description.name);
      return join(names);
    }
  } // namespace



  DefaultsParameters::DefaultsParameters()
    : TrainingRunParameters(
        "output/defaults",
        "interior: gradient; boundary: value",
        {"interior", "boundary", "free", "initial"},
        "mean squared mismatch of value or gradient (which has the derivative "
        "with respect to time, if there is one) in the interior, at the "
        "boundary "
        "where values are known, at the free boundary, and of the value at the "
        "initial time.")
  {
  }



  void
  DefaultsParameters::declare_problem(ParameterHandler &prm)
  {
    prm.add_parameter("Problem",
                      problem,
                      "What is solved, see doc/defaults.md.",
                      Patterns::Selection(join(problem_names())));

    prm.enter_subsection("Reference");
    reference.declare_parameters(prm);
    prm.leave_subsection();

    prm.add_parameter("Groups of ranks",
                      n_groups,
                      "The ranks are split into as many groups, each of which "
                      "solves for its share of the parameters to learn from.",
                      Patterns::Integer(1));

    prm.enter_subsection("Samples");
    prm.add_parameter("Gauss points per direction",
                      samples.n_gauss_points,
                      "Gauss points in a cell or face at which solutions are "
                      "sampled; 0 for the points that the library chooses.",
                      Patterns::Integer(0, 20));
    prm.add_parameter("Estimator",
                      samples.estimator,
                      "How derivatives of the solution are obtained.",
                      Patterns::Selection(estimator_names()));
    prm.add_parameter("Weighting",
                      samples.weighting,
                      "Whether samples count by the volume that they stand "
                      "for, or all cells alike.",
                      Patterns::Selection("volume|cell"));
    prm.add_parameter("Use variances",
                      samples.use_variances,
                      "Whether estimated variances weight the observations.");
    prm.leave_subsection();
  }
} // namespace derl
