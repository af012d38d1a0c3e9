// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Solve the stationary Allen-Cahn problem with finite elements, train a
// surrogate on the solution's derivatives, and measure both.

#include <derl/base/collective.h>
#include <derl/base/file.h>

#include <derl/coupling/comparison_postprocessor.h>
#include <derl/coupling/error_integration.h>

#include <derl/equations/allen_cahn.h>

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/timer.h>

#include <common/command_line.h>
#include <common/pictures.h>
#include <common/summary.h>
#include <common/training_run.h>

#include "allen_cahn_parameters.h"
#include "allen_cahn_terms.h"

using namespace dealii;
using namespace derl;

const std::string purpose = "Solves lambda Laplace(u) + r (u^3 - u) = f with "
                            "finite elements, trains a neural "
                            "surrogate on the\nsolution's derivatives (or "
                            "other terms), and compares both "
                            "with the exact solution.";

template <int dim>
void
run(const MPI_Comm            &communicator,
    const CommandLine         &command_line,
    const AllenCahnParameters &parameters)
{
  const ConditionalOStream pcout(
    std::cout, Utilities::MPI::this_mpi_process(communicator) == 0);
  const std::string &folder = parameters.output_folder;
  make_output_folder(communicator, folder);
  check_training_memory(
    communicator, parameters.network.architecture(dim, 1), parameters.training);

  Summary summary;
  summary.problem = "Allen-Cahn, " + std::to_string(dim) + "d";
  summary.n_ranks = Utilities::MPI::n_mpi_processes(communicator);

  const std::vector<std::string> names     = {"x", "y", "z"};
  Surrogate                      surrogate = initial_surrogate(communicator,
                                          command_line,
                                          parameters.network,
                                          {names.begin(), names.begin() + dim},
                                          {"u"});
  summary.n_parameters = surrogate.architecture.n_parameters();
  summary.seed         = surrogate.provenance.seed;

  Timer                timer;
  AllenCahnSolver<dim> solver(communicator, parameters.reference, pcout);
  solver.solve();
  summary.seconds_reference = timer.wall_time();

  const AllenCahn<dim>            equation(parameters.reference.lambda,
                                parameters.reference.reaction);
  const ManufacturedSolution<dim> exact;
  if (command_line.evaluate.empty())
    {
      timer.restart();
      Trainer trainer(surrogate, parameters.training, communicator, pcout);
      surrogate.provenance.reference =
        add_terms(communicator, parameters, solver, trainer);
      summary.seconds_sampling = timer.wall_time();
      if (parameters.error_interval > 0.)
        observe_errors<dim>(communicator, parameters, surrogate, trainer);
      run_training(
        communicator, command_line, folder, surrogate, trainer, summary, pcout);
    }

  timer.restart();
  const SurrogateFunction<dim> function(surrogate);
  const auto                   residual =
    [&](const Point<dim>                           &x,
        const Vector<double>                       &u,
        const std::vector<Tensor<1, dim>>          &gradients,
        const std::vector<SymmetricTensor<2, dim>> &hessians) {
      return equation.residual(x, u(0), gradients[0], hessians[0]);
    };
  const ErrorIntegrator<dim> errors(solver.get_mapping(),
                                    solver.get_dof_handler(),
                                    exact,
                                    residual,
                                    parameters.n_evaluation_subdivisions,
                                    parameters.reference.fe_degree + 2);
  const ErrorNorms of_reference = errors.measure(solver.get_solution());
  const ErrorNorms of_surrogate = errors.measure(function);
  summary.seconds_evaluation    = timer.wall_time();
  summary.figures               = {{"reference", named(of_reference)},
                                   {"surrogate", named(of_surrogate)}};
  print_errors(pcout, of_reference, of_surrogate);

  surrogate.provenance.errors = named(of_surrogate);
  if (command_line.evaluate.empty())
    save(communicator, folder + "/model.json", surrogate);
  write_fields(folder,
               solver.get_mapping(),
               solver.get_dof_handler(),
               solver.get_solution(),
               ComparisonPostprocessor<dim>(function, &exact, residual));
  if (dim == 2)
    // columns: x y reference surrogate exact reference_error surrogate_error
    draw_maps(communicator,
              folder,
              "errors",
              {{"|finite element solution - exact|", "abs($6)"},
               {"|surrogate - exact|", "abs($7)"}},
              ColorScale::logarithmic,
              pcout);
  finish_run(communicator, folder, summary, pcout);
}

int
main(int argc, char **argv)
{
  return run_program(argc, argv, [&](const MPI_Comm &communicator) {
    const CommandLine   command_line(argc, argv);
    AllenCahnParameters parameters;
    ParameterHandler    prm;
    parameters.declare_parameters(prm);
    if (command_line.parameter_file.empty())
      return explain(
        communicator, command_line, purpose, "allen_cahn.prm", prm);
    read_parameters(communicator, command_line, prm);
    parameters.check();
    if (parameters.dimension == 2)
      run<2>(communicator, command_line, parameters);
    else
      run<3>(communicator, command_line, parameters);
  });
}
