// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_projected_estimator_h
#define derl_data_projected_estimator_h

#include "cell_estimator.h"

namespace derl
{
  namespace internal
  {
    /**
     * Continuous derivatives: each first derivative of the solution is replaced
     * by a function of the continuous elements of the same degree, of which
     * derivatives are taken for the next order, and so on; mixed derivatives
     * are the means over all orders of differentiation. The function is
     * - the L2 projection, for Estimator::projected,
     * - the mean at each node over the cells that meet there, weighted by their
     *   volumes, for Estimator::averaged: the projection with a lumped mass
     *   matrix for linear elements (O.C. Zienkiewicz, J.Z. Zhu, "A simple error
     *   estimator and adaptive procedure for practical engineering analysis",
     *   Int. J. Numer. Meth. Eng. 24 (1987) 337-357).
     *
     * The variance is the squared difference to the raw derivative. Values are
     * raw.
     */
    template <int dim, typename VectorType>
    std::unique_ptr<CellEstimator<dim>>
    make_projected_estimator(const bool                                averaged,
                             const dealii::hp::MappingCollection<dim> &mappings,
                             const dealii::DoFHandler<dim> &dof_handler,
                             const VectorType              &solution,
                             const std::vector<JetEntry>   &entries);
  } // namespace internal
} // namespace derl

#endif
