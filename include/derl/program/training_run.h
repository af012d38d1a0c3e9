// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_program_training_run_h
#define derl_program_training_run_h

#include <derl/data/sampling.h>

#include <derl/equations/residual.h>

#include <derl/network/surrogate.h>

#include <derl/objective/terms.h>

#include <derl/program/program.h>
#include <derl/program/results.h>

#include <derl/training/trainer.h>

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/function.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/mapping.h>

#include <deal.II/lac/trilinos_vector.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
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



  /**
   * The surrogate to start from: the model of --evaluate as it is; otherwise
   * one with the given options, with random parameters or those of the model
   * of --resume. Collective.
   */
  Surrogate
  initial_surrogate(const MPI_Comm                 &communicator,
                    const CommandLine              &command_line,
                    const NetworkParameters        &network,
                    const std::vector<std::string> &coordinates,
                    const std::vector<std::string> &components,
                    const OutputMap                &output_map = OutputMap());



  /**
   * What compare() measures a finite element solution and its surrogate by.
   */
  template <int dim>
  struct Comparison
  {
    /** The exact solution. */
    std::shared_ptr<const dealii::Function<dim>> exact;
    /** The residual of the equation; may be null. */
    std::shared_ptr<const Residual> equation;
    /** Functions that fill the auxiliary columns that the equation reads. */
    std::vector<AuxiliaryFunction<dim>> auxiliary;

    /** Into how many parts per direction a cell is cut, see ErrorIntegrator. */
    unsigned int n_subdivisions = 2;
  };



  /**
   * What runs that train one surrogate have in common: they make a surrogate,
   * train it, save it with its errors, and sum up. All functions are collective
   * except trains(), starts_anew() and judge().
   */
  class TrainingRun
  {
  public:
    /**
     * Make the output folder and the surrogate that the command line and the
     * parameters ask for. Throws AgreedError if training does not fit into
     * memory, or a model on the command line is not one for this problem.
     *
     * @param command_line must outlive this object.
     * @param parameters likewise.
     * @param problem what is learned, for the summary.
     * @param output_map of a surrogate that is not a model on the command line.
     */
    TrainingRun(const MPI_Comm                 &communicator,
                const CommandLine              &command_line,
                const RunParameters            &parameters,
                const std::string              &problem,
                const std::vector<std::string> &coordinates,
                const std::vector<std::string> &components,
                const OutputMap                &output_map = OutputMap());

    /**
     * Whether the surrogate is to be trained, not only measured.
     */
    bool
    trains() const;

    /**
     * Whether the surrogate is a new one with random parameters.
     */
    bool
    starts_anew() const;

    /**
     * Train the surrogate as all applications do, unless it is only to be
     * measured: with training.csv, checkpoints and the best model so far in the
     * output folder, from a checkpoint if the command line asks for it, and
     * until a signal at the latest; then draw loss.png.
     *
     * @param add_terms adds the terms of the objective to the trainer, and
     *   returns a description of what is learned from for the model's
     *   provenance. Its time counts as that of sampling.
     */
    void
    train(const std::function<std::string(Trainer &)> &add_terms);

    /**
     * Show a verdict on the surrogate, and put it into the summary and the
     * model that record() saves.
     */
    void
    judge(const Verdict &verdict);

    /**
     * Put what was measured into the summary; the figures of "surrogate" become
     * the model's errors. Save the model if it was trained.
     */
    void
    record(const std::vector<std::pair<std::string, Figures>> &figures);

    /**
     * Measure the solution that the surrogate learned from, which has ghost
     * elements, and the surrogate; judge(), record() and show the errors, and
     * write fields and, in two dimensions, pictures of the errors of a scalar.
     * The errors are those of ErrorIntegrator and, if there is an equation,
     * residual_rms().
     */
    template <int dim>
    void
    compare(const dealii::Mapping<dim>                  &mapping,
            const dealii::DoFHandler<dim>               &dof_handler,
            const dealii::TrilinosWrappers::MPI::Vector &solution,
            const Comparison<dim>                       &comparison);

    /**
     * Write the summary, and say where results are, and how to go on if
     * training was stopped by a signal.
     */
    void
    finish() const;

    const MPI_Comm                   communicator;
    const dealii::ConditionalOStream pcout;
    const std::string               &folder;
    Surrogate                        surrogate;
    Summary                          summary;

  private:
    const CommandLine   &command_line;
    const RunParameters &parameters;
  };
} // namespace derl

#endif
