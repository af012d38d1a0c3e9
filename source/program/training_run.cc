// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/program/program.h>
#include <derl/program/training_run.h>

#include <deal.II/base/timer.h>

#include <cmath>
#include <fstream>
#include <iostream>
#include <sstream>
#include <utility>

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
                         const OutputMap                &output_map,
                         const InputMap                 &input_map)
    {
      make_output_folder(communicator, parameters.output_folder);
      check_training_memory(
        communicator,
        parameters.network.architecture(
          input_map.n_features(coordinates.size()),
          output_map.n_outputs(components.size())),
        parameters.training);
      return initial_surrogate(communicator,
                               command_line,
                               parameters.network,
                               coordinates,
                               components,
                               output_map,
                               input_map);
    }
  } // namespace



  RunParameters::RunParameters(const std::string &output_folder)
    : output_folder(output_folder)
  {
  }



  void
  RunParameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Output folder",
                      output_folder,
                      "Folder for all results; it is created if necessary.");
    declare_problem(prm);
    prm.enter_subsection("Network");
    network.declare_parameters(prm);
    prm.leave_subsection();
    prm.enter_subsection("Training");
    training.declare_parameters(prm);
    prm.leave_subsection();
  }



  void
  RunParameters::check() const
  {
    training.check();
  }



  void
  RunParameters::declare_problem(ParameterHandler &)
  {
  }



  TrainingRunParameters::TrainingRunParameters(
    const std::string              &output_folder,
    const std::string              &terms,
    const std::vector<std::string> &sample_names,
    const std::string              &meaning)
    : RunParameters(output_folder)
    , terms(terms)
    , sample_names(sample_names)
    , meaning(meaning)
  {
  }



  void
  TrainingRunParameters::declare_parameters(ParameterHandler &prm)
  {
    RunParameters::declare_parameters(prm);
    prm.enter_subsection("Training");
    prm.add_parameter("Terms",
                      terms,
                      "The objective, as 'samples: what: weight; ...': " +
                        meaning);
    prm.leave_subsection();
  }



  void
  TrainingRunParameters::check() const
  {
    RunParameters::check();
    term_choices();
  }



  std::vector<TermChoice>
  TrainingRunParameters::term_choices() const
  {
    return parse_terms(terms, sample_names);
  }



  void
  SampleTables::add(const std::string &name, Samples &&samples)
  {
    auto &table = tables[name];
    if (table == nullptr)
      table = std::make_shared<Samples>(std::move(samples));
    else
      table->append(samples);
  }



  void
  SampleTables::join(const MPI_Comm        &communicator,
                     const ParameterGroups &groups)
  {
    std::vector<std::string> names;
    for (const auto &[name, table] : tables)
      names.push_back(name);
    for (const std::string &name :
         Utilities::MPI::broadcast(communicator, names, 0))
      tables[name] = std::make_shared<Samples>(groups.join(tables[name].get()));
  }



  std::shared_ptr<const Samples>
  SampleTables::get(const std::string &name) const
  {
    const auto table = tables.find(name);
    AssertThrow(table != tables.end(),
                ExcMessage("This problem has no samples '" + name + "'."));
    return table->second;
  }



  void
  SampleTables::add_terms(
    const std::vector<TermChoice>                                &choices,
    Trainer                                                      &trainer,
    const std::map<std::string, std::shared_ptr<const Residual>> &equations)
    const
  {
    for (const TermChoice &choice : choices)
      trainer.add_term(choice.name(),
                       get(choice.samples),
                       choice.residual(trainer.names(), equations),
                       choice.weight);
  }



  Surrogate
  initial_surrogate(const MPI_Comm                 &communicator,
                    const CommandLine              &command_line,
                    const NetworkParameters        &network,
                    const std::vector<std::string> &coordinates,
                    const std::vector<std::string> &components,
                    const OutputMap                &output_map,
                    const InputMap                 &input_map)
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
      network, coordinates, components, input_map, output_map);
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
                           const OutputMap                &output_map,
                           const InputMap                 &input_map)
    : communicator(communicator)
    , pcout(std::cout, Utilities::MPI::this_mpi_process(communicator) == 0)
    , folder(parameters.output_folder)
    , surrogate(affordable_surrogate(communicator,
                                     command_line,
                                     parameters,
                                     coordinates,
                                     components,
                                     output_map,
                                     input_map))
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
    // the loss, its terms, and the loss of samples that judge training
    const unsigned int n_curves =
      1 + result.terms.size() + (std::isfinite(result.validation) ? 1 : 0);
    std::string columns;
    for (unsigned int c = 3; c < 3 + n_curves; ++c)
      columns += std::to_string(c) + " ";
    draw_picture(folder,
                 "curves.gp",
                 {"loss",
                  "training.csv",
                  "iteration",
                  "mean squared residual",
                  "y",
                  "1",
                  columns},
                 pcout);
  }



  template <int dim>
  void
  TrainingRun::write_history(
    Trainer                        &trainer,
    const std::string              &file,
    const double                    interval,
    const std::vector<std::string> &columns,
    const std::function<std::vector<double>(const SurrogateFunction<dim> &)>
      &measure) const
  {
    if (interval <= 0.)
      return;
    const auto write =
      [this, path = folder + "/" + file](const std::string            &line,
                                         const std::ios_base::openmode mode) {
        run_collectively(communicator, [&]() {
          if (Utilities::MPI::this_mpi_process(communicator) != 0)
            return;
          std::ofstream out(path, mode);
          out << line << std::endl;
          AssertThrow(out, ExcMessage("Cannot write '" + path + "'."));
        });
      };
    std::string header = "iteration,seconds";
    for (const std::string &column : columns)
      header += "," + column;
    write(header, std::ios_base::out);
    trainer.observe([this, write, interval, measure, next = 0.](
                      const IterationState &state) mutable {
      if (state.seconds < next || !std::isfinite(state.value))
        return;
      next = (std::floor(state.seconds / interval) + 1.) * interval;
      Surrogate current(surrogate);
      current.parameters = state.x;
      std::ostringstream line;
      line << state.iteration << ',' << state.seconds << std::scientific;
      for (const double figure : measure(SurrogateFunction<dim>(current)))
        line << ',' << figure;
      write(line.str(), std::ios_base::app);
    });
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
    print_figures(pcout, figures);
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



  template void
  TrainingRun::write_history<2>(
    Trainer &,
    const std::string &,
    const double,
    const std::vector<std::string> &,
    const std::function<std::vector<double>(const SurrogateFunction<2> &)> &)
    const;
  template void
  TrainingRun::write_history<3>(
    Trainer &,
    const std::string &,
    const double,
    const std::vector<std::string> &,
    const std::function<std::vector<double>(const SurrogateFunction<3> &)> &)
    const;
} // namespace derl
