// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "solver.h"

#include <deal.II/fe/fe_q.h>

#include <solvers/exact_solution.h>
#include <solvers/meshes.h>

namespace derl
{
  using namespace dealii;

  SkeletonProblem::SkeletonProblem(const double k)
    : k(k)
    , exact(
        solution_of_formula<2>([](const auto &x, const auto &, const auto &) {
          using Number = std::decay_t<decltype(x[0])>;
          return field<Number>(sin(2. * x[0] + x[1]) * exp(-x[0] * x[0]));
        }))
    , f(std::make_shared<const ScalarFunctionFromFunctionObject<2>>(
        [k, u = exact](const Point<2> &x) {
          return k * u->value(x) - u->laplacian(x);
        }))
  {
  }

  std::unique_ptr<LinearSolver<2>>
  solve(const MPI_Comm        &communicator,
        const SkeletonProblem &problem,
        const unsigned int     n_refinements)
  {
    const auto terms = [&problem](const FEValues<2>  &fe_values,
                                  FullMatrix<double> &matrix,
                                  Vector<double>     &vector) {
      for (const unsigned int q : fe_values.quadrature_point_indices())
        for (const unsigned int i : fe_values.dof_indices())
          {
            const double v = fe_values.shape_value(i, q) * fe_values.JxW(q);
            const Tensor<1, 2> grad_v =
              fe_values.shape_grad(i, q) * fe_values.JxW(q);
            vector(i) += problem.f->value(fe_values.quadrature_point(q)) * v;
            for (const unsigned int j : fe_values.dof_indices())
              matrix(i, j) += problem.k * fe_values.shape_value(j, q) * v +
                              fe_values.shape_grad(j, q) * grad_v;
          }
    };
    auto solver = std::make_unique<LinearSolver<2>>(
      communicator, FE_Q<2>(2), 1, 3, terms, *problem.exact);
    make_cube(n_refinements, solver->get_mesh());
    solver->setup();
    solver->solve_on_mesh();
    return solver;
  }
} // namespace derl
