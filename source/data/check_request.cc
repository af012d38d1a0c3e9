// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "check_request.h"

#include <deal.II/base/exceptions.h>

#include <deal.II/distributed/tria_base.h>

#include <deal.II/grid/reference_cell.h>

#include <algorithm>
#include <string>

#include "auxiliary_functions.h"

namespace derl
{
  namespace internal
  {
    using namespace dealii;

    template <int dim>
    void
    check_request(const hp::MappingCollection<dim> &mappings,
                  const DoFHandler<dim>            &dof_handler,
                  const SampleRequest<dim>         &request)
    {
      AssertThrow(dof_handler.has_active_dofs(),
                  ExcMessage("The DoFHandler has no degrees of freedom. Call "
                             "its distribute_dofs() before sampling."));
      for (const unsigned int order : request.orders)
        {
          AssertThrow(order <= 3,
                      ExcMessage("Only values and derivatives up to order 3 "
                                 "can be sampled, not of order " +
                                 std::to_string(order) + "."));
          AssertThrow(std::count(request.orders.begin(),
                                 request.orders.end(),
                                 order) == 1,
                      ExcMessage("Order " + std::to_string(order) +
                                 " is asked for twice."));
        }
      AssertThrow(request.components.represents_n_components(
                    dof_handler.get_fe_collection().n_components()) &&
                    request.components.n_selected_components(
                      dof_handler.get_fe_collection().n_components()) > 0,
                  ExcMessage("The component mask does not fit the element, or "
                             "selects nothing."));
      AssertThrow(request.communicator == MPI_COMM_NULL ||
                    dynamic_cast<const parallel::TriangulationBase<dim> *>(
                      &dof_handler.get_triangulation()) == nullptr,
                  ExcMessage("The request's communicator is for meshes that "
                             "are not distributed. Leave it out: the mesh has "
                             "one."));
      // throws if functions and names do not fit
      auxiliary_names(request.auxiliary);
      const hp::FECollection<dim> &fes = dof_handler.get_fe_collection();
      AssertThrow(mappings.size() == 1 || mappings.size() >= fes.size(),
                  ExcMessage("There must be one mapping, or one for each "
                             "element of the DoFHandler."));
      for (unsigned int i = 0; i < fes.size(); ++i)
        AssertThrow(fes[i].n_dofs_per_cell() == 0 ||
                      mappings[mappings.size() > 1 ? i : 0].is_compatible_with(
                        fes[i].reference_cell()),
                    ExcMessage("The mapping does not fit " + fes[i].get_name() +
                               ". Simplices need a MappingFE."));
    }



    namespace
    {
      /**
       * A multi-index as it is written: (1, 0).
       */
      std::string
      to_text(const MultiIndex &derivative)
      {
        std::string result;
        for (const unsigned int n : derivative)
          result += (result.empty() ? "(" : ", ") + std::to_string(n);
        return result + ")";
      }
    } // namespace



    void
    check_further_derivatives(const std::vector<unsigned int> &orders,
                              const std::vector<MultiIndex>   &derivatives)
    {
      for (const MultiIndex &derivative : derivatives)
        {
          AssertThrow(
            std::count(derivatives.begin(), derivatives.end(), derivative) == 1,
            ExcMessage("The snapshot has the derivative " +
                       to_text(derivative) +
                       " with respect to its coordinates twice."));
          AssertThrow(
            std::any_of(
              orders.begin(),
              orders.end(),
              [&](const unsigned int n) { return n >= order(derivative); }),
            ExcMessage("The snapshot has the derivative " +
                       to_text(derivative) +
                       " with respect to its coordinates, but no order of the "
                       "request includes it. Ask for order " +
                       std::to_string(order(derivative)) +
                       ", too, or leave the derivative out of the snapshot."));
        }
    }



#define DERL_INSTANTIATE(dim)                                     \
  template void check_request(const hp::MappingCollection<dim> &, \
                              const DoFHandler<dim> &,            \
                              const SampleRequest<dim> &);

    DERL_INSTANTIATE(1)
    DERL_INSTANTIATE(2)
    DERL_INSTANTIATE(3)
  } // namespace internal
} // namespace derl
