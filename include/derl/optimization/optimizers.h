// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_optimization_optimizers_h
#define derl_optimization_optimizers_h

#include <derl/base/objective_function.h>

#include <derl/optimization/optimizer.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>

#include <deal.II/lac/vector.h>

#include <memory>

namespace derl
{
  /**
   * What a LineSearch found.
   */
  struct LineSearchResult
  {
    /** Whether a better point was found; if not, the rest has no meaning. */
    bool success;

    /** Accepted multiple of the direction. */
    double step;

    /** Value of the objective at the new point. */
    double value;

    /** Number of evaluations made. */
    unsigned int evaluations;
  };



  /**
   * A line search for the strong Wolfe conditions
   * \f{align*}{
   *   f(a) &\le f(0) + c_1 a f'(0), & |f'(a)| &\le c_2 |f'(0)|,
   * \f}
   * where \f$f(a)\f$ is the objective at \f$x + a d\f$. Brackets and
   * interpolates with dealii::LineMinimization::line_search().
   *
   * Two things are added to it. Points where the value or the slope is not
   * finite count as infinitely high. And where \f$|f(a) - f(0)|\f$ is not above
   * noise_level times \f$|f(0)|\f$, the difference of the values is mostly
   * round-off once residuals cancel to many digits, while slopes keep their
   * relative accuracy; there \f$f(a)\f$ is replaced by the trapezoidal rule
   * \f$f(0) + a (f'(0) + f'(a)) / 2\f$. The first condition then reads
   * \f$f'(a) \le (2 c_1 - 1) f'(0)\f$, the approximate Wolfe condition of
   * W. W. Hager and H. Zhang, SIAM J. Optim. 16 (2005), 170-192.
   */
  class LineSearch
  {
  public:
    struct Parameters
    {
      /** \f$c_1\f$, between 0 and 1/2. */
      double sufficient_decrease = 1e-4;

      /** \f$c_2\f$, between \f$c_1\f$ and 1. */
      double curvature = 0.9;

      /** Relative size of differences of values that are not trusted. */
      double noise_level = 1e-6;

      /** Evaluations after which a search fails. */
      unsigned int max_evaluations = 20;

      /** Declare the members in the current section of @p prm. */
      void
      declare_parameters(dealii::ParameterHandler &prm);

      /** Throw ExcMessage if a member is outside its range. */
      void
      check() const;
    };

    explicit LineSearch(const Parameters &parameters);

    /**
     * Search from @p x along @p direction, beginning with the step
     * @p first_step; @p value and @p gradient belong to @p x. On success
     * @p x_new and @p gradient_new hold the new point and its gradient, and the
     * last evaluation of the objective was made there.
     *
     * The Wolfe conditions hold at the new point, or else, if no such point was
     * found within the allowed number of evaluations, the first of them by more
     * than the noise level. There is no success if the direction does not
     * descend or if the objective is finite nowhere that was tried.
     * Collective over the communicator of the objective.
     */
    LineSearchResult
    search(ObjectiveFunction            &objective,
           const dealii::Vector<double> &x,
           const dealii::Vector<double> &direction,
           const double                  value,
           const dealii::Vector<double> &gradient,
           const double                  first_step,
           dealii::Vector<double>       &x_new,
           dealii::Vector<double>       &gradient_new) const;

    /** See Parameters. */
    double
    noise_level() const;

  private:
    const Parameters parameters;
  };



  /**
   * The Adam method (D. P. Kingma and J. Ba, arXiv:1412.6980, Alg. 1), for full
   * batches and for objectives that can be split into mini-batches.
   *
   * An iteration is a step, an epoch is one step for each mini-batch. After
   * each step the mini-batch of the next step is evaluated at the new point;
   * its value and gradient are what the observer sees. With mini-batches
   * neither a small value nor a small gradient ends a run, and one evaluation
   * with all samples is made at the end.
   *
   * The step length may follow a schedule, which counts iterations.
   */
  class Adam : public Optimizer
  {
  public:
    /** Its name in parameter files. */
    static constexpr char method_name[] = "Adam";

    struct Parameters
    {
      /** Step length before the schedule makes it shorter. */
      double learning_rate = 1e-3;

      /** "constant", "step", "exponential" or "cosine". */
      std::string schedule = "constant";

      /**
       * Iterations in which the step length falls by decay_factor: each time at
       * their end (step), continuously
       * (exponential), or once along half a cosine (cosine). 0 for
       * the maximal number of iterations.
       */
      unsigned int schedule_length = 0;

      /** Factor on the step length after schedule_length iterations. */
      double decay_factor = 0.01;

      /**
       * Number of iterations over which the step length grows linearly from 0
       * to that of the schedule.
       */
      unsigned int warm_up = 0;

      /**
       * Gradients with a larger Euclidean norm are shortened to this; 0 for
       * never.
       */
      double gradient_clipping = 0.;

      /** Decay of the mean of the gradient. */
      double beta_1 = 0.9;

      /** Decay of the mean of the squared gradient. */
      double beta_2 = 0.999;

      /** Added to the root of the mean squared gradient. */
      double epsilon = 1e-8;

      /** Declare the members in the current section of @p prm. */
      void
      declare_parameters(dealii::ParameterHandler &prm);

      /** Throw ExcMessage if a member is outside its range. */
      void
      check() const;

      /**
       * The step length of the iteration after @p iteration others in a run of
       * at most @p max_iterations.
       */
      double
      step_length(const unsigned int iteration,
                  const unsigned int max_iterations) const;
    };

    explicit Adam(const Parameters &parameters);

    virtual std::string
    name() const override;

    virtual OptimizationResult
    minimize(ObjectiveFunction      &objective,
             dealii::Vector<double> &x,
             const StoppingCriteria &criteria,
             const Observer         &observer,
             CheckpointReader       *restart = nullptr) override;

    virtual double
    memory_consumption(const unsigned int n_parameters) const override;

  private:
    const Parameters parameters;
  };



  /**
   * The limited-memory BFGS method: the inverse Hessian is kept as the last few
   * secant pairs and applied by the two-loop recursion, starting from
   * (y's/y'y) I with the newest pair (J. Nocedal, Math. Comp. 35 (1980),
   * 773-782; J. Nocedal and S. Wright, Numerical Optimization, 2nd ed., Alg.
   * 7.4 and 7.5).
   *
   * Either with the strong Wolfe line search, or with a fixed step. The latter
   * follows the semantics of torch.optim.LBFGS without line search, in double
   * precision: the step length is the given one, only the very first is
   * multiplied by min(1, 1/|g|_1); a pair is stored if y's > 1e-10; updates
   * are counted in epochs, which end early if a step or a change of the value
   * becomes smaller than 1e-9. A run ends when max_iterations / (updates per
   * epoch), rounded up, epochs are used up, when max|g| <= 1e-7, or when the
   * slope along the direction is above -1e-9: no later epoch could move then,
   * and the reason is "gradient small".
   */
  class LBFGS : public Optimizer
  {
  public:
    /** Its name in parameter files. */
    static constexpr char method_name[] = "L-BFGS";

    struct Parameters
    {
      /** Number of secant pairs to keep. */
      unsigned int history_size = 100;

      /** "strong Wolfe" or "fixed step". */
      std::string step_rule = "strong Wolfe";

      /** Step length of the rule "fixed step". */
      double fixed_step = 0.1;

      /** Updates per epoch of the rule "fixed step". */
      unsigned int updates_per_epoch = 20;

      /** Parameters of the rule "strong Wolfe". */
      LineSearch::Parameters line_search;

      /** Declare the members in the current section of @p prm. */
      void
      declare_parameters(dealii::ParameterHandler &prm);

      /** Throw ExcMessage if a member is outside its range. */
      void
      check() const;
    };

    explicit LBFGS(const Parameters &parameters);

    virtual std::string
    name() const override;

    virtual OptimizationResult
    minimize(ObjectiveFunction      &objective,
             dealii::Vector<double> &x,
             const StoppingCriteria &criteria,
             const Observer         &observer,
             CheckpointReader       *restart = nullptr) override;

    virtual double
    memory_consumption(const unsigned int n_parameters) const override;

  private:
    OptimizationResult
    minimize_with_fixed_step(ObjectiveFunction      &objective,
                             dealii::Vector<double> &x,
                             const StoppingCriteria &criteria,
                             const Observer         &observer,
                             CheckpointReader       *restart);

    const Parameters parameters;
  };



  /**
   * The method of Levenberg and Marquardt with geodesic acceleration, for
   * objectives that are a LeastSquaresObjective. With residuals r, their
   * Jacobian J and damping \f$\lambda\f$ an iteration computes
   * \f{align*}{
   *   (J^T J + \lambda I) v &= -J^T r, &
   *   (J^T J + \lambda I) a &= -J^T r_{vv}, &
   *   x^+ &= x + v + \tfrac 12 a \quad \text{if } 2 |a| \le \alpha |v|,
   *   \text{ else } x + v,
   * \f}
   * where the second derivative of the residuals along v is the difference
   * \f$r_{vv} = \frac 2 h \left(\frac{r(x + h v) - r(x)}{h} - J v\right)\f$;
   * see M. K. Transtrum and J. P. Sethna, arXiv:1201.5885, sections 2 and 4.
   *
   * The damping starts at initial_damping times \f$|J^T r|^2 / |r|^2\f$, which
   * has the scale of J's singular values whatever the objective's. A step is
   * taken if the value decreases. The damping follows from the gain, the
   * decrease over the one that the linear model at v promises: it falls by a
   * factor of 9 for a gain above 0.9, of 3 above 0.25, and rises by 2, 4, 8,
   * ... while steps are refused.
   *
   * <h3>The linear systems</h3>
   *
   * They are solved in the smaller one of two spaces, with a dense matrix and
   * Cholesky factorization: that of the parameters as above, or that of
   * the rows, \f$v = -J^T (J J^T + \lambda I)^{-1} r\f$. All ranks hold the
   * matrix and factorize it; the first rank's solution is sent to all, since
   * ranks on processors of different kinds may round differently. If both
   * spaces are larger than max_matrix_size, the method of conjugate gradients
   * solves the systems with products J v and J^T w only, preconditioned by
   * the diagonal blocks of \f$J^T J + \lambda I\f$.
   */
  class LevenbergMarquardt : public Optimizer
  {
  public:
    /** Its name in parameter files. */
    static constexpr char method_name[] = "Levenberg-Marquardt";

    struct Parameters
    {
      /** Damping of the first step relative to the scale of J^T J. */
      double initial_damping = 1e-2;

      /** alpha above; 0 for no acceleration. */
      double acceleration_limit = 0.75;

      /** h above. */
      double acceleration_step = 0.1;

      /** Refused steps in a row after which the run ends. */
      unsigned int max_refused_steps = 30;

      /** Dense matrices are not larger than this. */
      unsigned int max_matrix_size = 8000;

      /** Relative residual at which conjugate gradients stop. */
      double linear_tolerance = 1e-3;

      /** Conjugate gradient iterations after which a step is tried as it is. */
      unsigned int max_linear_iterations = 200;

      /** Declare the members in the current section of @p prm. */
      void
      declare_parameters(dealii::ParameterHandler &prm);

      /** Throw ExcMessage if a member is outside its range. */
      void
      check() const;
    };

    explicit LevenbergMarquardt(const Parameters &parameters);

    virtual std::string
    name() const override;

    /**
     * See the base class. Throws ExcMessage if @p objective is no
     * LeastSquaresObjective.
     */
    virtual OptimizationResult
    minimize(ObjectiveFunction      &objective,
             dealii::Vector<double> &x,
             const StoppingCriteria &criteria,
             const Observer         &observer,
             CheckpointReader       *restart = nullptr) override;

    /**
     * See the base class. The number of rows is not known here; the memory is
     * that of the parameters' space, if it is not too large.
     */
    virtual double
    memory_consumption(const unsigned int n_parameters) const override;

  private:
    const Parameters parameters;
  };



  /**
   * The self-scaled Broyden method with a dense inverse Hessian and a strong
   * Wolfe line search: the method of choice for full batches as long as the
   * matrix of n_parameters^2 / 2 doubles fits into the memory of all ranks. See
   * BroydenMatrix for formulas and sources and minimize_with_line_search() for
   * the treatment of failures; there are no other restarts.
   */
  class SelfScaledBroyden : public Optimizer
  {
  public:
    /** Its name in parameter files. */
    static constexpr char method_name[] = "self-scaled Broyden";

    struct Parameters
    {
      /** The update formula: "self-scaled Broyden", "self-scaled BFGS" or
       * "BFGS". */
      std::string update = method_name;

      /** Trial length of a line search. Scaling makes the inverse Hessian too
       * large rather than too small: from 1 most searches on losses of
       * networks need a second evaluation, from 1/2 one in ten does, with the
       * same decrease per iteration (doc/optimizers.md). */
      double trial_step = 0.5;

      LineSearch::Parameters line_search;

      /** Declare the members in the current section of @p prm. */
      void
      declare_parameters(dealii::ParameterHandler &prm);

      /** Throw ExcMessage if a member is outside its range. */
      void
      check() const;
    };

    /**
     * The rows of the matrix are distributed over @p mpi_communicator, which
     * must be the one of the objective or a part of it.
     */
    SelfScaledBroyden(const Parameters &parameters,
                      const MPI_Comm    mpi_communicator);

    virtual std::string
    name() const override;

    virtual OptimizationResult
    minimize(ObjectiveFunction      &objective,
             dealii::Vector<double> &x,
             const StoppingCriteria &criteria,
             const Observer         &observer,
             CheckpointReader       *restart = nullptr) override;

    virtual double
    memory_consumption(const unsigned int n_parameters) const override;

  private:
    const Parameters parameters;
    const MPI_Comm   mpi_communicator;
  };



  /**
   * The choice of a method and the parameters of all of them. A new method is a
   * class with a method_name and Parameters, a member here, and a line in the
   * table of optimizer_library.cc, from which parameter files, messages and
   * make_optimizer() follow.
   */
  struct OptimizerParameters
  {
    /** "auto" (see AutomaticOptimizer), "Adam", "L-BFGS",
     * "Levenberg-Marquardt" or "self-scaled Broyden". */
    std::string method = "auto";

    Adam::Parameters               adam;
    LBFGS::Parameters              lbfgs;
    LevenbergMarquardt::Parameters levenberg_marquardt;
    SelfScaledBroyden::Parameters  self_scaled_broyden;

    /**
     * Declare the method in the current section of @p prm and the parameters of
     * each method in a subsection of its name.
     */
    void
    declare_parameters(dealii::ParameterHandler &prm);

    /**
     * Throw ExcMessage if the method is unknown or a parameter of any method is
     * outside its range.
     */
    void
    check() const;

    /**
     * Whether the method can minimise an objective that is split into
     * mini-batches. Throws ExcMessage if the method is unknown.
     */
    bool
    takes_mini_batches() const;
  };

  /**
   * Make the chosen optimizer. @p mpi_communicator is that of the objectives
   * to minimise. An optimizer that makes a choice itself calls @p message,
   * on all ranks. Calls check(). Collective.
   */
  std::unique_ptr<Optimizer>
  make_optimizer(
    const OptimizerParameters                      &parameters,
    const MPI_Comm                                  mpi_communicator,
    const std::function<void(const std::string &)> &message =
      [](const std::string &) {});
} // namespace derl

#endif
