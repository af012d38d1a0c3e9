// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A network for each subdomain: every rank trains its own on its own cells, without
// a message to others. Then they teach, each on its cells, a network for the whole
// domain, which is smaller than all of them and has no jumps.

#include <derl/derl.h>

#include <deal.II/base/function_lib.h>

#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/mapping_q1.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/la_parallel_vector.h>

#include <deal.II/numerics/vector_tools.h>

#include <iostream>
#include <memory>

using namespace dealii;

// how far two neighbours are apart at the interface, root mean square; each rank
// gets the models of all, which is for a few ranks
double
jump(const MPI_Comm comm, const DoFHandler<2> &dof_handler, const derl::Surrogate &own)
{
  std::vector<derl::SurrogateFunction<2>> all;
  for (const std::string &text : Utilities::MPI::all_gather(comm, derl::to_model_text(own)))
    all.emplace_back(derl::from_model_text(text, "a rank"), derl::OutsideBox::ignore);
  std::vector<double> sums(2);
  for (const auto &cell : dof_handler.active_cell_iterators())
    if (cell->is_locally_owned())
      for (const unsigned int f : cell->face_indices())
        if (!cell->at_boundary(f) && cell->neighbor(f)->is_ghost())
          {
            const Point<2> x = cell->face(f)->center();
            sums[0] += std::pow(all[cell->subdomain_id()].value(x) -
                                  all[cell->neighbor(f)->subdomain_id()].value(x),
                                2);
            sums[1] += 1.;
          }
  Utilities::MPI::sum(sums, comm, sums);
  return sums[1] > 0. ? std::sqrt(sums[0] / sums[1]) : 0.;
}

int
main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const MPI_Comm                   comm = MPI_COMM_WORLD;
  const ConditionalOStream         out(std::cout, Utilities::MPI::this_mpi_process(comm) == 0);
  const ConditionalOStream         quiet(std::cout, false);

  // in place of a solver: an interpolated function
  const Functions::CosineFunction<2>        exact;
  parallel::distributed::Triangulation<2> mesh(comm);
  GridGenerator::hyper_cube(mesh, -1, 1);
  mesh.refine_global(4);
  const MappingQ1<2> mapping;
  const FE_Q<2>      fe(2);
  DoFHandler<2>      dof_handler(mesh);
  dof_handler.distribute_dofs(fe);
  IndexSet relevant;
  DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
  LinearAlgebra::distributed::Vector<double> solution(dof_handler.locally_owned_dofs(), relevant, comm);
  VectorTools::interpolate(mapping, dof_handler, exact, solution);
  solution.update_ghost_values();

  // this rank's cells teach this rank's network
  const auto cells = std::make_shared<const derl::Samples>(
    derl::sample(mapping, dof_handler, solution, {derl::jet_values, derl::jet_gradients}));
  derl::Surrogate          own(derl::NetworkParameters(), {"x", "y"}, {"u"});
  derl::TrainingParameters parameters;
  parameters.stopping.max_iterations = 500;
  derl::Trainer alone(own, parameters, MPI_COMM_SELF, quiet);
  alone.add_term("gradient", cells, derl::match({"u_x", "u_y"}));
  alone.add_term("value", cells, derl::match({"u"}));
  alone.train();

  // and that one teaches, at the same points, a part of what all learn together
  const auto everywhere = [](const ArrayView<const double> &) { return true; };
  const auto taught     = std::make_shared<const derl::Samples>(
    derl::sample_teachers(MPI_COMM_SELF,
                          {{std::make_shared<const derl::Surrogate>(own), everywhere}},
                          cells->points(),
                          {"u", "u_x", "u_y"}));
  derl::Surrogate whole(derl::NetworkParameters(), {"x", "y"}, {"u"});
  parameters.stopping.max_iterations = 1000;
  derl::Trainer together(whole, parameters, comm, out);
  together.add_term("gradient", taught, derl::match({"u_x", "u_y"}));
  together.add_term("value", taught, derl::match({"u"}), 0.1);
  together.train();

  const derl::ErrorIntegrator<2> errors(mapping, dof_handler, exact, 2, 3);
  const auto show = [&](const std::string &who, const derl::ErrorNorms &e, const double jump) {
    out << who << ": value " << e.relative_l2_error << ", gradient "
        << e.relative_h1_seminorm_error << ", jumps " << jump << std::endl;
  };
  show("finite elements", errors.measure(solution), 0.);
  // each rank measures its own network on its own cells
  show("a network per subdomain",
       errors.measure(derl::SurrogateFunction<2>(own, derl::OutsideBox::ignore)),
       jump(comm, dof_handler, own));
  show("one network", errors.measure(derl::SurrogateFunction<2>(whole)), jump(comm, dof_handler, whole));
}
