// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_deal_ii_version_h
#define derl_base_deal_ii_version_h

// What differs between the versions of deal.II that DERL is compiled with: all
// switches stand here. They ask for what there is, not for a version, so that
// development versions get what they have.

#include <deal.II/base/config.h>

// The adaptor of vectors for ROL moved to the other wrappers of Trilinos with
// version 9.8. Programs that use ROL include the header that has it.
#if __has_include(<deal.II/trilinos/rol_adaptor.h>)
#  define DERL_ROL_ADAPTOR_HEADER <deal.II/trilinos/rol_adaptor.h>
namespace dealii
{
  namespace TrilinosWrappers
  {
    template <typename VectorType>
    class ROLAdaptor;
  }
} // namespace dealii
#else
#  define DERL_ROL_ADAPTOR_HEADER <deal.II/optimization/rol/vector_adaptor.h>
namespace dealii
{
  namespace Rol
  {
    template <typename VectorType>
    class VectorAdaptor;
  }
} // namespace dealii
#endif

namespace derl
{
  /**
   * deal.II's adaptor that shows a vector to ROL.
   */
  template <typename VectorType>
  using RolVector =
#if __has_include(<deal.II/trilinos/rol_adaptor.h>)
    dealii::TrilinosWrappers::ROLAdaptor<VectorType>;
#else
    dealii::Rol::VectorAdaptor<VectorType>;
#endif

  namespace internal
  {
    /**
     * Trilinos' map of the elements of @p vector that this rank can read, from
     * which an IndexSet can be made: Epetra's, or Tpetra's where deal.II's
     * vectors of Trilinos are those of Tpetra (from version 9.8 on, without
     * Epetra).
     */
    template <typename VectorType>
    auto
    trilinos_map(const VectorType &vector, int)
      -> decltype(vector.trilinos_partitioner())
    {
      return vector.trilinos_partitioner();
    }

    template <typename VectorType>
    auto
    trilinos_map(const VectorType &vector, long)
      -> decltype(vector.trilinos_vector().getMap())
    {
      return vector.trilinos_vector().getMap();
    }
  } // namespace internal
} // namespace derl

#endif
