// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_sampling_h
#define derl_data_sampling_h

#include <derl/base/jet_entry.h>

#include <derl/data/samples.h>

#include <deal.II/base/function.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/quadrature.h>
#include <deal.II/base/types.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/component_mask.h>
#include <deal.II/fe/mapping.h>

#include <deal.II/grid/cell_id.h>

#include <deal.II/hp/mapping_collection.h>
#include <deal.II/hp/q_collection.h>

#include <functional>
#include <initializer_list>
#include <memory>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace derl
{
  /**
   * Which derivatives to sample or to match, by total order.
   */
  constexpr unsigned int jet_values            = 0;
  constexpr unsigned int jet_gradients         = 1;
  constexpr unsigned int jet_hessians          = 2;
  constexpr unsigned int jet_third_derivatives = 3;

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
   * The name and description of an estimator.
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
   * smallest cells, which resolve most, have almost no volume.
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
   *   SampleRequest<dim> request = {jet_values, jet_gradients};
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
     * side has its own if a separate request samples it, and tables can
     * be joined by Samples::append(). It is called for ghost cells, too, and
     * the owner of a cell and its neighbours must give the same answer. Neither
     * thin out by it, see stratified_subset(), nor distribute the cells of
     * a mesh that all ranks hold (see communicator): cells whose neighbours are
     * not selected have less accurate derivatives.
     */
    std::function<bool(const Cell &)> cells;

    /**
     * Which of the points to take; all if empty. Cells without a chosen point
     * are not evaluated. Weights remain as they are; SampleReservoir::choice()
     * is one that sets them right. Only with a quadrature: points that the
     * library chooses are compared with each other over the whole mesh.
     */
    PointChoice choice;

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
     * step: 1, for forward differences, 2 or 4.
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
     * this communicator: they are distributed over its ranks. By default each
     * rank of such a mesh samples all cells.
     */
    MPI_Comm communicator = MPI_COMM_NULL;
  };



  /**
   * The number of a cell in the auxiliary column "cell": an integer made of its
   * CellId, thus the same on any rank. Two cells of a mesh
   * have the same one with a probability of 2^-53.
   */
  double
  cell_number(const dealii::CellId &cell);



  /**
   * A solution at a time and for values of parameters. These further
   * coordinates follow those of space in the samples.
   *
   * Derivatives with respect to these are vectors on the same DoFHandler: the
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



  /**
   * Sample a finite element solution where it lives: at quadrature points in
   * each locally owned cell, weighted as the request asks for. The mesh may
   * be serial, shared or distributed, of hypercubes or simplices, with hanging
   * nodes.
   *
   * With Estimator::raw, the derivatives are those of the finite element
   * function inside the cell. At Gauss points with as many points per direction
   * as the element's degree, gradients are superconvergent, and a smooth
   * network averages what error is left.
   *
   * With Estimator::recovered, they are those of a polynomial of degree
   * min(2p, p+2) + 1 that is fitted to the solution at the nodes of the cell
   * and of all cells that share a vertex with it and are selected by the
   * request. Its gradient is at least as accurate as the raw one at
   * superconvergent points, wherever it is taken, and it has second derivatives
   * for linear elements. The vector must be readable at all locally relevant
   * degrees of freedom.
   *
   * With Estimator::projected and Estimator::averaged, they are those of
   * continuous functions, found by L2 projection or by means at nodes.
   *
   * With Estimator::difference, they come from central difference formulas
   * with points one cell apart, of any rank; near the boundary, from formulas
   * that are shifted inwards, or have smaller steps where those do not fit.
   * All cells must have the same mapping, and the element's shape functions a
   * single component each.
   *
   * Only with SampleRequest::use_variances samples have factors: those of raw
   * derivatives come from the differences to the recovered ones and the
   * variance of these, of recovered ones from the misfit of the fit, of
   * projected and averaged ones from the differences to the raw derivatives,
   * and of differences from those to formulas with fewer points.
   *
   * Across periodic faces (Triangulation::add_periodicity()) recovery takes
   * the cells on the other side as neighbours, if one face is the other one
   * moved, not turned, and continuous components have the same values on both;
   * otherwise such faces are boundaries. The other estimators take them as
   * boundaries always, and differentiate across interfaces between materials.
   *
   * There are no samples of solutions on surfaces in a space of more dimensions
   * (a spacedim above dim), nor of vectors on levels of a multigrid hierarchy.
   *
   * The columns are, for each selected component, each requested order and
   * each derivative of this order in space and the further coordinates, those
   * for which the snapshot has a vector.
   *
   * Collective over the mesh's communicator (or that of the request, if there
   * is one). Throws AgreedError if, on any rank, an observation is not a finite
   * number, the vector does not fit the DoFHandler or cannot be read at the
   * degrees of freedom of a locally owned cell (a distributed vector must have
   * ghost elements), or if no rank has a cell to sample.
   */
  template <int dim, typename VectorType>
  Samples
  sample(const dealii::hp::MappingCollection<dim> &mappings,
         const dealii::DoFHandler<dim>            &dof_handler,
         const Snapshot<VectorType>               &snapshot,
         const dealii::hp::QCollection<dim>       &quadratures,
         const SampleRequest<dim>                 &request);

  /**
   * The same at points that the library chooses, which is what most programs
   * should do. There are three kinds of samples:
   *
   * * at Gauss points, on hypercubes as many per direction as the degree of the
   *   elements, where gradients are superconvergent;
   * * at random points in each cell, a quarter as many or, if the solution is
   *   not superconvergent, equally many, which hold the network where Gauss
   *   points alone do not determine it: where the mesh is coarse, or the
   *   solution singular. Their observations have factors: they count
   *   less where a column is less accurate than at Gauss points, by the
   *   squared distance to recovered derivatives over the whole mesh;
   * * at two more random points in each cell, those that only judge training,
   *   see check_column and Validation. Their observations are recovered
   *   derivatives, whatever the estimator, and the solution's own as far as
   *   these are no better at Gauss points.
   *
   * Hence the vector must be readable at all locally relevant degrees of
   * freedom. The points in a cell depend on its CellId, not on the number of
   * ranks. SampleRequest::quadrature_index is not used. doc/defaults.md has the
   * measurements for this choice. Throws for wedges and pyramids.
   */
  template <int dim, typename VectorType>
  Samples
  sample(const dealii::hp::MappingCollection<dim> &mappings,
         const dealii::DoFHandler<dim>            &dof_handler,
         const Snapshot<VectorType>               &snapshot,
         const SampleRequest<dim>                 &request);

  /**
   * The same on the faces at the boundary of locally owned cells. Throws
   * AgreedError if no rank has a face with one of the requested boundary ids.
   */
  template <int dim, typename VectorType>
  Samples
  sample_boundary(const dealii::hp::MappingCollection<dim> &mappings,
                  const dealii::DoFHandler<dim>            &dof_handler,
                  const Snapshot<VectorType>               &snapshot,
                  const dealii::hp::QCollection<dim - 1>   &quadratures,
                  const SampleRequest<dim>                 &request);

  /**
   * The same at Gauss points, on hypercubes as many per direction as the degree
   * of the elements.
   */
  template <int dim, typename VectorType>
  Samples
  sample_boundary(const dealii::hp::MappingCollection<dim> &mappings,
                  const dealii::DoFHandler<dim>            &dof_handler,
                  const Snapshot<VectorType>               &snapshot,
                  const SampleRequest<dim>                 &request);

  /**
   * Sample a function with known derivatives of order up to two at the
   * quadrature points of locally owned cells with their JxW weights.
   */
  template <int dim>
  Samples
  sample_function(const dealii::hp::MappingCollection<dim> &mappings,
                  const dealii::DoFHandler<dim>            &dof_handler,
                  const dealii::Function<dim>              &function,
                  const dealii::hp::QCollection<dim>       &quadratures,
                  const SampleRequest<dim>                 &request);

  /**
   * Sample a function with known derivatives of order up to two, and auxiliary
   * functions, at given points, all of weight 1. Collective over
   * @p communicator: all ranks give all points, each keeps an equal, contiguous
   * share.
   */
  template <int dim>
  Samples
  sample_function(const MPI_Comm                            &communicator,
                  const dealii::Function<dim>               &function,
                  const std::vector<dealii::Point<dim>>     &points,
                  const std::vector<unsigned int>           &orders,
                  const std::vector<AuxiliaryFunction<dim>> &auxiliary = {});



  namespace internal
  {
    template <typename VectorType>
    Snapshot<VectorType>
    as_snapshot(const VectorType &solution)
    {
      return {solution};
    }



    template <typename VectorType>
    Snapshot<VectorType>
    as_snapshot(const Snapshot<VectorType> &snapshot)
    {
      return snapshot;
    }
  } // namespace internal



  /**
   * The same for one mapping and, if points are not to be chosen, one
   * quadrature. @p solution is a vector or a Snapshot.
   */
  template <int dim, typename Solution>
  Samples
  sample(const dealii::Mapping<dim>    &mapping,
         const dealii::DoFHandler<dim> &dof_handler,
         const Solution                &solution,
         const SampleRequest<dim>      &request)
  {
    return sample(dealii::hp::MappingCollection<dim>(mapping),
                  dof_handler,
                  internal::as_snapshot(solution),
                  request);
  }



  template <int dim, typename Solution>
  Samples
  sample_boundary(const dealii::Mapping<dim>    &mapping,
                  const dealii::DoFHandler<dim> &dof_handler,
                  const Solution                &solution,
                  const SampleRequest<dim>      &request)
  {
    return sample_boundary(dealii::hp::MappingCollection<dim>(mapping),
                           dof_handler,
                           internal::as_snapshot(solution),
                           request);
  }



  template <int dim, typename Solution>
  Samples
  sample(const dealii::Mapping<dim>    &mapping,
         const dealii::DoFHandler<dim> &dof_handler,
         const Solution                &solution,
         const dealii::Quadrature<dim> &quadrature,
         const SampleRequest<dim>      &request)
  {
    return sample(dealii::hp::MappingCollection<dim>(mapping),
                  dof_handler,
                  internal::as_snapshot(solution),
                  dealii::hp::QCollection<dim>(quadrature),
                  request);
  }



  template <int dim, typename Solution>
  Samples
  sample_boundary(const dealii::Mapping<dim>        &mapping,
                  const dealii::DoFHandler<dim>     &dof_handler,
                  const Solution                    &solution,
                  const dealii::Quadrature<dim - 1> &quadrature,
                  const SampleRequest<dim>          &request)
  {
    return sample_boundary(dealii::hp::MappingCollection<dim>(mapping),
                           dof_handler,
                           internal::as_snapshot(solution),
                           dealii::hp::QCollection<dim - 1>(quadrature),
                           request);
  }



  template <int dim>
  Samples
  sample_function(const dealii::Mapping<dim>    &mapping,
                  const dealii::DoFHandler<dim> &dof_handler,
                  const dealii::Function<dim>   &function,
                  const dealii::Quadrature<dim> &quadrature,
                  const SampleRequest<dim>      &request)
  {
    return sample_function(dealii::hp::MappingCollection<dim>(mapping),
                           dof_handler,
                           function,
                           dealii::hp::QCollection<dim>(quadrature),
                           request);
  }
} // namespace derl

#endif
