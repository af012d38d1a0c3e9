// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <deal.II/base/numbers.h>

#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/grid_tools.h>
#include <deal.II/grid/tria.h>

#include <solvers/meshes.h>

#include <cmath>

#include "scalar_problem.h"

namespace derl
{
  using namespace dealii;
  using std::atan2;
  using std::cos;
  using std::exp;
  using std::pow;
  using std::sin;

  namespace
  {
    constexpr double pi = numbers::PI;



    /**
     * sin(k x + 0.4) sin(k y + 0.7): the phases keep it from having the
     * symmetries of the meshes, and from vanishing at the boundary.
     */
    std::shared_ptr<ExactSolution<2>>
    waves(const double k)
    {
      return solution_of_formula<2>(
        [k](const auto &x, const auto &t, const auto &) {
          using Number = std::decay_t<decltype(t)>;
          return field<Number>(sin(k * x[0] + 0.4) * sin(k * x[1] + 0.7));
        });
    }



    /**
     * r^(2/3) sin(2 phi/3) around the corner of the square without its first
     * quadrant: harmonic, and zero at both edges of the corner. The angle is
     * counted from the bisector, phi = 3 pi/4 + psi, so that the cut of atan2
     * lies outside of the domain.
     */
    template <typename Number>
    Number
    corner(const Number &x, const Number &y)
    {
      const double s   = numbers::SQRT1_2;
      const Number psi = atan2(s * (x - y), -s * (x + y));
      const Number r2  = x * x + y * y;
      return pow(r2, 1. / 3.) * sin(2. / 3. * (psi + 0.75 * pi));
    }



    /**
     * A disk of radius 1 with an inner disk of half the radius, whose cells
     * follow both circles.
     */
    void
    make_disk_in_disk(const unsigned int                       n_refinements,
                      parallel::distributed::Triangulation<2> &mesh)
    {
      Triangulation<2> inner, ring, both;
      GridGenerator::hyper_ball(inner, Point<2>(), 0.5);
      GridGenerator::hyper_shell(ring, Point<2>(), 0.5, 1., 4);
      GridTools::rotate(pi / 4., ring);
      GridGenerator::merge_triangulations(inner, ring, both);
      for (const auto &cell : both.active_cell_iterators())
        if (cell->center().norm() < 0.5)
          cell->set_material_id(1);
      mesh.copy_triangulation(both);
      mesh.reset_all_manifolds();
      mesh.set_all_manifold_ids(1);
      for (const auto &cell : mesh.active_cell_iterators())
        for (const auto &face : cell->face_iterators())
          {
            const double r = face->vertex(0).norm();
            if (std::abs(r - face->vertex(1).norm()) < 1e-10 && r > 0.4)
              face->set_manifold_id(0);
          }
      follow_circles(mesh);
      mesh.refine_global(n_refinements);
    }
  } // namespace



  std::unique_ptr<Problem<2>>
  make_waves_on_distorted_mesh()
  {
    auto problem         = std::make_unique<ScalarProblem<2>>();
    problem->description = "Poisson, waves, distorted mesh";
    problem->exact       = waves(pi);
    problem->geometry    = [](const unsigned int n, auto &mesh) {
      make_distorted_cube(n, 0.2, mesh);
    };
    return problem;
  }



  std::unique_ptr<Problem<2>>
  make_short_waves()
  {
    auto problem         = std::make_unique<ScalarProblem<2>>();
    problem->description = "Poisson, short waves";
    problem->exact       = waves(2. * pi);
    problem->geometry    = [](const unsigned int n, auto &mesh) {
      make_cube(n, mesh);
    };
    return problem;
  }



  std::unique_ptr<Problem<2>>
  make_reentrant_corner()
  {
    auto problem         = std::make_unique<ScalarProblem<2>>();
    problem->description = "Poisson, re-entrant corner";
    problem->exact =
      solution_of_formula<2>([](const auto &x, const auto &t, const auto &) {
        using Number = std::decay_t<decltype(t)>;
        return field<Number>(corner(x[0], x[1]));
      });
    problem->geometry = [](const unsigned int n, auto &mesh) {
      GridGenerator::hyper_L(mesh);
      mesh.refine_global(n);
    };
    return problem;
  }



  std::unique_ptr<Problem<3>>
  make_reentrant_edge()
  {
    auto problem         = std::make_unique<ScalarProblem<3>>();
    problem->description = "Poisson, re-entrant edge, 3d";
    problem->exact =
      solution_of_formula<3>([](const auto &x, const auto &t, const auto &) {
        using Number = std::decay_t<decltype(t)>;
        return field<Number>(corner(x[0], x[1]) * cos(x[2] - 0.2));
      });
    problem->geometry = [](const unsigned int n, auto &mesh) {
      Triangulation<2> section;
      Triangulation<3> prism;
      GridGenerator::hyper_L(section);
      GridGenerator::extrude_triangulation(section, 2, 1., prism);
      for (const auto &face : prism.active_face_iterators())
        if (face->at_boundary())
          face->set_boundary_id(known_values);
      mesh.copy_triangulation(prism);
      mesh.refine_global(n);
    };
    return problem;
  }



  std::unique_ptr<Problem<2>>
  make_boundary_layer()
  {
    static constexpr double a = 0.02;

    auto problem         = std::make_unique<ScalarProblem<2>>();
    problem->description = "convection and diffusion, boundary layer";
    problem->diffusion   = [](const Point<2> &) { return a; };
    problem->convection  = Point<2>(1., 1.);
    problem->exact =
      solution_of_formula<2>([](const auto &x, const auto &t, const auto &) {
        using Number     = std::decay_t<decltype(t)>;
        const auto layer = [](const Number &s) -> Number {
          return s - (exp((s - 1.) / a) - exp(-1. / a)) / (1. - exp(-1. / a));
        };
        return field<Number>(layer(x[0]) * layer(x[1]));
      });
    problem->geometry = [](const unsigned int n, auto &mesh) {
      make_cube(n, mesh, 0., 1.);
    };
    return problem;
  }



  std::unique_ptr<Problem<2>>
  make_material_interface()
  {
    // a disk that conducts ten times as well in a field in x direction
    static constexpr double a = 10., r2 = 0.25;

    auto problem         = std::make_unique<ScalarProblem<2>>();
    problem->description = "diffusion, interface between two materials";
    problem->diffusion   = [](const Point<2> &x) {
      return x.square() < r2 ? a : 1.;
    };
    problem->exact =
      solution_of_formula<2>([](const auto &x, const auto &t, const auto &) {
        using Number          = std::decay_t<decltype(t)>;
        const Number distance = x[0] * x[0] + x[1] * x[1];
        if (distance < r2)
          return field<Number>(2. / (a + 1.) * x[0]);
        return field<Number>(x[0] * (1. - (a - 1.) / (a + 1.) * r2 / distance));
      });
    problem->geometry = make_disk_in_disk;
    return problem;
  }



  std::unique_ptr<Problem<3>>
  make_heat()
  {
    auto problem                 = std::make_unique<ScalarProblem<3>>();
    problem->description         = "heat equation, 3d, time and diffusivity";
    problem->further_coordinates = {"t", "mu"};
    problem->known_parameters    = {{0.02}, {0.04}, {0.06}, {0.08}, {0.1}};
    problem->unseen_parameters   = {{0.033}, {0.087}};
    problem->n_time_steps        = 12;
    problem->final_time          = 0.5;
    problem->exact =
      solution_of_formula<3>([](const auto &x, const auto &t, const auto &mu) {
        using Number = std::decay_t<decltype(t)>;
        return field<Number>(exp(-3. * pi * pi * mu[0] * t) *
                             sin(pi * x[0] + 0.4) * sin(pi * x[1] + 0.7) *
                             sin(pi * x[2] + 0.2));
      });
    const auto &exact  = *problem->exact;
    problem->diffusion = [&exact](const Point<3> &) {
      return exact.parameters[0];
    };
    problem->geometry = [](const unsigned int n, auto &mesh) {
      make_cube(n, mesh, 0., 1.);
    };
    return problem;
  }



  std::unique_ptr<Problem<2>>
  make_two_parameters()
  {
    auto problem                 = std::make_unique<ScalarProblem<2>>();
    problem->description         = "Poisson, a peak of any place and width";
    problem->further_coordinates = {"c", "k"};
    problem->known_parameters.clear();
    for (const double c : {-0.4, -0.13, 0.13, 0.4})
      for (const double k : {4., 7., 10., 13.})
        problem->known_parameters.push_back({c, k});
    problem->unseen_parameters = {
      {-0.27, 5.5}, {0., 8.5}, {0.27, 11.5}, {-0.33, 12.}, {0.2, 4.5}};
    problem->exact = solution_of_formula<2>(
      [](const auto &x, const auto &t, const auto &parameters) {
        using Number   = std::decay_t<decltype(t)>;
        const Number y = x[0] - parameters[0];
        return field<Number>(exp(-parameters[1] * (y * y + x[1] * x[1])));
      });
    problem->geometry = [](const unsigned int n, auto &mesh) {
      make_cube(n, mesh);
    };
    return problem;
  }
} // namespace derl
