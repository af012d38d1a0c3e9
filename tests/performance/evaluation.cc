// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// How many random points per second one core evaluates a surrogate at, beside
// deal.II's two ways to evaluate a finite element function at any points, on
// the reference mesh: Q2 elements on 64 x 64 cells. Surrogates have the network
// of the main job and the larger one of the paper. And how long it takes to
// make a finite element function of a surrogate. All in one run, in turns with
// the calibration of the core's speed; times are those of the thread.

#include <derl/coupling/surrogate_function.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/mpi_remote_point_evaluation.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_handler.h>
#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/mapping_q1.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/la_parallel_vector.h>

#include <deal.II/numerics/fe_field_function.h>
#include <deal.II/numerics/vector_tools.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "../../source/base/random.h"
#include "measure.h"

using namespace dealii;
using namespace derl;

constexpr unsigned int n_points = 20000;

/**
 * Print a line of the table; return the points per second.
 */
double
print(const std::string &name, const Timing &timing, const double reference)
{
  const double rate = n_points / timing.seconds;
  std::printf("%-52s %9.3e %9.0f", name.c_str(), rate, timing.peak / rate);
  if (reference > 0)
    std::printf(" %9.1fx", rate / reference);
  else
    std::printf(" %10s", "");
  std::printf(" %7.2fx\n", timing.disturbance);
  std::fflush(stdout);
  return rate;
}



SurrogateFunction<2>
make_surrogate(const std::vector<unsigned int> &hidden)
{
  NetworkParameters network;
  network.hidden = hidden;
  Surrogate surrogate(network, {"x", "y"}, {"u"});
  // as after training: points are compared with the box of the samples
  surrogate.provenance.box_lower = {-1, -1};
  surrogate.provenance.box_upper = {1, 1};
  return SurrogateFunction<2>(surrogate);
}



int
main(int argc, char **argv)
{
  const Utilities::MPI::MPI_InitFinalize initialization(argc, argv, 1);

  parallel::distributed::Triangulation<2> triangulation(MPI_COMM_WORLD);
  GridGenerator::hyper_cube(triangulation, -1, 1);
  triangulation.refine_global(6);
  const MappingQ1<2> mapping;
  DoFHandler<2>      dof_handler(triangulation);
  dof_handler.distribute_dofs(FE_Q<2>(2));
  IndexSet relevant;
  DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
  LinearAlgebra::distributed::Vector<double> solution(
    dof_handler.locally_owned_dofs(), relevant, MPI_COMM_WORLD);
  const SurrogateFunction<2> small = make_surrogate({20, 20, 20}),
                             large = make_surrogate({50, 50, 50, 50});
  VectorTools::interpolate(mapping, dof_handler, small, solution);
  solution.update_ghost_values();

  RandomStream          random(42);
  std::vector<Point<2>> points(n_points);
  for (Point<2> &point : points)
    for (unsigned int d = 0; d < 2; ++d)
      point[d] = 2 * random.uniform() - 1;
  std::vector<double>       values(n_points), other_values(n_points);
  std::vector<Tensor<1, 2>> gradients(n_points);

  using Field =
    Functions::FEFieldFunction<2, LinearAlgebra::distributed::Vector<double>>;
  const Field field(dof_handler, solution, mapping);

  // both must mean the same
  field.value_list(points, values);
  small.value_list(points, other_values);
  for (unsigned int i = 0; i < n_points; ++i)
    if (!(std::abs(values[i] - other_values[i]) < 1e-4))
      throw std::runtime_error("The two functions differ.");

  Utilities::MPI::RemotePointEvaluation<2> remote;
  remote.reinit(points, triangulation, mapping);

  // what takes half a second is done less often
  constexpr unsigned int n_slow = 20;
  for (const bool with_gradient : {false, true})
    {
      std::printf("%-52s %9s %9s %10s %8s\n",
                  with_gradient ? "value and gradient" : "value",
                  "points/s",
                  "flops/pt",
                  "FEField=1",
                  "median");
      const double reference =
        print("FEFieldFunction, lists",
              measure(
                [&]() {
                  field.value_list(points, values);
                  if (with_gradient)
                    field.gradient_list(points, gradients);
                },
                n_slow),
              0.);
      const auto point_evaluation = [&]() {
        VectorTools::point_values<1>(remote, dof_handler, solution);
        if (with_gradient)
          VectorTools::point_gradients<1>(remote, dof_handler, solution);
      };
      print("RemotePointEvaluation, set-up included",
            measure(
              [&]() {
                remote.reinit(points, triangulation, mapping);
                point_evaluation();
              },
              n_slow),
            reference);
      print("RemotePointEvaluation, set-up apart",
            measure(point_evaluation),
            reference);
      for (const auto &[name, function] :
           {std::make_pair("SurrogateFunction 3x20", &small),
            std::make_pair("SurrogateFunction 4x50", &large)})
        {
          const SurrogateFunction<2> &u = *function;
          print(std::string(name) + ", lists",
                measure([&]() {
                  u.value_list(points, values);
                  if (with_gradient)
                    u.gradient_list(points, gradients);
                }),
                reference);
          print(std::string(name) + ", derivatives()",
                measure([&]() {
                  u.derivatives(
                    points,
                    DerivativeSet::up_to_order(2, with_gradient ? 1 : 0));
                }),
                reference);
        }
    }

  AffineConstraints<double> constraints(relevant);
  constraints.close();
  std::printf("start of %u degrees of freedom, in milliseconds\n",
              dof_handler.n_dofs());
  for (const auto &[name, function] :
       {std::make_pair("3x20", &small), std::make_pair("4x50", &large)})
    {
      const SurrogateFunction<2> &u           = *function;
      const Timing                interpolate = measure(
        [&]() { VectorTools::interpolate(mapping, dof_handler, u, solution); });
      const Timing start = measure(
        [&]() { warm_start(mapping, dof_handler, constraints, u, solution); });
      std::printf("%s: VectorTools::interpolate() %.2f, warm_start() %.2f\n",
                  name,
                  1e3 * interpolate.seconds,
                  1e3 * start.seconds);
    }
}
