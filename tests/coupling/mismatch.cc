// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A surrogate's distance to samples must be found for each sample, each column
// and each cell, as deal.II's own tools find it, on any number of ranks.

#include <derl/coupling/errors.h>

#include <derl/data/samples.h>
#include <derl/data/sampling.h>

#include <deal.II/base/quadrature_lib.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/mapping_q1.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/la_parallel_vector.h>

#include <deal.II/numerics/vector_tools.h>

#include <algorithm>
#include <map>

#include "../check.h"
#include "surrogates.h"

namespace test_mismatch
{
using namespace dealii;
using namespace derl;

/** In the space of the elements, so that samples of it are exact. */
class Polynomial : public Function<2>
{
public:
  double
  value(const Point<2> &x, const unsigned int = 0) const override
  {
    return x[0] * x[0] * x[1] - 0.3 * x[1];
  }

  Tensor<1, 2>
  gradient(const Point<2> &x, const unsigned int = 0) const override
  {
    return Tensor<1, 2>({2 * x[0] * x[1], x[0] * x[0] - 0.3});
  }
};



struct Problem
{
  Problem()
    : triangulation(MPI_COMM_WORLD)
    , fe(2)
    , dof_handler(triangulation)
  {
    GridGenerator::hyper_cube(triangulation, -1, 1);
    triangulation.refine_global(2);
    for (const auto &cell : triangulation.active_cell_iterators())
      if (cell->is_locally_owned() && cell->center()[0] < 0)
        cell->set_refine_flag();
    triangulation.execute_coarsening_and_refinement();
    dof_handler.distribute_dofs(fe);
    IndexSet relevant;
    DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
    solution.reinit(dof_handler.locally_owned_dofs(), relevant, MPI_COMM_WORLD);
    VectorTools::interpolate(mapping, dof_handler, Polynomial(), solution);
    solution.update_ghost_values();
  }

  Samples
  take(const bool cell_numbers) const
  {
    SampleRequest<2> request = {jet_values, jet_gradients};
    request.cell_numbers     = cell_numbers;
    return sample(mapping, dof_handler, solution, quadrature, request);
  }

  parallel::distributed::Triangulation<2>    triangulation;
  const FE_Q<2>                              fe;
  DoFHandler<2>                              dof_handler;
  const MappingQ1<2>                         mapping;
  const QGauss<2>                            quadrature{3};
  LinearAlgebra::distributed::Vector<double> solution;
};



void
compare_with_closed_form(const Problem &problem)
{
  const OneUnit    exact;
  const Polynomial polynomial;
  const Samples    samples = problem.take(false);
  const Mismatch   found = mismatch(MPI_COMM_WORLD, exact.surrogate(), samples);

  double              error = 0., weight = 0.;
  std::vector<double> squares(3, 0.), largest(3, 0.), observed(3, 0.);
  for (unsigned int i = 0; i < samples.size(); ++i)
    {
      const Point<2>     x(samples.point(i)[0], samples.point(i)[1]);
      const Tensor<1, 2> slope = exact.gradient(x) - polynomial.gradient(x);
      const double       expected[] = {
              exact.value(x) - polynomial.value(x), slope[0], slope[1]};
      weight += samples.weight(i);
      for (unsigned int c = 0; c < 3; ++c)
        {
          error =
            std::max(error, std::abs(found.differences(i, c) - expected[c]));
          squares[c] += samples.weight(i) * expected[c] * expected[c];
          observed[c] +=
            samples.weight(i) * std::pow(samples.observations(i)[c], 2);
          largest[c] = std::max(largest[c], std::abs(expected[c]));
        }
    }
  check("each sample", error, 1e-13);
  weight = Utilities::MPI::sum(weight, MPI_COMM_WORLD);
  for (unsigned int c = 0; c < 3; ++c)
    {
      const auto rms = [&](const double sum) {
        return std::sqrt(Utilities::MPI::sum(sum, MPI_COMM_WORLD) / weight);
      };
      const auto &column = found.columns[c];
      check("column",
            std::abs(column.rms - rms(squares[c])) +
              std::abs(column.observed_rms - rms(observed[c])) +
              std::abs(column.max -
                       Utilities::MPI::max(largest[c], MPI_COMM_WORLD)),
            1e-12);
    }
}



void
compare_cells(const Problem &problem)
{
  const OneUnit  exact;
  const Samples  samples = problem.take(true);
  const Mismatch found   = mismatch(MPI_COMM_WORLD, exact.surrogate(), samples);
  for (const unsigned int derivative_order : {0, 1})
    {
      const Vector<float> cells =
        cell_mismatch(problem.triangulation, samples, found, derivative_order);
      Vector<double> expected(problem.triangulation.n_active_cells());
      VectorTools::integrate_difference(problem.mapping,
                                        problem.dof_handler,
                                        problem.solution,
                                        exact,
                                        expected,
                                        problem.quadrature,
                                        derivative_order == 0
                                          ? VectorTools::L2_norm
                                          : VectorTools::H1_seminorm);
      double error = 0.;
      for (unsigned int i = 0; i < cells.size(); ++i)
        error = std::max(error, std::abs(cells(i) - expected(i)));
      check("cells, order " + std::to_string(derivative_order), error, 1e-6);
    }
}



// all samples of a cell are held out, or none
void
hold_out_cells(const Problem &problem)
{
  const Samples samples = problem.take(true);
  const auto    parts   = held_out_indices(MPI_COMM_WORLD, samples, 0.3, 42);
  std::map<double, int> side;
  for (const unsigned int i : parts.first)
    side[samples.auxiliary(i)[0]] |= 1;
  for (const unsigned int i : parts.second)
    side[samples.auxiliary(i)[0]] |= 2;
  unsigned int n_both = 0;
  for (const auto &[cell, sides] : side)
    n_both += (sides == 3);
  check("cells that are split", n_both == 0);
  check("cells have different numbers",
        side.size() == problem.triangulation.n_locally_owned_active_cells());
  const double share =
    double(Utilities::MPI::sum(parts.second.size(), MPI_COMM_WORLD)) /
    Utilities::MPI::sum(samples.size(), MPI_COMM_WORLD);
  check("share that is held out", std::abs(share - 0.3), 0.15);

  // the choice does not depend on who has which cells
  double sum = 0.;
  for (const unsigned int i : parts.second)
    sum += samples.point(i)[0] + 10. * samples.point(i)[1];
  deallog << "what is held out: " << Utilities::MPI::sum(sum, MPI_COMM_WORLD)
          << std::endl;
}



void
refuse(Problem &problem)
{
  const Surrogate surrogate = OneUnit().surrogate();
  const Samples   samples   = problem.take(true);
  const Mismatch  found     = mismatch(MPI_COMM_WORLD, surrogate, samples);
  expect_error("no samples", [&]() {
    mismatch(MPI_COMM_WORLD, surrogate, Samples(2, {}, "nothing"));
  });
  expect_error("other coordinates", [&]() {
    mismatch(MPI_COMM_WORLD, surrogate, Samples(3, {}, "nothing"));
  });
  expect_error("no cells", [&]() {
    cell_mismatch(problem.triangulation, problem.take(false), found, 1);
  });
  problem.triangulation.refine_global(1);
  expect_error("another mesh", [&]() {
    cell_mismatch(problem.triangulation, samples, found, 1);
  });
}



DERL_TEST(mismatch)
{
  initlog();
  Problem problem;
  compare_with_closed_form(problem);
  compare_cells(problem);
  hold_out_cells(problem);
  refuse(problem);
}
} // namespace test_mismatch
