// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_run_parameters_h
#define derl_applications_run_parameters_h

#include <derl/network/surrogate.h>

#include <derl/objective/term_choice.h>

#include <derl/training/trainer.h>

#include <deal.II/base/parameter_handler.h>

#include <string>
#include <vector>

namespace derl
{
  /**
   * The options that all applications have. They declare them, and their own
   * ones between them, in the order in which they are to appear in parameter
   * files.
   */
  struct RunParameters
  {
    explicit RunParameters(const std::string &output_folder);

    /**
     * Throw if options do not fit together.
     */
    void
    check() const;

    std::string        output_folder;
    NetworkParameters  network;
    TrainingParameters training;

  protected:
    void
    declare_output_folder(dealii::ParameterHandler &prm);

    /**
     * The section Network.
     */
    void
    declare_network(dealii::ParameterHandler &prm);

    /**
     * The section Training.
     */
    void
    declare_training(dealii::ParameterHandler &prm);
  };



  /**
   * The options of applications that train one surrogate.
   */
  struct TrainingRunParameters : RunParameters
  {
    /**
     * @param sample_names the names of the samples that terms may be about.
     */
    TrainingRunParameters(const std::string              &output_folder,
                          const std::string              &terms,
                          const std::vector<std::string> &sample_names);

    /**
     * Throw if options do not fit together.
     */
    void
    check() const;

    /**
     * The terms of the objective.
     */
    std::vector<TermChoice>
    term_choices() const;

  protected:
    /**
     * The section Training with the entry Terms.
     *
     * @param meaning what samples and residuals there are.
     */
    void
    declare_training(dealii::ParameterHandler &prm, const std::string &meaning);

  private:
    std::string              terms;
    std::vector<std::string> sample_names;
  };
} // namespace derl

#endif
