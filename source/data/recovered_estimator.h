// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_recovered_estimator_h
#define derl_data_recovered_estimator_h

#include "cell_estimator.h"

namespace derl
{
  namespace internal
  {
    /**
     * Derivatives of a polynomial that is fitted to the solution at the nodes
     * of a cell and of all cells that share a vertex with it.
     *
     * This is the idea of polynomial preserving recovery (Z. Zhang, A. Naga, "A
     * new finite element gradient recovery method: superconvergence property",
     * SIAM J. Sci. Comput. 26 (2005) 1192-1213) for cells in place of nodes,
     * with polynomials in space whatever the shape of the cells. Nodes are
     * where a continuous element of degree p has its support points; at those
     * of tensor product elements the solution on uniform meshes is accurate to
     * the order min(2p, p+2). The polynomial is one degree higher, so that its
     * own error is small beside that of the solution. If the nodes determine
     * them, it has all monomials up to degree p+1, so that all solutions of
     * this degree are recovered.
     *
     * The patch of a cell does not depend on the partition, and is known to the
     * cell's owner: the ghost layer consists of the cells that share a vertex
     * with a locally owned one. Hence recovered derivatives are those of a
     * serial run up to round-off.
     *
     * The variance is that of the regression, from its misfit.
     */
    template <int dim, typename VectorType>
    std::unique_ptr<CellEstimator<dim>>
    make_recovered_estimator(const dealii::hp::MappingCollection<dim> &mappings,
                             const dealii::DoFHandler<dim> &dof_handler,
                             const VectorType              &solution,
                             const std::vector<JetEntry>   &entries);
  } // namespace internal
} // namespace derl

#endif
