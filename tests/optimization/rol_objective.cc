// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A trust region method of ROL must train a small network on several ranks, and
// ROL's own check of the gradient must agree.

#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <allen_cahn/manufactured_solution.h>

#include <derl/objective/sum_of_squares.h>

#include <derl/optimization/rol_objective.h>

#include <ROL_TypeU_TrustRegionAlgorithm.hpp>
#include <algorithm>

#include "../../source/base/random.h"
#include "../check.h"

namespace test_rol_objective
{
using namespace dealii;
using namespace derl;

using Adaptor = RolVector<Vector<double>>;

DERL_TEST(rol_objective)
{
  initlog();

  NetworkParameters options;
  options.hidden = {8, 8};
  const Surrogate network(options, {"x", "y"}, {"u"});
  SumOfSquares    sum_of_squares(network, MPI_COMM_WORLD);
  sum_of_squares.add_term({"sob",
                           std::make_shared<const Samples>(sample_function<2>(
                             MPI_COMM_WORLD,
                             ManufacturedSolution<2>(),
                             grid_points<2>({-1, -1}, {1, 1}, 12),
                             {0, 1})),
                           match({jet_values, 1})});

  RolObjective objective(sum_of_squares);
  const auto   values = Teuchos::rcp(new Vector<double>(network.parameters));
  Adaptor      x(values);
  RandomStream random(1);
  const auto   direction = Teuchos::rcp(new Vector<double>(values->size()));
  for (double &entry : *direction)
    entry = 2. * random.uniform() - 1.;
  const Adaptor v(direction);

  std::ostringstream ignored;
  double             smallest = 1e300;
  // step, derivative, difference quotient, error
  for (const auto &row : objective.checkGradient(x, v, true, ignored, 10, 2))
    smallest = std::min(smallest, row[3] / std::abs(row[1]));
  check("ROL's check of the gradient", smallest, 1e-7);

  // <2 J'J v, v> is 2 |J v|^2
  const auto product = Teuchos::rcp(new Vector<double>(values->size()));
  Adaptor    hv(product);
  double     tolerance = 1e-8;
  objective.hessVec(hv, v, x, tolerance);
  sum_of_squares.linearize(*values);
  Vector<double> jv;
  sum_of_squares.apply_jacobian(*direction, jv);
  const double curvature = 2. * Utilities::MPI::sum(jv * jv, MPI_COMM_WORLD);
  check("Hessian of Gauss and Newton",
        std::abs(hv.dot(v) - curvature),
        1e-12 * curvature);

  const double           start = objective.value(x, tolerance);
  Teuchos::ParameterList parameters;
  parameters.sublist("Step")
    .sublist("Trust Region")
    .set("Subproblem Solver", "Truncated CG");
  parameters.sublist("General").sublist("Krylov").set("Iteration Limit", 60);
  parameters.sublist("Status Test").set("Gradient Tolerance", 1e-8);
  parameters.sublist("Status Test").set("Iteration Limit", 60);
  ROL::TypeU::TrustRegionAlgorithm<double> algorithm(parameters);
  algorithm.run(x, objective, ignored);
  check("ROL's trust region", objective.value(x, tolerance) / start, 1e-3);
  std::vector<double> smallest_entries(values->begin(), values->end());
  Utilities::MPI::min(smallest_entries, MPI_COMM_WORLD, smallest_entries);
  check("same parameters on all ranks",
        std::equal(values->begin(), values->end(), smallest_entries.begin()));
}
} // namespace test_rol_objective
