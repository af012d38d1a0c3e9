// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II. From here on word for word what README.md shows.

#include <derl/derl.h>

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/function_lib.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/mapping_q1.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/trilinos_vector.h>

#include <deal.II/numerics/vector_tools.h>

#include <iostream>
#include <memory>

using namespace dealii;

int
main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const MPI_Comm                   comm = MPI_COMM_WORLD;
  const ConditionalOStream         pcout(std::cout,
                                 Utilities::MPI::this_mpi_process(comm) == 0);

  // your program: a mesh, a finite element space, a solution
  parallel::distributed::Triangulation<2> mesh(comm);
  GridGenerator::hyper_cube(mesh, -1, 1);
  mesh.refine_global(4);
  const FE_Q<2>      fe(2);
  DoFHandler<2>      dof_handler(mesh);
  const MappingQ1<2> mapping;
  dof_handler.distribute_dofs(fe);
  const IndexSet owned = dof_handler.locally_owned_dofs();
  IndexSet       relevant;
  DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
  TrilinosWrappers::MPI::Vector solution(owned, comm);
  VectorTools::interpolate(
    dof_handler, Functions::CosineFunction<2>(), solution);
  TrilinosWrappers::MPI::Vector ghosted(owned, relevant, comm);
  ghosted = solution;

  // 1. sample it where it lives: derivatives in the cells, values on the faces
  const auto interior = std::make_shared<const derl::Samples>(
    derl::sample(mapping, dof_handler, ghosted, {derl::jet_gradients}));
  const auto boundary = std::make_shared<const derl::Samples>(
    derl::sample_boundary(mapping, dof_handler, ghosted, {derl::jet_values}));

  // 2. a network
  derl::NetworkParameters network;
  network.hidden = {10, 10};
  derl::Surrogate surrogate(network, {"x", "y"}, {"u"});

  // 3. train
  derl::TrainingParameters training;
  training.stopping.max_iterations = 300;
  derl::Trainer trainer(surrogate, training, comm, pcout);
  trainer.add_term("interior", interior, derl::match({"u_x", "u_y"}));
  trainer.add_term("boundary", boundary, derl::match({"u"}));
  trainer.train();
  derl::save(comm, "model.json", surrogate);

  // 4. use it like any other function
  const derl::SurrogateFunction<2> u(surrogate);
  VectorTools::interpolate(dof_handler, u, solution);
  const Point<2> x(0.3, -0.2);
  pcout << "u = " << u.value(x) << ", grad u = " << u.gradient(x)
        << ", Laplacian = " << u.laplacian(x) << std::endl;
}
