// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "scalar_problem.h"

#include <deal.II/fe/fe_q.h>

namespace derl
{
  using namespace dealii;

  template <int dim>
  void
  ScalarProblem<dim>::make_mesh(const unsigned int n_refinements,
                                Mesh              &mesh) const
  {
    geometry(n_refinements, mesh);
  }



  template <int dim>
  std::unique_ptr<FiniteElementSolver<dim>>
  ScalarProblem<dim>::make_solver(const MPI_Comm     communicator,
                                  const unsigned int degree) const
  {
    LinearOptions options;
    // multigrid is slow for convection, and the matrix is not symmetric
    if (convection.norm() > 0.)
      options.method = LinearMethod::direct;
    const auto a = [this](const Point<dim> &x) {
      return diffusion ? diffusion(x) : 1.;
    };
    const auto f = [this, a](const Point<dim> &x) {
      return -a(x) * trace(this->exact->hessian(x)) +
             convection * this->exact->gradient(x) +
             (this->n_time_steps > 0 ? this->exact->rate(x) : 0.);
    };
    return std::make_unique<LinearSolver<dim>>(
      communicator,
      FE_Q<dim>(degree),
      degree,
      degree + 1,
      diffusion_terms<dim>(a, f, convection),
      *this->exact,
      options);
  }



  template class ScalarProblem<2>;
  template class ScalarProblem<3>;
} // namespace derl
