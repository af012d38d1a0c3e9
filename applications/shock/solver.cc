// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "solver.h"

#include <derl/equations/sacado_residual.h>

#include <deal.II/fe/fe_q.h>

#include <deal.II/grid/grid_generator.h>

#include <cmath>
#include <string>
#include <vector>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * Burgers' equation with a viscosity, at a function.
     */
    void
    add_terms(const double                         viscosity,
              const FEValues<2>                   &fe_values,
              const TrilinosWrappers::MPI::Vector &function,
              FullMatrix<double>                  &matrix,
              Vector<double>                      &residual)
    {
      std::vector<double>       values(fe_values.n_quadrature_points);
      std::vector<Tensor<1, 2>> gradients(fe_values.n_quadrature_points);
      fe_values.get_function_values(function, values);
      fe_values.get_function_gradients(function, gradients);
      for (const unsigned int q : fe_values.quadrature_point_indices())
        for (const unsigned int i : fe_values.dof_indices())
          {
            const double       u  = values[q];
            const Tensor<1, 2> du = gradients[q];
            const double v   = fe_values.shape_value(i, q) * fe_values.JxW(q);
            const double v_x = fe_values.shape_grad(i, q)[0] * fe_values.JxW(q);
            if (matrix.m() == 0)
              residual(i) += (du[1] + u * du[0]) * v + viscosity * du[0] * v_x;
            else
              for (const unsigned int j : fe_values.dof_indices())
                {
                  const Tensor<1, 2> dw = fe_values.shape_grad(j, q);
                  matrix(i, j) +=
                    (dw[1] + u * dw[0] + fe_values.shape_value(j, q) * du[0]) *
                      v +
                    viscosity * dw[0] * v_x;
                }
          }
    }
  } // namespace



  ShockProblem::ShockProblem(const double viscosity)
    : viscosity(viscosity)
    , exact(solution_of_formula<2>([viscosity](const auto &x,
                                               const auto &,
                                               const auto &) {
      using Number = std::decay_t<decltype(x[0])>;
      // two of three exponentials, divided by the third one
      const Number left =
        exp((0.0625 - 0.25 * x[0] + 0.1875 * x[1]) / viscosity);
      const Number right = exp((0.2 * x[0] - 0.1 - 0.06 * x[1]) / viscosity);
      return field<Number>((left + 0.5 + 0.1 * right) / (left + 1. + right));
    }))
    , equation(
        residual({"u", "u_x", "u_t", "u_xx"},
                 [viscosity](const auto &jet, const auto &, const auto &) {
                   const auto &[u, u_x, u_t, u_xx] = jet;
                   return rows(u_t + u * u_x - viscosity * u_xx);
                 }))
  {
  }



  ShockSolver::ShockSolver(const MPI_Comm      communicator,
                           const ShockProblem &problem,
                           const unsigned int  n_global_refinements,
                           const unsigned int  n_adaptive_refinements)
    : FiniteElementSolver<2>(communicator, FE_Q<2>(2), 1, 4)
    , problem(problem)
    , n_meshes(n_adaptive_refinements + 1)
  {
    boundary_values = {{0, problem.exact.get()}};
    GridGenerator::hyper_cube(mesh);
    // the end, where nothing is given
    for (const auto &face : mesh.active_face_iterators())
      if (face->at_boundary() && face->center()[1] > 1. - 1e-10)
        face->set_boundary_id(1);
    mesh.refine_global(n_global_refinements);
    solve_adaptively(n_adaptive_refinements, 0.25, 0.05);
  }



  void
  ShockSolver::solve_on_mesh()
  {
    const double viscosity =
      problem.viscosity * std::pow(2., n_meshes - 1. - n_refinements);
    LinearOptions direct;
    direct.method = LinearMethod::direct;
    solve_nonlinear(
      [viscosity](auto &&...arguments) { add_terms(viscosity, arguments...); },
      NewtonOptions(),
      direct,
      "mesh " + std::to_string(n_refinements),
      "Refine the mesh, or raise the viscosity");
  }



  Samples
  ShockSolver::sample(const SampleRequest<2> &request) const
  {
    return derl::sample(mapping, dof_handler, solution, request);
  }



  Samples
  ShockSolver::sample_given_values() const
  {
    SampleRequest<2> request({jet_values});
    request.boundary_ids = {0};
    return sample_boundary(mapping, dof_handler, solution, request);
  }
} // namespace derl
