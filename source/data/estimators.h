// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_estimators_h
#define derl_data_estimators_h

#include "cell_estimator.h"

// The estimators of derivatives of finite element solutions. All functions are
// collective.

namespace derl
{
  namespace internal
  {
    /**
     * Derivatives of the finite element function inside the cell.
     *
     * The variance, if it is asked for, is that of O.C. Zienkiewicz, J.Z. Zhu,
     * "The superconvergent patch recovery and a posteriori error estimates.
     * Part 2: Error estimates and adaptivity", Int. J. Numer. Meth. Eng. 33
     * (1992) 1365-1382: the squared difference to the recovered derivative at
     * the same point; plus the variance of the latter. The difference tells how
     * much worse the raw derivative is. Where it is as good as the recovered
     * one, as gradients are at superconvergent points, the difference may
     * vanish although both err, and the second part remains.
     */
    template <int dim, typename VectorType>
    std::unique_ptr<CellEstimator<dim>>
    make_raw_estimator(const EstimatorInput<dim, VectorType> &input,
                       const bool                             with_variances);

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
     * Cells that the request does not select, as those beyond an interface
     * where the derivatives jump, are left out. What then has only one layer of
     * cells in a direction gets no degree above the element's in it, and a cell
     * alone its raw derivatives.
     *
     * Patches do not depend on the partition, see Patches. Hence recovered
     * derivatives are those of a serial run up to round-off.
     *
     * The variance is that of the regression, from its misfit.
     */
    template <int dim, typename VectorType>
    std::unique_ptr<CellEstimator<dim>>
    make_recovered_estimator(const EstimatorInput<dim, VectorType> &input);

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
    make_projected_estimator(const EstimatorInput<dim, VectorType> &input,
                             const bool                             averaged);

    /**
     * Differences of the solution's values at points of whatever rank, see
     * Differences. Along each coordinate axis the points' distance is the
     * request's step times the length of the longest segment in this direction
     * that fits into the cell (its affine approximation at the point): on
     * meshes of equal cells the formulas' points are then at the same place of
     * their cells, so that in the interior differences have the accuracy of the
     * solution's values, O(h^(p+1)) (J.H. Bramble, J.A. Nitsche, A.H. Schatz,
     * "Maximum-norm interior estimates for Ritz-Galerkin methods", Math. Comp.
     * 29 (1975) 677-688), besides the error of the formula. Where no formula
     * fits into the domain, steps are halved.
     *
     * Values are raw, and their variance is unknown.
     */
    template <int dim, typename VectorType>
    std::unique_ptr<CellEstimator<dim>>
    make_difference_estimator(const EstimatorInput<dim, VectorType> &input);
  } // namespace internal
} // namespace derl

#endif
