// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "../base/communication.h"
#include "../base/reproducible_math.h"
#include "broyden_matrix.h"

// One binary for all processors: the compiler makes the pass over the matrix
// for several instruction sets, and the loader chooses among them.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#  define DERL_TARGET_CLONES \
    __attribute__((          \
      target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#  define DERL_TARGET_CLONES
#endif

namespace derl
{
  using namespace dealii;

  namespace
  {
    constexpr unsigned int n_lanes = 4;

    /**
     * Numbers that are worked on at once. Explicit lanes make sums vectorise
     * without leave to reorder them, and give each row the same order of
     * summation whatever the instruction set or the rank.
     */
    using Lanes =
      double __attribute__((vector_size(n_lanes * sizeof(double)), may_alias));

    /**
     * The arrays of one pass over the groups of rows of a rank.
     */
    struct Pass
    {
      double       *tiles;
      unsigned int  first_group, end_group;
      const double *u, *w, *g;
      double        sign_u, sign_w;
      double       *product;
    };

    /** Numbers in a tile: four rows, four columns. */
    constexpr unsigned int tile_size = n_lanes * n_lanes;

    /**
     * Update the tiles and multiply them, and the part above the diagonal that
     * they stand for, by g.
     */
    DERL_TARGET_CLONES
    void
    update_and_multiply(const Pass &pass)
    {
      const Lanes *const u       = reinterpret_cast<const Lanes *>(pass.u);
      const Lanes *const w       = reinterpret_cast<const Lanes *>(pass.w);
      const Lanes *const g       = reinterpret_cast<const Lanes *>(pass.g);
      Lanes *const       product = reinterpret_cast<Lanes *>(pass.product);
      Lanes             *tile    = reinterpret_cast<Lanes *>(pass.tiles);

      for (unsigned int group = pass.first_group; group < pass.end_group;
           ++group)
        {
          double row_u[n_lanes], row_w[n_lanes], row_g[n_lanes];
          Lanes  sum[n_lanes];
          for (unsigned int r = 0; r < n_lanes; ++r)
            {
              row_u[r] = pass.sign_u * u[group][r];
              row_w[r] = pass.sign_w * w[group][r];
              row_g[r] = g[group][r];
              sum[r]   = Lanes{};
            }

          const auto update = [&](const unsigned int column,
                                  const unsigned int r) {
            Lanes entry = tile[r];
            entry += row_u[r] * u[column];
            entry += row_w[r] * w[column];
            tile[r] = entry;
            sum[r] += entry * g[column];
            return entry;
          };

          for (unsigned int column = 0; column < group; ++column)
            {
              Lanes transposed = product[column];
              for (unsigned int r = 0; r < n_lanes; ++r)
                transposed += row_g[r] * update(column, r);
              product[column] = transposed;
              tile += n_lanes;
            }
          // the tile on the diagonal has both of its halves
          for (unsigned int r = 0; r < n_lanes; ++r)
            update(group, r);
          tile += n_lanes;

          for (unsigned int r = 0; r < n_lanes; ++r)
            product[group][r] +=
              (sum[r][0] + sum[r][2]) + (sum[r][1] + sum[r][3]);
        }
    }



    unsigned int
    n_groups(const unsigned int n)
    {
      return (n + n_lanes - 1) / n_lanes;
    }



    /**
     * Number of tiles in the groups before @p group.
     */
    std::uint64_t
    tiles_before(const std::uint64_t group)
    {
      return group * (group + 1) / 2;
    }



    /**
     * The first of n_groups groups that belongs to a rank. Tiles before a
     * group grow with its square.
     */
    unsigned int
    group_start(const unsigned int n_groups,
                const unsigned int rank,
                const unsigned int n_ranks)
    {
      return std::lround(n_groups * std::sqrt(double(rank) / n_ranks));
    }



    /**
     * Groups of this rank, begin and end.
     */
    std::pair<unsigned int, unsigned int>
    local_groups(const unsigned int n, const MPI_Comm mpi_communicator)
    {
      const unsigned int n_ranks =
        Utilities::MPI::n_mpi_processes(mpi_communicator);
      const unsigned int rank =
        Utilities::MPI::this_mpi_process(mpi_communicator);
      return {group_start(n_groups(n), rank, n_ranks),
              group_start(n_groups(n), rank + 1, n_ranks)};
    }
  } // namespace



  BroydenCoefficients
  self_scaled_broyden_coefficients(const double       b,
                                   const double       h,
                                   const unsigned int n)
  {
    const double a =
      std::max(b * h - 1., std::numeric_limits<double>::epsilon());

    // 1 - c without cancellation for large a
    const double c           = std::sqrt(a / (1. + a));
    const double one_minus_c = 1. / ((1. + a) * (1. + c));

    const double rho = std::min(1., h * one_minus_c);
    const double theta =
      std::max((rho - 1.) / a, std::min(1. / rho, (1. - b) / b));
    const double sigma = 1. + a * theta;

    const double root = reproducible_power(sigma, -1. / std::max(1., n - 1.));
    const double oren = std::min(1., 1. / b);
    const double tau  = theta > 0. ? oren * std::min(root, 1. / theta)
                                   : std::min(oren * root, sigma);
    return {tau, (1. - theta) / sigma};
  }



  BroydenMatrix::BroydenMatrix(const unsigned int  n,
                               const MPI_Comm      mpi_communicator,
                               const BroydenUpdate formula,
                               const double        max_factor)
    : n(n)
    , mpi_communicator(mpi_communicator)
    , formula(formula)
    , max_factor(max_factor)
    , factor(1.)
    , is_fresh(true)
    , u(n_groups(n) * n_lanes)
    , w(n_groups(n) * n_lanes)
    , padded_gradient(n_groups(n) * n_lanes)
    , sign_u(0.)
    , sign_w(0.)
    , local_product(n_groups(n) * n_lanes)
    , q(n)
    , p(n)
  {
    std::tie(first_group, end_group) = local_groups(n, mpi_communicator);
    tiles.resize((tiles_before(end_group) - tiles_before(first_group)) *
                 tile_size);
  }



  double
  BroydenMatrix::memory_consumption(const unsigned int n,
                                    const MPI_Comm     mpi_communicator)
  {
    const auto [begin, end] = local_groups(n, mpi_communicator);
    return sizeof(double) *
           (double(tiles_before(end) - tiles_before(begin)) * tile_size +
            4. * n_groups(n) * n_lanes + 2. * n);
  }



  void
  BroydenMatrix::restart()
  {
    is_fresh = true;
  }



  void
  BroydenMatrix::apply_pending_and_multiply(Vector<double> &product)
  {
    std::fill(local_product.begin(), local_product.end(), 0.);
    update_and_multiply({tiles.data(),
                         first_group,
                         end_group,
                         u.data(),
                         w.data(),
                         padded_gradient.data(),
                         sign_u,
                         sign_w,
                         local_product.data()});
    sign_u = 0.;
    sign_w = 0.;

    const int ierr = MPI_Allreduce(local_product.data(),
                                   product.data(),
                                   n,
                                   MPI_DOUBLE,
                                   MPI_SUM,
                                   mpi_communicator);
    AssertThrowMPI(ierr);
    count_collective(mpi_communicator, n * sizeof(double));
    product *= factor;
  }



  void
  BroydenMatrix::set_pending(const Vector<double> &p,
                             const Vector<double> &s,
                             const double          coefficient_pp,
                             const double          coefficient_ps,
                             const double          coefficient_ss)
  {
    // The spectral form of the coefficients for p and s of unit length, by one
    // Jacobi rotation (Golub and Van Loan, Matrix Computations, section 8.5)
    const double p_norm = p.l2_norm();
    const double s_norm = s.l2_norm();
    const double pp     = coefficient_pp * p_norm * p_norm;
    const double ps     = coefficient_ps * p_norm * s_norm;
    const double ss     = coefficient_ss * s_norm * s_norm;

    double t = 0.;
    if (ps != 0.)
      {
        const double ratio = (ss - pp) / (2. * ps);
        t = 1. / (std::abs(ratio) + std::sqrt(1. + ratio * ratio));
        if (ratio < 0.)
          t = -t;
      }
    const double cosine       = 1. / std::sqrt(1. + t * t);
    const double sine         = t * cosine;
    const double eigenvalue_u = pp - t * ps;
    const double eigenvalue_w = ss + t * ps;

    sign_u = eigenvalue_u < 0. ? -1. : 1.;
    sign_w = eigenvalue_w < 0. ? -1. : 1.;

    const double root_u = std::sqrt(std::abs(eigenvalue_u));
    const double root_w = std::sqrt(std::abs(eigenvalue_w));
    const double up = root_u * cosine / p_norm, us = -root_u * sine / s_norm;
    const double wp = root_w * sine / p_norm, ws = root_w * cosine / s_norm;
    for (unsigned int i = 0; i < n; ++i)
      {
        u[i] = up * p[i] + us * s[i];
        w[i] = wp * p[i] + ws * s[i];
      }
  }



  bool
  BroydenMatrix::update(const SecantPair &pair, Vector<double> &direction)
  {
    AssertDimension(direction.size(), n);
    const Vector<double> &g = pair.gradient;

    if (is_fresh && !pair.has_positive_curvature())
      {
        direction.equ(-1., g);
        return false;
      }

    double sBs;
    if (is_fresh)
      {
        factor = pair.ys / pair.yy;
        std::fill(tiles.begin(), tiles.end(), 0.);
        for (unsigned int group = first_group; group < end_group; ++group)
          {
            double *const diagonal =
              &tiles[(tiles_before(group + 1) - 1 - tiles_before(first_group)) *
                     tile_size];
            for (unsigned int r = 0; r < n_lanes; ++r)
              diagonal[r * n_lanes + r] = 1.;
          }
        sign_u   = 0.;
        sign_w   = 0.;
        is_fresh = false;

        q.equ(factor, g);
        p.equ(factor, pair.y);
        sBs = (pair.s * pair.s) / factor;
      }
    else
      {
        std::copy(g.begin(), g.end(), padded_gradient.begin());
        apply_pending_and_multiply(q);
        if (factor > max_factor || factor < 1. / max_factor)
          {
            for (double &entry : tiles)
              entry *= factor;
            factor = 1.;
          }

        // The direction was minus the matrix times the old gradient
        p = q;
        p += direction;
        sBs = -pair.step * (pair.s * pair.old_gradient);
      }

    direction.equ(-1., q);

    const double yHy = pair.y * p;
    if (!pair.has_positive_curvature() || !(yHy > 0.) || !(sBs > 0.))
      return true;

    const double h        = yHy / pair.ys;
    const double b        = sBs / pair.ys;
    const auto [tau, phi] = formula == BroydenUpdate::self_scaled_broyden
                              ? self_scaled_broyden_coefficients(b, h, n)
                            : formula == BroydenUpdate::self_scaled_bfgs
                              ? BroydenCoefficients{std::min(1., 1. / b), 1.}
                              : BroydenCoefficients{1., 1.};
    set_pending(
      p, pair.s, (phi - 1.) / yHy, -phi / pair.ys, (phi * h + tau) / pair.ys);

    double ug = 0., wg = 0.;
    for (unsigned int i = 0; i < n; ++i)
      {
        ug += u[i] * g[i];
        wg += w[i] * g[i];
      }
    for (unsigned int i = 0; i < n; ++i)
      direction[i] =
        (direction[i] - sign_u * ug * u[i] - sign_w * wg * w[i]) / tau;

    // From the scale of H to that of the stored matrix
    const double root_factor = std::sqrt(factor);
    for (unsigned int i = 0; i < n; ++i)
      {
        u[i] /= root_factor;
        w[i] /= root_factor;
      }
    factor /= tau;
    return true;
  }



  void
  BroydenMatrix::exchange(CheckpointArchive &archive)
  {
    archive("Broyden matrix/fresh", is_fresh);
    if (is_fresh)
      return;
    archive("Broyden matrix/factor", factor);
    archive("Broyden matrix/sign u", sign_u);
    archive("Broyden matrix/sign w", sign_w);
    // all ranks have the whole pending update, but for padding
    for (auto *const vector : {&u, &w})
      {
        Vector<double> copy(vector->begin(), vector->begin() + n);
        archive(vector == &u ? "Broyden matrix/u" : "Broyden matrix/w", copy);
        std::copy(copy.begin(), copy.end(), vector->begin());
      }
    archive.rows("Broyden matrix/tiles",
                 tiles.data(),
                 tiles.size() / tile_size,
                 tile_size,
                 tile_size);
  }



  FullMatrix<double>
  BroydenMatrix::full_matrix()
  {
    AssertThrow(!is_fresh,
                ExcMessage("The matrix is not known before the first update."));
    apply_pending_and_multiply(q);

    FullMatrix<double> local(n, n), sum(n, n);
    for (unsigned int group = first_group; group < end_group; ++group)
      for (unsigned int column = 0; column <= group; ++column)
        {
          const double *const tile =
            &tiles[(tiles_before(group) + column - tiles_before(first_group)) *
                   tile_size];
          for (unsigned int r = 0; r < n_lanes; ++r)
            for (unsigned int c = 0; c < n_lanes; ++c)
              {
                const unsigned int i = group * n_lanes + r;
                const unsigned int j = column * n_lanes + c;
                if (i < n && j < n)
                  local(i, j) = local(j, i) = factor * tile[r * n_lanes + c];
              }
        }
    Utilities::MPI::sum(local, mpi_communicator, sum);
    return sum;
  }
} // namespace derl
