// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// What it saves to choose points before a solution is evaluated there: a
// reservoir of 20 000 samples of a series of Q2 solutions, with and without.
// The two sums must agree.
//
//   reservoir_benchmark [cells per direction, 256] [steps, 20] [estimator, raw]

#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <deal.II/base/function_lib.h>
#include <deal.II/base/quadrature_lib.h>
#include <deal.II/base/timer.h>
#include <deal.II/base/utilities.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/mapping_q1.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/vector.h>

#include <deal.II/numerics/vector_tools.h>

#include <cstdio>

using namespace dealii;
using namespace derl;

int
main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const unsigned int n = argc > 1 ? Utilities::string_to_int(argv[1]) : 256;
  const unsigned int n_steps =
    argc > 2 ? Utilities::string_to_int(argv[2]) : 20;
  const std::string estimator = argc > 3 ? argv[3] : "raw";

  Triangulation<2> mesh;
  GridGenerator::subdivided_hyper_cube(mesh, n);
  DoFHandler<2> dof_handler(mesh);
  dof_handler.distribute_dofs(FE_Q<2>(2));
  Vector<double> solution(dof_handler.n_dofs());
  VectorTools::interpolate(
    dof_handler, Functions::CosineFunction<2>(), solution);
  // what is held at last needs less than what was there before
  for (const bool chooses : {true, false})
    {
      SampleReservoir  reservoir(MPI_COMM_SELF, 20000, 1);
      SampleRequest<2> request = {jet_values, jet_gradients};
      request.estimator        = estimator_of_name(estimator);
      Timer timer;
      for (unsigned int step = 0; step < n_steps; ++step)
        {
          if (chooses)
            request.choice = reservoir.choice(0.1);
          reservoir.add(sample(MappingQ1<2>(),
                               dof_handler,
                               Snapshot<Vector<double>>(solution, {0.1 * step}),
                               QGauss<2>(2),
                               request),
                        0.1);
        }
      const double                   seconds = timer.wall_time();
      Utilities::System::MemoryStats memory;
      Utilities::System::get_memory_stats(memory);
      const Samples samples = reservoir.samples();
      double        sum     = 0.;
      for (unsigned int i = 0; i < samples.size(); ++i)
        sum += samples.weight(i) * samples.observations(i)[1];
      std::printf("%u cells, %s derivatives, %s: %.3f s per step, at most "
                  "%.0f MB in use, sum %.12g\n",
                  mesh.n_active_cells(),
                  estimator.c_str(),
                  chooses ? "chosen first" : "all evaluated",
                  seconds / n_steps,
                  memory.VmHWM / 1024.,
                  sum);
    }
}
