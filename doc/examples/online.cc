// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A surrogate that learns while a heat equation is solved: after every five time
// steps, 300 iterations on a reservoir of all steps so far. For comparison one that
// sees the new steps only, and one that is trained when the solver has finished.

#include <derl/derl.h>

#include <deal.II/base/function_lib.h>
#include <deal.II/base/quadrature_lib.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/mapping_q1.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/dynamic_sparsity_pattern.h>
#include <deal.II/lac/sparse_direct.h>

#include <deal.II/numerics/matrix_tools.h>
#include <deal.II/numerics/vector_tools.h>

#include <cstdio>
#include <iostream>
#include <memory>

using namespace dealii;

constexpr double diffusivity = 0.02, final_time = 1., dt = final_time / 40;

// u_t = diffusivity Laplace(u) on the unit square, u = 0 at the boundary
struct Heat
{
  Heat()
    : dof_handler(mesh)
  {
    GridGenerator::hyper_cube(mesh);
    mesh.refine_global(4);
    dof_handler.distribute_dofs(FE_Q<2>(2));
    AffineConstraints<double> constraints;
    DoFTools::make_zero_boundary_constraints(dof_handler, constraints);
    constraints.close();
    DynamicSparsityPattern dsp(dof_handler.n_dofs());
    DoFTools::make_sparsity_pattern(dof_handler, dsp, constraints);
    pattern.copy_from(dsp);
    for (SparseMatrix<double> *const matrix : {&mass, &stiffness, &implicit})
      matrix->reinit(pattern);
    const Function<2> *const no_coefficient = nullptr;
    MatrixCreator::create_mass_matrix(
      dof_handler, QGauss<2>(3), mass, no_coefficient, constraints);
    MatrixCreator::create_laplace_matrix(
      dof_handler, QGauss<2>(3), stiffness, no_coefficient, constraints);
    stiffness *= diffusivity;
    implicit.copy_from(mass);
    implicit.add(dt / 2, stiffness);
    mass_inverse.initialize(mass);
    inverse.initialize(implicit);
    for (Vector<double> *const vector : {&u, &rate, &right_hand_side})
      vector->reinit(dof_handler.n_dofs());
    VectorTools::interpolate(dof_handler,
                             ScalarFunctionFromFunctionObject<2>([](const Point<2> &x) {
                               return std::sin(numbers::PI * x[0]) * std::sin(numbers::PI * x[1]) +
                                      0.3 * std::sin(2 * numbers::PI * x[0]) *
                                        std::sin(3 * numbers::PI * x[1]);
                             }),
                             u);
    constraints.set_zero(u);
    update_rate(mass_inverse);
  }

  // Crank and Nicolson's rule: the mean of the rates before and after the step
  void
  step()
  {
    u.add(dt / 2, rate);
    update_rate(inverse);
    u.add(dt / 2, rate);
    time += dt;
  }

  void
  update_rate(const SparseDirectUMFPACK &solver)
  {
    stiffness.vmult(right_hand_side, u);
    right_hand_side *= -1.;
    solver.vmult(rate, right_hand_side);
  }

  // what the reservoir chooses; nothing else is evaluated
  derl::Samples
  gradients_and_rates(derl::SampleReservoir &reservoir) const
  {
    derl::SampleRequest<2> request = {derl::jet_gradients};
    request.choice                 = reservoir.choice(dt);
    return derl::sample(MappingQ1<2>(), dof_handler,
                        derl::Snapshot<Vector<double>>(u, {time}, {{{1}, &rate}}), QGauss<2>(2),
                        request);
  }

  derl::Samples
  values(const Quadrature<2> &points) const
  {
    return derl::sample(MappingQ1<2>(), dof_handler, derl::Snapshot<Vector<double>>(u, {time}),
                        points, {derl::jet_values});
  }

  Triangulation<2>     mesh;
  DoFHandler<2>        dof_handler;
  SparsityPattern      pattern;
  SparseMatrix<double> mass, stiffness, implicit;
  SparseDirectUMFPACK  inverse, mass_inverse;
  Vector<double>       u, rate, right_hand_side;
  double               time = 0.;
};

enum class Mode
{
  online,
  window,
  at_the_end
};

// Solve and learn; the relative error over all past times after each phase.
std::vector<double>
run(const Mode mode, const ConditionalOStream &out)
{
  Heat            solver;
  derl::Surrogate surrogate(derl::NetworkParameters(), {"x", "y", "t"}, {"u"});
  // units from samples would be those of the first steps
  surrogate.scaling.input_shift = {0.5, 0.5, final_time / 2};
  surrogate.scaling.input_scale = surrogate.scaling.input_shift;
  derl::TrainingParameters parameters;
  parameters.optimizer.method        = "self-scaled Broyden";
  parameters.stopping.max_iterations = 8 * 300;
  // each phase is a new problem; one that needs no 300 iterations may rest
  parameters.stopping.stagnation_iterations = 0;
  parameters.log_interval                   = 300;

  const auto    initial = std::make_shared<const derl::Samples>(solver.values(QGauss<2>(2)));
  // at the nodes, where the solution is most accurate
  derl::Samples past = solver.values(QSimpson<2>());
  auto          reservoir = std::make_unique<derl::SampleReservoir>(MPI_COMM_SELF, 4000, 30);
  const auto    advance   = [&]() {
    if (mode == Mode::window)
      reservoir = std::make_unique<derl::SampleReservoir>(MPI_COMM_SELF, 4000, 30);
    for (unsigned int n = 0; n < (mode == Mode::at_the_end ? 40 : 5); ++n)
      {
        solver.step();
        past.append(solver.values(QSimpson<2>()));
        reservoir->add(solver.gradients_and_rates(*reservoir), dt);
      }
    return std::make_shared<const derl::Samples>(reservoir->samples());
  };
  // the boundary values are known in advance
  std::vector<Point<3>> boundary;
  for (double t = 0.; t < final_time + dt / 2; t += 2 * dt)
    for (const Point<2> &x : derl::boundary_grid_points<2>({0, 0}, {1, 1}, 17))
      boundary.emplace_back(x[0], x[1], t);
  const auto zero = std::make_shared<const derl::Samples>(derl::sample_function(
    MPI_COMM_SELF, Functions::ZeroFunction<3>(), boundary, {derl::jet_values}));

  derl::Trainer trainer(surrogate, parameters, MPI_COMM_SELF, out);
  trainer.add_term("domain", advance(), derl::match({"u_x", "u_y", "u_t"}));
  trainer.add_term("initial", initial, derl::match({"u"}));
  trainer.add_term("boundary", zero, derl::match({"u"}));
  std::vector<double> errors;
  trainer.observe([&](const derl::IterationState &state) {
    if (state.iteration == 0 || state.iteration % 300 != 0)
      return;
    derl::Surrogate now(surrogate);
    now.parameters = state.x;
    const auto u   = derl::mismatch(MPI_COMM_SELF, now, past).columns[0];
    errors.push_back(u.rms / u.observed_rms);
    if (mode != Mode::at_the_end && errors.size() < 8)
      trainer.replace_samples("domain", advance());
  });
  trainer.train();
  return errors;
}

int
main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const ConditionalOStream         out(std::cout, true);
  const auto online = run(Mode::online, out), window = run(Mode::window, out),
             at_the_end = run(Mode::at_the_end, out);
  std::printf("  time  online  window  (relative error over all past times)\n");
  for (unsigned int n = 0; n < online.size(); ++n)
    std::printf("%6.3f %.1e %.1e\n", 5 * (n + 1) * dt, online[n], window[n]);
  std::printf("trained when all was over: %.1e\n", at_the_end.back());
}
