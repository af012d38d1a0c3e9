// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_coupling_residual_rms_h
#define derl_coupling_residual_rms_h

#include <derl/data/sample_request.h>
#include <derl/data/samples.h>

#include <derl/equations/residual.h>

#include <derl/network/surrogate.h>

#include <deal.II/base/mpi.h>

#include <deal.II/hp/mapping_collection.h>

#include <memory>
#include <vector>

namespace derl
{
  /**
   * The root mean square of a residual at the points of @p samples,
   * @f$\sqrt{\sum_i w_i \sum_r m_r \rho_r(x_i)^2 / \sum_i w_i}@f$ with the
   * weights w of the samples (for JxW this is an integral) and the
   * multiplicities m of rows; for the jets that the surrogate has there.
   * Collective. Throws AgreedError if the residual does not fit.
   */
  double
  residual_rms(const MPI_Comm                        &communicator,
               const Surrogate                       &surrogate,
               const std::shared_ptr<const Samples>  &samples,
               const std::shared_ptr<const Residual> &residual);

  /**
   * The same for what was observed, taken as jets: the samples must hold all
   * entries that the residual reads.
   */
  double
  residual_rms(const MPI_Comm   &communicator,
               const FieldNames &names,
               const Samples    &samples,
               const Residual   &residual);



  /**
   * Root mean squares of a residual over a mesh, in the units of the residual:
   * sqrt(integral of its square / volume).
   */
  struct ResidualRms
  {
    double reference;
    double surrogate;
  };

  /**
   * The residual of a surrogate and of the solution it learned from, at the
   * same quadrature points: Gauss points in the parts of each cell, as of
   * ErrorIntegrator. The residual may belong to a system, and read derivatives
   * with respect to any coordinates. Those of the solution are its derivatives
   * inside the cells (up to order three in space), and with respect to time and
   * parameters those for which the snapshot has vectors; the snapshot also says
   * at which time and parameters both are taken. Auxiliary columns are filled
   * by the functions of @p auxiliary. Needs the memory of a table of all
   * points. Collective over the mesh's communicator.
   */
  template <int dim, typename VectorType>
  ResidualRms
  residual_rms(const dealii::hp::MappingCollection<dim>  &mappings,
               const dealii::DoFHandler<dim>             &dof_handler,
               const Snapshot<VectorType>                &snapshot,
               const Surrogate                           &surrogate,
               const std::shared_ptr<const Residual>     &residual,
               const unsigned int                         n_subdivisions,
               const unsigned int                         n_points,
               const std::vector<AuxiliaryFunction<dim>> &auxiliary = {});
} // namespace derl

#endif
