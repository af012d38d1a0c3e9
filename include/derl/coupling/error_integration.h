// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_coupling_error_integration_h
#define derl_coupling_error_integration_h

#include <derl/coupling/surrogate_function.h>

#include <deal.II/base/function.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/component_mask.h>

#include <deal.II/fe/fe_update_flags.h>
#include <deal.II/fe/mapping.h>

#include <deal.II/hp/mapping_collection.h>
#include <deal.II/hp/q_collection.h>

namespace derl
{
  /**
   * How far a function is from another one, u, in norms over the domain:
   * |e|/|u| in L2, |grad e|/|grad u| in L2, and the largest |e| at a quadrature
   * point. |.| is the Euclidean norm over the components.
   */
  struct ErrorNorms
  {
    double relative_l2_error;
    double relative_h1_seminorm_error;
    double max_error;
  };



  /**
   * Measures a surrogate and the finite element solution it learned from by
   * the same quadrature: Gauss points in the 2^dim or more equal parts of each
   * cell, as on a mesh refined as often, so that a point that is special to
   * the finite element (where its gradient is superconvergent) has no special
   * weight. Any element is possible; of several components those selected are
   * measured together, in the cells where they all exist: where one is an
   * FE_Nothing, nothing is integrated, as nothing is sampled there (see
   * SampleRequest::components). All calls are collective over the mesh's
   * communicator.
   */
  template <int dim>
  class ErrorIntegrator
  {
  public:
    /**
     * @param mappings one for all cells, or one for each index of elements.
     * @param exact what errors are measured against, which may be a surrogate:
     *   measure() then tells how far the solution is from it. Must outlive this
     *   object.
     * @param n_subdivisions into how many parts per direction a cell is cut;
     *   the next power of two for cells that are no hypercubes.
     * @param n_points Gauss points per direction in each part; on simplices as
     *   many as integrate the same degree (at most 7 in 2d, 5 in 3d).
     * @param components whose errors are measured; all by default.
     */
    ErrorIntegrator(
      const dealii::hp::MappingCollection<dim> &mappings,
      const dealii::DoFHandler<dim>            &dof_handler,
      const dealii::Function<dim>              &exact,
      const unsigned int                        n_subdivisions,
      const unsigned int                        n_points,
      const dealii::ComponentMask &components = dealii::ComponentMask());

    /**
     * The same for one mapping.
     */
    ErrorIntegrator(
      const dealii::Mapping<dim>    &mapping,
      const dealii::DoFHandler<dim> &dof_handler,
      const dealii::Function<dim>   &exact,
      const unsigned int             n_subdivisions,
      const unsigned int             n_points,
      const dealii::ComponentMask   &components = dealii::ComponentMask());

    /**
     * Throws if the surrogate has not as many components as the element, or
     * the selected components exist together in no cell.
     */
    ErrorNorms
    measure(const SurrogateFunction<dim> &surrogate) const;

    /**
     * The finite element solution, a vector or block vector of deal.II,
     * Trilinos or PETSc, with its derivatives inside the cells. Throws
     * AgreedError if it cannot be read at the degrees of freedom of a locally
     * owned cell.
     */
    template <typename VectorType>
    ErrorNorms
    measure(const VectorType &solution) const;

  private:
    using Jets = typename SurrogateFunction<dim>::Jets;

    template <typename CellEvaluation>
    ErrorNorms
    integrate(const dealii::UpdateFlags flags,
              const CellEvaluation     &evaluate_on_cell) const;

    const dealii::hp::MappingCollection<dim> mappings;
    const dealii::DoFHandler<dim>           &dof_handler;
    const dealii::Function<dim>             &exact;
    dealii::hp::QCollection<dim>             quadratures;
    const dealii::ComponentMask              components;
  };
} // namespace derl

#endif
