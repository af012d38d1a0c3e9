// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/coupling/errors.h>

#include <deal.II/base/numbers.h>

#include <deal.II/grid/grid_tools.h>

#include <cmath>
#include <cstdio>

#include "flow_measures.h"
#include "flow_terms.h"

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
    for (const auto &[name, equation] : flow_equations())
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



  void
  print_comparison(
    const ConditionalOStream                           &out,
    const std::vector<std::pair<std::string, Figures>> &comparison)
  {
    char       line[160];
    const auto value = [&](const std::string &of, const std::string &figure) {
      for (const auto &[name, figures] : comparison)
        if (name == of)
          for (const auto &[key, number] : figures)
            if (key == figure)
              return number;
      AssertThrow(false, ExcInternalError());
      return 0.;
    };
    out << std::endl
        << "                        published    FE, residual      FE, stress"
           "       surrogate     its error"
        << std::endl;
    for (const std::string name : {"drag", "lift", "pressure_difference"})
      {
        const double exact = value("published", name);
        // there is one pressure difference of the finite element solution
        const double residual =
          value("reference",
                name == "pressure_difference" ? name : "residual_" + name);
        std::snprintf(line,
                      sizeof(line),
                      "%-20s %12.8f %15.8f %15.8f %15.8f %12.4f%%",
                      name.c_str(),
                      exact,
                      residual,
                      value("reference", name),
                      value("surrogate", name),
                      100. * (value("surrogate", name) / exact - 1.));
        out << line << std::endl;
      }
    out << std::endl
        << "L2 norm of                          FE solution       surrogate"
        << std::endl;
    for (const std::string name : {"continuity", "momentum"})
      {
        std::snprintf(line,
                      sizeof(line),
                      "%-33s %13.3e %15.3e",
                      ("the residual of " + name).c_str(),
                      value("reference", name),
                      value("surrogate", name));
        out << line << std::endl;
      }
    out << std::endl << "Relative L2 distance of both" << std::endl;
    for (const std::string name :
         {"velocity", "velocity_gradient", "pressure", "pressure_gradient"})
      {
        std::snprintf(line,
                      sizeof(line),
                      "%-33s %13.3e",
                      name.c_str(),
                      value("difference", name));
        out << line << std::endl;
      }
    out << std::endl;
  }
} // namespace derl
