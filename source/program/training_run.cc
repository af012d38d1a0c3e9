// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/program/pictures.h>
#include <derl/program/training_run.h>

#include <deal.II/base/timer.h>

#include <cmath>
#include <iostream>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * "2 coordinates (x, y)"
     */
    std::string
    count(const std::string &what, const std::vector<std::string> &names)
    {
      std::string text = std::to_string(names.size()) + " " + what + " (";
      for (unsigned int i = 0; i < names.size(); ++i)
        text += (i > 0 ? ", " : "") + names[i];
      return text + ")";
    }



    /**
     * As initial_surrogate(), but before anything large is allocated.
     */
    Surrogate
    affordable_surrogate(const MPI_Comm                 &communicator,
                         const CommandLine              &command_line,
                         const RunParameters            &parameters,
                         const std::vector<std::string> &coordinates,
                         const std::vector<std::string> &components,
                         const OutputMap                &output_map)
    {
      make_output_folder(communicator, parameters.output_folder);
      check_training_memory(
        communicator,
        parameters.network.architecture(
          coordinates.size(), output_map.n_outputs(components.size())),
        parameters.training);
      return initial_surrogate(communicator,
                               command_line,
                               parameters.network,
                               coordinates,
                               components,
                               output_map);
    }
  } // namespace



  Surrogate
  initial_surrogate(const MPI_Comm                 &communicator,
                    const CommandLine              &command_line,
                    const NetworkParameters        &network,
                    const std::vector<std::string> &coordinates,
                    const std::vector<std::string> &components,
                    const OutputMap                &output_map)
  {
    if (!command_line.evaluate.empty())
      {
        const Surrogate model = load(communicator, command_line.evaluate);
        AssertThrow(
          model.coordinates == coordinates && model.components == components,
          ExcMessage("The model '" + command_line.evaluate + "' has " +
                     count("coordinates", model.coordinates) + " and " +
                     count("components", model.components) + ", the problem " +
                     count("coordinates", coordinates) + " and " +
                     count("components", components) + "."));
        return model;
      }

    Surrogate surrogate(
      network, coordinates, components, InputMap(), output_map);
    if (!command_line.resume.empty())
      {
        const Surrogate start = load(communicator, command_line.resume);
        AssertThrow(start.architecture == surrogate.architecture &&
                      start.coordinates == coordinates &&
                      start.components == components &&
                      describe_maps(start) == describe_maps(surrogate),
                    ExcMessage("The model '" + command_line.resume +
                               "' is of another network than the section "
                               "Network of the parameter file asks for."));
        surrogate.parameters = start.parameters;
        surrogate.scaling    = start.scaling;
      }
    return surrogate;
  }



  TrainingRun::TrainingRun(const MPI_Comm                 &communicator,
                           const CommandLine              &command_line,
                           const RunParameters            &parameters,
                           const std::string              &problem,
                           const std::vector<std::string> &coordinates,
                           const std::vector<std::string> &components,
                           const OutputMap                &output_map)
    : communicator(communicator)
    , pcout(std::cout, Utilities::MPI::this_mpi_process(communicator) == 0)
    , folder(parameters.output_folder)
    , surrogate(affordable_surrogate(communicator,
                                     command_line,
                                     parameters,
                                     coordinates,
                                     components,
                                     output_map))
    , command_line(command_line)
    , parameters(parameters)
  {
    summary.problem      = problem;
    summary.n_ranks      = Utilities::MPI::n_mpi_processes(communicator);
    summary.n_parameters = surrogate.architecture.n_parameters();
    summary.seed         = surrogate.provenance.seed;
  }



  bool
  TrainingRun::trains() const
  {
    return command_line.evaluate.empty();
  }



  bool
  TrainingRun::starts_anew() const
  {
    return trains() && command_line.resume.empty();
  }



  void
  TrainingRun::train(const std::function<std::string(Trainer &)> &add_terms)
  {
    if (!trains())
      return;

    Timer   timer;
    Trainer trainer(surrogate, parameters.training, communicator, pcout);
    surrogate.provenance.reference = add_terms(trainer);
    summary.seconds_sampling += timer.wall_time();

    trainer.write_log_to(folder + "/training.csv");
    trainer.write_checkpoints_to(folder + "/checkpoint.derl",
                                 folder + "/model.json");
    if (command_line.restart)
      trainer.restart();
    trainer.stop_on_signals();
    const TrainingResult result = trainer.train();

    summary.n_samples        = trainer.objective().n_samples();
    summary.terms            = result.terms;
    summary.misfits          = result.misfits;
    summary.optimizer        = surrogate.provenance.optimizer;
    summary.stop_reason      = to_string(result.optimization.reason);
    summary.iterations       = result.optimization.iterations;
    summary.evaluations      = result.optimization.evaluations;
    summary.kept_iteration   = result.kept_iteration;
    summary.seconds_training = result.seconds;
    draw_loss(communicator,
              folder,
              result.terms.size() + (std::isfinite(result.validation) ? 1 : 0),
              pcout);
  }



  void
  TrainingRun::judge(const Verdict &verdict)
  {
    summary.verdict   = verdict;
    surrogate.verdict = {verdict.text, verdict.figures()};
    pcout << std::endl << "Verdict: " << verdict.text << std::endl;
    if (!verdict.advice.empty())
      pcout << verdict.advice << std::endl;
  }



  void
  TrainingRun::record(
    const std::vector<std::pair<std::string, Figures>> &figures)
  {
    summary.figures = figures;
    for (const auto &[of, values] : figures)
      if (of == "surrogate")
        surrogate.provenance.errors = values;
    if (trains())
      save(communicator, folder + "/model.json", surrogate);
  }



  void
  TrainingRun::finish() const
  {
    write_summary(communicator, folder, summary);
    pcout << "Results are in " << folder << std::endl;
    if (summary.stop_reason == to_string(StopReason::signal))
      pcout << "Training was stopped by a signal. To go on, run the same "
               "command with --restart."
            << std::endl;
  }
} // namespace derl
