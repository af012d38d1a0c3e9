// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_sampling_h
#define derl_data_sampling_h

#include <derl/data/sample_request.h>
#include <derl/data/samples.h>

#include <deal.II/base/function.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/quadrature.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/mapping.h>

#include <deal.II/hp/mapping_collection.h>
#include <deal.II/hp/q_collection.h>

#include <type_traits>
#include <vector>

namespace derl
{
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
   *   not superconvergent, as many, which hold the network where it may do
   *   between Gauss points what it likes: where a mesh is coarse, or the
   *   solution singular. Their observations have factors: they count as much
   *   less as a column is less accurate there than at Gauss points, by the
   *   squared distance to recovered derivatives over the whole mesh;
   * * at two more random points in each cell, those that only judge training,
   *   see check_column and Validation. Their observations are recovered
   *   derivatives, whatever the estimator, and the solution's own as far as
   *   these are no better at Gauss points.
   *
   * Hence the vector must be readable at all locally relevant degrees of
   * freedom. The points in a cell depend on its CellId, not on the number of
   * ranks. SampleRequest::quadrature_index is not used. doc/defaults.md has the
   * measurements behind the choice. Throws for wedges and pyramids.
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
