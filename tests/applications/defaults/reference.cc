// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The finite element solutions of all problems must converge as theory says, on
// any number of ranks: otherwise surrogates are compared with the wrong errors.

#include <suite.h>

#include <cmath>
#include <map>

#include "../../check.h"

namespace test_reference
{
using namespace dealii;
using namespace derl;

template <int dim>
std::map<std::string, double>
errors(const Problem<dim> &problem, const ReferenceParameters &parameters)
{
  ReferenceSolver<dim>     solver(MPI_COMM_WORLD, problem, parameters);
  std::vector<std::string> coordinates(dim, "x");
  for (unsigned int d = 0; d < dim; ++d)
    coordinates[d] += std::to_string(d);
  coordinates.insert(coordinates.end(),
                     problem.further_coordinates.begin(),
                     problem.further_coordinates.end());
  NetworkParameters network;
  network.hidden = {1};
  const Surrogate surrogate(network, coordinates, problem.components);
  Assessment<dim> assessment(surrogate);
  const Figures   figures =
    measure_errors(problem, solver, surrogate, assessment)[0].second;
  return {figures.begin(), figures.end()};
}



/**
 * The H1 seminorm's order must be near the @p expected one, the L2 norm's
 * higher, the quantity must converge.
 */
template <int dim>
void
check_order(const std::string &name,
            const unsigned int degree,
            const unsigned int n_refinements,
            const double       expected)
{
  const auto          problem = make_problem<dim>(name);
  ReferenceParameters parameters;
  parameters.fe_degree            = degree;
  parameters.n_global_refinements = n_refinements;
  const auto coarse               = errors(*problem, parameters);
  ++parameters.n_global_refinements;
  const auto fine  = errors(*problem, parameters);
  const auto order = [&](const std::string &key) {
    return std::log2(coarse.at("relative_" + key + "_error") /
                     fine.at("relative_" + key + "_error"));
  };
  check(name + ": gradient", std::abs(order("h1_seminorm") - expected), 0.3);
  check(name + ": value", order("l2") > order("h1_seminorm") + 0.3);
  if (!problem->quantity.empty())
    check(name + ": quantity", order(problem->quantity) > 0.5 * expected);
}



DERL_TEST(reference)
{
  initlog();
  check_order<2>("smooth_q1_distorted", 1, 3, 1.);
  check_order<2>("smooth_q3", 3, 2, 3.);
  check_order<2>("reentrant_corner", 2, 2, 2. / 3.);
  check_order<3>("reentrant_edge", 1, 1, 2. / 3.);
  check_order<2>("boundary_layer", 2, 5, 2.);
  check_order<2>("material_interface", 2, 2, 2.);
  check_order<2>("plate_with_hole", 2, 3, 2.);
  check_order<2>("stokes", 2, 3, 2.);
  check_order<3>("heat", 1, 1, 1.);
  check_order<2>("two_parameters", 2, 2, 2.);

  // a finer mesh at the corner
  const auto          problem = make_problem<2>("reentrant_corner");
  ReferenceParameters parameters;
  parameters.n_global_refinements = 2;
  const double uniform =
    errors(*problem, parameters).at("relative_h1_seminorm_error");
  parameters.n_adaptive_refinements = 4;
  parameters.refinement_fraction    = 0.1;
  const auto adaptive               = errors(*problem, parameters);
  check("adaptive: error",
        adaptive.at("relative_h1_seminorm_error") < 0.5 * uniform);
  check("adaptive: cells", adaptive.at("n_cells") < 4 * 48);
}
} // namespace test_reference
