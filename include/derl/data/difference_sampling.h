// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_difference_sampling_h
#define derl_data_difference_sampling_h

#include <derl/data/samples.h>

#include <deal.II/base/function.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/point.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/component_mask.h>
#include <deal.II/fe/mapping.h>

#include <functional>
#include <vector>

namespace derl
{
  /**
   * What is known of some field at points.
   */
  struct PointValues
  {
    /** [point][component] */
    std::vector<double> values;
    /** Whether each point lies in the domain; if not, its values mean
     * nothing. */
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
   * derivatives from finite differences: central formulas or, where these leave
   * the domain, those that are shifted inwards as little as possible, or
   * extrapolate from points beside. A mixed derivative is the product of
   * formulas for its directions. The factors of the samples come from the
   * difference to formulas with fewer points. For points in the cells of a
   * mesh, with steps that follow the cells, see Estimator::difference.
   *
   * @param orders total orders of the derivatives, at most 3.
   * @param step the distance of neighbouring points. For a finite element
   *   solution it should not be far below the size of the cells: differences
   *   inside a cell see no more than the raw derivatives do.
   * @param accuracy the order of the formulas' errors in the step, 2 or 4.
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
} // namespace derl

#endif
