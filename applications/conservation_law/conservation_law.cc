// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A flow whose mass is conserved by construction: a teacher learns it from its
// equations, and students learn it from the teacher.

#include <derl/coupling/errors.h>

#include <derl/data/sources.h>

#include <derl/network/evaluator.h>

#include <derl/program/program.h>
#include <derl/program/training_run.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "euler.h"

using namespace dealii;
using namespace derl;

struct ConservationLawParameters : TrainingRunParameters
{
  ConservationLawParameters()
    : TrainingRunParameters(
        "output/conservation_law",
        "interior: gradient; initial: rho mx my mz",
        {"interior", "initial", "boundary"},
        "value, gradient, Hessian or named derivatives of the teacher at the "
        "interior samples, or the residuals 'momentum' and 'incompressibility' "
        "there; values of the teacher at the initial samples; 'wall' (no flow "
        "through it) at the boundary samples.")
  {
  }

  std::string  teacher            = "output/conservation_law_teacher.json";
  unsigned int teacher_iterations = 3000;
  unsigned int n_points           = 1000;

protected:
  void
  declare_problem(ParameterHandler &prm) override
  {
    prm.add_parameter("Teacher",
                      teacher,
                      "Model that was trained by the equations. It is made, "
                      "and saved there, if it does not exist.");
    prm.add_parameter("Teacher iterations",
                      teacher_iterations,
                      "Iterations if it is made.",
                      Patterns::Integer(1));
    prm.add_parameter("Number of points",
                      n_points,
                      "Random points in the interior, at the initial time and "
                      "on the boundary.",
                      Patterns::Integer(1));
  }
};

constexpr double final_time = 0.55;

/**
 * Add terms about the given samples, and at points on the boundary.
 */
void
add_terms(const std::vector<TermChoice> &choices,
          Samples                      &&interior,
          Samples                      &&initial,
          const unsigned int             n_points,
          const MPI_Comm                &communicator,
          Trainer                       &trainer)
{
  SampleTables tables;
  tables.add("interior", std::move(interior));
  tables.add("initial", std::move(initial));
  tables.add("boundary",
             euler::random_points(communicator, n_points, final_time, true, 3));
  tables.add_terms(choices, trainer, euler::residuals());
}

/**
 * The teacher, which is trained if it does not exist.
 */
Surrogate
make_teacher(const MPI_Comm                  &communicator,
             const ConservationLawParameters &parameters,
             const OutputMap                 &map,
             const ConditionalOStream        &pcout)
{
  if (std::filesystem::exists(parameters.teacher))
    return load(communicator, parameters.teacher);
  pcout << "Training the teacher '" << parameters.teacher << "'" << std::endl;
  NetworkParameters network = parameters.network;
  network.seed              = 1;
  Surrogate teacher(
    network, euler::coordinates, euler::components, InputMap(), map);
  TrainingParameters training      = parameters.training;
  training.stopping.max_iterations = parameters.teacher_iterations;
  training.stopping.max_seconds    = 0.;
  Trainer trainer(teacher, training, communicator, pcout);
  add_terms(parse_terms("interior: momentum: 0.1; interior: incompressibility: "
                        "0.1; boundary: wall: 0.1; initial: value: 30",
                        {"interior", "initial", "boundary"}),
            euler::random_points(
              communicator, parameters.n_points, final_time, false, 1),
            euler::initial_values(euler::random_points(
              communicator, parameters.n_points, 0., false, 2)),
            parameters.n_points,
            communicator,
            trainer);
  trainer.train();
  teacher.provenance.reference = "incompressible Euler equations, residual";
  const std::filesystem::path folder =
    std::filesystem::path(parameters.teacher).parent_path();
  if (!folder.empty())
    make_output_folder(communicator, folder);
  save(communicator, parameters.teacher, teacher);
  return teacher;
}

/**
 * What is known of a surrogate at the samples of the teacher.
 */
Figures
figures_of(const MPI_Comm  &communicator,
           const Surrogate &surrogate,
           const Samples   &of_teacher)
{
  double errors[2] = {}, sizes[2] = {};
  for (const auto &column :
       mismatch(communicator, surrogate, of_teacher).columns)
    // the pressure is known up to a function of time
    if (column.entry.component < 4)
      {
        const unsigned int k = order(column.entry.derivative);
        errors[k] += column.rms * column.rms;
        sizes[k] += column.observed_rms * column.observed_rms;
      }
  const auto points = std::make_shared<const Samples>(of_teacher);
  Figures    result = {
       {"relative_l2_error", std::sqrt(errors[0] / sizes[0])},
       {"relative_h1_seminorm_error", std::sqrt(errors[1] / sizes[1])}};
  for (const auto &[name, key] :
       {std::pair("momentum", "residual_rms"),
        std::pair("incompressibility", "incompressibility_rms"),
        std::pair("mass", "divergence_rms")})
    result.emplace_back(
      key,
      residual_rms(
        communicator, surrogate, points, euler::residuals().at(name)));
  return result;
}

/**
 * The density in the plane z = 0 at t = 0, 0.25, 0.5 for a picture.
 */
void
write_slices(const std::string &folder, const Surrogate &surrogate)
{
  const Evaluator      density(surrogate, {"rho"});
  Evaluator::Workspace workspace(density);
  std::ofstream        out(folder + "/fields.dat");
  for (int i = 0; i <= 30; ++i)
    {
      for (int j = 0; j <= 90; ++j)
        {
          const double x = i / 30. * std::cos(j * numbers::PI / 45.),
                       y = i / 30. * std::sin(j * numbers::PI / 45.);
          const std::vector<double> points = {
            0., x, y, 0., 0.25, x, y, 0., 0.5, x, y, 0.};
          std::vector<double> rho(3);
          density.evaluate(
            make_array_view(points), workspace, make_array_view(rho));
          out << x << ' ' << y << ' ' << rho[0] << ' ' << rho[1] << ' '
              << rho[2] << '\n';
        }
      out << '\n';
    }
}

void
teach(const MPI_Comm                  &communicator,
      const CommandLine               &command_line,
      const ConservationLawParameters &parameters)
{
  const OutputMap map = OutputMap::direct_sum(
    {OutputMap::conservation_law(4), OutputMap::identity(1, 4)});
  TrainingRun run(communicator,
                  command_line,
                  parameters,
                  "neural conservation law",
                  euler::coordinates,
                  euler::components,
                  map);
  const auto  teacher = std::make_shared<const Surrogate>(
    make_teacher(communicator, parameters, map, run.pcout));
  const auto everywhere = [](const auto &) { return true; };
  const auto taught     = [&](const Samples                   &points,
                          const std::vector<unsigned int> &orders) {
    std::vector<std::string> entries;
    for (const JetEntry &entry : jet_entries_of_orders(4, 5, orders))
      entries.push_back(teacher->names().name(entry));
    return sample_teachers(
      communicator, {{teacher, everywhere}}, points.points(), entries);
  };

  run.train([&](Trainer &trainer) {
    const auto choices = parameters.term_choices();
    add_terms(choices,
              taught(euler::random_points(
                       communicator, parameters.n_points, final_time, false, 4),
                     orders_to_sample(choices, "interior", trainer.names())),
              taught(euler::random_points(
                       communicator, parameters.n_points, 0., false, 2),
                     {jet_values}),
              parameters.n_points,
              communicator,
              trainer);
    return "teacher of a conservation law";
  });

  const Samples test =
    taught(euler::random_points(communicator, 10000, 0.5, false, 5),
           {jet_values, jet_gradients});
  run.record({{"teacher", figures_of(communicator, *teacher, test)},
              {"surrogate", figures_of(communicator, run.surrogate, test)}});
  if (Utilities::MPI::this_mpi_process(communicator) == 0)
    write_slices(run.folder, run.surrogate);
  draw_maps(run.folder,
            "density",
            {{"density at t = 0", "$3"}, {"t = 0.25", "$4"}, {"t = 0.5", "$5"}},
            ColorScale::linear,
            run.pcout);
  run.finish();
}

int
main(int argc, char **argv)
{
  return run_application<ConservationLawParameters>(
    argc,
    argv,
    "A flow of variable density in the unit ball, whose mass is conserved by "
    "construction: a teacher\nlearns it from the Euler equations, and a "
    "surrogate learns it from the teacher's derivatives (or other terms).",
    "conservation_law",
    teach);
}
