// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The families of problems and their finite element solutions: exact solutions
// satisfy the equation, solutions and their derivatives with respect to the
// parameters converge with the order of the elements, and are those of
// difference quotients.

#include <derl/coupling/errors.h>

#include <derl/data/sources.h>

#include <deal.II/base/quadrature_lib.h>

#include <deal.II/lac/vector.h>

#include <deal.II/numerics/vector_tools.h>

#include <cmath>

#include <solver.h>

#include "../../check.h"

namespace test_solver
{
using namespace dealii;
using namespace derl;

namespace
{
  using VectorType = ParametricSolver::VectorType;

  /**
   * Parameters with one of them moved.
   */
  std::vector<double>
  moved(std::vector<double> parameters, const unsigned int k, const double by)
  {
    parameters[k] += by;
    return parameters;
  }



  double
  distance(const ParametricSolver &solver,
           const VectorType       &solution,
           const Function<2>      &exact)
  {
    Vector<double> of_cells;
    VectorTools::integrate_difference(
      solver.get_mapping(),
      solver.get_dof_handler(),
      solution,
      exact,
      of_cells,
      QGauss<2>(solver.get_dof_handler().get_fe().degree + 3),
      VectorTools::L2_norm);
    return VectorTools::compute_global_error(
      solver.get_dof_handler().get_triangulation(),
      of_cells,
      VectorTools::L2_norm);
  }



  /**
   * The L2 errors of the solution and of its derivatives.
   */
  std::vector<double>
  errors(const ParametricProblem   &problem,
         const std::vector<double> &parameters,
         const unsigned int         n_refinements)
  {
    ReferenceParameters options;
    options.degree        = 3;
    options.n_refinements = n_refinements;
    ParametricSolver solver(MPI_COMM_WORLD, problem, options);
    problem.set_parameters(parameters);
    solver.solve_on_mesh();
    const auto          derivatives = solver.differentiate();
    std::vector<double> result      = {
           distance(solver, solver.get_solution(), *problem.exact)};
    for (unsigned int k = 0; k < parameters.size(); ++k)
      {
        const double h     = 1e-5;
        const auto   value = [&](const double by, const Point<2> &x) {
          problem.set_parameters(moved(parameters, k, by));
          const double u = problem.exact->value(x);
          problem.set_parameters(parameters);
          return u;
        };
        const ScalarFunctionFromFunctionObject<2> exact([&](const Point<2> &x) {
          return (value(h, x) - value(-h, x)) / (2. * h);
        });
        result.push_back(distance(solver, derivatives[k], exact));
      }
    return result;
  }



  void
  test_family(const std::string &name, const std::vector<double> &parameters)
  {
    const ParametricProblem problem(name, 0);
    const auto points = random_points<2>({-1., -1.}, {1., 1.}, 50, 30);

    // exact solutions
    problem.set_parameters(parameters);
    const Samples samples =
      problem.sample(MPI_COMM_WORLD, points, {0, 1, 2}, true);
    check(name + ": the exact solution satisfies the equation",
          residual_rms(MPI_COMM_WORLD,
                       FieldNames(problem.coordinates, {"u"}),
                       samples,
                       *problem.equation()),
          1e-12);
    check(name + ": it is zero at the boundary",
          std::abs(problem.exact->value(Point<2>(0.3, 1.))) +
            std::abs(problem.exact->value(Point<2>(-1., 0.7))),
          1e-14);
    const double h = 1e-5;
    for (unsigned int k = 0; k < parameters.size(); ++k)
      {
        MultiIndex by_parameter(2 + parameters.size(), 0);
        by_parameter[2 + k]  = 1;
        MultiIndex mixed     = by_parameter;
        mixed[0]             = 1;
        const auto of_values = samples.column_of({0, by_parameter});
        const auto of_slopes = samples.column_of({0, mixed});
        double     value = 0., slope = 0., force = 0.;
        for (unsigned int i = 0; i < samples.size(); ++i)
          {
            const Point<2> x(samples.point(i)[0], samples.point(i)[1]);
            const double   f_xi = problem.forcing_derivative(k, x);
            std::array<std::array<double, 3>, 2> at;
            for (unsigned int side = 0; side < 2; ++side)
              {
                problem.set_parameters(
                  moved(parameters, k, side == 0 ? -h : h));
                at[side] = {{problem.exact->value(x),
                             problem.exact->gradient(x)[0],
                             problem.forcing->value(x)}};
              }
            problem.set_parameters(parameters);
            const auto quotient = [&](const unsigned int j) {
              return (at[1][j] - at[0][j]) / (2. * h);
            };
            const double *const observed = samples.observations(i);
            value =
              std::max(value, std::abs(observed[of_values] - quotient(0)));
            slope =
              std::max(slope, std::abs(observed[of_slopes] - quotient(1)));
            force = std::max(force, std::abs(f_xi - quotient(2)));
          }
        const std::string by = name + ", parameter " + std::to_string(k);
        check(by + ": derivative of the exact solution", value, 1e-8);
        check(by + ": derivative of its gradient", slope, 1e-7);
        check(by + ": derivative of the forcing", force, 1e-5);
      }

    // finite elements
    const auto coarse = errors(problem, parameters, 3),
               fine   = errors(problem, parameters, 4);
    for (unsigned int i = 0; i < coarse.size(); ++i)
      deallog << name << (i == 0 ? ": solution" : ": derivative") << ", order "
              << std::lround(std::log2(coarse[i] / fine[i])) << std::endl;
    check(name + ": error", fine[0], 1e-4);
  }
} // namespace



DERL_TEST(solver)
{
  initlog();
  test_family("exp", {1.7});
  test_family("multi", {0.4, 0.8});

  // the hull of the training parameters, known from a drawing
  const auto is_inside = [](const ParametricProblem   &problem,
                            const std::vector<double> &parameters) {
    problem.set_parameters(parameters);
    return problem.is_inside();
  };
  const ParametricProblem one("exp", 0), two("multi", 0), three("multi", 3);
  check("inside of an interval",
        is_inside(one, {0.9}) && is_inside(one, {3.1}) &&
          !is_inside(one, {0.6}) && !is_inside(one, {3.2}));
  check("inside of a polygon",
        is_inside(two, {0.612302, 0.311010}) &&
          !is_inside(two, {0.668180, 0.993184}) && !is_inside(two, {0.1, 0.1}));
  check("inside of a triangle",
        is_inside(three, {0.35, 0.54}) &&
          !is_inside(three, {0.612302, 0.311010}));

  const Surrogate     untrained(NetworkParameters(), two.coordinates, {"u"});
  ReferenceParameters options;
  ParametricSolver    solver(MPI_COMM_WORLD, two, options);
  two.set_parameters({0.4, 0.8});
  solver.solve_on_mesh();
  const auto measured = solver.measure(untrained, 1);
  check("the reference's error is measured",
        measured[0][0].second > 1e-8 && measured[0][0].second < 1e-5);
  check("that of the forcing is relative to it",
        std::abs(measured[0][1].second * two.rms_of_forcing() /
                   measured[0][3].second -
                 1.),
        1e-12);
  // the mean of (sin sin)^2 is 1/4; f is nearly lambda Laplace(u) - u
  two.set_parameters({1e-6, 0.});
  const double pi2 = numbers::PI * numbers::PI;
  check("root mean square of the forcing",
        std::abs(two.rms_of_forcing() / (0.25e-6 * (0.2 * pi2 + 1.)) - 1.),
        1e-6);
}
} // namespace test_solver
