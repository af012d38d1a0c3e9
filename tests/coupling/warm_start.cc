// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A surrogate must become the start of a solver, a boundary condition and a
// coefficient in loops of MatrixFree: for all vectors, on curved meshes with
// hanging nodes, on any number of ranks; and errors must be those of all ranks.

#include <derl/coupling/surrogate_function.h>

#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_dgp.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/fe/mapping_q.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/la_parallel_vector.h>
#include <deal.II/lac/petsc_vector.h>
#include <deal.II/lac/trilinos_vector.h>
#include <deal.II/lac/vector.h>

#include <deal.II/matrix_free/fe_evaluation.h>
#include <deal.II/matrix_free/matrix_free.h>

#include <deal.II/numerics/vector_tools.h>

#include <algorithm>
#include <iostream>
#include <limits>
#include <sstream>

#include "../check.h"
#include "surrogates.h"

namespace test_warm_start
{
/**
 * A disk with hanging nodes.
 */
template <typename TriangulationType>
void
make_mesh(TriangulationType &triangulation)
{
  GridGenerator::hyper_ball(triangulation);
  triangulation.refine_global(2);
  for (const auto &cell : triangulation.active_cell_iterators())
    if (cell->is_locally_owned() && cell->center()[0] < 0.1)
      cell->set_refine_flag();
  triangulation.execute_coarsening_and_refinement();
}



struct Problem
{
  explicit Problem(const Triangulation<2> &triangulation)
    : fe(FE_Q<2>(2), 2, FE_Q<2>(1), 1)
    , mapping(3)
    , dof_handler(triangulation)
    , u(vector_surrogate())
  {
    dof_handler.distribute_dofs(fe);
    DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
    // the velocity is given at the boundary, by another surrogate
    Surrogate other = vector_surrogate();
    other.parameters *= 0.5;
    boundary = std::make_unique<const SurrogateFunction<2>>(other);
    constraints.reinit(relevant);
    DoFTools::make_hanging_node_constraints(dof_handler, constraints);
    VectorTools::interpolate_boundary_values(
      mapping,
      dof_handler,
      0,
      *boundary,
      constraints,
      fe.component_mask(FEValuesExtractors::Vector(0)));
    constraints.close();
  }

  const FESystem<2>                           fe;
  const MappingQ<2>                           mapping;
  DoFHandler<2>                               dof_handler;
  SurrogateFunction<2>                        u;
  std::unique_ptr<const SurrogateFunction<2>> boundary;
  IndexSet                                    relevant;
  AffineConstraints<double>                   constraints;
};



/**
 * The largest error of a vector's elements at the support points, as they
 * should be after warm_start(): the function's values, the values of the
 * boundary condition, means at hanging nodes. The vector must be readable at
 * all relevant degrees of freedom.
 */
template <typename VectorType>
double
error_of(const Problem &problem, const VectorType &vector)
{
  const Quadrature<2> quadrature(problem.fe.get_unit_support_points());
  FEValues<2>         fe_values(
    problem.mapping, problem.fe, quadrature, update_quadrature_points);
  std::vector<types::global_dof_index> dofs(problem.fe.n_dofs_per_cell());
  double                               error = 0;
  for (const auto &cell : problem.dof_handler.active_cell_iterators())
    if (cell->is_locally_owned())
      {
        fe_values.reinit(cell);
        cell->get_dof_indices(dofs);
        for (unsigned int i = 0; i < dofs.size(); ++i)
          {
            const Point<2>    &x = fe_values.quadrature_point(i);
            const unsigned int c =
              problem.fe.system_to_component_index(i).first;
            double expected = problem.u.value(x, c);
            if (problem.constraints.is_constrained(dofs[i]))
              {
                const auto &entries =
                  *problem.constraints.get_constraint_entries(dofs[i]);
                if (entries.empty())
                  expected = problem.boundary->value(x, c);
                else
                  {
                    expected = problem.constraints.get_inhomogeneity(dofs[i]);
                    for (const auto &[other, factor] : entries)
                      expected += factor * vector(other);
                  }
              }
            error = std::max(error, std::abs(vector(dofs[i]) - expected));
          }
      }
  return error;
}



template <typename VectorType>
void
check_vector(const std::string &name,
             const Problem     &problem,
             VectorType        &owned,
             VectorType        &ghosted)
{
  warm_start(problem.mapping,
             problem.dof_handler,
             problem.constraints,
             problem.u,
             owned);
  warm_start(problem.mapping,
             problem.dof_handler,
             problem.constraints,
             problem.u,
             ghosted);
  check(name + ", with ghosts", error_of(problem, ghosted), 1e-13);
  double error = 0;
  for (const auto i : problem.dof_handler.locally_owned_dofs())
    error = std::max(error, std::abs(owned(i) - ghosted(i)));
  check(name + ", without", error, 0.);
}



void
check_vectors()
{
  parallel::distributed::Triangulation<2> triangulation(MPI_COMM_WORLD);
  make_mesh(triangulation);
  const Problem   problem(triangulation);
  const IndexSet &owned    = problem.dof_handler.locally_owned_dofs();
  const IndexSet &relevant = problem.relevant;
  check("constraints",
        Utilities::MPI::sum(problem.constraints.n_constraints(),
                            MPI_COMM_WORLD) > 100);

  LinearAlgebra::distributed::Vector<double> owned_1(owned, MPI_COMM_WORLD),
    ghosted_1(owned, relevant, MPI_COMM_WORLD);
  ghosted_1.update_ghost_values();
  check_vector("LinearAlgebra::distributed", problem, owned_1, ghosted_1);
  TrilinosWrappers::MPI::Vector owned_2(owned, MPI_COMM_WORLD),
    ghosted_2(owned, relevant, MPI_COMM_WORLD);
  check_vector("Trilinos", problem, owned_2, ghosted_2);
  PETScWrappers::MPI::Vector owned_3(owned, MPI_COMM_WORLD),
    ghosted_3(owned, relevant, MPI_COMM_WORLD);
  check_vector("PETSc", problem, owned_3, ghosted_3);

  Triangulation<2> serial;
  make_mesh(serial);
  const Problem  of_rank(serial);
  Vector<double> all(of_rank.dof_handler.n_dofs()), again(all);
  check_vector("Vector", of_rank, all, again);
}


/**
 * The functional (u, w) + (grad u, grad w), with u from the surrogate and w a
 * finite element function, by MatrixFree and by FEValues.
 */
void
check_matrix_free()
{
  parallel::distributed::Triangulation<2> triangulation(MPI_COMM_WORLD);
  make_mesh(triangulation);
  const MappingQ<2> mapping(3);
  const FESystem<2> fe(FE_Q<2>(2), 2);
  DoFHandler<2>     dof_handler(triangulation);
  dof_handler.distribute_dofs(fe);
  IndexSet relevant;
  DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
  AffineConstraints<double> constraints(relevant);
  DoFTools::make_hanging_node_constraints(dof_handler, constraints);
  constraints.close();
  const SurrogateFunction<2> u(vector_surrogate());
  const QGauss<2>            quadrature(3);

  MatrixFree<2>                 matrix_free;
  MatrixFree<2>::AdditionalData data;
  data.mapping_update_flags =
    update_values | update_gradients | update_quadrature_points;
  matrix_free.reinit(mapping, dof_handler, constraints, QGauss<1>(3), data);
  LinearAlgebra::distributed::Vector<double> w, functional;
  matrix_free.initialize_dof_vector(w);
  matrix_free.initialize_dof_vector(functional);
  const SurrogateFunction<2> other(
    Surrogate(NetworkParameters(), {"x", "y"}, {"v", "p"}));
  warm_start(mapping, dof_handler, constraints, other, w);

  FEEvaluation<2, -1, 0, 2, double> phi(matrix_free);
  constexpr unsigned int            width = VectorizedArray<double>::size();
  SurrogateFunction<2>::BatchJets<2, width>      jets;
  std::vector<Point<2, VectorizedArray<double>>> points(phi.n_q_points);
  for (unsigned int cell = 0; cell < matrix_free.n_cell_batches(); ++cell)
    {
      phi.reinit(cell);
      for (const unsigned int q : phi.quadrature_point_indices())
        points[q] = phi.quadrature_point(q);
      // the components v and p
      u.batch_jets(
        points, 1, jets, 1, matrix_free.n_active_entries_per_cell_batch(cell));
      for (const unsigned int q : phi.quadrature_point_indices())
        {
          phi.submit_value(jets.values[q], q);
          phi.submit_gradient(jets.gradients[q], q);
        }
      phi.integrate_scatter(
        EvaluationFlags::values | EvaluationFlags::gradients, functional);
    }
  functional.compress(VectorOperation::add);
  const double by_matrix_free = functional * w;

  w.update_ghost_values();
  FEValues<2>                 fe_values(mapping,
                        fe,
                        quadrature,
                        update_values | update_gradients | update_JxW_values |
                          update_quadrature_points);
  std::vector<Vector<double>> values(quadrature.size(), Vector<double>(2));
  std::vector<std::vector<Tensor<1, 2>>> gradients(
    quadrature.size(), std::vector<Tensor<1, 2>>(2));
  double by_fe_values = 0;
  for (const auto &cell : dof_handler.active_cell_iterators())
    if (cell->is_locally_owned())
      {
        fe_values.reinit(cell);
        fe_values.get_function_values(w, values);
        fe_values.get_function_gradients(w, gradients);
        for (unsigned int q = 0; q < quadrature.size(); ++q)
          for (unsigned int c = 0; c < 2; ++c)
            {
              const Point<2> &x = fe_values.quadrature_point(q);
              by_fe_values +=
                fe_values.JxW(q) * (values[q](c) * u.value(x, 1 + c) +
                                    gradients[q][c] * u.gradient(x, 1 + c));
            }
      }
  by_fe_values = Utilities::MPI::sum(by_fe_values, MPI_COMM_WORLD);
  check("MatrixFree", std::abs(by_matrix_free / by_fe_values - 1), 1e-12);
}



void
check_elements_and_errors()
{
  parallel::distributed::Triangulation<2> triangulation(MPI_COMM_WORLD);
  make_mesh(triangulation);
  const MappingQ<2>         mapping(3);
  AffineConstraints<double> constraints;
  constraints.close();
  const auto start = [&](const FiniteElement<2> &fe,
                         const Function<2>      &function) {
    DoFHandler<2> dof_handler(triangulation);
    dof_handler.distribute_dofs(fe);
    TrilinosWrappers::MPI::Vector vector(dof_handler.locally_owned_dofs(),
                                         MPI_COMM_WORLD);
    warm_start(mapping, dof_handler, constraints, function, vector);
    return vector.l2_norm();
  };

  // a network with time and a parameter, whose box leaves out the corner of one
  // rank only
  NetworkParameters options;
  options.hidden = {5};
  Surrogate surrogate(options, {"x", "y", "t", "mu"}, {"u"});
  surrogate.provenance.box_lower = {-1, -1, 0, 0};
  surrogate.provenance.box_upper = {0.9, 1, 1, 1};
  SurrogateFunction<2> u(surrogate, OutsideBox::ignore);
  u.set_parameters({0.5});
  const double first = start(FE_Q<2>(1), u);
  u.set_time(1.);
  check("time", first != start(FE_Q<2>(1), u));
  SurrogateFunction<2> strict(surrogate, OutsideBox::error);
  strict.set_parameters({0.5});
  std::string message;
  try
    {
      start(FE_Q<2>(2), strict);
    }
  catch (const AgreedError &error)
    {
      message = error.what();
    }
  check("outside the box on some ranks",
        message.find("evaluated at x = ") != std::string::npos &&
          message.find("between -1") != std::string::npos);

  // one line in all of the coordinate that leaves the box, and then no other
  SurrogateFunction<2> warning(surrogate);
  warning.set_parameters({0.5});
  std::ostringstream    text;
  std::streambuf *const buffer = std::cerr.rdbuf(text.rdbuf());
  start(FE_Q<2>(2), warning);
  start(FE_Q<2>(1), SurrogateFunction<2>(warning));
  std::cerr.rdbuf(buffer);
  const std::string warnings = text.str();
  check(
    "one warning in total",
    Utilities::MPI::sum(int(std::count(warnings.begin(), warnings.end(), '\n')),
                        MPI_COMM_WORLD) == 1);

  expect_error("parameters missing",
               [&]() { start(FE_Q<2>(2), SurrogateFunction<2>(surrogate)); });
  expect_error("not finite", [&]() {
    start(
      FE_Q<2>(1),
      Functions::ConstantFunction<2>(std::numeric_limits<double>::quiet_NaN()));
  });
  // in a projection, too
  expect_error("parameters missing",
               [&]() { start(FE_DGP<2>(1), SurrogateFunction<2>(surrogate)); });
  expect_error("components", [&]() { start(FESystem<2>(FE_Q<2>(1), 2), u); });
  expect_error("no degrees of freedom", [&]() {
    const DoFHandler<2> dof_handler(triangulation);
    Vector<double>      vector;
    warm_start(mapping, dof_handler, constraints, u, vector);
  });
  expect_error("vector", [&]() {
    DoFHandler<2> dof_handler(triangulation);
    dof_handler.distribute_dofs(FE_Q<2>(1));
    LinearAlgebra::distributed::Vector<double> vector(dof_handler.n_dofs() + 1);
    warm_start(mapping, dof_handler, constraints, u, vector);
  });
}



DERL_TEST(warm_start)
{
  initlog();

  check_vectors();
  check_matrix_free();
  check_elements_and_errors();
}
} // namespace test_warm_start
