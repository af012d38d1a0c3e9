// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <deal.II/base/quadrature_lib.h>

#include <deal.II/fe/fe_values.h>

#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/manifold_lib.h>

#include <deal.II/lac/affine_constraints.h>
#include <deal.II/lac/full_matrix.h>
#include <deal.II/lac/solver_cg.h>
#include <deal.II/lac/solver_control.h>
#include <deal.II/lac/trilinos_precondition.h>
#include <deal.II/lac/trilinos_sparse_matrix.h>
#include <deal.II/lac/vector.h>

#include <common/discretization.h>

#include "poisson_solver.h"

namespace derl
{
  using namespace dealii;

  template <int dim>
  PoissonSolver<dim>::PoissonSolver(const MPI_Comm      &communicator,
                                    const Function<dim> &exact,
                                    const std::string   &mesh,
                                    const unsigned int   degree,
                                    const unsigned int   n_refinements)
    : communicator(communicator)
    , exact(exact)
    , triangulation(communicator)
    , fe(degree)
    , mapping(degree)
    , dof_handler(triangulation)
  {
    make_mesh(mesh, n_refinements);
    dof_handler.distribute_dofs(fe);
    solve();
  }



  template <int dim>
  void
  PoissonSolver<dim>::make_mesh(const std::string &mesh,
                                const unsigned int n_refinements)
  {
    if (mesh == "curved")
      {
        // hyper_ball() curves the cells at the boundary only, and their mapping
        // would not become smooth under refinement: see step-65
        GridGenerator::hyper_ball(triangulation);
        triangulation.set_all_manifold_ids(1);
        triangulation.set_all_manifold_ids_on_boundary(0);
        TransfiniteInterpolationManifold<dim> interpolation;
        interpolation.initialize(triangulation);
        triangulation.set_manifold(1, interpolation);
        triangulation.refine_global(n_refinements);
      }
    else if (mesh == "distorted")
      {
        make_distorted_cube(n_refinements + 1, 0.2, triangulation);
      }
    else
      {
        GridGenerator::hyper_cube(triangulation, -1., 1.);
        triangulation.refine_global(n_refinements + 1);
        if (mesh == "refined")
          {
            Point<dim> center;
            center[0] = 0.2;
            for (const auto &cell : triangulation.active_cell_iterators())
              if (cell->is_locally_owned() &&
                  cell->center().distance(center) < 0.55)
                cell->set_refine_flag();
            triangulation.execute_coarsening_and_refinement();
          }
        else
          AssertThrow(mesh == "uniform",
                      ExcMessage("There is no mesh '" + mesh + "'."));
      }
  }



  template <int dim>
  void
  PoissonSolver<dim>::solve()
  {
    const IndexSet            owned = dof_handler.locally_owned_dofs();
    AffineConstraints<double> constraints;
    make_constraints(mapping, dof_handler, exact, constraints);

    TrilinosWrappers::SparseMatrix matrix;
    reinit_matrix(dof_handler, constraints, matrix);
    TrilinosWrappers::MPI::Vector right_hand_side(owned, communicator);
    TrilinosWrappers::MPI::Vector owned_solution(owned, communicator);

    FEValues<dim>                        fe_values(mapping,
                            fe,
                            QGauss<dim>(fe.degree + 2),
                            update_values | update_gradients |
                              update_quadrature_points | update_JxW_values);
    const unsigned int                   n = fe.n_dofs_per_cell();
    FullMatrix<double>                   cell_matrix(n);
    Vector<double>                       cell_right_hand_side(n);
    std::vector<types::global_dof_index> dof_indices(n);
    for (const auto &cell : dof_handler.active_cell_iterators())
      if (cell->is_locally_owned())
        {
          fe_values.reinit(cell);
          cell_matrix          = 0.;
          cell_right_hand_side = 0.;
          for (const unsigned int q : fe_values.quadrature_point_indices())
            {
              const double f =
                -trace(exact.hessian(fe_values.quadrature_point(q)));
              for (unsigned int i = 0; i < n; ++i)
                {
                  for (unsigned int j = 0; j < n; ++j)
                    cell_matrix(i, j) += fe_values.shape_grad(i, q) *
                                         fe_values.shape_grad(j, q) *
                                         fe_values.JxW(q);
                  cell_right_hand_side(i) +=
                    f * fe_values.shape_value(i, q) * fe_values.JxW(q);
                }
            }
          cell->get_dof_indices(dof_indices);
          constraints.distribute_local_to_global(cell_matrix,
                                                 cell_right_hand_side,
                                                 dof_indices,
                                                 matrix,
                                                 right_hand_side);
        }
    matrix.compress(VectorOperation::add);
    right_hand_side.compress(VectorOperation::add);

    TrilinosWrappers::PreconditionAMG                 amg;
    TrilinosWrappers::PreconditionAMG::AdditionalData data;
    data.higher_order_elements = fe.degree > 1;
    amg.initialize(matrix, data);
    ReductionControl control(1000, 1e-14, 1e-13);
    SolverCG<TrilinosWrappers::MPI::Vector>(control).solve(
      matrix, owned_solution, right_hand_side, amg);
    constraints.distribute(owned_solution);
    solution.reinit(owned, locally_relevant_dofs(dof_handler), communicator);
    solution = owned_solution;
  }



  template class PoissonSolver<2>;
} // namespace derl
