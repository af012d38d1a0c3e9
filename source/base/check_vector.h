// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_check_vector_h
#define derl_base_check_vector_h

#include <deal.II/base/exceptions.h>
#include <deal.II/base/index_set.h>

#include <deal.II/dofs/dof_handler.h>

#include <string>
#include <vector>

#include "readable_elements.h"

namespace derl
{
  namespace internal
  {
    /**
     * Throw if the vector cannot be read in a locally owned cell. In release
     * mode, deal.II returns some number where an element is missing.
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
      const dealii::IndexSet readable = readable_elements(vector);
      if (readable.n_elements() == readable.size())
        return;
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
                  std::string(vector.has_ghost_elements()
                                ? "The vector lacks ghost elements that cells "
                                  "need. "
                                : "The vector has no ghost elements, but cells "
                                  "need some. ") +
                  "Give a vector that was initialized with the locally "
                  "relevant degrees of freedom and assigned the solution "
                  "(Trilinos, PETSc), or call update_ghost_values() first "
                  "(LinearAlgebra::distributed::Vector)."));
          }
    }
  } // namespace internal
} // namespace derl

#endif
