// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_optimization_broyden_matrix_h
#define derl_optimization_broyden_matrix_h

#include <deal.II/base/aligned_vector.h>
#include <deal.II/base/mpi.h>

#include <deal.II/lac/full_matrix.h>

#include <vector>

#include "quasi_newton.h"

namespace derl
{
  /**
   * Scaling \f$\tau\f$ and family parameter \f$\phi\f$ of a self-scaled Broyden
   * update, see BroydenMatrix.
   */
  struct BroydenCoefficients
  {
    double tau;
    double phi;
  };

  /**
   * The coefficients of M. Al-Baali (J. Optim. Theory Appl. 96 (1998), 533-553)
   * in the form of J. F. Urban, P. Stefanou and J. A. Pons, arXiv:2405.04230.
   * With \f$B = H^{-1}\f$ and for secant pairs of positive curvature,
   * \f{align*}{
   *   b &= \frac{s^T B s}{y^T s}, & h &= \frac{y^T H y}{y^T s},
   *   & a &= b h - 1 \ge 0, & c &= \sqrt{a / (1 + a)},
   *   \\
   *   \rho &= \min(1, h (1 - c)), &
   *   \theta &= \max\left(\frac{\rho - 1}{a},
   *             \min\left(\frac 1 \rho, \frac{1 - b}{b}\right)\right), &
   *   \sigma &= 1 + a \theta, & \phi &= \frac{1 - \theta}{\sigma},
   *   \\
   *   \tau &= \min(1, 1/b)
   *           \min\left(\sigma^{-1/(n-1)}, 1/\theta\right)
   *         \text{ if } \theta > 0, &
   *   \tau &= \min\left(\min(1, 1/b) \sigma^{-1/(n-1)}, \sigma\right)
   *         \text{ else.}
   * \f}
   * Since \f$\sigma \ge \rho > 0\f$, the update keeps \f$H\f$ positive
   * definite. By the inequality of Cauchy and Schwarz \f$a\f$ vanishes only if
   * \f$s\f$ is parallel to \f$H y\f$; the update does not depend on \f$\phi\f$
   * then, and \f$a\f$ is kept above the round-off level.
   *
   * @p n is the number of parameters.
   */
  BroydenCoefficients
  self_scaled_broyden_coefficients(const double       b,
                                   const double       h,
                                   const unsigned int n);

  /**
   * Members of the Broyden family. The self-scaled BFGS formula is
   * \f$\theta = 0\f$ above, that is \f$\phi = 1\f$ and \f$\tau = \min(1,
   * 1/b)\f$; BFGS itself has \f$\tau = 1\f$.
   */
  enum class BroydenUpdate
  {
    self_scaled_broyden,
    self_scaled_bfgs,
    bfgs
  };



  /**
   * A dense inverse Hessian, updated by the self-scaled Broyden formula
   * \f[
   *   H^+ = \frac 1 \tau \left( H - \frac{H y y^T H}{y^T H y} + \phi v v^T
   *         \right) + \frac{s s^T}{y^T s}, \quad
   *   v = \sqrt{y^T H y} \left( \frac{s}{y^T s} - \frac{H y}{y^T H y} \right).
   * \f]
   * It is the inverse of
   * \f$\tau (B - B s s^T B / s^T B s + \theta w w^T) + y y^T / y^T s\f$ with
   * \f$w = \sqrt{s^T B s} (y / y^T s - B s / s^T B s)\f$ and
   * \f$\phi = (1 - \theta) / (1 + \theta a)\f$. As \f$v^T y = 0\f$, the secant
   * equation \f$H^+ y = s\f$ holds for all \f$\tau\f$ and \f$\phi\f$; \f$\tau =
   * 1\f$ is the plain Broyden family, in which \f$\phi = 1\f$ (\f$\theta =
   * 0\f$) is BFGS and \f$\phi = 0\f$ (\f$\theta = 1\f$) is DFP.
   *
   * <h3>Storage and work</h3>
   *
   * Only the lower triangle is stored, about n^2 / 2 doubles over all ranks.
   * Each rank of the communicator owns contiguous rows of it (possibly none),
   * as many as make the numbers of entries equal.
   * The change of the bracket has rank two; its spectral form
   * \f$\pm u u^T \pm w w^T\f$ is kept as pending, and added in the same pass
   * over the rows that computes \f$q = H g\f$ for the next gradient, an entry
   * below the diagonal contributing to two components. This is
   * the only pass of an iteration: \f$H y = q + d\f$, where \f$d\f$ is the
   * previous direction, and the new direction follows from \f$q\f$, \f$u\f$ and
   * \f$w\f$. One reduction of n doubles sums q over the ranks. The
   * factors \f$1/\tau\f$ are collected in a separate scalar.
   *
   * In memory four rows are interleaved, in pieces of four columns, so that
   * the pass reads and writes one stream. On one rank it is bound by the
   * memory for large n. Replicating small matrices would not save the
   * communication: processors of different kinds may round differently, so
   * that one rank would have to send q to all.
   */
  class BroydenMatrix : public InverseHessian
  {
  public:
    /**
     * Allocate the rows of this rank for @p n parameters. The scalar factor is
     * multiplied into the matrix when it leaves [1/@p max_factor,
     * @p max_factor].
     */
    BroydenMatrix(
      const unsigned int  n,
      const MPI_Comm      mpi_communicator,
      const BroydenUpdate formula    = BroydenUpdate::self_scaled_broyden,
      const double        max_factor = 1e100);

    virtual void
    restart() override;

    /**
     * See the base class. The first update after a restart is applied to
     * (y's/y'y) I; an update with a pair without positive curvature is skipped.
     * Collective over the communicator, with equal arguments on all ranks.
     */
    virtual bool
    update(const SecantPair &pair, dealii::Vector<double> &direction) override;

    /**
     * See the base class. The rows may be distributed over another number of
     * ranks when they are read.
     */
    virtual void
    exchange(CheckpointArchive &archive) override;

    /**
     * The matrix, all rows on all ranks: for checks on small problems only.
     * Collective. May not be called before the first update.
     */
    dealii::FullMatrix<double>
    full_matrix();

    /** Bytes that an object allocates on this rank. Not collective. */
    static double
    memory_consumption(const unsigned int n, const MPI_Comm mpi_communicator);

  private:
    /**
     * Add the pending update to the rows of this rank, and multiply them by
     * the vector in padded_gradient; all rows of the product go to @p product.
     */
    void
    apply_pending_and_multiply(dealii::Vector<double> &product);

    /**
     * Prepare the update with the coefficients for s s', s p' + p s' and p p'
     * in the bracket.
     */
    void
    set_pending(const dealii::Vector<double> &p,
                const dealii::Vector<double> &s,
                const double                  coefficient_pp,
                const double                  coefficient_ps,
                const double                  coefficient_ss);

    const unsigned int  n;
    const MPI_Comm      mpi_communicator;
    const BroydenUpdate formula;
    const double        max_factor;

    /** This rank's groups of four rows, begin and end. */
    unsigned int first_group, end_group;

    /** H is factor times this matrix and its pending update. */
    dealii::AlignedVector<double> tiles;
    double                        factor;
    bool                          is_fresh;

    dealii::AlignedVector<double> u, w, padded_gradient;
    double                        sign_u, sign_w;

    /** This rank's part of the matrix times the gradient. */
    dealii::AlignedVector<double> local_product;
    dealii::Vector<double>        q, p;
  };
} // namespace derl

#endif
