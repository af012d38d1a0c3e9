// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Leave a mesh with hanging nodes and a solution on disk, as any deal.II
// program may do: u = (x^2 + 3 x y, y - x) in Q2.

#include <deal.II/base/function.h>

#include <deal.II/distributed/solution_transfer.h>
#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_system.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/trilinos_vector.h>

#include <deal.II/numerics/vector_tools.h>

using namespace dealii;

class Solution : public Function<2>
{
public:
  Solution()
    : Function<2>(2)
  {
  }

  double
  value(const Point<2> &x, const unsigned int component) const override
  {
    return component == 0 ? x[0] * x[0] + 3. * x[0] * x[1] : x[1] - x[0];
  }
};

int
main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize        mpi(argc, argv, 1);
  parallel::distributed::Triangulation<2> mesh(MPI_COMM_WORLD);
  GridGenerator::hyper_rectangle(mesh, Point<2>(-1., 0.), Point<2>(1., 1.));
  mesh.refine_global(3);
  for (const auto &cell : mesh.active_cell_iterators())
    if (cell->is_locally_owned() && cell->center()[0] > 0.5)
      cell->set_refine_flag();
  mesh.execute_coarsening_and_refinement();

  DoFHandler<2> dof_handler(mesh);
  dof_handler.distribute_dofs(FESystem<2>(FE_Q<2>(2), 2));
  IndexSet relevant;
  DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
  const IndexSet               &owned = dof_handler.locally_owned_dofs();
  TrilinosWrappers::MPI::Vector interpolated(owned, MPI_COMM_WORLD);
  VectorTools::interpolate(dof_handler, Solution(), interpolated);
  TrilinosWrappers::MPI::Vector solution(owned, relevant, MPI_COMM_WORLD);
  solution = interpolated;

  parallel::distributed::SolutionTransfer<2, TrilinosWrappers::MPI::Vector>
    transfer(dof_handler);
  transfer.prepare_for_serialization(solution);
  mesh.save(argv[1]);
}
