// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_program_results_h
#define derl_program_results_h

#include <derl/coupling/errors.h>
#include <derl/coupling/surrogate_function.h>

#include <derl/network/surrogate.h>

#include <derl/objective/sum_of_squares.h>

#include <derl/optimization/optimizer.h>

#include <deal.II/base/conditional_ostream.h>
#include <deal.II/base/function.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/point.h>

#include <cstdint>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace derl
{
  /**
   * Names and values, in the order in which they are to be shown.
   */
  using Figures = std::vector<std::pair<std::string, double>>;

  /**
   * The figures of a run: what summary.json holds. See doc/summary.md for the
   * meaning of its keys.
   */
  struct Summary
  {
    std::string   problem;
    unsigned int  n_ranks      = 0;
    std::uint64_t n_samples    = 0;
    unsigned int  n_parameters = 0;
    unsigned int  seed         = 0;

    std::vector<SumOfSquares::TermValue> terms;
    std::vector<SumOfSquares::Misfit>    misfits;

    std::string  optimizer;
    std::string  stop_reason;
    unsigned int iterations  = 0;
    unsigned int evaluations = 0;
    /** The iteration whose parameters are those of the model. */
    unsigned int kept_iteration = 0;

    double seconds_reference  = 0;
    double seconds_sampling   = 0;
    double seconds_training   = 0;
    double seconds_evaluation = 0;

    /**
     * What was measured of "reference", "surrogate", and what else the problem
     * compares.
     */
    std::vector<std::pair<std::string, Figures>> figures;

    /** What can be said without an exact solution; nothing without a text. */
    Verdict verdict;
  };

  /**
   * Write summary.json into @p folder. Collective.
   */
  void
  write_summary(const MPI_Comm    &communicator,
                const std::string &folder,
                const Summary     &summary);

  /**
   * The entries of @p norms with their keys in summary.json.
   */
  Figures
  named(const ErrorNorms &norms);

  /**
   * Show the errors of reference and surrogate, which have the same names, side
   * by side.
   */
  void
  print_errors(const dealii::ConditionalOStream &out,
               const Figures                    &reference,
               const Figures                    &surrogate);



  /**
   * Figures of a surrogate in the course of training, in a file with the
   * columns iteration, seconds, and those that are measured.
   */
  template <int dim>
  class History
  {
  public:
    /**
     * What is measured, the same on all ranks.
     */
    using Measure =
      std::function<std::vector<double>(const SurrogateFunction<dim> &)>;

    /**
     * Prepare to measure @p columns every @p interval seconds of training. The
     * surrogate gives the network, not the parameters, and must outlive this
     * object. Collective. Throws AgreedError if @p path cannot be written.
     */
    History(const MPI_Comm                 &communicator,
            const Surrogate                &surrogate,
            const std::vector<std::string> &columns,
            const Measure                  &measure,
            const double                    interval,
            const std::string              &path);

    /**
     * Measure and write a line, if it is time. Collective.
     */
    void
    update(const IterationState &state);

  private:
    void
    write(const std::string &line);

    const MPI_Comm    communicator;
    const Surrogate  &surrogate;
    const Measure     measure;
    const double      interval;
    const std::string path;
    std::ofstream     file;
    double            next = 0;
  };



  /**
   * A measure of the errors in value and gradient of a scalar surrogate against
   * a known solution: root mean squares over the uniform grid with @p n_points
   * per direction, ends included, of the box from @p lower to @p upper,
   * relative to those of the solution. Each rank looks at its share of the
   * grid.
   */
  template <int dim>
  typename History<dim>::Measure
  errors_on_grid(const MPI_Comm &communicator,
                 const std::shared_ptr<const dealii::Function<dim>> &exact,
                 const dealii::Point<dim>                           &lower,
                 const dealii::Point<dim>                           &upper,
                 const unsigned int                                  n_points);
} // namespace derl

#endif
