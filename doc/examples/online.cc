// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A surrogate that learns while a heat equation is solved: after each five time
// steps, 300 iterations on a reservoir of all steps so far. Beside it one that
// sees the new steps only, and one that is trained when all is over.

#include <derl/derl.h>

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/function_lib.h>
#include <deal.II/base/quadrature_lib.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/mapping_q1.h>

#include <deal.II/grid/grid_generator.h>

#include <deal.II/lac/dynamic_sparsity_pattern.h>
#include <deal.II/lac/sparse_direct.h>
#include <deal.II/lac/sparse_matrix.h>

#include <deal.II/numerics/matrix_tools.h>
#include <deal.II/numerics/vector_tools.h>

#include <cstdio>
#include <iostream>
#include <map>
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
    DynamicSparsityPattern dsp(dof_handler.n_dofs());
    DoFTools::make_sparsity_pattern(dof_handler, dsp);
    pattern.copy_from(dsp);
    for (SparseMatrix<double> *const matrix : {&mass, &stiffness, &implicit, &explicit_part})
      matrix->reinit(pattern);
    MatrixCreator::create_mass_matrix(dof_handler, QGauss<2>(3), mass);
    MatrixCreator::create_laplace_matrix(dof_handler, QGauss<2>(3), stiffness);
    implicit.add(1., mass);
    implicit.add(dt / 2 * diffusivity, stiffness);
    explicit_part.add(1., mass);
    explicit_part.add(-dt / 2 * diffusivity, stiffness);
    VectorTools::interpolate_boundary_values(
      dof_handler, 0, Functions::ZeroFunction<2>(), boundary_values);
    for (Vector<double> *const vector : {&u, &rate, &right_hand_side})
      vector->reinit(dof_handler.n_dofs());
    VectorTools::interpolate(dof_handler,
                             ScalarFunctionFromFunctionObject<2>([](const Point<2> &x) {
                               return std::sin(numbers::PI * x[0]) * std::sin(numbers::PI * x[1]) +
                                      0.3 * std::sin(2 * numbers::PI * x[0]) *
                                        std::sin(3 * numbers::PI * x[1]);
                             }),
                             u);
    stiffness *= diffusivity;
    for (SparseMatrix<double> *const matrix : {&mass, &implicit})
      MatrixTools::apply_boundary_values(boundary_values, *matrix, rate, right_hand_side);
    mass_inverse.initialize(mass);
    inverse.initialize(implicit);
    update_rate();
  }

  void
  step()
  {
    explicit_part.vmult(right_hand_side, u);
    for (const auto &value : boundary_values)
      right_hand_side(value.first) = 0.;
    inverse.vmult(u, right_hand_side);
    time += dt;
    update_rate();
  }

  // M rate = -A u
  void
  update_rate()
  {
    stiffness.vmult(right_hand_side, u);
    right_hand_side *= -1.;
    for (const auto &value : boundary_values)
      right_hand_side(value.first) = 0.;
    mass_inverse.vmult(rate, right_hand_side);
  }

  derl::Samples
  gradients_and_rates() const
  {
    return derl::sample(MappingQ1<2>(), dof_handler,
                        derl::Snapshot<Vector<double>>(u, {time}, {{{1}, &rate}}), QGauss<2>(2),
                        {derl::jet_gradients});
  }

  derl::Samples
  values() const
  {
    return derl::sample(MappingQ1<2>(), dof_handler, derl::Snapshot<Vector<double>>(u, {time}),
                        QGauss<2>(2), {derl::jet_values});
  }

  Triangulation<2>                          mesh;
  DoFHandler<2>                             dof_handler;
  SparsityPattern                           pattern;
  SparseMatrix<double>                      mass, stiffness, implicit, explicit_part;
  std::map<types::global_dof_index, double> boundary_values;
  SparseDirectUMFPACK                       inverse, mass_inverse;
  Vector<double>                            u, rate, right_hand_side;
  double                                    time = 0.;
};

// samples of zero at the boundary for all times, which is known in advance
std::shared_ptr<const derl::Samples>
boundary_samples()
{
  derl::Samples result(3, {{0, {0, 0, 0}}}, "boundary values");
  for (double t = 0.; t < final_time + dt / 2; t += 2 * dt)
    for (const Point<2> &x : derl::boundary_grid_points<2>({0, 0}, {1, 1}, 17))
      {
        const double point[] = {x[0], x[1], t}, zero = 0.;
        result.add(ArrayView<const double>(point, 3), ArrayView<const double>(&zero, 1), 1.);
      }
  return std::make_shared<const derl::Samples>(std::move(result));
}

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

  auto reservoir = std::make_unique<derl::SampleReservoir>(MPI_COMM_SELF, 4000, 30);
  std::vector<Vector<double>> past = {solver.u};
  const auto                  advance = [&]() {
    if (mode == Mode::window)
      reservoir = std::make_unique<derl::SampleReservoir>(MPI_COMM_SELF, 4000, 30);
    for (unsigned int n = 0; n < (mode == Mode::at_the_end ? 40 : 5); ++n)
      {
        solver.step();
        past.push_back(solver.u);
        reservoir->add(solver.gradients_and_rates(), dt);
      }
    return std::make_shared<const derl::Samples>(reservoir->samples());
  };
  std::map<types::global_dof_index, Point<2>> points;
  DoFTools::map_dofs_to_support_points(MappingQ1<2>(), solver.dof_handler, points);
  const auto error  = [&](const Vector<double> &x) {
    derl::Surrogate copy(surrogate);
    copy.parameters = x;
    derl::SurrogateFunction<2> function(copy);
    double                     square = 0., norm = 0.;
    for (unsigned int n = 0; n < past.size(); ++n)
      {
        function.set_time(n * dt);
        for (const auto &[dof, point] : points)
          {
            square += std::pow(function.value(point) - past[n](dof), 2);
            norm += past[n](dof) * past[n](dof);
          }
      }
    return std::sqrt(square / norm);
  };

  derl::Trainer trainer(surrogate, parameters, MPI_COMM_SELF, out);
  const auto    initial = std::make_shared<const derl::Samples>(solver.values());
  trainer.add_term("domain", advance(), derl::match({"u_x", "u_y", "u_t"}));
  trainer.add_term("initial", initial, derl::match({"u"}));
  trainer.add_term("boundary", boundary_samples(), derl::match({"u"}));
  std::vector<double> errors;
  trainer.observe([&](const derl::IterationState &state) {
    if (state.iteration == 0 || state.iteration % 300 != 0)
      return;
    errors.push_back(error(state.x));
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
