// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The exact flow satisfies its equations, its vorticity is that of the closed
// form, and the means of its pressure and of a normalized surrogate's are zero;
// the finite element solution converges to it with the orders of its elements;
// a surrogate that is zero has the errors one, and no residuals.

#include <derl/coupling/errors.h>

#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <deal.II/base/quadrature_lib.h>

#include <solver.h>
#include <solvers/flow_equations.h>

#include <cmath>

#include "../../check.h"

namespace test_solver
{
using namespace dealii;
using namespace derl;

const FieldNames names({"x", "y"}, {"u", "v", "p"});



/**
 * The mean of the pressure over the square.
 */
double
mean_pressure(const KovasznayFlow &flow, const Function<2> &function)
{
  const QGauss<2> quadrature(30);
  double          mean = 0.;
  for (unsigned int q = 0; q < quadrature.size(); ++q)
    {
      Point<2> x;
      for (unsigned int d = 0; d < 2; ++d)
        x[d] = flow.lower[d] +
               quadrature.point(q)[d] * (flow.upper[d] - flow.lower[d]);
      mean += quadrature.weight(q) * function.value(x, 2);
    }
  return mean;
}



void
check_exact_flow()
{
  const KovasznayFlow flow(50.);
  check("lambda for Re = 50", std::abs(flow.lambda + 0.7774788838), 1e-10);
  const Samples samples =
    sample_function(MPI_COMM_WORLD,
                    *flow.exact,
                    random_points(flow.lower, flow.upper, 200, 30),
                    {jet_values, jet_gradients, jet_hessians});
  for (const auto &[name, equation] : flow.equations)
    check(name, residual_rms(MPI_COMM_WORLD, names, samples, *equation), 1e-12);
  check("vorticity",
        residual_rms(MPI_COMM_WORLD, names, samples, *flow.vorticity_error),
        1e-12);
  // it is no solution for another Reynolds number
  check("momentum for another viscosity",
        residual_rms(MPI_COMM_WORLD,
                     names,
                     samples,
                     *flow_equations(0.03).at("momentum")) > 0.1);
  check("mean pressure", std::abs(mean_pressure(flow, *flow.exact)), 1e-12);

  // the vorticity of zero is off by its root mean square
  const Samples zero =
    sample_function<2>(MPI_COMM_WORLD,
                       Functions::ZeroFunction<2>(3),
                       random_points(flow.lower, flow.upper, 20000, 30),
                       {jet_gradients});
  check(
    "scale of the vorticity",
    std::abs(residual_rms(MPI_COMM_WORLD, names, zero, *flow.vorticity_error) -
             1.),
    0.02);
}



void
check_normalization()
{
  const KovasznayFlow flow(50.);
  NetworkParameters   network;
  network.hidden = {10};
  for (const bool has_stream_function : {false, true})
    {
      Surrogate                  surrogate(network,
                          {"x", "y"},
                          {"u", "v", "p"},
                          InputMap(),
                          flow_output_map(has_stream_function));
      const SurrogateFunction<2> before(surrogate, OutsideBox::ignore);
      flow.normalize_pressure(surrogate);
      const SurrogateFunction<2> after(surrogate, OutsideBox::ignore);
      check("mean pressure before",
            std::abs(mean_pressure(flow, before)) > 1e-3);
      check("mean pressure after", std::abs(mean_pressure(flow, after)), 1e-8);
      check("velocity", std::abs(before.value({}, 0) - after.value({}, 0)), 0.);
    }
}



void
check_solver()
{
  const KovasznayFlow  flow(50.);
  FlowSolverParameters parameters;
  parameters.velocity_degree        = 2;
  parameters.mapping_degree         = 1;
  parameters.n_adaptive_refinements = 0;
  Surrogate zero(NetworkParameters(), {"x", "y"}, {"u", "v", "p"});
  zero.parameters = 0.;
  std::vector<Figures> errors;
  for (const unsigned int n_refinements : {3, 4})
    {
      parameters.n_global_refinements = n_refinements;
      const KovasznaySolver solver(MPI_COMM_WORLD, flow, parameters);
      const auto            figures = solver.measure(zero);
      errors.push_back(figures[0].second);
      for (const auto &[name, value] : figures[1].second)
        check(name + " of zero",
              std::abs(value - (name.find("_rms") == std::string::npos)),
              1e-4);
    }
  for (unsigned int i = 0; i < errors[0].size(); ++i)
    deallog << errors[0][i].first << ": order "
            << std::round(
                 2. * std::log2(errors[0][i].second / errors[1][i].second)) /
                 2.
            << std::endl;
}



DERL_TEST(solver)
{
  initlog();
  check_exact_flow();
  check_normalization();
  check_solver();
}
} // namespace test_solver
