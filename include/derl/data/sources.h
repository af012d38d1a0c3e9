// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_sources_h
#define derl_data_sources_h

#include <derl/data/samples.h>

#include <derl/network/surrogate.h>

#include <deal.II/base/array_view.h>
#include <deal.II/base/exceptions.h>
#include <deal.II/base/function.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/point.h>
#include <deal.II/base/quadrature.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/component_mask.h>
#include <deal.II/fe/fe.h>
#include <deal.II/fe/mapping.h>

#include <deal.II/lac/full_matrix.h>
#include <deal.II/lac/vector.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace derl
{
  class CheckpointReader;

  /**
   * The weights w of the finite difference formula
   * @f[
   *   f^{(k)}(a) \approx \sum_i w_i f(x_i),
   * @f]
   * which is the k-th @p derivative at @p at of the polynomial through the
   * values at the n @p abscissas, in any order and at any distances. For
   * smooth functions and distances of the size h the error is
   * O(h^(n-k)), one order better for symmetric points if n-k is odd. The
   * derivative 0 interpolates or extrapolates.
   *
   * The recursion is that of B. Fornberg, "Calculation of weights in finite
   * difference formulas", SIAM Review 40 (1998) 685-691.
   *
   * Throws if there are not more abscissas than the derivative's order, if two
   * of them coincide, or if a number is not finite. Not collective.
   */
  std::vector<double>
  difference_weights(const std::vector<double> &abscissas,
                     const double               at,
                     const unsigned int         derivative);



  /**
   * The time derivative of a solution, for solvers that do not have it: that of
   * the polynomial through its values at several times, in any order and at any
   * distances. With n levels and steps of the size k the error is O(k^(n-1)):
   * three levels give order two, at each of the three times.
   *
   * @param times of the levels.
   * @param levels vectors of one mesh: after a change of the mesh, old levels
   *   must have been transferred to it. Without ghost elements, like vectors
   *   in linear algebra.
   * @param at the time of the derivative, usually one of the levels.
   * @param rate has the size and partition of the levels, and is overwritten.
   *
   * Throws if the numbers of times and levels or sizes of vectors differ, and
   * as difference_weights() does. Collective, if additions of vectors are.
   */
  template <typename VectorType>
  void
  time_derivative(const std::vector<double>             &times,
                  const std::vector<const VectorType *> &levels,
                  const double                           at,
                  VectorType                            &rate)
  {
    AssertThrow(times.size() == levels.size(),
                dealii::ExcMessage("Each level of a time difference needs its "
                                   "time."));
    const std::vector<double> weights = difference_weights(times, at, 1);
    for (const VectorType *const level : levels)
      AssertThrow(level->size() == rate.size(),
                  dealii::ExcMessage(
                    "The levels of a time difference and its result must have "
                    "the same size. After a change of the mesh, transfer old "
                    "levels to it."));
    rate.equ(weights[0], *levels[0]);
    for (unsigned int i = 1; i < levels.size(); ++i)
      rate.add(weights[i], *levels[i]);
  }



  /**
   * The points in a cell at which the raw gradient of a finite element solution
   * converges one order faster than elsewhere on meshes that are uniform or
   * nearly so, as a quadrature: for continuous elements of degree p on
   * hypercubes, and systems of them, the Gauss points, p per direction (see
   * L.B. Wahlbin, "Superconvergence in Galerkin Finite Element Methods",
   * Springer 1995).
   *
   * Throws for other elements. On simplices there is no point where the whole
   * gradient is superconvergent (at Gauss points of edges the derivative along
   * them is); discontinuous elements depend on the flux. Use recovered
   * derivatives, which are accurate everywhere. Not collective.
   */
  template <int dim>
  dealii::Quadrature<dim>
  superconvergent_quadrature(const dealii::FiniteElement<dim> &fe);



  /**
   * @p n_points uniformly distributed points of the box, from a stream that
   * gives the same points as NumPy's legacy generator with this @p seed.
   */
  template <int dim>
  std::vector<dealii::Point<dim>>
  random_points(const dealii::Point<dim> &lower,
                const dealii::Point<dim> &upper,
                const unsigned int        n_points,
                const unsigned int        seed);

  /**
   * The interior points of a uniform grid with @p n points per direction;
   * the box's faces are one spacing away.
   */
  template <int dim>
  std::vector<dealii::Point<dim>>
  grid_points(const dealii::Point<dim> &lower,
              const dealii::Point<dim> &upper,
              const unsigned int        n);

  /**
   * A uniform grid with @p n points per direction, ends included, on each of
   * the box's 2 dim faces; points on edges and corners occur once per face.
   */
  template <int dim>
  std::vector<dealii::Point<dim>>
  boundary_grid_points(const dealii::Point<dim> &lower,
                       const dealii::Point<dim> &upper,
                       const unsigned int        n);



  /**
   * The values of a field at points.
   */
  struct PointValues
  {
    /** [point][component] */
    std::vector<double> values;
    /** Whether each point lies in the domain; if not, its values have no
     * meaning. */
    std::vector<bool> found;
  };

  /**
   * Gives the values of a field at any points. The functions of this header
   * call it on all ranks together, each rank with its own points, maybe none.
   * An evaluation that communicates must throw on all ranks or on none; one
   * that does not may throw on any.
   */
  template <int dim>
  using PointEvaluation =
    std::function<PointValues(const std::vector<dealii::Point<dim>> &)>;

  /**
   * The values of a function that is known everywhere. It must outlive the
   * result.
   */
  template <int dim>
  PointEvaluation<dim>
  evaluate_at_points(const dealii::Function<dim> &function);

  /**
   * The values of a finite element solution, whichever rank has the point; on a
   * face between cells their mean. Cells where one of @p components has no
   * degrees of freedom (FE_Nothing) do not belong to the domain. All arguments
   * but the last must outlive the result; the vector must be readable in all
   * locally owned cells. Collective, like the result.
   * Throws AgreedError for elements whose shape functions have several
   * components, like those of Raviart and Thomas.
   */
  template <int dim, typename VectorType>
  PointEvaluation<dim>
  evaluate_at_points(const dealii::Mapping<dim>    &mapping,
                     const dealii::DoFHandler<dim> &dof_handler,
                     const VectorType              &solution,
                     const dealii::ComponentMask   &components = {});



  /**
   * Sample a field at @p points of this rank, all with weight 1, with
   * derivatives from finite differences: central formulas, or forward ones if
   * their order is 1; where these leave the domain, those that are shifted
   * inwards as little as possible, or extrapolate from neighbouring points. A
   * mixed derivative is the product of formulas for its directions. The factors
   * of the samples come from the difference to formulas with fewer points. For
   * points in the cells of a mesh, with steps that follow the cells, see
   * Estimator::difference.
   *
   * @param orders total orders of the derivatives, at most 3.
   * @param step the distance of neighbouring points. For a finite element
   *   solution it should not be far below the size of the cells: differences
   *   inside a cell contain no more than the raw derivatives.
   * @param accuracy the order of the formulas' errors in the step: 1, 2 or 4.
   *
   * Collective. Throws AgreedError if a point of any rank lies outside of the
   * domain, or no formula fits into the domain there, or a value is not a
   * finite number.
   */
  template <int dim>
  Samples
  sample_differences(const MPI_Comm                        &communicator,
                     const PointEvaluation<dim>            &evaluation,
                     const unsigned int                     n_components,
                     const std::vector<dealii::Point<dim>> &points,
                     const std::vector<unsigned int>       &orders,
                     const double                           step,
                     const unsigned int                     accuracy = 4);



  /**
   * Samples of a run with many time steps, of which at most a given number is
   * kept, over all ranks. Fill it step by step:
   * @code
   *   SampleReservoir reservoir(communicator, 100000, seed);
   *   for (...) // time steps
   *     reservoir.add(sample(mapping, dof_handler,
   *                          Snapshot<VectorType>(u, {t}, {{{1}, &rate}}),
   *                          quadrature, {jet_gradients}),
   *                   step_length);
   *   const Samples samples = reservoir.samples();
   * @endcode
   *
   * What is kept is a random sample of all that was added, in which a sample
   * has the size s = (weight) x (time weight) x (indicator) and stays if its
   * priority s/h is among the largest, h being a random number of the sample
   * (priority sampling; N. Duffield, C. Lund, M. Thorup, J. ACM 54 (2007) 32).
   * With tau the largest priority of those that went, a sample's weight becomes
   * (weight) x (time weight) x max(1, tau/s): the expected value of a weighted
   * sum over what is kept is that over all that was added, the integral over
   * space and time. Constant indicators choose uniformly; larger ones keep
   * more samples, with smaller weights, where the current surrogate's residual
   * or another measure of error is large.
   *
   * Random numbers belong to points and steps: the same samples are kept for
   * any number of ranks. Samples stay on the rank that added them.
   *
   * What stays depends on points and weights only. If a step has many, let the
   * reservoir choose among them before the solution is evaluated there:
   * @code
   *   SampleRequest<dim> request = {jet_gradients};
   *   request.choice             = reservoir.choice(step_length);
   *   reservoir.add(sample(mapping, dof_handler, snapshot, quadrature,
   * request), step_length);
   * @endcode
   */
  class SampleReservoir
  {
  public:
    /**
     * @param n_max the most samples that are kept over all ranks, at least 1.
     */
    SampleReservoir(const MPI_Comm     &communicator,
                    const std::uint64_t n_max,
                    const std::uint32_t seed);

    /**
     * A positive number for a point with a weight.
     */
    using Indicator =
      std::function<double(const dealii::ArrayView<const double> &point,
                           const double                           weight)>;

    /**
     * For SampleRequest::choice: those points of the next time step that stay.
     * What was sampled there must then be given to add(), with the same
     * @p time_weight and what @p indicator gives; the outcome is that of adding
     * all samples of the step. The points are visited once, in the first steps
     * twice, and what is remembered of each one that may stay is 16 bytes.
     * This object must remain where it is until then.
     */
    PointChoice
    choice(const double time_weight, const Indicator &indicator = {});

    /**
     * Add the samples of a time step. All steps must have the same columns, and
     * all or none factors.
     *
     * @param time_weight the step's share of the time interval.
     * @param indicators positive numbers, one for each of this rank's samples;
     *   all equal if empty on all ranks. A sample that may matter should have
     *   an indicator well above zero: its weight, if it is kept, grows as the
     *   inverse.
     *
     * Collective: about ten small reductions. Needs memory for what is kept
     * and, during the call, for a copy of those samples of this step that may
     * be kept. Throws AgreedError if columns do not fit or numbers are not
     * positive.
     */
    void
    add(const Samples             &samples,
        const double               time_weight,
        const std::vector<double> &indicators = {});

    /**
     * Write the state into a file, see doc/checkpoint.md. The one that was
     * there before is kept as its previous version. Collective. Throws
     * AgreedError between choice() and add(), or if it cannot be written.
     */
    void
    save(const std::string &path) const;

    /**
     * Go on from what save() wrote with an object that had the same maximal
     * number and seed. On as many ranks as then each one gets its samples back;
     * on another number of ranks, an equal share of all. What is kept from then
     * on does not depend on it. Collective. Throws AgreedError, and leaves this
     * object as it is, if there is no such state, or none that could have been
     * saved.
     */
    void
    load(const std::string &path);

    /**
     * Number of samples that are kept and that were added, or looked at by
     * choice(), over all ranks.
     */
    std::uint64_t
    n_kept() const;

    std::uint64_t
    n_added() const;

    /**
     * This rank's samples, with weights as above. Throws if none was ever
     * added. Not collective.
     */
    Samples
    samples() const;

    /**
     * Bytes of this rank's part.
     */
    std::size_t
    memory_consumption() const;

  private:
    /**
     * The numbers that belong to a sample.
     */
    struct Entry
    {
      double priority;
      double size;
      double weight;
    };

    void
    check(const Samples             &samples,
          const double               time_weight,
          const std::vector<double> &indicators) const;

    /**
     * The numbers that belong to a sample of the next step.
     */
    Entry
    make_entry(const PointHash                       &hash,
               const dealii::ArrayView<const double> &point,
               const double                           weight,
               const double                           indicator) const;

    /**
     * Read what load() needs once there were samples. @p what is read begins
     * messages.
     */
    void
    read_table(CheckpointReader &reader, const std::string &what);

    /**
     * Replace largest absolute values by others where these are larger.
     */
    void
    extend_magnitudes(const std::vector<double> &others);

    /**
     * If too many would be kept with candidates of these priorities, raise the
     * threshold until they are not, and let go of what does not exceed it.
     * Collective.
     */
    void
    raise_threshold(const std::vector<double> &candidates);

    /**
     * Let go of what does not exceed the threshold.
     */
    void
    evict();

    /**
     * Choose points as choice() says.
     */
    std::vector<std::size_t>
    choose(const std::function<void(const PointVisitor &)> &visit,
           const double                                     time_weight,
           const Indicator                                 &indicator);

    /**
     * The priority that exactly n_max samples of all ranks exceed (fewer, if
     * several have it), given those of this rank.
     */
    double
    find_threshold(const std::vector<double> &priorities) const;

    const MPI_Comm      communicator;
    const std::uint64_t n_max;
    const std::uint32_t seed;

    /** What is kept, since the first step. Factors are kept apart: a table
     * with factors cannot grow. */
    std::optional<Samples> table;
    std::vector<Entry>     entries;
    std::vector<double>    factors;

    /** Largest absolute values of the coordinates, for random numbers, in those
     * steps of which all samples were kept. */
    std::vector<double> magnitudes;

    double        threshold = 0.;
    unsigned int  n_steps   = 0;
    std::uint64_t added     = 0;
    std::uint64_t kept      = 0;

    /** Points of this rank that were not chosen in the next step. */
    std::uint64_t passed_over = 0;
  };



  /**
   * A system of ordinary differential equations y' = f(t, y).
   */
  struct DifferentialEquations
  {
    unsigned int n_components;

    /** Set @p rate to f(t, y). */
    std::function<void(const double                  t,
                       const dealii::Vector<double> &y,
                       dealii::Vector<double>       &rate)>
      rate;

    /**
     * Set entry (i, j) of @p jacobian to the derivative of f_i with respect to
     * y_j. Needed for sensitivities only.
     */
    std::function<void(const double                  t,
                       const dealii::Vector<double> &y,
                       dealii::FullMatrix<double>   &jacobian)>
      jacobian = {};
  };



  /**
   * Samples of solutions of differential equations at the given times. The
   * coordinates are t, or t and the initial values of all components: then a
   * surrogate learns the flow map, for any initial value between those that are
   * sampled. The length of the multi-indices in @p columns says which of
   * the two is meant. Columns may be
   *
   * * values;
   * * derivatives with respect to t, which are exact: f at the computed values;
   * * derivatives with respect to an initial value, or to one and t: the
   *   solution S of the variational equation S' = (df/dy) S with S = 1 at the
   *   beginning, and its rate.
   *
   * All weights are one. The solver is the method of Dormand and Prince with
   * the steps that deal.II's TimeStepping::EmbeddedExplicitRungeKutta chooses.
   * Not collective: each rank gives the initial values of its own trajectories,
   * or none. Throws if a column is of another kind, or where steps get too
   * small, because the equations are stiff or the solution ends there.
   *
   * @param initial_values of each trajectory, at the first of the @p times.
   * @param times ascending.
   * @param tolerance for the estimated error of a step (norm of all components
   *   and sensitivities).
   */
  Samples
  sample_trajectories(const DifferentialEquations            &equations,
                      const std::vector<std::vector<double>> &initial_values,
                      const std::vector<double>              &times,
                      const std::vector<JetEntry>            &columns,
                      const double tolerance = 1e-10);



  /**
   * A trained surrogate from which another one learns.
   */
  struct Teacher
  {
    std::shared_ptr<const Surrogate> surrogate;

    /**
     * Whether it is evaluated at a point, given all coordinates. Without a
     * region: in its domain if it has one, otherwise in the box of the samples
     * it was trained on, where it does not extrapolate.
     */
    std::function<bool(const dealii::ArrayView<const double> &point)> region =
      {};
  };



  /**
   * Samples of teachers at this rank's points, of which there may be none: any
   * derivatives up to total order four, with respect to any coordinates. Each
   * point is given to the first teacher in whose region it is. Evaluation is
   * cheap enough to draw new points at any time. The
   * origin of the samples names the teachers' references and verdicts.
   *
   * Collective. Throws AgreedError if teachers have other coordinates or
   * components than the first one, if a name does not exist, or if a point is
   * in no region.
   *
   * @param points as [point][coordinate]. Those of another table serve as well:
   *   samples.points().
   * @param entries names of the columns, see FieldNames.
   * @param weights of the points; one if there are none.
   */
  Samples
  sample_teachers(const MPI_Comm                 &communicator,
                  const std::vector<Teacher>     &teachers,
                  const std::vector<double>      &points,
                  const std::vector<std::string> &entries,
                  const std::vector<double>      &weights = {});
} // namespace derl

#endif
