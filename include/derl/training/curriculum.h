// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_training_curriculum_h
#define derl_training_curriculum_h

#include <derl/data/samples.h>

#include <derl/equations/residual.h>

#include <derl/network/surrogate.h>

#include <derl/training/trainer.h>

#include <deal.II/base/array_view.h>
#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace derl
{
  /**
   * A part of the space of coordinates, or of a table: comparisons of
   * coordinates or auxiliary columns with numbers, all of which must hold, as
   * in "x < 0 and y < 0", "t >= 0.35 and t <= 0.7", or "set = 2" with an
   * auxiliary column "set" that numbers sets of parameters, or subdomains.
   * "all" has no comparisons.
   */
  class Region
  {
  public:
    /**
     * Read @p text. Throws if it has another form.
     */
    explicit Region(const std::string &text);

    /**
     * What it was made of.
     */
    const std::string &
    text() const;

    /**
     * Whether the comparisons hold. Throws if a name is none of @p names.
     *
     * @param values as many as @p names.
     */
    bool
    contains(const std::vector<std::string>        &names,
             const dealii::ArrayView<const double> &values) const;

  private:
    struct Comparison
    {
      std::string name;
      std::string sign;
      double      number;
    };

    std::string             description;
    std::vector<Comparison> comparisons;
  };



  /**
   * The stages of a curriculum in a parameter file. Lists have an entry for
   * each stage, with | between them; the last one is that of all later stages,
   * too.
   */
  struct CurriculumParameters
  {
    /** The regions, see Region, for which errors are measured after each
     * stage. */
    std::string regions = "all";
    /** Which regions are new in a stage: "1 | 2 | 3", or "1 + 2 + 3" for all
     * at once. Each region is a stage of its own if this is empty. */
    std::string stages;
    /**
     * The terms of a stage, see TermChoice. Of the samples of a name, a term is
     * about
     * - "interior": those in the stage's regions,
     * - "all interior": those in the regions of this stage and the ones before,
     * - "old interior": at the points in regions of earlier stages, what the
     *   surrogate of the stage before says (distillation),
     * - "replay interior": some of the samples themselves there.
     *
     * Terms of the latter two kinds are left out as long as there are no
     * earlier stages.
     */
    std::string terms;
    /** What a stage starts from: "fresh", a new network; "previous", the one
     * of the stage before; or widths of hidden layers, "30, 30, 30": that one
     * widened, see widen(). */
    std::string starts = "fresh | previous";
    /** Optimizers; that of TrainingParameters if empty. */
    std::string methods;
    /** Iterations; those of TrainingParameters if empty. */
    std::string iterations;
    /** Points times jet entries that all stages together may evaluate, once
     * per iteration, in equal parts; instead of numbers of iterations if it is
     * not zero. */
    double work = 0.;
    /** Points of "old" samples: "stored", those of the earlier samples;
     * "resampled", as many random points in the regions' boxes; or "mismatch",
     * random points again and again, where the surrogate is far from the one of
     * the stage before, with weights so that the term remains the mean over the
     * earlier regions. */
    std::string old_points = "stored";
    /** Iterations from one choice of points by the mismatch to the next. */
    unsigned int draw_interval   = 100;
    double       replay_fraction = 0.2;
    /** Weight of SumOfSquares::set_penalty() around the parameters of the stage
     * before; its factors are the sum over the earlier stages of the diagonals
     * of their normal matrices, each for the stage's own regions. */
    double       elastic_weight = 0.;
    unsigned int seed           = 30;

    /**
     * Declare the entries in the current subsection of @p prm.
     */
    void
    declare_parameters(dealii::ParameterHandler &prm);
  };



  /**
   * The errors on each region after each stage, and what follows from them.
   * All ranks have the same numbers.
   */
  struct ForgettingTable
  {
    /** "value", "gradient" (errors relative to root mean squares over the
     * region) and "residual" (root mean square), as far as they are known. */
    std::vector<std::string> quantities;
    std::vector<std::string> regions;

    struct Stage
    {
      /** The regions that were new in it. */
      std::vector<unsigned int> regions;
      /** As [region][quantity]. */
      std::vector<std::vector<double>> errors;
      unsigned int                     iterations = 0;
      double                           work       = 0.;
      double                           seconds    = 0.;
    };
    /** The errors before the first stage; and the stages. */
    std::vector<std::vector<double>> start;
    std::vector<Stage>               stages;

    /**
     * By what factor errors have grown since a region was learned, as the
     * geometric mean over the regions that were learned before the last stage:
     * 1 if nothing was forgotten. The reciprocal of the backward transfer of
     * D. Lopez-Paz and M. Ranzato, "Gradient episodic memory for continual
     * learning" (2017), for errors that are compared by their ratios. One
     * without such regions.
     */
    double
    forgetting(const unsigned int quantity) const;

    /**
     * The same with the lowest error of a region before the last stage instead
     * of that when it was learned (A. Chaudhry et al., "Riemannian walk for
     * incremental learning", 2018).
     */
    double
    forgetting_since_best(const unsigned int quantity) const;

    /**
     * By what factor errors on a region that is still to be learned have fallen
     * since the start, geometric mean over the regions that are not new in the
     * first stage.
     */
    double
    forward_transfer(const unsigned int quantity) const;
  };



  /**
   * Trains a surrogate in stages, each of which adds a part of the domain, a
   * time slab or a set of parameters, while the surrogate of the stage before
   * teaches what it knows; and measures after each stage what is known of each
   * region.
   *
   * Each stage has a folder, stage_1 and so on, with its model, log and
   * checkpoint, and, when it is complete, stage.json. A chain that was killed
   * goes on in the stage, and from the checkpoint, where it was.
   *
   * All functions are collective.
   */
  class Curriculum
  {
  public:
    /**
     * What stages have in common.
     */
    struct Problem
    {
      /** All samples, of which a stage sees those in its regions. */
      std::map<std::string, std::shared_ptr<const Samples>> samples;
      /** Residuals by the names that terms use. */
      std::map<std::string, std::shared_ptr<const Residual>> residuals;
      /** Samples of all regions with exact values and derivatives, and with
       * the auxiliary columns that residuals read, to measure errors. */
      std::shared_ptr<const Samples> test;
      /** The residual to be measured there; none if empty. */
      std::string equation;
    };

    /**
     * @param training options of all stages, as far as those of
     *   @p parameters say nothing else.
     * @param folder for results.
     */
    Curriculum(const MPI_Comm                   &communicator,
               const CurriculumParameters       &parameters,
               const TrainingParameters         &training,
               const std::string                &folder,
               const dealii::ConditionalOStream &progress);

    /**
     * Train @p surrogate, a new one, in all stages. Without a scaling it gets
     * that of all samples' points, so that it need not change when regions are
     * added. With @p restart, complete stages of the folder are taken from
     * there. Throws AgreedError if a text cannot be read, a region has no
     * samples, or the folder has stages of other options. If a signal ends
     * training, the table lacks the stages that are not complete, and
     * @p surrogate is where training stopped.
     */
    ForgettingTable
    run(const Problem &problem, Surrogate &surrogate, const bool restart);

    /**
     * The quantities that can be measured, see ForgettingTable. Not collective.
     */
    static std::vector<std::string>
    quantities(const Problem &problem);

    /**
     * The errors of a surrogate as [region][quantity].
     */
    static std::vector<std::vector<double>>
    measure(const MPI_Comm            &communicator,
            const Problem             &problem,
            const std::vector<Region> &regions,
            const Surrogate           &surrogate);

    /**
     * The number of stages.
     */
    unsigned int
    n_stages() const;

  private:
    struct Stage
    {
      /** New in this stage, and before it, in ascending order. */
      std::vector<unsigned int> regions;
      std::vector<unsigned int> earlier_regions;
      std::string               terms;
      std::string               start;
      std::string               old_points;
      TrainingParameters        training;
    };

    /**
     * Give a new surrogate the scaling of all samples, if so required; with
     * @p restart that of the chain that goes on.
     */
    void
    set_scaling(const Problem &problem,
                Surrogate     &surrogate,
                const bool     restart) const;

    /**
     * What a stage starts from.
     */
    Surrogate
    start(const unsigned int stage,
          const Surrogate   &fresh,
          const Surrogate   &previous) const;

    /**
     * A surrogate that is being trained, to choose points by.
     */
    struct Student
    {
      const Surrogate &surrogate;
      unsigned int     iteration;
    };

    /**
     * The samples of one of the names in "Terms"; null if a stage has none.
     * Without a @p student points are not chosen by a mismatch.
     */
    std::shared_ptr<const Samples>
    samples(const Problem                 &problem,
            const std::string             &name,
            const unsigned int             stage,
            const Surrogate               &teacher,
            const std::vector<TermChoice> &choices,
            const Student *const           student = nullptr) const;

    /**
     * What a teacher says at points in the regions before a stage, as many as
     * @p old has.
     */
    Samples
    taught(const Samples                  &old,
           const unsigned int              stage,
           const Surrogate                &teacher,
           const std::vector<std::string> &entries,
           const Student *const            student) const;

    /**
     * Let the terms of a stage with a teacher have points by the mismatch with
     * a student.
     */
    void
    draw(const Problem     &problem,
         const unsigned int stage,
         const Surrogate   &teacher,
         const Student     &student,
         Trainer           &trainer) const;

    /**
     * Let @p trainer draw() at intervals, and, with @p restart, at first as
     * before the checkpoint from which it goes on.
     */
    void
    draw_at_intervals(const Problem     &problem,
                      const unsigned int stage,
                      const Surrogate   &teacher,
                      const Surrogate   &student,
                      const bool         restart,
                      Trainer           &trainer) const;

    /**
     * The entry "Terms" of a stage.
     */
    std::vector<TermChoice>
    term_choices(const Problem &problem, const unsigned int stage) const;

    /**
     * The terms of a stage that has the surrogate @p teacher before it.
     */
    std::vector<Term>
    terms(const Problem     &problem,
          const unsigned int stage,
          const Surrogate   &teacher) const;

    /**
     * Add to @p factors how much the terms of a complete stage without a
     * teacher or replay depend on each parameter.
     */
    void
    add_importance(const Problem          &problem,
                   const unsigned int      stage,
                   const Surrogate        &surrogate,
                   dealii::Vector<double> &factors) const;

    /**
     * Random points in the regions before a stage, @p n_times as many as
     * @p old has, in its box; the same on any number of ranks, others for
     * another @p seed.
     */
    std::vector<double>
    random_points(const Samples                  &old,
                  const std::vector<std::string> &coordinates,
                  const unsigned int              stage,
                  const unsigned int              n_times,
                  const unsigned int              seed) const;

    /**
     * Train @p surrogate in one stage; false if a signal ended that.
     *
     * @param factors of the penalty, if there is one.
     */
    bool
    train(const Problem                &problem,
          const unsigned int            stage,
          const Surrogate              &fresh,
          const dealii::Vector<double> &factors,
          Surrogate                    &surrogate,
          const bool                    restart,
          ForgettingTable::Stage       &result) const;

    /**
     * What a complete stage depends on, for stage.json.
     */
    std::string
    description(const unsigned int stage, const Surrogate &fresh) const;

    std::string
    folder_of(const unsigned int stage) const;

    /**
     * Read the complete stage from its folder, if there is one.
     */
    bool
    read(const unsigned int      stage,
         const Surrogate        &fresh,
         Surrogate              &surrogate,
         ForgettingTable::Stage &result) const;

    void
    write(const unsigned int            stage,
          const Surrogate              &fresh,
          const ForgettingTable::Stage &result) const;

    const MPI_Comm             communicator;
    const CurriculumParameters parameters;
    const std::string          folder;
    dealii::ConditionalOStream progress;
    std::vector<Region>        regions;
    std::vector<Stage>         stages;
  };
} // namespace derl

#endif
