// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A plain deal.II program: heat flows through a plate with a hole. The tutorial
// (README.md in this folder) turns it into a program that trains a surrogate.
// Here that has been done: compared with plain.cc, lines were added and none
// changed.

#include <derl/coupling/surrogate_function.h>
#include <derl/data/sampling.h>
#include <derl/training/trainer.h>

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/function.h>
#include <deal.II/base/quadrature_lib.h>
#include <deal.II/distributed/grid_refinement.h>
#include <deal.II/distributed/tria.h>
#include <deal.II/dofs/dof_tools.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/fe/mapping_q.h>
#include <deal.II/grid/grid_generator.h>
#include <deal.II/lac/affine_constraints.h>
#include <deal.II/lac/dynamic_sparsity_pattern.h>
#include <deal.II/lac/full_matrix.h>
#include <deal.II/lac/solver_cg.h>
#include <deal.II/lac/sparsity_tools.h>
#include <deal.II/lac/trilinos_precondition.h>
#include <deal.II/lac/trilinos_sparse_matrix.h>
#include <deal.II/lac/trilinos_vector.h>
#include <deal.II/numerics/data_out.h>
#include <deal.II/numerics/error_estimator.h>
#include <deal.II/numerics/vector_tools.h>

#include <fstream>
#include <iostream>
#include <sstream>

using namespace dealii;

// The hole's radius, in a plate that is 2 wide.
const double radius = 0.5;

// The temperature is known, which lets us measure errors: u = x (1 + a^2/r^2),
// the potential of a flow in x direction around a disk of radius a.
class ExactSolution : public Function<2>
{
public:
  double
  value(const Point<2> &p, const unsigned int = 0) const override
  {
    return p[0] * (1. + radius * radius / p.square());
  }

  Tensor<1, 2>
  gradient(const Point<2> &p, const unsigned int = 0) const override
  {
    const double a = radius * radius, r2 = p.square();
    return Point<2>(1. + a / r2 - 2. * a * p[0] * p[0] / (r2 * r2),
                    -2. * a * p[0] * p[1] / (r2 * r2));
  }
};



class HeatConduction
{
public:
  HeatConduction();

  void
  run();

private:
  void
  make_grid();

  void
  setup_system();

  void
  assemble_system();

  unsigned int
  solve();

  void
  refine_grid();

  derl::Surrogate
  train_surrogate();

  void
  use_surrogate(const Function<2> &u);

  void
  report(const std::string &what,
         const double       l2_error,
         const double       flux_error);

  double
  flux_error();

  void
  output_results();

  const MPI_Comm     communicator;
  ConditionalOStream pcout;

  parallel::distributed::Triangulation<2> triangulation;
  const MappingQ<2>                       mapping;
  const FE_Q<2>                           fe;
  DoFHandler<2>                           dof_handler;
  const ExactSolution                     exact;

  AffineConstraints<double>      constraints;
  TrilinosWrappers::SparseMatrix matrix;
  TrilinosWrappers::MPI::Vector  right_hand_side;
  TrilinosWrappers::MPI::Vector  owned_solution;
  TrilinosWrappers::MPI::Vector  solution;
};



HeatConduction::HeatConduction()
  : communicator(MPI_COMM_WORLD)
  , pcout(std::cout, Utilities::MPI::this_mpi_process(communicator) == 0)
  , triangulation(communicator)
  , mapping(2)
  , fe(2)
  , dof_handler(triangulation)
{
}



// A square with a round hole in the middle. The generator attaches a manifold
// that keeps the hole round; the mapping of degree two follows it.
void
HeatConduction::make_grid()
{
  GridGenerator::hyper_cube_with_cylindrical_hole(triangulation, radius, 1.);
  for (const auto &cell : triangulation.active_cell_iterators())
    for (const auto &face : cell->face_iterators())
      if (face->at_boundary())
        face->set_boundary_id(face->vertex(0).norm() < 1.01 * radius ? 1 : 0);
  triangulation.refine_global(3);
}



void
HeatConduction::setup_system()
{
  dof_handler.distribute_dofs(fe);
  const IndexSet &owned = dof_handler.locally_owned_dofs();
  IndexSet        relevant;
  DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);

  // The temperature is given on the outside of the plate (boundary 0); no heat
  // passes the hole (boundary 1), which needs no line of code.
  constraints.clear();
  constraints.reinit(relevant);
  DoFTools::make_hanging_node_constraints(dof_handler, constraints);
  VectorTools::interpolate_boundary_values(
    mapping, dof_handler, 0, exact, constraints);
  constraints.close();

  DynamicSparsityPattern pattern(relevant);
  DoFTools::make_sparsity_pattern(dof_handler, pattern, constraints, false);
  SparsityTools::distribute_sparsity_pattern(
    pattern, owned, communicator, relevant);
  matrix.reinit(owned, owned, pattern, communicator);
  right_hand_side.reinit(owned, communicator);
  owned_solution.reinit(owned, communicator);
  solution.reinit(owned, relevant, communicator);
}



void
HeatConduction::assemble_system()
{
  const QGauss<2> quadrature(fe.degree + 1);
  FEValues<2>     fe_values(
    mapping, fe, quadrature, update_gradients | update_JxW_values);
  const unsigned int                   n = fe.n_dofs_per_cell();
  FullMatrix<double>                   cell_matrix(n, n);
  Vector<double>                       cell_right_hand_side(n);
  std::vector<types::global_dof_index> indices(n);
  for (const auto &cell : dof_handler.active_cell_iterators())
    if (cell->is_locally_owned())
      {
        fe_values.reinit(cell);
        cell_matrix = 0.;
        for (const unsigned int q : fe_values.quadrature_point_indices())
          for (unsigned int i = 0; i < n; ++i)
            for (unsigned int j = 0; j < n; ++j)
              cell_matrix(i, j) += fe_values.shape_grad(i, q) *
                                   fe_values.shape_grad(j, q) *
                                   fe_values.JxW(q);
        cell->get_dof_indices(indices);
        constraints.distribute_local_to_global(
          cell_matrix, cell_right_hand_side, indices, matrix, right_hand_side);
      }
  matrix.compress(VectorOperation::add);
  right_hand_side.compress(VectorOperation::add);
}



// Conjugate gradients from whatever is in the vector owned_solution.
unsigned int
HeatConduction::solve()
{
  TrilinosWrappers::PreconditionAMG preconditioner;
  preconditioner.initialize(matrix);
  SolverControl control(1000, 1e-11 * right_hand_side.l2_norm());
  SolverCG<TrilinosWrappers::MPI::Vector> solver(control);
  constraints.set_zero(owned_solution);
  solver.solve(matrix, owned_solution, right_hand_side, preconditioner);
  constraints.distribute(owned_solution);
  solution = owned_solution;
  return control.last_step();
}



void
HeatConduction::refine_grid()
{
  Vector<float> indicators(triangulation.n_active_cells());
  KellyErrorEstimator<2>::estimate(
    mapping, dof_handler, QGauss<1>(fe.degree + 1), {}, solution, indicators);
  parallel::distributed::GridRefinement::refine_and_coarsen_fixed_number(
    triangulation, indicators, 0.3, 0.);
  triangulation.execute_coarsening_and_refinement();
}



// The heat that flows along the hole: the error of its density, the root mean
// square over the hole's boundary. A file for plots gets the errors at points
// (angle, error).
double
HeatConduction::flux_error()
{
  const QGauss<1>           quadrature(fe.degree + 3);
  FEFaceValues<2>           fe_values(mapping,
                            fe,
                            quadrature,
                            update_gradients | update_quadrature_points |
                              update_JxW_values);
  std::vector<Tensor<1, 2>> gradients(quadrature.size());
  double                    squares = 0., length = 0.;
  std::ostringstream        points;
  for (const auto &cell : dof_handler.active_cell_iterators())
    if (cell->is_locally_owned())
      for (const unsigned int face : cell->face_indices())
        if (cell->face(face)->at_boundary() &&
            cell->face(face)->boundary_id() == 1)
          {
            fe_values.reinit(cell, face);
            fe_values.get_function_gradients(solution, gradients);
            for (const unsigned int q : fe_values.quadrature_point_indices())
              {
                const Point<2>    &p     = fe_values.quadrature_point(q);
                const Tensor<1, 2> error = gradients[q] - exact.gradient(p);
                squares += error.norm_square() * fe_values.JxW(q);
                length += fe_values.JxW(q);
                points << std::atan2(p[1], p[0]) << ' ' << error.norm() << '\n';
              }
          }
  const auto all = Utilities::MPI::gather(communicator, points.str());
  if (!all.empty())
    {
      std::ofstream file("hole_finite_elements.txt");
      for (const std::string &points_of_rank : all)
        file << points_of_rank;
    }
  return std::sqrt(Utilities::MPI::sum(squares, communicator) /
                   Utilities::MPI::sum(length, communicator));
}



void
HeatConduction::report(const std::string &what,
                       const double       l2_error,
                       const double       flux_error)
{
  pcout << what << ": L2 error " << l2_error
        << ", error of the flux at the hole " << flux_error << std::endl;
}



// Step 1: take samples where the solution lives. Gradients at the Gauss points
// of the cells, as many per direction as the element's degree, are more
// accurate than elsewhere; some at random points hold the network between them,
// and some judge it. Values at the outside fix the constant. Step 2: a
// network with three layers of 20 units, the default. Step 3: train it. All
// ranks take part, each with the samples of its cells.
derl::Surrogate
HeatConduction::train_surrogate()
{
  const auto inside = std::make_shared<const derl::Samples>(
    derl::sample(mapping, dof_handler, solution, {derl::jet_gradients}));
  derl::SampleRequest<2> at_outside = {derl::jet_values};
  at_outside.boundary_ids           = {0};
  const auto outside                = std::make_shared<const derl::Samples>(
    derl::sample_boundary(mapping, dof_handler, solution, at_outside));

  derl::Surrogate surrogate(
    derl::NetworkParameters(), {"x", "y"}, {"temperature"});
  derl::TrainingParameters training;
  training.log_interval = 250;
  derl::Trainer trainer(surrogate, training, communicator, pcout);
  trainer.add_term(
    "gradient", inside, derl::match({"temperature_x", "temperature_y"}));
  trainer.add_term("outside", outside, derl::match({"temperature"}));
  trainer.train();
  derl::save(communicator, "temperature.json", surrogate);
  return surrogate;
}



// Step 4: use it like any other function. Any rank can evaluate it anywhere,
// without a search for cells: here at the hole, and at the quadrature points of
// a norm. At last, on a mesh with half the cell size, its interpolant is where
// conjugate gradients start.
void
HeatConduction::use_surrogate(const Function<2> &u)
{
  double        squares = 0.;
  std::ofstream file;
  if (Utilities::MPI::this_mpi_process(communicator) == 0)
    file.open("hole_surrogate.txt");
  for (unsigned int i = 0; i < 1000; ++i)
    {
      const double   angle = 2. * numbers::PI * (i / 1000. - 0.5);
      const Point<2> p(radius * std::cos(angle), radius * std::sin(angle));
      const double   error = (u.gradient(p) - exact.gradient(p)).norm();
      squares += error * error / 1000.;
      file << angle << ' ' << error << '\n';
    }
  Vector<float> errors(triangulation.n_active_cells());
  solution = 0.;
  VectorTools::integrate_difference(
    mapping,
    dof_handler,
    solution,
    ScalarFunctionFromFunctionObject<2>(
      [&](const Point<2> &p) { return u.value(p) - exact.value(p); }),
    errors,
    QGauss<2>(fe.degree + 3),
    VectorTools::L2_norm);
  report("  surrogate",
         VectorTools::compute_global_error(
           triangulation, errors, VectorTools::L2_norm),
         std::sqrt(squares));

  triangulation.refine_global(1);
  setup_system();
  assemble_system();
  const unsigned int from_zero = solve();
  derl::warm_start(mapping, dof_handler, constraints, u, owned_solution);
  const unsigned int from_surrogate = solve();
  pcout << "The next mesh has " << dof_handler.n_dofs()
        << " unknowns: " << from_zero << " iterations from zero, "
        << from_surrogate << " from the surrogate" << std::endl;
}



void
HeatConduction::output_results()
{
  DataOut<2> data_out;
  data_out.attach_dof_handler(dof_handler);
  data_out.add_data_vector(solution, "temperature");
  data_out.build_patches(mapping, fe.degree);
  data_out.write_vtu_with_pvtu_record("./", "temperature", 0, communicator);
}



void
HeatConduction::run()
{
  make_grid();
  for (unsigned int cycle = 0; cycle < 2; ++cycle)
    {
      if (cycle > 0)
        refine_grid();
      setup_system();
      assemble_system();
      const unsigned int n_iterations = solve();
      Vector<float>      errors(triangulation.n_active_cells());
      VectorTools::integrate_difference(mapping,
                                        dof_handler,
                                        solution,
                                        exact,
                                        errors,
                                        QGauss<2>(fe.degree + 3),
                                        VectorTools::L2_norm);
      pcout << "Cycle " << cycle << ": "
            << triangulation.n_global_active_cells() << " cells, "
            << dof_handler.n_dofs() << " unknowns, " << n_iterations
            << " iterations" << std::endl;
      report("  finite elements",
             VectorTools::compute_global_error(
               triangulation, errors, VectorTools::L2_norm),
             flux_error());
    }
  use_surrogate(derl::SurrogateFunction<2>(train_surrogate()));
  output_results();
}



int
main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  HeatConduction                   problem;
  problem.run();
}
