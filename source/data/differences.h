// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_differences_h
#define derl_data_differences_h

#include <derl/base/jet_entry.h>

#include <derl/data/sources.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/tensor.h>

#include <array>
#include <vector>

namespace derl
{
  namespace internal
  {
    /**
     * What @p evaluation gives at this rank's points. Collective. If it throws
     * on one rank, or gives values of another number, all throw AgreedError.
     */
    template <int dim>
    PointValues
    evaluate_agreed(const MPI_Comm                        &communicator,
                    const PointEvaluation<dim>            &evaluation,
                    const unsigned int                     n_components,
                    const std::vector<dealii::Point<dim>> &points);



    /**
     * Derivatives of a field from its values at the points of a grid around
     * each point, with difference formulas that fit into the domain.
     *
     * Formulas are products of those for each direction: central ones, those of
     * order one forward ones, or, where the domain ends, those shifted inwards
     * as little as possible, of the same order; if these do not fit either, as
     * at the tangent of a convex boundary, then those that extrapolate from
     * points beside. The variance is the squared difference to the formula with
     * two points less in each direction; of order one there is none, and the
     * variance is zero.
     */
    template <int dim>
    class Differences
    {
    public:
      /**
       * @param derivatives multi-indices in space, not zero.
       * @param accuracy the order of the formulas' errors in the step, 1, 2
       * or 4.
       */
      Differences(const std::vector<MultiIndex> &derivatives,
                  const unsigned int             accuracy);

      struct Result
      {
        /** [point][derivative][component] */
        std::vector<double> derivatives;
        /** Likewise, of the derivatives. */
        std::vector<double> variances;
      };

      /**
       * Collective. Throws AgreedError if at a point of any rank no formula
       * fits into the domain.
       *
       * @param points of this rank.
       * @param steps for each point the distances of the formula's points in
       *   each direction.
       * @param n_halvings how often the steps may be halved for a derivative
       *   for which no formula fits into the domain.
       */
      Result
      evaluate(const MPI_Comm                            &communicator,
               const PointEvaluation<dim>                &evaluation,
               const unsigned int                         n_components,
               const std::vector<dealii::Point<dim>>     &points,
               const std::vector<dealii::Tensor<1, dim>> &steps,
               const unsigned int                         n_halvings) const;

    private:
      using Offset = std::array<int, dim>;

      /**
       * A formula for one derivative: points in multiples of the steps, and
       * their weights in the formula and in one of lower order.
       */
      struct Stencil
      {
        std::vector<Offset> offsets;
        std::vector<double> weights;
        std::vector<double> lower_weights;
      };

      Result
      evaluate_batch(const MPI_Comm                            &communicator,
                     const PointEvaluation<dim>                &evaluation,
                     const unsigned int                         n_components,
                     const std::vector<dealii::Point<dim>>     &points,
                     const std::vector<dealii::Tensor<1, dim>> &steps,
                     const unsigned int n_halvings) const;

      static Stencil
      make_stencil(const MultiIndex  &derivative,
                   const Offset      &shifts,
                   const unsigned int accuracy);

      const std::vector<MultiIndex> derivatives;
      /** For each derivative all formulas, the preferred ones first. */
      std::vector<std::vector<Stencil>> stencils;
    };
  } // namespace internal
} // namespace derl

#endif
