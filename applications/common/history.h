// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_history_h
#define derl_applications_history_h

#include <derl/coupling/surrogate_function.h>

#include <derl/network/surrogate.h>

#include <derl/optimization/optimizer.h>

#include <deal.II/base/function.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/point.h>

#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace derl
{
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
