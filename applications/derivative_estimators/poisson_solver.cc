// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "poisson_solver.h"

#include <deal.II/base/exceptions.h>
#include <deal.II/base/numbers.h>

#include <deal.II/fe/fe_q.h>

#include <deal.II/grid/grid_generator.h>

#include <solvers/meshes.h>

namespace derl
{
  using namespace dealii;

  std::shared_ptr<const ExactSolution<2>>
  exact_solution(const std::string &name)
  {
    using std::exp;
    using std::sin;
    if (name == "waves")
      return solution_of_formula<2>(
        [](const auto &x, const auto &t, const auto &) {
          using Number        = std::decay_t<decltype(t)>;
          constexpr double pi = numbers::PI;
          return field<Number>(sin(pi * x[0] + 0.4) * sin(pi * x[1] + 0.7));
        });
    AssertThrow(name == "peak",
                ExcMessage("There is no exact solution '" + name + "'."));
    return solution_of_formula<2>(
      [](const auto &x, const auto &t, const auto &) {
        using Number   = std::decay_t<decltype(t)>;
        const Number a = x[0] - 0.3, b = x[1] + 0.2;
        return field<Number>(exp(-10. * (a * a + b * b)));
      });
  }



  namespace
  {
    void
    make_mesh(const std::string                       &name,
              const unsigned int                       n_refinements,
              parallel::distributed::Triangulation<2> &mesh)
    {
      if (name == "curved")
        {
          GridGenerator::hyper_ball(mesh);
          mesh.set_all_manifold_ids(1);
          mesh.set_all_manifold_ids_on_boundary(0);
          follow_circles(mesh);
          mesh.refine_global(n_refinements);
          return;
        }
      if (name == "distorted")
        return make_distorted_cube(n_refinements + 1, 0.2, mesh);
      AssertThrow(name == "uniform" || name == "refined",
                  ExcMessage("There is no mesh '" + name + "'."));
      make_cube(n_refinements + 1, mesh);
      if (name == "refined")
        {
          for (const auto &cell : mesh.active_cell_iterators())
            if (cell->is_locally_owned() &&
                cell->center().distance(Point<2>(0.2, 0.)) < 0.55)
              cell->set_refine_flag();
          mesh.execute_coarsening_and_refinement();
        }
    }



    LinearOptions
    precise()
    {
      LinearOptions result;
      result.relative_tolerance = 1e-13;
      return result;
    }
  } // namespace



  PoissonSolver::PoissonSolver(const MPI_Comm    &communicator,
                               const Function<2> &exact,
                               const std::string &mesh_name,
                               const unsigned int degree,
                               const unsigned int n_refinements)
    : LinearSolver<2>(communicator,
                      FE_Q<2>(degree),
                      degree,
                      degree + 2,
                      diffusion_terms<2>([](const Point<2> &) { return 1.; },
                                         [&exact](const Point<2> &x) {
                                           return -trace(exact.hessian(x));
                                         }),
                      exact,
                      precise())
    , exact(exact)
  {
    make_mesh(mesh_name, n_refinements, mesh);
    setup();
    solve_on_mesh();
  }
} // namespace derl
