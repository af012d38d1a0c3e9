// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_check_request_h
#define derl_data_check_request_h

#include <derl/data/sampling.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/hp/mapping_collection.h>

#include <vector>

namespace derl
{
  namespace internal
  {
    /**
     * The processes that sample: those of the request, or of the mesh.
     */
    template <int dim>
    MPI_Comm
    communicator_of(const dealii::DoFHandler<dim> &dof_handler,
                    const SampleRequest<dim>      &request)
    {
      return request.communicator != MPI_COMM_NULL
               ? request.communicator
               : dof_handler.get_triangulation().get_communicator();
    }



    /**
     * Throw if a request does not fit a discretization. Not collective.
     */
    template <int dim>
    void
    check_request(const dealii::hp::MappingCollection<dim> &mappings,
                  const dealii::DoFHandler<dim>            &dof_handler,
                  const SampleRequest<dim>                 &request);

    /**
     * Throw if a derivative of a snapshot is given twice, or if there is no
     * column that it is in, because all requested orders are too low. Not
     * collective.
     */
    void
    check_further_derivatives(const std::vector<unsigned int> &orders,
                              const std::vector<MultiIndex>   &derivatives);
  } // namespace internal
} // namespace derl

#endif
