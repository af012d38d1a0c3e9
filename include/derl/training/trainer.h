// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_training_trainer_h
#define derl_training_trainer_h

#include <derl/base/collective.h>

#include <derl/network/surrogate.h>

#include <derl/objective/sum_of_squares.h>
#include <derl/objective/terms.h>

#include <derl/optimization/optimizers.h>

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace derl
{
  class BestParameters;
  class CheckpointArchive;
  class TrainingLog;
  class TrainingObserver;
  class Validation;



  /**
   * The options of the samples that judge training in a parameter file. They
   * are those that only judge (check_column), as sample() has some in each cell
   * if it chooses the points, and those that are held out. See
   * SumOfSquares::held_out_value(). Of parameters that differ by less than a
   * thousandth in that value the later ones are kept.
   */
  struct ValidationParameters
  {
    /** Share of the samples that is held out, besides those that only judge; 0
       for none. */
    double fraction = 0.;
    /** Seed of the choice of these samples. */
    unsigned int seed = 30;
    /** Iterations between two checks. */
    unsigned int interval = 10;
    /** Checks without a value that is lower than all before by a thousandth,
       after which training stops, */
    unsigned int patience = 20;
    /** if they are also this many times as many as there were until that. */
    double patience_factor = 9.;

    /**
     * Declare the entries in the current subsection of @p parameters.
     */
    void
    declare_parameters(dealii::ParameterHandler &parameters);

    /**
     * Throw if an option has no meaning.
     */
    void
    check() const;
  };



  /**
   * The options of a training run in a parameter file.
   */
  struct TrainingParameters
  {
    /**
     * Train until 300 iterations together lower the loss by less than a
     * thousandth, for a minute at most.
     */
    TrainingParameters();

    OptimizerParameters  optimizer;
    StoppingCriteria     stopping;
    TermWeightParameters term_weights;

    /**
     * "automatic": a surrogate that was never trained and has no scaling gets
     * automatic_scaling() of the samples of all terms, and terms count in the
     * network's units, also if the user set its scaling, see
     * SumOfSquares::use_network_units(), unless their weights follow from noise
     * levels. A surrogate with an output map is left as with "none", since the
     * network's outputs are then not what is observed. "none": the surrogate
     * keeps what it has, and terms count in the user's units, as in arXiv
     * 2505.01391.
     */
    std::string scaling = "automatic";

    /** The numbers in which the network is evaluated: "double" or "single". The
     * parameters and all sums are double either way. */
    std::string          precision = "double";
    ValidationParameters validation;

    /** Samples per mini-batch over all ranks; 0 for all samples at once. */
    unsigned int batch_size = 0;
    /** Seed of the random mini-batches. */
    unsigned int batch_seed = 30;

    /** Log the first ten iterations and every multiple of this. */
    unsigned int log_interval = 100;

    /** Seconds between checkpoints; 0 for none. */
    double checkpoint_interval = 60.;
    /** Iterations between checkpoints; 0 for none. */
    unsigned int checkpoint_iterations = 0;

    /** Compare gradient and Jacobian at the start with difference quotients,
     * and show the errors. */
    bool check_derivatives = false;

    /**
     * Declare the entries in the current subsection of @p parameters.
     */
    void
    declare_parameters(dealii::ParameterHandler &parameters);

    /**
     * Throw if the options do not fit together.
     */
    void
    check() const;
  };



  /**
   * Thrown by Trainer::train() on all ranks if the objective is no longer a
   * finite number. The surrogate then has the best parameters that were found
   * before, or those of the start if there are none, and may be saved.
   */
  class TrainingDiverged : public AgreedError
  {
  public:
    using AgreedError::AgreedError;
  };



  /**
   * The result of a training run. The same on all ranks.
   */
  struct TrainingResult
  {
    /** Value and norm of the gradient are those of the parameters kept. */
    OptimizationResult                   optimization;
    std::vector<SumOfSquares::TermValue> terms;
    /** How well the samples are fitted, and the error that they have. */
    std::vector<SumOfSquares::Misfit> misfits;
    double                            seconds;

    /** The iteration whose parameters are kept. */
    unsigned int kept_iteration;
    /** Their value on the held-out samples; not a number without validation. */
    double validation;
  };



  /**
   * Throw AgreedError if training a network of this architecture needs more
   * memory than available. Call it before making the Surrogate if its widths
   * come from a user. Collective.
   */
  void
  check_training_memory(const MPI_Comm           &communicator,
                        const Architecture       &architecture,
                        const TrainingParameters &parameters);



  /**
   * Trains a surrogate on a list of terms and keeps the user informed:
   * @code
   *   Trainer trainer(surrogate, parameters.training, mpi_communicator, pcout);
   *   trainer.add_term("gradient", samples, match({"u_x", "u_y"}));
   *   trainer.add_term("boundary", boundary_samples, match({"u"}));
   *   trainer.train();
   * @endcode
   * All functions are collective.
   */
  class Trainer
  {
  public:
    /**
     * Prepare to train @p surrogate, which must outlive this object; training
     * starts from the parameters it has. Progress goes to @p progress.
     */
    Trainer(Surrogate                        &surrogate,
            const TrainingParameters         &parameters,
            const MPI_Comm                   &communicator,
            const dealii::ConditionalOStream &progress);

    ~Trainer();

    /**
     * Add a term to the objective: the residual at the points of the samples.
     * Of the samples the fraction for validation is held out. Throws
     * AgreedError if name, samples and residual do not fit the surrogate, see
     * SumOfSquares::add_term().
     */
    void
    add_term(const std::string                     &name,
             const std::shared_ptr<const Samples>  &samples,
             const std::shared_ptr<const Residual> &residual,
             const double                           weight = 1.);

    /**
     * Write a line for each logged iteration to the file @p path: iteration,
     * evaluations, loss, the terms before weighting, the loss at the last check
     * on held-out samples if there are any, gradient norm, seconds.
     */
    void
    write_log_to(const std::string &path);

    /**
     * Save the state of training to @p path at the intervals of the parameters,
     * so that a run that was killed can continue from there, and the surrogate
     * with the best parameters so far to @p model_path. If that fails, there is
     * a line of warning, older files remain, and training continues.
     */
    void
    write_checkpoints_to(const std::string &path,
                         const std::string &model_path);

    /**
     * Let train() continue from the checkpoint at the path of
     * write_checkpoints_to(), if there is one; and from the surrogate's
     * parameters if there is none, so that a script may always ask for a
     * restart. The log is continued. A checkpoint that is damaged, like its
     * previous version, or that belongs to another network or other terms is an
     * AgreedError of train().
     */
    void
    restart();

    /**
     * Let SIGTERM, SIGINT or SIGUSR1, sent to any rank during train(), end it
     * with a checkpoint after the iteration, see SignalCatcher.
     */
    void
    stop_on_signals();

    /**
     * Call @p observer with the start and after each iteration, for example to
     * measure errors. The clock of training does not run meanwhile.
     */
    void
    observe(const std::function<void(const IterationState &)> &observer);

    /**
     * Replace the samples of a term, see SumOfSquares::replace_samples(),
     * before train() or in an observer of observe(): new points where the
     * surrogate is far from its equation, or the next time steps of a solver.
     * Training continues with the curvature it knows; the best parameters,
     * checks, stagnation and the trend of the loss start again. After restart()
     * the samples must be those of the time of the checkpoint.
     */
    void
    replace_samples(const std::string                    &name,
                    const std::shared_ptr<const Samples> &samples);

    /**
     * Hold parameters near a center, see SumOfSquares::set_penalty(). To be
     * called again before a restart.
     */
    void
    set_penalty(const dealii::Vector<double> &center,
                const dealii::Vector<double> &factors);

    /**
     * Run the optimizer. Afterwards the surrogate holds the best parameters of
     * the run, and its provenance says how they were found. The best are those
     * with the lowest sum of the terms on the held-out samples, among those
     * that were checked, see Validation; if there are none, those with the
     * lowest value of the objective, as long as it is evaluated on all samples;
     * with mini-batches the last ones. Throws TrainingDiverged if the objective
     * is no longer finite; the surrogate then has the best parameters, too, and
     * is saved at the path of write_checkpoints_to().
     */
    TrainingResult
    train();

    const SumOfSquares &
    objective() const;

    /**
     * The names of the surrogate's coordinates, components and derivatives.
     */
    FieldNames
    names() const;

  private:
    void
    show_weights();

    void
    check_derivatives();

    /**
     * Make the objective and validation ready for a run; @p is_new if it does
     * not continue from a checkpoint, which sets scaling, units and weights.
     */
    void
    prepare(const bool is_new);

    /**
     * Say so if samples that replace others do not reach as far.
     */
    void
    warn_of_forgetting(const std::string &name,
                       const Samples     &before,
                       const Samples     &after);

    /**
     * Let the box in which the surrogate may be trusted hold all samples, too.
     */
    void
    merge_box();

    /**
     * Give the surrogate the scaling of the samples, if so required, and say
     * so.
     */
    void
    set_scaling();

    /**
     * Whether the surrogate's scaling is, or shall be, that of the samples.
     */
    bool
    is_scaled_automatically() const;

    /**
     * Write scaling and units to a checkpoint, or read them.
     */
    void
    exchange_units(CheckpointArchive archive);

    /**
     * Warn of components that the terms do not determine.
     */
    void
    check_components();

    /**
     * Run the optimizer from @p x with observers, of which @p log is one.
     */
    OptimizationResult
    minimize(Optimizer                             &optimizer,
             dealii::Vector<double>                &x,
             const std::vector<TrainingObserver *> &observers,
             TrainingLog                           &log,
             CheckpointReader                      *checkpoint);

    /**
     * Move to the best parameters, if the run ended elsewhere, and let the
     * surrogate have them.
     */
    void
    keep(const BestParameters   &best,
         dealii::Vector<double> &x,
         OptimizationResult     &result);

    /**
     * Save the surrogate of a run that diverged, and throw.
     */
    [[noreturn]] void
    fail(const BestParameters &best);

    /**
     * Say so if the loss was still falling when the run met a limit.
     */
    void
    show_advice(const double              decrease,
                const BestParameters     &best,
                const OptimizationResult &result);

    /**
     * What a checkpoint must agree on with the run, a line for each.
     */
    std::string
    description() const;

    /**
     * Write what was found so far to a checkpoint, or read it.
     */
    void
    exchange_findings(CheckpointArchive archive, BestParameters &best);

    void
    save_checkpoint(const IterationState &state, BestParameters &best);

    /**
     * The checkpoint to continue from, or null.
     */
    std::unique_ptr<CheckpointReader>
    open_checkpoint();

    Surrogate                 &surrogate;
    const TrainingParameters   parameters;
    const MPI_Comm             communicator;
    dealii::ConditionalOStream progress;

    /** Whether the samples gave the surrogate its scaling. */
    bool has_automatic_scaling = false;

    /** For each component whether terms depend on it, and on its values. */
    std::vector<bool> is_trained;
    std::vector<bool> has_values;

    SumOfSquares                sum_of_squares;
    std::unique_ptr<Validation> validation;
    std::string                 log_path;
    std::string                 checkpoint_path;
    std::string                 model_path;
    bool                        is_restart      = false;
    bool                        catches_signals = false;

    std::function<void(const IterationState &)> observer;
  };
} // namespace derl

#endif
