// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_poisson_solver_h
#define derl_applications_poisson_solver_h

#include <deal.II/base/function.h>
#include <deal.II/base/mpi.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/mapping_q.h>

#include <deal.II/lac/trilinos_vector.h>

#include <string>

namespace derl
{
  /**
   * Poisson's equation with a known solution, its values at the boundary, and
   * continuous elements on one of these meshes: "uniform", "distorted"
   * (vertices moved at random by a fifth of the edges' length) and "refined"
   * (with one more level of refinement in a disk, so that there are hanging
   * nodes) for the square [-1,1]^2, "curved" for the unit disk, with cells of
   * the element's degree.
   */
  template <int dim>
  class PoissonSolver
  {
  public:
    /**
     * Make the mesh, with @p n_refinements refinements of a square of 2x2
     * cells, or so, and solve. Collective.
     *
     * @param exact the solution, with gradient and Hessian; it must outlive
     *   this object.
     */
    PoissonSolver(const MPI_Comm              &communicator,
                  const dealii::Function<dim> &exact,
                  const std::string           &mesh,
                  const unsigned int           degree,
                  const unsigned int           n_refinements);

    const dealii::Function<dim> &
    get_exact_solution() const
    {
      return exact;
    }

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
     * With ghost values.
     */
    const dealii::TrilinosWrappers::MPI::Vector &
    get_solution() const
    {
      return solution;
    }

  private:
    void
    make_mesh(const std::string &mesh, const unsigned int n_refinements);

    void
    solve();

    const MPI_Comm                                    communicator;
    const dealii::Function<dim>                      &exact;
    dealii::parallel::distributed::Triangulation<dim> triangulation;
    const dealii::FE_Q<dim>                           fe;
    const dealii::MappingQ<dim>                       mapping;
    dealii::DoFHandler<dim>                           dof_handler;
    dealii::TrilinosWrappers::MPI::Vector             solution;
  };
} // namespace derl

#endif
