// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_sampling_h
#define derl_data_sampling_h

#include <derl/data/samples.h>

#include <deal.II/base/function.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/point.h>
#include <deal.II/base/quadrature.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/fe/mapping.h>

#include <vector>

namespace derl
{
  /**
   * Which derivatives to sample or to match, by total order.
   */
  constexpr unsigned int values             = 0;
  constexpr unsigned int first_derivatives  = 1;
  constexpr unsigned int second_derivatives = 2;

  /**
   * Sample a finite element solution where it lives: at the points of
   * @p quadrature in each locally owned cell, with JxW as weights. The
   * derivatives are raw, that is, those of the finite element function inside
   * the cell. At Gauss points with as many points per direction as the
   * element's degree, gradients are superconvergent, and a smooth network
   * averages what error is left.
   *
   * Collective over the mesh's communicator. Throws AgreedError if an
   * observation on any rank is not a finite number.
   *
   * @param solution a vector that can be read at all locally relevant degrees
   *   of freedom (a ghosted one on a distributed mesh).
   * @param orders the total orders of the derivatives to sample: any of
   *   values, first_derivatives, second_derivatives.
   */
  template <int dim, typename VectorType>
  Samples
  sample(const dealii::Mapping<dim>      &mapping,
         const dealii::DoFHandler<dim>   &dof_handler,
         const VectorType                &solution,
         const dealii::Quadrature<dim>   &quadrature,
         const std::vector<unsigned int> &orders);

  /**
   * The same on the faces at the boundary of locally owned cells, weighted by
   * their share of the boundary's area.
   */
  template <int dim, typename VectorType>
  Samples
  sample_boundary(const dealii::Mapping<dim>        &mapping,
                  const dealii::DoFHandler<dim>     &dof_handler,
                  const VectorType                  &solution,
                  const dealii::Quadrature<dim - 1> &quadrature,
                  const std::vector<unsigned int>   &orders);

  /**
   * Sample a function with known derivatives at given points, all of weight
   * 1. Collective over @p communicator: all ranks give all points, each keeps
   * an equal, contiguous share.
   */
  template <int dim>
  Samples
  sample_function(const MPI_Comm                        &communicator,
                  const dealii::Function<dim>           &function,
                  const std::vector<dealii::Point<dim>> &points,
                  const std::vector<unsigned int>       &orders);

  /**
   * The same at the quadrature points of locally owned cells with their JxW
   * weights.
   */
  template <int dim>
  Samples
  sample_function(const dealii::Mapping<dim>      &mapping,
                  const dealii::DoFHandler<dim>   &dof_handler,
                  const dealii::Function<dim>     &function,
                  const dealii::Quadrature<dim>   &quadrature,
                  const std::vector<unsigned int> &orders);

  /**
   * @p n_points uniformly distributed points of the box, from a stream that
   * gives the same points as NumPy's legacy generator with this @p seed.
   */
  template <int dim>
  std::vector<dealii::Point<dim>>
  random_points(const dealii::Point<dim> &lower,
                const dealii::Point<dim> &upper,
                const unsigned int        n_points,
                const unsigned int        seed);

  /**
   * The interior points of a uniform grid with @p n points per direction;
   * the box's faces are one spacing away.
   */
  template <int dim>
  std::vector<dealii::Point<dim>>
  grid_points(const dealii::Point<dim> &lower,
              const dealii::Point<dim> &upper,
              const unsigned int        n);

  /**
   * A uniform grid with @p n points per direction, ends included, on each of
   * the box's 2 dim faces; points on edges and corners occur once per face.
   */
  template <int dim>
  std::vector<dealii::Point<dim>>
  boundary_grid_points(const dealii::Point<dim> &lower,
                       const dealii::Point<dim> &upper,
                       const unsigned int        n);
} // namespace derl

#endif
