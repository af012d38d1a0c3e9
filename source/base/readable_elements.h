// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_readable_elements_h
#define derl_base_readable_elements_h

#include <derl/base/version.h>

#include <deal.II/base/index_set.h>

#include <deal.II/lac/vector_type_traits.h>

#include <type_traits>

#include "vector_types.h"

namespace derl
{
  namespace internal
  {
    inline dealii::IndexSet
    readable_elements(
      const dealii::LinearAlgebra::distributed::Vector<double> &vector)
    {
      dealii::IndexSet result = vector.locally_owned_elements();
      if (vector.has_ghost_elements())
        result.add_indices(vector.get_partitioner()->ghost_indices());
      return result;
    }



    inline dealii::IndexSet
    readable_elements(const dealii::TrilinosWrappers::MPI::Vector &vector)
    {
      return dealii::IndexSet(trilinos_map(vector, 0));
    }



#ifdef DEAL_II_WITH_PETSC
    inline dealii::IndexSet
    readable_elements(const dealii::PETScWrappers::MPI::Vector &vector)
    {
      dealii::IndexSet result = vector.locally_owned_elements();
      if (vector.has_ghost_elements())
        {
          ISLocalToGlobalMapping map;
          const PetscInt        *indices;
          PetscInt               size;
          VecGetLocalToGlobalMapping(vector, &map);
          ISLocalToGlobalMappingGetSize(map, &size);
          ISLocalToGlobalMappingGetIndices(map, &indices);
          result.add_indices(indices, indices + size);
          ISLocalToGlobalMappingRestoreIndices(map, &indices);
        }
      return result;
    }
#endif



    /**
     * The elements of a vector, over all of its blocks if it has some, that
     * this rank can read.
     */
    template <typename VectorType>
    dealii::IndexSet
    readable_elements(const VectorType &vector)
    {
      if constexpr (dealii::is_serial_vector<VectorType>::value)
        return dealii::complete_index_set(vector.size());
      else
        {
          dealii::IndexSet result(vector.size());
          for (unsigned int b = 0; b < vector.n_blocks(); ++b)
            result.add_indices(readable_elements(vector.block(b)),
                               vector.get_block_indices().block_start(b));
          return result;
        }
    }
  } // namespace internal
} // namespace derl

#endif
