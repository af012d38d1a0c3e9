// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_scalar_problem_h
#define derl_applications_scalar_problem_h

#include <functional>
#include <memory>

#include "problem.h"

namespace derl
{
  /**
   * u_t - div(a grad u) + b . grad u = f with a diffusion a that is constant
   * in each cell, a constant convection b, and the source f that belongs to the
   * exact solution.
   */
  template <int dim>
  class ScalarProblem : public Problem<dim>
  {
  public:
    using typename Problem<dim>::Mesh;

    void
    make_mesh(const unsigned int n_refinements, Mesh &mesh) const override;

    std::unique_ptr<FiniteElementSolver<dim>>
    make_solver(const MPI_Comm     communicator,
                const unsigned int degree) const override;

    std::function<void(const unsigned int n_refinements, Mesh &mesh)> geometry;
    /** At a point in the cell; by default 1. */
    std::function<double(const dealii::Point<dim> &)> diffusion;
    dealii::Tensor<1, dim>                            convection;
  };



  std::unique_ptr<Problem<2>>
  make_waves_on_distorted_mesh();

  std::unique_ptr<Problem<2>>
  make_short_waves();

  std::unique_ptr<Problem<2>>
  make_reentrant_corner();

  std::unique_ptr<Problem<3>>
  make_reentrant_edge();

  std::unique_ptr<Problem<2>>
  make_boundary_layer();

  std::unique_ptr<Problem<2>>
  make_material_interface();

  std::unique_ptr<Problem<3>>
  make_heat();

  std::unique_ptr<Problem<2>>
  make_two_parameters();
} // namespace derl

#endif
