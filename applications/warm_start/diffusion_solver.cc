// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "diffusion_solver.h"

#include <deal.II/base/function.h>
#include <deal.II/base/patterns.h>

#include <deal.II/fe/fe_q.h>

#include <solvers/meshes.h>

#include <cmath>

namespace derl
{
  using namespace dealii;

  DiffusionSolverParameters::DiffusionSolverParameters()
  {
    newton.absolute_tolerance = 1e-9;
    newton.n_max_steps        = 100;
    linear.relative_tolerance = 1e-8;
    linear.method             = LinearMethod::gmres;
  }



  void
  DiffusionSolverParameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Finite element degree",
                      fe_degree,
                      "The polynomial degree of the continuous elements.",
                      Patterns::Integer(1, 6));
    prm.add_parameter("Global refinements",
                      n_global_refinements,
                      "The unit square is cut into 2^n x 2^n cells.",
                      Patterns::Integer(1, 12));
    prm.add_parameter("Boundary refinements",
                      n_boundary_refinements,
                      "How often the cells at the boundary, where the "
                      "temperature rises steeply, are refined then.",
                      Patterns::Integer(0, 10));
    newton.declare_parameters(prm);
    linear.declare_parameters(prm);
  }



  DiffusionSolver::DiffusionSolver(const MPI_Comm &communicator,
                                   const DiffusionSolverParameters &parameters)
    : FiniteElementSolver<2>(communicator,
                             FE_Q<2>(parameters.fe_degree),
                             1,
                             parameters.fe_degree + 2)
    , parameters(parameters)
  {
    parameters.newton.check();
    make_cube(parameters.n_global_refinements, mesh, 0., 1.);
    for (unsigned int i = 0; i < parameters.n_boundary_refinements; ++i)
      {
        for (const auto &cell : mesh.active_cell_iterators())
          if (cell->is_locally_owned() && cell->at_boundary())
            cell->set_refine_flag();
        mesh.execute_coarsening_and_refinement();
      }
    static const Functions::ZeroFunction<2> zero;
    boundary_values = {{0, &zero}};
    setup();
  }



  void
  DiffusionSolver::integrate(const FEValues<2>  &fe_values,
                             const VectorType   &u,
                             FullMatrix<double> &matrix,
                             Vector<double>     &residual) const
  {
    const double              source = std::pow(10., log_source);
    std::vector<double>       values(fe_values.n_quadrature_points);
    std::vector<Tensor<1, 2>> gradients(fe_values.n_quadrature_points);
    fe_values.get_function_values(u, values);
    fe_values.get_function_gradients(u, gradients);
    for (const unsigned int q : fe_values.quadrature_point_indices())
      {
        const double base         = 1. + values[q] * values[q];
        const double conductivity = std::pow(base, exponent);
        const double slope = 2. * exponent * values[q] * conductivity / base;
        const double JxW   = fe_values.JxW(q);
        for (const unsigned int i : fe_values.dof_indices())
          residual(i) +=
            (conductivity * (gradients[q] * fe_values.shape_grad(i, q)) -
             source * fe_values.shape_value(i, q)) *
            JxW;
        if (matrix.m() > 0)
          for (const unsigned int j : fe_values.dof_indices())
            {
              const Tensor<1, 2> variation =
                JxW * (conductivity * fe_values.shape_grad(j, q) +
                       slope * fe_values.shape_value(j, q) * gradients[q]);
              for (const unsigned int i : fe_values.dof_indices())
                matrix(i, j) += variation * fe_values.shape_grad(i, q);
            }
      }
  }



  void
  DiffusionSolver::solve_on_mesh()
  {
    log =
      solve_nonlinear([this](auto &&...arguments) { integrate(arguments...); },
                      parameters.newton,
                      parameters.linear,
                      "s = " + Patterns::Tools::to_string(log_source) +
                        ", k = " + Patterns::Tools::to_string(exponent),
                      "Refine the mesh");
  }



  NewtonLog
  DiffusionSolver::solve(const double s, const double k, VectorType &u)
  {
    log_source = s;
    exponent   = k;
    solution   = u;
    solve_on_mesh();
    u = solution;
    return log;
  }



  std::vector<DiffusionSolver::VectorType>
  DiffusionSolver::sensitivities(const double      s,
                                 const double      k,
                                 const VectorType &u)
  {
    log_source          = s;
    exponent            = k;
    const double source = std::pow(10., s);
    assemble(
      homogeneous,
      [&](const auto &fe_values, auto &matrix, auto &residual) {
        integrate(fe_values, u, matrix, residual);
      },
      &matrix,
      nullptr);

    // the right hand sides are minus the residual's derivatives by s and k
    const CellTerms by_source =
      [&](const auto &fe_values, auto &, auto &vector) {
        for (const unsigned int q : fe_values.quadrature_point_indices())
          for (const unsigned int i : fe_values.dof_indices())
            vector(i) += std::log(10.) * source * fe_values.shape_value(i, q) *
                         fe_values.JxW(q);
      };
    std::vector<double>       values(quadrature.size());
    std::vector<Tensor<1, 2>> gradients(quadrature.size());
    const CellTerms           by_exponent =
      [&](const auto &fe_values, auto &, auto &vector) {
        fe_values.get_function_values(u, values);
        fe_values.get_function_gradients(u, gradients);
        for (const unsigned int q : fe_values.quadrature_point_indices())
          {
            const double base = 1. + values[q] * values[q];
            for (const unsigned int i : fe_values.dof_indices())
              vector(i) -= std::log(base) * std::pow(base, k) *
                           (gradients[q] * fe_values.shape_grad(i, q)) *
                           fe_values.JxW(q);
          }
      };

    std::vector<VectorType> result;
    VectorType              right_hand_side = make_owned_vector();
    VectorType              update          = make_owned_vector();
    for (const CellTerms &terms : {by_source, by_exponent})
      {
        assemble(homogeneous, terms, nullptr, &right_hand_side);
        solve_for_update(right_hand_side, update, parameters.linear);
        result.push_back(with_ghosts(update));
      }
    return result;
  }



  double
  DiffusionSolver::centre(const VectorType &u) const
  {
    return value_at_vertex(u, Point<2>(0.5, 0.5));
  }



  double
  DiffusionSolver::exact_centre(const double log_source, const double exponent)
  {
    const double    w = 0.0736713532814 * std::pow(10., log_source);
    const QGauss<1> quadrature(64);
    // the transform is increasing and convex: Newton's method from above
    double u = w;
    for (unsigned int i = 0; i < 200; ++i)
      {
        double integral = 0;
        for (unsigned int q = 0; q < quadrature.size(); ++q)
          integral +=
            quadrature.weight(q) * u *
            std::pow(1 + std::pow(u * quadrature.point(q)[0], 2), exponent);
        const double change = (integral - w) / std::pow(1 + u * u, exponent);
        u -= change;
        if (std::abs(change) < 1e-14 * u)
          break;
      }
    return u;
  }
} // namespace derl
