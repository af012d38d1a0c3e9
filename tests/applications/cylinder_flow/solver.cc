// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The finite element solver of the application: its coefficients converge to
// the published ones under global and adaptive refinement, those from the
// residual before those from the stress, and are the same on all numbers of
// ranks; the boundary values and ids are right; what it says if it fails; and a
// surrogate's coefficients for a flow whose force is known.

#include <deal.II/numerics/vector_tools.h>

#include <cmath>
#include <cstdio>
#include <cylinder_solver.h>
#include <flow_measures.h>
#include <flow_terms.h>

#include "../../check.h"

namespace test_solver
{
using namespace dealii;
using namespace derl;
using namespace derl::flow_benchmark;

namespace
{
  struct Errors
  {
    double drag;
    double lift;
    double stress_drag;
    double pressure_difference;
  };



  /**
   * Adaptive meshes depend a little on the number of ranks.
   */
  std::string
  rounded(const double x, const bool is_adaptive)
  {
    char text[32];
    std::snprintf(text, sizeof(text), is_adaptive ? "%.3g" : "%.5g", x);
    return text;
  }



  Errors
  solve(const unsigned int degree,
        const unsigned int n_global_refinements,
        const unsigned int n_adaptive_refinements)
  {
    FlowSolverParameters parameters;
    parameters.velocity_degree        = degree;
    parameters.n_global_refinements   = n_global_refinements;
    parameters.n_adaptive_refinements = n_adaptive_refinements;
    CylinderSolver solver(MPI_COMM_WORLD, parameters);
    solver.solve();
    const Coefficients residual = solver.coefficients_from_residual();
    const Coefficients stress   = solver.coefficients_from_stress();
    deallog << "degree " << degree << ", refinements " << n_global_refinements
            << " + " << n_adaptive_refinements << ": drag "
            << rounded(residual.drag, n_adaptive_refinements > 0) << ", lift "
            << rounded(residual.lift, n_adaptive_refinements > 0)
            << ", by stress "
            << rounded(stress.drag, n_adaptive_refinements > 0) << ", "
            << rounded(stress.lift, n_adaptive_refinements > 0)
            << ", pressure difference "
            << rounded(residual.pressure_difference, n_adaptive_refinements > 0)
            << std::endl;

    // no slip, and the fluid that enters has the mean velocity
    const auto &dof_handler = solver.get_dof_handler();
    const auto  flux        = [&](const types::boundary_id id) {
      QGauss<1>                 quadrature(degree + 1);
      FEFaceValues<2>           fe_values(solver.get_mapping(),
                                dof_handler.get_fe(),
                                quadrature,
                                update_values | update_normal_vectors |
                                  update_JxW_values);
      std::vector<Tensor<1, 2>> u(quadrature.size());
      // outward, and the integral of the speed
      std::vector<double> sums(2);
      for (const auto &cell : dof_handler.active_cell_iterators())
        if (cell->is_locally_owned())
          for (const unsigned int face : cell->face_indices())
            if (cell->face(face)->at_boundary() &&
                cell->face(face)->boundary_id() == id)
              {
                fe_values.reinit(cell, face);
                fe_values[FEValuesExtractors::Vector(0)].get_function_values(
                  solver.get_solution(), u);
                for (unsigned int q = 0; q < quadrature.size(); ++q)
                  {
                    sums[0] +=
                      u[q] * fe_values.normal_vector(q) * fe_values.JxW(q);
                    sums[1] += u[q].norm() * fe_values.JxW(q);
                  }
              }
      Utilities::MPI::sum(sums, MPI_COMM_WORLD, sums);
      return sums;
    };
    check("  inflow",
          std::abs(flux(inflow)[0] + mean_velocity * channel_height),
          1e-12);
    check("  outflow",
          std::abs(flux(outflow)[0] - mean_velocity * channel_height),
          1e-10);
    check("  no slip", flux(cylinder)[1] + flux(walls)[1], 1e-12);

    return {
      std::abs(residual.drag / published.drag - 1.),
      std::abs(residual.lift / published.lift - 1.),
      std::abs(stress.drag / published.drag - 1.),
      std::abs(residual.pressure_difference / published.pressure_difference -
               1.)};
  }



  void
  converge()
  {
    const Errors coarse   = solve(3, 0, 0);
    const Errors fine     = solve(3, 1, 0);
    const Errors adaptive = solve(3, 1, 1);
    check("drag on the coarse mesh", coarse.drag, 5e-3);
    check("drag on the fine mesh", fine.drag, 2e-5);
    check("drag converges",
          fine.drag < coarse.drag / 2. &&
            fine.stress_drag < coarse.stress_drag / 6.);
    check("drag converges faster than that from the stress",
          fine.drag < fine.stress_drag / 4.);
    check("lift on the fine mesh", fine.lift, 5e-3);
    check("lift converges", fine.lift < coarse.lift / 8.);
    check("the pressure difference", fine.pressure_difference, 5e-3);
    check("adaptive refinement improves the drag",
          adaptive.drag < fine.drag && adaptive.stress_drag < fine.stress_drag);
    check("elements of degree 2", solve(2, 1, 0).drag, 1e-3);
  }



  /**
   * The flow u = (y, 0) with the pressure -x: the force is the integral of
   * x n + nu (n_y, n_x) over the circle, (its area, 0).
   */
  void
  measure_linear_flow()
  {
    NetworkParameters network;
    network.hidden = {1};
    Surrogate surrogate(network, {"x", "y"}, {"u", "v", "p"});
    surrogate.scaling = flow_scaling(1.);
    check("the network's scaling",
          surrogate.scaling.input_shift == std::vector<double>({0.2, 0.2}) &&
            surrogate.scaling.input_scale[0] == diameter);

    // A unit in its linear range stands for -s x: weights and bias, then those
    // of the outputs. A network of one unit cannot have the velocity as well,
    // which does not add to the force.
    const double small       = 1e-4;
    surrogate.parameters     = 0.;
    surrogate.parameters(0)  = small;
    const unsigned int n     = surrogate.parameters.size();
    bool               found = false;
    // the weight of the output p is the one that changes the pressure there
    for (unsigned int i = 3; i < n && !found; ++i)
      {
        surrogate.parameters(i) = 1.;
        const SurrogateFunction<2> function(surrogate);
        const Tensor<1, 2>         slope = function.gradient(center(), 2);
        if (slope[0] != 0.)
          {
            surrogate.parameters(i) = -1. / slope[0];
            found                   = true;
          }
        else
          surrogate.parameters(i) = 0.;
      }
    check("the output's weight", found);
    const Coefficients measured =
      coefficients_from_stress(SurrogateFunction<2>(surrogate));
    const double area = numbers::PI * diameter * diameter / 4.;
    check("drag of a uniform pressure gradient",
          std::abs(measured.drag - force_scale * area),
          1e-6);
    check("no lift", std::abs(measured.lift), 1e-12);
    check("pressure difference",
          std::abs(measured.pressure_difference - diameter),
          1e-8);
  }



  void
  fail()
  {
    FlowSolverParameters parameters;
    parameters.velocity_degree        = 2;
    parameters.n_global_refinements   = 0;
    parameters.n_adaptive_refinements = 0;
    parameters.newton.n_max_steps     = 1;
    std::string message;
    try
      {
        CylinderSolver(MPI_COMM_WORLD, parameters).solve();
      }
    catch (const std::exception &error)
      {
        message = error_message(error);
      }
    check("too few Newton steps",
          message.find("has not converged within 1 step") != std::string::npos);
    parameters.newton.absolute_tolerance = 0.;
    expect_error("tolerance",
                 [&]() { CylinderSolver(MPI_COMM_WORLD, parameters).solve(); });
  }
} // namespace



DERL_TEST(solver)
{
  initlog();
  converge();
  measure_linear_flow();
  fail();
}
} // namespace test_solver
