// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/grid_refinement.h>
#include <deal.II/distributed/solution_transfer.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/lac/trilinos_sparsity_pattern.h>

#include <deal.II/numerics/error_estimator.h>
#include <deal.II/numerics/vector_tools.h>

#include <solvers/finite_element_solver.h>

#include <limits>
#include <sstream>

namespace derl
{
  using namespace dealii;

  template <int dim>
  FiniteElementSolver<dim>::FiniteElementSolver(
    const MPI_Comm            communicator,
    const FiniteElement<dim> &element,
    const unsigned int        mapping_degree,
    const unsigned int        n_gauss_points,
    const ConditionalOStream &progress)
    : communicator(communicator)
    , progress(progress)
    , mesh(communicator)
    , fe(element.clone())
    , mapping(mapping_degree)
    , quadrature(n_gauss_points)
    , dof_handler(mesh)
    , given_components(element.n_components(), true)
  {
  }



  template <int dim>
  void
  FiniteElementSolver<dim>::setup()
  {
    dof_handler.distribute_dofs(*fe);
    owned = dof_handler.locally_owned_dofs();
    DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
    update_constraints();

    TrilinosWrappers::SparsityPattern pattern(
      owned, owned, relevant, communicator);
    DoFTools::make_sparsity_pattern(
      dof_handler,
      pattern,
      constraints,
      false,
      Utilities::MPI::this_mpi_process(communicator));
    pattern.compress();
    matrix.reinit(pattern);

    VectorType start = make_owned_vector();
    constraints.distribute(start);
    solution = with_ghosts(start);
  }



  template <int dim>
  void
  FiniteElementSolver<dim>::update_constraints()
  {
    hanging_nodes.clear();
    hanging_nodes.reinit(relevant);
    DoFTools::make_hanging_node_constraints(dof_handler, hanging_nodes);
    constraints.copy_from(hanging_nodes);
    for (const auto &[id, values] : boundary_values)
      VectorTools::interpolate_boundary_values(
        mapping, dof_handler, id, *values, constraints, given_components);
    if (is_up_to_constant)
      {
        ComponentMask last(fe->n_components(), false);
        last.set(fe->n_components() - 1, true);
        auto first = dof_handler.n_dofs();
        for (const auto dof : DoFTools::extract_dofs(dof_handler, last))
          if (!hanging_nodes.is_constrained(dof))
            {
              first = dof;
              break;
            }
        first = Utilities::MPI::min(first, communicator);
        if (relevant.is_element(first))
          constraints.add_line(first);
      }
    homogeneous.copy_from(constraints);
    for (const auto &line : constraints.get_lines())
      homogeneous.set_inhomogeneity(line.index, 0.);
    hanging_nodes.close();
    constraints.close();
    homogeneous.close();
  }



  template <int dim>
  typename FiniteElementSolver<dim>::VectorType
  FiniteElementSolver<dim>::make_vector() const
  {
    return VectorType(owned, relevant, communicator);
  }



  template <int dim>
  typename FiniteElementSolver<dim>::VectorType
  FiniteElementSolver<dim>::with_ghosts(const VectorType &values) const
  {
    VectorType result = make_vector();
    result            = values;
    return result;
  }



  template <int dim>
  typename FiniteElementSolver<dim>::VectorType
  FiniteElementSolver<dim>::make_owned_vector() const
  {
    return VectorType(owned, communicator);
  }



  template <int dim>
  double
  FiniteElementSolver<dim>::value_at_vertex(const VectorType  &u,
                                            const Point<dim>  &vertex,
                                            const unsigned int component) const
  {
    // each rank that has a cell there sees the same value
    double value = std::numeric_limits<double>::lowest();
    for (const auto &cell : dof_handler.active_cell_iterators())
      if (cell->is_locally_owned())
        for (const unsigned int v : cell->vertex_indices())
          if (cell->vertex(v).distance(vertex) < 1e-9 * cell->diameter())
            value = u(cell->vertex_dof_index(v, component));
    return Utilities::MPI::max(value, communicator);
  }



  template <int dim>
  void
  FiniteElementSolver<dim>::solve_adaptively(const unsigned int n,
                                             const double       refined,
                                             const double       coarsened)
  {
    setup();
    solve_on_mesh();
    for (n_refinements = 1; n_refinements <= n; ++n_refinements)
      {
        refine([&](const Vector<float> &indicators) {
          parallel::distributed::GridRefinement::
            refine_and_coarsen_fixed_number(
              mesh, indicators, refined, coarsened);
        });
        solve_on_mesh();
      }
  }



  template <int dim>
  void
  FiniteElementSolver<dim>::refine(
    const std::function<void(const Vector<float> &)> &mark,
    const std::vector<VectorType *>                  &vectors)
  {
    Vector<float> indicators(mesh.n_active_cells());
    KellyErrorEstimator<dim>::estimate(
      mapping,
      dof_handler,
      QGauss<dim - 1>(fe->degree + 1),
      std::map<types::boundary_id, const Function<dim> *>(),
      solution,
      indicators,
      given_components);
    mark(indicators);

    std::vector<VectorType> old(vectors.size() + 1, solution);
    for (unsigned int i = 0; i < vectors.size(); ++i)
      old[i] = *vectors[i];
    std::vector<const VectorType *> old_pointers;
    for (const VectorType &vector : old)
      old_pointers.push_back(&vector);
    parallel::distributed::SolutionTransfer<dim, VectorType> transfer(
      dof_handler);
    mesh.prepare_coarsening_and_refinement();
    transfer.prepare_for_coarsening_and_refinement(old_pointers);
    mesh.execute_coarsening_and_refinement();
    setup();

    VectorType interpolated = make_owned_vector();
    auto       pointers     = vectors;
    pointers.push_back(&interpolated);
    for (VectorType *const vector : pointers)
      vector->reinit(owned, communicator);
    transfer.interpolate(pointers);
    for (VectorType *const vector : pointers)
      hanging_nodes.distribute(*vector);
    constraints.distribute(interpolated);
    solution = interpolated;
  }



  template <int dim>
  void
  FiniteElementSolver<dim>::assemble(
    const AffineConstraints<double> &constraints,
    const CellTerms                 &terms,
    TrilinosWrappers::SparseMatrix  *matrix,
    VectorType                      *vector) const
  {
    FEValues<dim>                        fe_values(mapping,
                            *fe,
                            quadrature,
                            update_values | update_gradients |
                              update_quadrature_points | update_JxW_values);
    const unsigned int                   n = fe->n_dofs_per_cell();
    FullMatrix<double>                   cell_matrix(matrix != nullptr ? n : 0);
    Vector<double>                       cell_vector(n);
    std::vector<types::global_dof_index> dof_indices(n);
    if (matrix != nullptr)
      *matrix = 0.;
    if (vector != nullptr)
      *vector = 0.;
    for (const auto &cell : dof_handler.active_cell_iterators())
      if (cell->is_locally_owned())
        {
          fe_values.reinit(cell);
          cell_matrix = 0.;
          cell_vector = 0.;
          terms(fe_values, cell_matrix, cell_vector);
          cell->get_dof_indices(dof_indices);
          if (matrix != nullptr && vector != nullptr)
            constraints.distribute_local_to_global(
              cell_matrix, cell_vector, dof_indices, *matrix, *vector);
          else if (matrix != nullptr)
            constraints.distribute_local_to_global(
              cell_matrix, dof_indices, *matrix);
          else
            constraints.distribute_local_to_global(
              cell_vector, dof_indices, *vector);
        }
    if (matrix != nullptr)
      matrix->compress(VectorOperation::add);
    if (vector != nullptr)
      vector->compress(VectorOperation::add);
  }



  template <int dim>
  typename FiniteElementSolver<dim>::CellTerms
  FiniteElementSolver<dim>::at(const NonlinearTerms &terms, const VectorType &u)
  {
    return [&terms, &u](const FEValues<dim> &fe_values,
                        FullMatrix<double>  &matrix,
                        Vector<double>      &residual) {
      terms(fe_values, u, matrix, residual);
    };
  }



  template <int dim>
  unsigned int
  FiniteElementSolver<dim>::solve_for_update(
    const VectorType                     &right_hand_side,
    VectorType                           &update,
    const LinearOptions                  &options,
    const TrilinosWrappers::SparseMatrix *preconditioner_matrix) const
  {
    update = 0.;
    const unsigned int n_iterations =
      solve_linear_system(matrix,
                          update,
                          right_hand_side,
                          options,
                          fe->degree > 1,
                          preconditioner_matrix);
    homogeneous.distribute(update);
    return n_iterations;
  }



  template <int dim>
  NewtonLog
  FiniteElementSolver<dim>::solve_nonlinear(
    const NonlinearTerms &terms,
    const NewtonOptions  &newton_options,
    const LinearOptions  &linear_options,
    const std::string    &name,
    const std::string    &remedy,
    const NonlinearTerms &preconditioner_terms)
  {
    TrilinosWrappers::SparseMatrix preconditioner;
    if (preconditioner_terms)
      preconditioner.reinit(matrix);

    NonlinearEquations equations;
    equations.name     = name;
    equations.remedy   = remedy;
    equations.residual = [&](const VectorType &u, VectorType &residual) {
      assemble(homogeneous, at(terms, u), nullptr, &residual);
    };
    equations.solve_linearized = [&](const VectorType &u,
                                     const VectorType &right_hand_side,
                                     VectorType       &update) {
      assemble(homogeneous, at(terms, u), &matrix, nullptr);
      if (preconditioner_terms)
        assemble(
          homogeneous, at(preconditioner_terms, u), &preconditioner, nullptr);
      return solve_for_update(right_hand_side,
                              update,
                              linear_options,
                              preconditioner_terms ? &preconditioner : nullptr);
    };
    return solve_by_newton(
      equations, newton_options, solution, [&](const NewtonStep &step) {
        std::ostringstream line;
        line.precision(3);
        line << "Newton: " << name << ", step " << step.step << ", residual "
             << step.residual_norm;
        if (step.step > 0)
          line << ", step length " << step.step_length << ", "
               << step.n_linear_iterations << " linear iterations";
        progress << line.str() << std::endl;
      });
  }



  template class FiniteElementSolver<2>;
  template class FiniteElementSolver<3>;
} // namespace derl
