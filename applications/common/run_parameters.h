// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_run_parameters_h
#define derl_applications_run_parameters_h

#include <derl/network/surrogate.h>

#include <derl/training/trainer.h>

#include <deal.II/base/parameter_handler.h>

#include <map>
#include <string>

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
    TrainingRunParameters(const std::string                   &output_folder,
                          const std::map<std::string, double> &terms);

    /** Weight of each term, by its name. */
    std::map<std::string, double> terms;

  protected:
    /**
     * The section Training with the entry Terms.
     *
     * @param names of all terms that are possible, with | between them.
     * @param meaning what mean squares they are: "of the value (a), ...".
     */
    void
    declare_training(dealii::ParameterHandler &prm,
                     const std::string        &names,
                     const std::string        &meaning);
  };
} // namespace derl

#endif
