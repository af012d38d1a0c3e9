// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// What recovered derivatives cost: gradients of a Q2 solution in a cube of n^3
// cells, at 2^3 points in each, on a uniform mesh and on one whose inner
// vertices are moved, so that no two patches are alike.
//
//   recovery_benchmark [n, 20 by default]

#include <derl/data/sampling.h>

#include <deal.II/base/function_lib.h>
#include <deal.II/base/quadrature_lib.h>
#include <deal.II/base/timer.h>
#include <deal.II/base/utilities.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/mapping_q1.h>

#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/grid_tools.h>

#include <deal.II/numerics/vector_tools.h>

#include <cstdio>

using namespace dealii;
using namespace derl;

int
main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const unsigned int n = argc > 1 ? Utilities::string_to_int(argv[1]) : 20;
  for (const bool is_uniform : {true, false})
    {
      Triangulation<3> mesh;
      GridGenerator::subdivided_hyper_cube(mesh, n);
      if (!is_uniform)
        GridTools::distort_random(0.1, mesh);
      DoFHandler<3> dof_handler(mesh);
      dof_handler.distribute_dofs(FE_Q<3>(2));
      Vector<double> solution(dof_handler.n_dofs());
      VectorTools::interpolate(
        dof_handler, Functions::CosineFunction<3>(), solution);
      SampleRequest<3> request = {jet_gradients};
      request.estimator        = Estimator::recovered;

      Timer         timer;
      const Samples samples =
        sample(MappingQ1<3>(), dof_handler, solution, QGauss<3>(2), request);
      const double                   seconds = timer.wall_time();
      Utilities::System::MemoryStats memory;
      Utilities::System::get_memory_stats(memory);
      double error = 0.;
      for (unsigned int i = 0; i < samples.size(); ++i)
        {
          const double *const x = samples.point(i);
          const Tensor<1, 3>  exact =
            Functions::CosineFunction<3>().gradient(Point<3>(x[0], x[1], x[2]));
          for (unsigned int d = 0; d < 3; ++d)
            error =
              std::max(error, std::abs(exact[d] - samples.observations(i)[d]));
        }
      std::printf(
        "%s mesh, %u cells: %.2f s, %.3f ms per cell, at most %.2f GB "
        "in use, largest error %.15e\n",
        is_uniform ? "uniform" : "distorted",
        mesh.n_active_cells(),
        seconds,
        1e3 * seconds / mesh.n_active_cells(),
        memory.VmHWM / 1048576.,
        error);
    }
}
