// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The solution of the continuity equation must converge to the exact density
// with the order of its elements, its derivatives with respect to time as well,
// and keep its mass, on any number of ranks.

#include <derl/derl.h>

#include <deal.II/base/quadrature_lib.h>

#include <solver.h>

#include <array>
#include <cmath>

#include "../../check.h"

namespace test_solver
{
using namespace dealii;
using namespace derl;

ContinuitySolver
solve(const unsigned int degree,
      const unsigned int n_cells,
      const double       final_time)
{
  ContinuitySolverParameters parameters;
  parameters.fe_degree   = degree;
  parameters.n_cells     = n_cells;
  parameters.final_time  = final_time;
  parameters.n_intervals = 2;
  return {MPI_COMM_WORLD, parameters};
}



/**
 * Relative errors of value, gradient, and derivatives with respect to time of
 * first and second order, at the end.
 */
std::array<double, 4>
errors(const unsigned int degree, const unsigned int n_cells)
{
  ContinuitySolver solver = solve(degree, n_cells, 0.3);
  solver.solve();
  solver.go_to(2);
  const Samples samples = solver.sample(
    QGauss<1>(degree + 2), {jet_values, jet_gradients, jet_hessians});
  // u_tt from the exact rates nearby
  const double          h     = 1e-4;
  const Samples         exact = solver.exact().sample(samples);
  std::array<double, 4> error = {{0., 0., 0., 0.}}, size = error;
  const auto            add = [&](const unsigned int k,
                       const double       weight,
                       const double       value,
                       const double       wanted) {
    error[k] += weight * (value - wanted) * (value - wanted);
    size[k] += weight * wanted * wanted;
  };
  TurningDensity density;
  for (unsigned int i = 0; i < samples.size(); ++i)
    {
      const Point<2> x(samples.point(i)[0], samples.point(i)[1]);
      const auto     observed = [&](const MultiIndex &derivative) {
        return samples.observations(i)[samples.column_of({0, derivative})];
      };
      const double *const wanted = exact.observations(i);
      const double        w      = samples.weight(i);
      add(0, w, observed({0, 0, 0}), wanted[0]);
      add(1, w, observed({1, 0, 0}), wanted[1]);
      add(1, w, observed({0, 1, 0}), wanted[2]);
      add(2, w, observed({0, 0, 1}), wanted[3]);
      density.set_time(0.3 + h);
      const double after = density.rate(x);
      density.set_time(0.3 - h);
      add(3, w, observed({0, 0, 2}), (after - density.rate(x)) / (2. * h));
    }
  for (unsigned int k = 0; k < error.size(); ++k)
    error[k] = std::sqrt(Utilities::MPI::sum(error[k], MPI_COMM_WORLD) /
                         Utilities::MPI::sum(size[k], MPI_COMM_WORLD));
  return error;
}



DERL_TEST(solver)
{
  initlog();

  const std::array<std::string, 4> names = {
    {"value", "gradient", "first rate", "second rate"}};
  for (const unsigned int degree : {1, 2, 3})
    {
      const unsigned int          n      = 48 / (degree + 1);
      const auto                  coarse = errors(degree, n);
      const auto                  fine   = errors(degree, 2 * n);
      const std::array<double, 4> least  = {{0.8, -0.2, 0.3, 0.1}};
      for (unsigned int k = 0; k < names.size(); ++k)
        {
          const double order = std::log2(coarse[k] / fine[k]);
          check("degree " + std::to_string(degree) + ", " + names[k],
                order > degree + least[k]);
        }
    }

  ContinuitySolver solver = solve(2, 20, 1.);
  solver.solve();
  solver.go_to(2);
  const Figures figures =
    solver.exact().measure(MPI_COMM_WORLD,
                           solver.sample(QGauss<1>(3), {jet_values}),
                           solver.sample_boundary(QGauss<1>(3), {jet_values}));
  check("mass", figures[2].second, 1e-5);
  check("boundary", figures[3].second, 1e-4);
}
} // namespace test_solver
