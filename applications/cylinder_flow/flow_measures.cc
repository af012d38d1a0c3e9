// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/coupling/errors.h>

#include <deal.II/base/numbers.h>

#include <deal.II/grid/grid_tools.h>

#include <solvers/flow_equations.h>

#include <cmath>

#include "flow_measures.h"

namespace derl
{
  using namespace dealii;
  using namespace flow_benchmark;

  namespace
  {
    Figures
    named(const Coefficients &coefficients)
    {
      return {{"drag", coefficients.drag},
              {"lift", coefficients.lift},
              {"pressure_difference", coefficients.pressure_difference}};
    }
  } // namespace



  Coefficients
  coefficients_from_stress(const SurrogateFunction<2> &surrogate)
  {
    // the trapezoidal rule converges exponentially for periodic functions
    const unsigned int        n_points = 720;
    std::vector<Point<2>>     points;
    std::vector<Tensor<1, 2>> normals;
    for (unsigned int i = 0; i < n_points; ++i)
      {
        const double phi = 2. * numbers::PI * i / n_points;
        Tensor<1, 2> normal;
        normal[0] = std::cos(phi);
        normal[1] = std::sin(phi);
        normals.push_back(normal);
        points.push_back(center() + diameter / 2 * normal);
      }
    const auto   jets = surrogate.jets(points, 1);
    Tensor<1, 2> force;
    for (unsigned int i = 0; i < n_points; ++i)
      force +=
        numbers::PI * diameter / n_points *
        traction(viscosity, jets.values[i](2), jets.gradients[i], normals[i]);
    const auto ends = pressure_points();
    return {force_scale * force[0],
            force_scale * force[1],
            surrogate.value(ends[0], 2) - surrogate.value(ends[1], 2)};
  }



  std::vector<std::pair<std::string, Figures>>
  compare(const CylinderSolver &solver, const Surrogate &surrogate)
  {
    Figures reference = named(solver.coefficients_from_stress());
    Figures of_surrogate =
      named(coefficients_from_stress(SurrogateFunction<2>(surrogate)));
    const Coefficients from_residual = solver.coefficients_from_residual();
    reference.emplace_back("residual_drag", from_residual.drag);
    reference.emplace_back("residual_lift", from_residual.lift);

    const DoFHandler<2> &dof_handler = solver.get_dof_handler();
    const unsigned int   n_points    = dof_handler.get_fe().degree + 2;
    const double         area =
      GridTools::volume(dof_handler.get_triangulation(), solver.get_mapping());
    for (const auto &[name, equation] : flow_equations(viscosity))
      {
        const ResidualRms rms =
          residual_rms(hp::MappingCollection<2>(solver.get_mapping()),
                       dof_handler,
                       Snapshot(solver.get_solution()),
                       surrogate,
                       equation,
                       1,
                       n_points);
        // in L2, not as a mean
        reference.emplace_back(name, std::sqrt(area) * rms.reference);
        of_surrogate.emplace_back(name, std::sqrt(area) * rms.surrogate);
      }
    Figures                    difference;
    const SurrogateFunction<2> function(surrogate);
    for (const bool of_velocity : {true, false})
      {
        const ErrorNorms norms =
          ErrorIntegrator<2>(
            solver.get_mapping(),
            dof_handler,
            function,
            1,
            n_points,
            ComponentMask({of_velocity, of_velocity, !of_velocity}))
            .measure(solver.get_solution());
        const std::string quantity = of_velocity ? "velocity" : "pressure";
        difference.emplace_back(quantity, norms.relative_l2_error);
        difference.emplace_back(quantity + "_gradient",
                                norms.relative_h1_seminorm_error);
      }
    return {{"published", named(published)},
            {"reference", reference},
            {"surrogate", of_surrogate},
            {"difference", difference}};
  }
} // namespace derl
