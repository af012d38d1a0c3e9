// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_solvers_finite_element_solver_h
#define derl_applications_solvers_finite_element_solver_h

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/function.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/quadrature_lib.h>
#include <deal.II/base/types.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/component_mask.h>
#include <deal.II/fe/fe.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/fe/mapping_q.h>

#include <deal.II/lac/affine_constraints.h>
#include <deal.II/lac/full_matrix.h>
#include <deal.II/lac/trilinos_sparse_matrix.h>
#include <deal.II/lac/trilinos_vector.h>
#include <deal.II/lac/vector.h>

#include <solvers/linear_system.h>
#include <solvers/newton.h>

#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace derl
{
  /**
   * What the finite element solvers of the applications have in common: a
   * distributed mesh, continuous elements, hanging nodes and boundary values, a
   * matrix, the solution; adaptive refinement, assembly, and Newton's method.
   * A solver says what the mesh is, which values are given, and what is
   * integrated over a cell.
   *
   * All functions but those that return members are collective. Ranks without
   * cells are legal.
   */
  template <int dim>
  class FiniteElementSolver
  {
  public:
    using VectorType = dealii::TrilinosWrappers::MPI::Vector;
    using Mesh       = dealii::parallel::distributed::Triangulation<dim>;

    virtual ~FiniteElementSolver() = default;

    /**
     * The mesh, empty at first, and to be made before setup().
     */
    Mesh &
    get_mesh()
    {
      return mesh;
    }

    /**
     * Number the degrees of freedom of the present mesh, and let the solution
     * be zero but for boundary values.
     */
    void
    setup();

    /**
     * Solve on the present mesh, from the present solution.
     */
    virtual void
    solve_on_mesh() = 0;

    /**
     * Call setup() and solve_on_mesh(), then so often refine the mesh where the
     * gradient jumps most (Kelly's estimator), each time with a new solve from
     * the solution before.
     *
     * @param n_refinements how often
     * @param refined, coarsened fractions of the cells
     */
    void
    solve_adaptively(const unsigned int n_refinements,
                     const double       refined,
                     const double       coarsened);

    const dealii::Mapping<dim> &
    get_mapping() const
    {
      return mapping;
    }

    const dealii::DoFHandler<dim> &
    get_dof_handler() const
    {
      return dof_handler;
    }

    /**
     * Hanging nodes, and zeros where values are given.
     */
    const dealii::AffineConstraints<double> &
    get_constraints() const
    {
      return homogeneous;
    }

    /**
     * The solution, with ghost values on the locally relevant degrees of
     * freedom.
     */
    const VectorType &
    get_solution() const
    {
      return solution;
    }

    /**
     * A vector of zeros with ghost elements.
     */
    VectorType
    make_vector() const;

    /**
     * A copy of a vector without ghost elements that has them.
     */
    VectorType
    with_ghosts(const VectorType &values) const;

    /**
     * A vector of zeros without them.
     */
    VectorType
    make_owned_vector() const;

    /**
     * The value of a component of a finite element function, with ghost
     * elements, at a vertex of the mesh.
     */
    double
    value_at_vertex(const VectorType         &u,
                    const dealii::Point<dim> &vertex,
                    const unsigned int        component = 0) const;

  protected:
    /**
     * Add the integrals over a cell to a matrix and a vector. The matrix has no
     * rows if none is wanted. Values, gradients, points and JxW are updated.
     */
    using CellTerms = std::function<void(const dealii::FEValues<dim> &fe_values,
                                         dealii::FullMatrix<double>  &matrix,
                                         dealii::Vector<double>      &vector)>;

    /**
     * The same at a given function: the residual, and its derivative.
     */
    using NonlinearTerms =
      std::function<void(const dealii::FEValues<dim> &fe_values,
                         const VectorType            &u,
                         dealii::FullMatrix<double>  &matrix,
                         dealii::Vector<double>      &residual)>;

    /**
     * @param element is copied
     * @param mapping_degree of the cells' edges
     * @param n_gauss_points per direction, for all integrals
     * @param progress gets a line per step of Newton's method
     */
    FiniteElementSolver(const MPI_Comm                    communicator,
                        const dealii::FiniteElement<dim> &element,
                        const unsigned int                mapping_degree,
                        const unsigned int                n_gauss_points,
                        const dealii::ConditionalOStream &progress =
                          dealii::ConditionalOStream(std::cout, false));

    /**
     * Interpolate the boundary values again.
     */
    void
    update_constraints();

    /**
     * Mark cells by their indicators and refine the mesh. The solution and
     * @p vectors, which have no ghost elements, are interpolated to the new
     * mesh; the solution gets new boundary values.
     */
    void
    refine(
      const std::function<void(const dealii::Vector<float> &indicators)> &mark,
      const std::vector<VectorType *> &vectors = {});

    /**
     * Assemble the terms into @p matrix and @p vector, which may be null.
     */
    void
    assemble(const dealii::AffineConstraints<double> &constraints,
             const CellTerms                         &terms,
             dealii::TrilinosWrappers::SparseMatrix  *matrix,
             VectorType                              *vector) const;

    /**
     * Terms with their function.
     */
    static CellTerms
    at(const NonlinearTerms &terms, const VectorType &u);

    /**
     * Newton's method from the present solution, whose boundary values are
     * kept.
     *
     * @param name, remedy see NonlinearEquations
     * @param preconditioner_terms another matrix for multigrid
     */
    NewtonLog
    solve_nonlinear(const NonlinearTerms &terms,
                    const NewtonOptions  &newton_options,
                    const LinearOptions  &linear_options,
                    const std::string    &name,
                    const std::string    &remedy,
                    const NonlinearTerms &preconditioner_terms = {});

    /**
     * Solve matrix * update = right_hand_side for an update of the solution,
     * from zero. Returns the number of iterations.
     */
    unsigned int
    solve_for_update(const VectorType    &right_hand_side,
                     VectorType          &update,
                     const LinearOptions &options,
                     const dealii::TrilinosWrappers::SparseMatrix
                       *preconditioner_matrix = nullptr) const;

    const MPI_Comm             communicator;
    dealii::ConditionalOStream progress;

    Mesh                                                    mesh;
    const std::unique_ptr<const dealii::FiniteElement<dim>> fe;
    const dealii::MappingQ<dim>                             mapping;
    const dealii::QGauss<dim>                               quadrature;
    dealii::DoFHandler<dim>                                 dof_handler;

    /** Functions with values at a part of the boundary. */
    std::map<dealii::types::boundary_id, const dealii::Function<dim> *>
      boundary_values;
    /** The components whose values are given there, and by whose gradients the
     * mesh is refined. */
    dealii::ComponentMask given_components;
    /** Whether the last component is known up to a constant. Its first degree
     * of freedom is zero then. */
    bool is_up_to_constant = false;
    /** How often the mesh was refined since solve_adaptively() began. */
    unsigned int n_refinements = 0;

    dealii::IndexSet owned, relevant;
    /** Hanging nodes; these and boundary values; these and zeros there. */
    dealii::AffineConstraints<double>      hanging_nodes;
    dealii::AffineConstraints<double>      constraints;
    dealii::AffineConstraints<double>      homogeneous;
    dealii::TrilinosWrappers::SparseMatrix matrix;
    VectorType                             solution;
  };
} // namespace derl

#endif
