// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_sample_request_h
#define derl_data_sample_request_h

#include <derl/base/multi_index.h>

#include <deal.II/base/function.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/types.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/component_mask.h>

#include <deal.II/grid/cell_id.h>

#include <functional>
#include <initializer_list>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace derl
{
  /**
   * Which derivatives to sample or to match, by total order.
   */
  constexpr unsigned int values             = 0;
  constexpr unsigned int first_derivatives  = 1;
  constexpr unsigned int second_derivatives = 2;
  constexpr unsigned int third_derivatives  = 3;

  /**
   * How derivatives of a finite element solution are obtained; all_estimators()
   * describes each.
   */
  enum class Estimator
  {
    raw,
    recovered,
    projected,
    averaged,
    difference
  };

  /**
   * What there is to say of an estimator.
   */
  struct EstimatorDescription
  {
    Estimator estimator;
    /** In parameter files, tables, and the origin of samples. */
    std::string name;
    /** "those of ...", where they stands for derivatives. */
    std::string description;
  };

  /**
   * All estimators.
   */
  const std::vector<EstimatorDescription> &
  all_estimators();

  /**
   * The name of an estimator.
   */
  std::string
  to_string(const Estimator estimator);

  /**
   * The estimator with a name. Throws if there is none, and says which there
   * are.
   */
  Estimator
  estimator_of_name(const std::string &name);



  /**
   * How samples count in a mean over all of them. On an adaptively refined mesh
   * the two differ: each cell has its share of the error there, and the
   * smallest cells, which resolve most, have next to no volume.
   */
  enum class SampleWeighting
  {
    /** By the volume (at the boundary: area) that they stand for, JxW. Means
       are integrals. */
    volume,
    /** The same, divided by the volume of their cell or face, so that all cells
       count alike. */
    cell
  };



  /**
   * A function whose components fill auxiliary columns: coefficients, boundary
   * values, forces.
   */
  template <int dim>
  struct AuxiliaryFunction
  {
    /** A name for each component. */
    std::vector<std::string>                     names;
    std::shared_ptr<const dealii::Function<dim>> function;
  };



  /**
   * What to sample of a finite element solution, and where. Constructed from a
   * list of orders it asks for these derivatives of all components everywhere:
   * @code
   *   SampleRequest<dim> request = {values, first_derivatives};
   *   request.components = fe.component_mask(FEValuesExtractors::Scalar(dim));
   *   request.cells      = IteratorFilters::MaterialIdEqualTo(3);
   * @endcode
   */
  template <int dim>
  struct SampleRequest
  {
    using Cell = typename dealii::DoFHandler<dim>::active_cell_iterator;

    SampleRequest(const std::initializer_list<unsigned int> orders)
      : orders(orders)
    {
    }

    SampleRequest(const std::vector<unsigned int> &orders)
      : orders(orders)
    {
    }

    /**
     * Total orders of the derivatives, each at most 3. Without any, samples
     * are points only, as a term with an equation needs them.
     */
    std::vector<unsigned int> orders;

    /**
     * Which components of the element; by default all. The selected ones are
     * counted from 0 in the samples. Cells where one of them has no degrees of
     * freedom (FE_Nothing) lie outside of the solution's domain, and are not
     * sampled.
     */
    dealii::ComponentMask components;

    /**
     * Which of the locally owned cells; all if empty. deal.II's
     * IteratorFilters fit.
     *
     * Recovered derivatives, and the variances of raw ones, come from the
     * solution in such cells only: at an interface where derivatives jump each
     * side has its own if it is sampled by a request of its own, and tables can
     * be joined by Samples::append(). Hence ghost cells are asked for, too, and
     * the owner of a cell and its neighbours must give the same answer. Neither
     * thin out by this function, see stratified_subset(), nor deal out cells of
     * a mesh that all ranks hold, see communicator: cells whose neighbours are
     * not selected have less accurate derivatives.
     */
    std::function<bool(const Cell &)> cells;

    /**
     * At which part of the boundary sample_boundary() takes samples; everywhere
     * if empty.
     */
    std::set<dealii::types::boundary_id> boundary_ids;

    /**
     * Functions that are evaluated at the samples' points, as auxiliary
     * columns.
     */
    std::vector<AuxiliaryFunction<dim>> auxiliary;

    /**
     * Whether sample_boundary() fills the auxiliary columns normal_x, normal_y
     * and normal_z (as many as the dimension) with the outward unit normal.
     */
    bool normals = false;

    /**
     * Whether samples know their cells: the auxiliary column "cell" is filled
     * with cell_number(). Whole cells can then be held out (see
     * held_out_indices()), and what was measured at samples becomes a field of
     * cells (see cell_mismatch()).
     */
    bool cell_numbers = false;

    /**
     * Which of several quadratures to use in a cell; by default the one with
     * the number of the cell's active element.
     */
    std::function<unsigned int(const Cell &)> quadrature_index;

    Estimator estimator = Estimator::raw;

    /**
     * For Estimator::difference: the distance of neighbouring points, as a
     * multiple of the length of the cell in the direction of the derivative.
     */
    double difference_step = 1.;

    /**
     * For Estimator::difference: the order of the formulas' errors in the
     * step, 2 or 4.
     */
    unsigned int difference_accuracy = 4;

    SampleWeighting weighting = SampleWeighting::volume;

    /**
     * Whether the estimator's estimates of the variance of its errors become
     * factors of the samples. With Estimator::raw they cost a recovery, and
     * need what Estimator::recovered needs. Networks average errors that
     * change from cell to cell, and did better without, see
     * doc/derivative_estimators.md.
     */
    bool use_variances = false;

    /**
     * For a mesh that is not distributed, but held as a whole by each rank of
     * this communicator: the cells are dealt out to its ranks. By default each
     * rank of such a mesh samples all cells.
     */
    MPI_Comm communicator = MPI_COMM_NULL;
  };



  /**
   * The number of a cell in the auxiliary column "cell": an integer made of its
   * CellId, thus the same on whichever rank the cell is. Two cells of a mesh
   * have the same one with a probability of 2^-53.
   */
  double
  cell_number(const dealii::CellId &cell);



  /**
   * A solution at a time and for values of parameters. These further
   * coordinates follow those of space in the samples.
   *
   * Derivatives by further coordinates are vectors on the same DoFHandler: the
   * time derivative of an ODE solver or a difference of time steps, or the
   * sensitivity to a parameter.
   */
  template <typename VectorType>
  struct Snapshot
  {
    /**
     * @param solution must outlive this object, like all vectors here.
     * @param coordinates values of time, if any, then of the parameters.
     * @param derivatives pairs of a multi-index over the further coordinates
     *   and the vector of this derivative of the solution. Mixed derivatives
     *   with those in space are those of this vector.
     */
    Snapshot(const VectorType          &solution,
             const std::vector<double> &coordinates = {},
             const std::vector<std::pair<MultiIndex, const VectorType *>>
               &derivatives = {})
      : solution(solution)
      , coordinates(coordinates)
      , derivatives(derivatives)
    {
    }

    const VectorType                                            &solution;
    const std::vector<double>                                    coordinates;
    const std::vector<std::pair<MultiIndex, const VectorType *>> derivatives;
  };
} // namespace derl

#endif
