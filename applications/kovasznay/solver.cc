// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "solver.h"

#include <derl/coupling/errors.h>
#include <derl/coupling/surrogate_function.h>

#include <derl/equations/sacado_residual.h>

#include <deal.II/base/numbers.h>
#include <deal.II/base/quadrature_lib.h>

#include <deal.II/grid/grid_generator.h>

#include <solvers/flow_equations.h>

#include <cmath>
#include <numeric>

namespace derl
{
  using namespace dealii;

  namespace
  {
    std::shared_ptr<ExactSolution<2>>
    exact_flow(const double lambda)
    {
      // the mean of exp(2 lambda x) / 2 over (-1, 1)
      const double mean = std::sinh(2. * lambda) / (4. * lambda);
      return solution_of_formula<2>(
        [lambda, mean](const auto &x, const auto &t, const auto &) {
          using Number = std::decay_t<decltype(t)>;
          using std::cos;
          using std::exp;
          using std::sin;
          constexpr double pi = numbers::PI;
          return field<Number>(1. - exp(lambda * x[0]) * cos(2. * pi * x[1]),
                               lambda / (2. * pi) * exp(lambda * x[0]) *
                                 sin(2. * pi * x[1]),
                               mean - 0.5 * exp(2. * lambda * x[0]));
        });
    }



    /**
     * The vorticity v_x - u_y minus Re lambda / (2 pi) e^(lambda x) sin(2 pi
     * y), divided by the root mean square of the latter.
     */
    std::shared_ptr<const Residual>
    vorticity_error(const double viscosity, const double lambda)
    {
      const double factor = lambda / (viscosity * 2. * numbers::PI);
      const double rms =
        std::abs(factor) * std::sqrt(std::sinh(2. * lambda) / (4. * lambda));
      return residual(
        {"v_x", "u_y"},
        [lambda, factor, rms](const auto &jet, const auto &, const auto &x) {
          const auto &[v_x, u_y] = jet;
          return rows((v_x - u_y -
                       factor * std::exp(lambda * x[0]) *
                         std::sin(2. * numbers::PI * x[1])) /
                      rms);
        });
    }
  } // namespace



  KovasznayFlow::KovasznayFlow(const double reynolds_number)
    : viscosity(1. / reynolds_number)
    , lambda(0.5 * reynolds_number -
             std::hypot(0.5 * reynolds_number, 2. * numbers::PI))
    , exact(exact_flow(lambda))
    , equations(flow_equations(viscosity))
    , vorticity_error(derl::vorticity_error(viscosity, lambda))
  {
  }



  void
  KovasznayFlow::normalize_pressure(Surrogate &surrogate) const
  {
    const QIterated<2>    quadrature(QGauss<1>(4), 32);
    std::vector<Point<2>> points;
    for (const Point<2> &x : quadrature.get_points())
      points.emplace_back(lower[0] + x[0] * (upper[0] - lower[0]),
                          lower[1] + x[1] * (upper[1] - lower[1]));
    std::vector<double> pressures(points.size());
    SurrogateFunction<2>(surrogate).value_list(points, pressures, 2);
    surrogate.scaling.output_shift.back() -= std::inner_product(
      pressures.begin(), pressures.end(), quadrature.get_weights().begin(), 0.);
  }



  KovasznaySolver::KovasznaySolver(const MPI_Comm              communicator,
                                   const KovasznayFlow        &flow,
                                   const FlowSolverParameters &parameters,
                                   const ConditionalOStream   &progress)
    : FlowSolver(communicator,
                 {flow.viscosity, true, {}, {{0, flow.exact.get()}}, true},
                 parameters,
                 progress)
    , flow(flow)
  {
    GridGenerator::hyper_rectangle(mesh, flow.lower, flow.upper);
    mesh.refine_global(parameters.n_global_refinements);
    solve_adaptively(
      parameters.n_adaptive_refinements, parameters.refinement_fraction, 0.);
  }



  std::vector<std::pair<std::string, Figures>>
  KovasznaySolver::measure(const Surrogate &surrogate) const
  {
    const SurrogateFunction<2> function(surrogate);
    const unsigned int         n_points = fe->degree + 2;
    Figures                    of_reference, of_surrogate;
    const auto                 add =
      [&](const std::string &name, const double reference, const double value) {
        of_reference.emplace_back(name, reference);
        of_surrogate.emplace_back(name, value);
      };

    const auto add_error = [&](const std::string       &name,
                               const std::vector<bool> &components,
                               double ErrorNorms::*const norm) {
      const ErrorIntegrator<2> errors(mapping,
                                      dof_handler,
                                      *flow.exact,
                                      2,
                                      n_points,
                                      ComponentMask(components));
      add(name, errors.measure(solution).*norm, errors.measure(function).*norm);
    };
    const auto l2 = &ErrorNorms::relative_l2_error;
    const auto h1 = &ErrorNorms::relative_h1_seminorm_error;
    add_error("relative_l2_error", {true, true, true}, l2);
    add_error("relative_l2_error_u", {true, false, false}, l2);
    add_error("relative_l2_error_v", {false, true, false}, l2);
    add_error("relative_l2_error_p", {false, false, true}, l2);
    add_error("velocity_gradient_error", {true, true, false}, h1);
    add_error("pressure_gradient_error", {false, false, true}, h1);

    const auto add_rms = [&](const std::string                     &name,
                             const std::shared_ptr<const Residual> &residual) {
      const ResidualRms rms = residual_rms(hp::MappingCollection<2>(mapping),
                                           dof_handler,
                                           Snapshot(solution),
                                           surrogate,
                                           residual,
                                           2,
                                           n_points);
      add(name, rms.reference, rms.surrogate);
    };
    add_rms("vorticity_error", flow.vorticity_error);
    add_rms("divergence_rms", flow.equations.at("continuity"));
    add_rms("residual_rms", flow.equations.at("momentum"));
    return {{"reference", of_reference}, {"surrogate", of_surrogate}};
  }
} // namespace derl
