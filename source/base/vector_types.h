// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_base_vector_types_h
#define derl_base_vector_types_h

#include <deal.II/lac/block_vector.h>
#include <deal.II/lac/la_parallel_block_vector.h>
#include <deal.II/lac/la_parallel_vector.h>
#include <deal.II/lac/petsc_block_vector.h>
#include <deal.II/lac/petsc_vector.h>
#include <deal.II/lac/trilinos_parallel_block_vector.h>
#include <deal.II/lac/trilinos_vector.h>
#include <deal.II/lac/vector.h>

// PETSc has one number type. Vectors of complex numbers are no solutions of real
// problems: then those of the other libraries remain.
#if defined(DEAL_II_WITH_PETSC) && !defined(DEAL_II_PETSC_WITH_COMPLEX)
#  define DERL_FOR_PETSC_VECTORS(MACRO, dim)       \
    MACRO(dim, dealii::PETScWrappers::MPI::Vector) \
    MACRO(dim, dealii::PETScWrappers::MPI::BlockVector)
#else
#  define DERL_FOR_PETSC_VECTORS(MACRO, dim)
#endif

/**
 * The vectors that solutions are read from and written to: applies
 * MACRO(dim, VectorType) to each.
 */
#define DERL_FOR_ALL_VECTORS(MACRO, dim)                              \
  MACRO(dim, dealii::Vector<double>)                                  \
  MACRO(dim, dealii::BlockVector<double>)                             \
  MACRO(dim, dealii::LinearAlgebra::distributed::Vector<double>)      \
  MACRO(dim, dealii::LinearAlgebra::distributed::BlockVector<double>) \
  MACRO(dim, dealii::TrilinosWrappers::MPI::Vector)                   \
  MACRO(dim, dealii::TrilinosWrappers::MPI::BlockVector)              \
  DERL_FOR_PETSC_VECTORS(MACRO, dim)

#endif
