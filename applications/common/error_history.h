// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_error_history_h
#define derl_applications_error_history_h

#include <derl/network/surrogate.h>

#include <derl/optimization/optimizer.h>

#include <deal.II/base/function.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/point.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace derl
{
  /**
   * The errors of a surrogate against a known solution in the course of
   * training, in a file with the columns
   * iteration,seconds,relative_l2_error,relative_h1_seminorm_error. Both are
   * root mean squares over a uniform grid, relative to those of the solution.
   */
  template <int dim>
  class ErrorHistory
  {
  public:
    /**
     * Prepare to measure on the grid with @p n_points per direction, ends
     * included, of the box from @p lower to @p upper, every @p interval seconds
     * of training. The surrogate gives the network, not the parameters, and
     * must outlive this object. Collective. Throws AgreedError if
     * @p path cannot be written.
     */
    ErrorHistory(const MPI_Comm  &communicator,
                 const Surrogate &surrogate,
                 const std::shared_ptr<const dealii::Function<dim>> &exact,
                 const dealii::Point<dim>                           &lower,
                 const dealii::Point<dim>                           &upper,
                 const unsigned int                                  n_points,
                 const double                                        interval,
                 const std::string                                  &path);

    /**
     * Measure and write a line, if it is time. Collective.
     */
    void
    update(const IterationState &state);

  private:
    void
    write(const std::string &line);

    const MPI_Comm                                     communicator;
    const Surrogate                                   &surrogate;
    const std::shared_ptr<const dealii::Function<dim>> exact;
    const double                                       interval;
    const std::string                                  path;

    /** This rank's share of the grid. */
    std::vector<dealii::Point<dim>> points;
    std::ofstream                   file;
    double                          next = 0;
  };
} // namespace derl

#endif
