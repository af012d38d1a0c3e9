// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_program_training_run_h
#define derl_program_training_run_h

#include <derl/coupling/surrogate_function.h>

#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <derl/equations/residual.h>

#include <derl/network/maps.h>
#include <derl/network/surrogate.h>

#include <derl/objective/terms.h>

#include <derl/program/program.h>

#include <derl/training/curriculum.h>
#include <derl/training/trainer.h>

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/function.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/mapping.h>

#include <deal.II/lac/trilinos_vector.h>

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace derl
{
  /**
   * The options that all applications have. Theirs are declared by a class that
   * derives from this one.
   */
  struct RunParameters
  {
    explicit RunParameters(const std::string &output_folder);

    virtual ~RunParameters() = default;

    /**
     * The output folder, the options of the problem, and the sections Network
     * and Training.
     */
    virtual void
    declare_parameters(dealii::ParameterHandler &prm);

    /**
     * Throw if options do not fit together.
     */
    virtual void
    check() const;

    std::string        output_folder;
    NetworkParameters  network;
    TrainingParameters training;

  protected:
    /**
     * The options of the problem, by default none.
     */
    virtual void
    declare_problem(dealii::ParameterHandler &prm);
  };



  /**
   * The options of applications that train one surrogate.
   */
  struct TrainingRunParameters : RunParameters
  {
    /**
     * @param terms of the objective, as they are in parameter files.
     * @param sample_names the names of the samples that terms may be about.
     * @param meaning what samples and residuals there are, for users.
     */
    TrainingRunParameters(const std::string              &output_folder,
                          const std::string              &terms,
                          const std::vector<std::string> &sample_names,
                          const std::string              &meaning);

    void
    declare_parameters(dealii::ParameterHandler &prm) override;

    void
    check() const override;

    /**
     * The terms of the objective.
     */
    std::vector<TermChoice>
    term_choices() const;

  private:
    std::string              terms;
    std::vector<std::string> sample_names;
    std::string              meaning;
  };



  /**
   * Solutions for many parameters: the ranks are split into groups, each of
   * which solves for its share of the parameters on a mesh of its own, so that
   * a mesh that is too small for all ranks does not leave them idle. What comes
   * of it are the same samples, of all ranks together, as without groups; only
   * which rank has a sample depends on the groups.
   *
   * @code
   *   const ParameterGroups groups(communicator, n_groups);
   *   Solver                solver(groups.mesh_communicator());
   *   std::unique_ptr<Samples> mine;
   *   groups.for_each(parameters.size(), [&](const unsigned int i) {
   *     ... solve for parameters[i] and append samples of it to mine
   *   });
   *   const Samples samples = groups.join(mine.get());
   * @endcode
   */
  class ParameterGroups
  {
  public:
    /**
     * Split @p communicator into @p n_groups groups of consecutive ranks, whose
     * sizes differ by one at most. Throws AgreedError if there are more groups
     * than ranks, or none. Collective.
     */
    ParameterGroups(const MPI_Comm &communicator, const unsigned int n_groups);

    ~ParameterGroups();

    ParameterGroups(const ParameterGroups &) = delete;
    ParameterGroups &
    operator=(const ParameterGroups &) = delete;

    /**
     * The communicator of this rank's group, for its mesh.
     */
    const MPI_Comm &
    mesh_communicator() const;

    /**
     * The number of this rank's group, and how many there are.
     */
    unsigned int
    group() const;

    unsigned int
    n_groups() const;

    /**
     * Call @p work with each of the numbers 0, ..., n - 1 in one of the groups,
     * on all of its ranks; a group's numbers increase. An exception on all
     * ranks of a group ends the loop there, and is thrown as AgreedError by all
     * ranks when the others are done. Collective.
     */
    void
    for_each(const unsigned int                             n,
             const std::function<void(const unsigned int)> &work) const;

    /**
     * This rank's samples as a table that a term on all ranks can be about:
     * those of @p samples, or, if it is null since the group had nothing to do,
     * none, with the columns that other ranks have. Throws AgreedError if no
     * rank has a table. Collective.
     */
    Samples
    join(const Samples *samples) const;

  private:
    const MPI_Comm     communicator;
    const unsigned int number_of_groups;
    unsigned int       my_group;
    MPI_Comm           my_communicator = MPI_COMM_NULL;
  };



  /**
   * The samples of a run, by the names that terms use.
   */
  class SampleTables
  {
  public:
    /**
     * Make @p samples those with the name, or append them if there are some.
     */
    void
    add(const std::string &name, Samples &&samples);

    /**
     * Complete the tables of groups of ranks that have solved for different
     * parameters by those that only others have, see ParameterGroups::join().
     * The first rank must have all. Collective.
     */
    void
    join(const MPI_Comm &communicator, const ParameterGroups &groups);

    /**
     * The samples with the name. Throws if there are none.
     */
    std::shared_ptr<const Samples>
    get(const std::string &name) const;

    /**
     * Add all terms of the @p choices to @p trainer. Collective.
     *
     * @param equations what residuals terms may name.
     */
    void
    add_terms(const std::vector<TermChoice> &choices,
              Trainer                       &trainer,
              const std::map<std::string, std::shared_ptr<const Residual>>
                &equations = {}) const;

  private:
    std::map<std::string, std::shared_ptr<Samples>> tables;
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
                    const OutputMap                &output_map = OutputMap(),
                    const InputMap                 &input_map  = InputMap());



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
   * How far a reference and a surrogate are from exact observations. These are
   * added one table after the other, those of a time step for example, and only
   * sums are kept. Errors are root mean squares relative to those of the exact
   * columns: of all values (relative_l2_error), of all first derivatives
   * (relative_h1_seminorm_error), of those with respect to a coordinate called
   * t (relative_rate_error), and of each other column (relative_u_xx_error);
   * then max_error, the largest of values, and residual_rms if there is an
   * equation, for which there must be all columns that it reads.
   */
  class SampleErrors
  {
  public:
    SampleErrors(const MPI_Comm                        &communicator,
                 const Surrogate                       &surrogate,
                 const std::shared_ptr<const Residual> &equation = nullptr);

    ~SampleErrors();

    /**
     * Add @p exact observations and those of the reference, at the same points
     * and in the same columns, in all calls. Weights count @p factor times: the
     * length of a time step. Returns what the surrogate has there. Collective.
     */
    Samples
    add(const Samples &exact,
        const Samples &reference,
        const double   factor = 1.);

    /**
     * Errors of "reference" and "surrogate", for TrainingRun::record().
     * Collective.
     */
    std::vector<std::pair<std::string, Figures>>
    figures() const;

    /**
     * If a coordinate is called t, write errors of values, first derivatives
     * and rates at each time to errors.csv, and draw errors.png. Collective.
     */
    void
    write_times(const std::string                &folder,
                const dealii::ConditionalOStream &progress) const;

  private:
    struct Squares;

    std::map<double, std::vector<Squares>>
    all_times() const;

    const MPI_Comm                        communicator;
    const FieldNames                      names;
    const Teacher                         model;
    const std::shared_ptr<const Residual> equation;
    const unsigned int                    t;
    const bool                            has_times;

    /** Names and columns of errors that count together. */
    std::vector<std::pair<std::string, std::vector<unsigned int>>> groups;
    /** At each time, for each group: of reference and surrogate. */
    std::map<double, std::vector<Squares>> times;
    /** Of reference and surrogate; the latter two are of all ranks. */
    std::array<double, 2> largest   = {{0., 0.}};
    std::array<double, 2> residuals = {{0., 0.}};
    double                volumes   = 0.;
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
     * @param output_map, input_map of a surrogate that is not a model on the
     *   command line.
     */
    TrainingRun(const MPI_Comm                 &communicator,
                const CommandLine              &command_line,
                const RunParameters            &parameters,
                const std::string              &problem,
                const std::vector<std::string> &coordinates,
                const std::vector<std::string> &components,
                const OutputMap                &output_map = OutputMap(),
                const InputMap                 &input_map  = InputMap());

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
     * Train the surrogate in stages instead. Show the errors on each region
     * after each stage as a table, in forgetting.csv and in forgetting.png.
     * Returns figures for record(): "surrogate" over all regions, and after
     * training "forgetting", see ForgettingTable.
     *
     * @param reference what is learned from, for the model's provenance.
     */
    std::vector<std::pair<std::string, Figures>>
    train_in_stages(const CurriculumParameters &curriculum,
                    const Curriculum::Problem  &problem,
                    const std::string          &reference);

    /**
     * To be called within add_terms: write figures of the surrogate to a table
     * in the output folder in the course of training, whose clock stands still
     * meanwhile. Its columns are iteration, seconds and @p columns. Nothing
     * happens if the interval is zero.
     *
     * @param interval seconds of training between measurements.
     * @param measure gives the numbers of @p columns, the same on all ranks.
     */
    template <int dim>
    void
    write_history(
      Trainer                        &trainer,
      const std::string              &file,
      const double                    interval,
      const std::vector<std::string> &columns,
      const std::function<std::vector<double>(const SurrogateFunction<dim> &)>
        &measure) const;

    /**
     * Show a verdict on the surrogate, and put it into the summary and the
     * model that record() saves.
     */
    void
    judge(const Verdict &verdict);

    /**
     * Show what was measured and put it into the summary; the figures of
     * "surrogate" become the model's errors. Save the model if it was trained.
     */
    void
    record(const std::vector<std::pair<std::string, Figures>> &figures);

    /**
     * Measure the solution that the surrogate learned from, which has ghost
     * elements, and the surrogate; judge() and record() the errors, and
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
     * The same without a mesh and a verdict, by SampleErrors, with errors.csv
     * and errors.png. If there are one coordinate beside t and one component,
     * solution.png shows all values, which should be on a grid, and their
     * errors.
     */
    void
    compare(const Samples                         &exact,
            const Samples                         &reference,
            const std::shared_ptr<const Residual> &equation = nullptr);

    /**
     * Write the summary, and say where results are, and how to continue if
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
