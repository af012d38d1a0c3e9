// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_check_vector_h
#define derl_data_check_vector_h

#include <deal.II/base/exceptions.h>
#include <deal.II/base/index_set.h>
#include <deal.II/base/mpi.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/lac/vector_type_traits.h>

namespace derl
{
  namespace internal
  {
    template <typename VectorType>
    bool
    may_lack_elements(const VectorType &vector, const MPI_Comm &communicator)
    {
      if constexpr (dealii::is_serial_vector<VectorType>::value)
        {
          (void)vector;
          (void)communicator;
          return false;
        }
      else
        return !vector.has_ghost_elements() &&
               dealii::Utilities::MPI::n_mpi_processes(communicator) > 1;
    }



    /**
     * Throw if the vector cannot be read in a cell.
     */
    template <int dim, typename VectorType>
    void
    check_vector(const dealii::DoFHandler<dim> &dof_handler,
                 const VectorType              &vector)
    {
      AssertThrow(vector.size() == dof_handler.n_dofs(),
                  dealii::ExcMessage("The vector has " +
                                     std::to_string(vector.size()) +
                                     " elements, the DoFHandler " +
                                     std::to_string(dof_handler.n_dofs()) +
                                     " degrees of freedom: they do not belong "
                                     "together."));
      if (!may_lack_elements(
            vector, dof_handler.get_triangulation().get_communicator()))
        return;
      const dealii::IndexSet readable = vector.locally_owned_elements();
      std::vector<dealii::types::global_dof_index> indices;
      for (const auto &cell : dof_handler.active_cell_iterators())
        if (cell->is_locally_owned())
          {
            indices.resize(cell->get_fe().n_dofs_per_cell());
            cell->get_dof_indices(indices);
            for (const dealii::types::global_dof_index i : indices)
              AssertThrow(
                readable.is_element(i),
                dealii::ExcMessage(
                  "The vector has no ghost elements, but cells need some. "
                  "Give a vector that was initialized with the locally "
                  "relevant degrees of freedom and assigned the solution "
                  "(Trilinos, PETSc), or call update_ghost_values() first "
                  "(LinearAlgebra::distributed::Vector)."));
          }
    }
  } // namespace internal
} // namespace derl

#endif
