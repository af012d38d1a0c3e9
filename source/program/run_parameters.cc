// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/program/training_run.h>

namespace derl
{
  using namespace dealii;

  RunParameters::RunParameters(const std::string &output_folder)
    : output_folder(output_folder)
  {
  }



  void
  RunParameters::check() const
  {
    training.check();
  }



  void
  RunParameters::declare_output_folder(ParameterHandler &prm)
  {
    prm.add_parameter("Output folder",
                      output_folder,
                      "Folder for all results; it is created if necessary.");
  }



  void
  RunParameters::declare_network(ParameterHandler &prm)
  {
    prm.enter_subsection("Network");
    network.declare_parameters(prm);
    prm.leave_subsection();
  }



  void
  RunParameters::declare_training(ParameterHandler &prm)
  {
    prm.enter_subsection("Training");
    training.declare_parameters(prm);
    prm.leave_subsection();
  }



  TrainingRunParameters::TrainingRunParameters(
    const std::string              &output_folder,
    const std::string              &terms,
    const std::vector<std::string> &sample_names)
    : RunParameters(output_folder)
    , terms(terms)
    , sample_names(sample_names)
  {
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
  TrainingRunParameters::declare_training(ParameterHandler  &prm,
                                          const std::string &meaning)
  {
    prm.enter_subsection("Training");
    prm.add_parameter("Terms",
                      terms,
                      "The objective, as 'samples: what: weight; ...': " +
                        meaning);
    prm.leave_subsection();
    RunParameters::declare_training(prm);
  }
} // namespace derl
