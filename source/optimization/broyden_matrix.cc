// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/communication.h>

#include <derl/optimization/broyden_matrix.h>

#include <algorithm>
#include <cmath>
#include <limits>

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
     * The arrays of one pass over the rows of a rank.
     */
    struct Pass
    {
      double       *rows;
      std::size_t   stride;
      std::size_t   n_rows;
      std::size_t   first_row;
      const double *u, *w, *g;
      double        sign_u, sign_w;
      double       *product;
    };

    /**
     * Update @p block_size rows and multiply them by g. Several rows at once
     * share the loads of u, w and g, but do not mix.
     */
    template <unsigned int block_size>
    inline __attribute__((always_inline)) void
    update_and_multiply_block(const Pass &pass, const std::size_t row)
    {
      Lanes *matrix[block_size];
      double row_u[block_size], row_w[block_size];
      Lanes  sum[block_size];
      for (unsigned int r = 0; r < block_size; ++r)
        {
          matrix[r] =
            reinterpret_cast<Lanes *>(pass.rows + (row + r) * pass.stride);
          row_u[r] = pass.sign_u * pass.u[pass.first_row + row + r];
          row_w[r] = pass.sign_w * pass.w[pass.first_row + row + r];
          sum[r]   = Lanes{};
        }

      const Lanes *const u = reinterpret_cast<const Lanes *>(pass.u);
      const Lanes *const w = reinterpret_cast<const Lanes *>(pass.w);
      const Lanes *const g = reinterpret_cast<const Lanes *>(pass.g);
      for (std::size_t i = 0; i < pass.stride / n_lanes; ++i)
        for (unsigned int r = 0; r < block_size; ++r)
          {
            Lanes entry = matrix[r][i];
            entry += row_u[r] * u[i];
            entry += row_w[r] * w[i];
            matrix[r][i] = entry;
            sum[r] += entry * g[i];
          }

      for (unsigned int r = 0; r < block_size; ++r)
        pass.product[row + r] =
          (sum[r][0] + sum[r][2]) + (sum[r][1] + sum[r][3]);
    }



    DERL_TARGET_CLONES
    void
    update_and_multiply(const Pass &pass)
    {
      std::size_t row = 0;
      for (; row + 4 <= pass.n_rows; row += 4)
        update_and_multiply_block<4>(pass, row);
      for (; row < pass.n_rows; ++row)
        update_and_multiply_block<1>(pass, row);
    }



    /**
     * The first of n rows that belongs to a rank.
     */
    std::uint64_t
    row_start(const unsigned int n,
              const unsigned int rank,
              const unsigned int n_ranks)
    {
      return std::uint64_t(n) * rank / n_ranks;
    }



    std::size_t
    row_stride(const unsigned int n)
    {
      return (std::size_t(n) + n_lanes - 1) / n_lanes * n_lanes;
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

    const double root = std::pow(sigma, -1. / std::max(1., n - 1.));
    const double oren = std::min(1., 1. / b);
    const double tau  = theta > 0. ? oren * std::min(root, 1. / theta)
                                   : std::min(oren * root, sigma);
    return {tau, (1. - theta) / sigma};
  }



  BroydenMatrix::BroydenMatrix(const unsigned int n,
                               const MPI_Comm     mpi_communicator,
                               const double       max_factor)
    : n(n)
    , mpi_communicator(mpi_communicator)
    , max_factor(max_factor)
    , this_rank(Utilities::MPI::this_mpi_process(mpi_communicator))
    , stride(row_stride(n))
    , factor(1.)
    , is_fresh(true)
    , u(stride)
    , w(stride)
    , padded_gradient(stride)
    , sign_u(0.)
    , sign_w(0.)
    , q(n)
    , p(n)
  {
    const unsigned int n_ranks =
      Utilities::MPI::n_mpi_processes(mpi_communicator);
    for (unsigned int rank = 0; rank <= n_ranks; ++rank)
      row_starts.push_back(static_cast<int>(row_start(n, rank, n_ranks)));

    local_product.resize(row_starts[this_rank + 1] - row_starts[this_rank]);
    rows.resize(local_product.size() * stride);
  }



  double
  BroydenMatrix::memory_consumption(const unsigned int n,
                                    const MPI_Comm     mpi_communicator)
  {
    const unsigned int n_ranks =
      Utilities::MPI::n_mpi_processes(mpi_communicator);
    const unsigned int rank =
      Utilities::MPI::this_mpi_process(mpi_communicator);
    const double n_rows =
      row_start(n, rank + 1, n_ranks) - row_start(n, rank, n_ranks);
    return sizeof(double) *
           (n_rows * (row_stride(n) + 1.) + 3. * row_stride(n) + 2. * n);
  }



  void
  BroydenMatrix::restart()
  {
    is_fresh = true;
  }



  void
  BroydenMatrix::apply_pending_and_multiply(Vector<double> &product)
  {
    update_and_multiply({rows.data(),
                         stride,
                         local_product.size(),
                         static_cast<std::size_t>(row_starts[this_rank]),
                         u.data(),
                         w.data(),
                         padded_gradient.data(),
                         sign_u,
                         sign_w,
                         local_product.data()});
    sign_u = 0.;
    sign_w = 0.;

    if (row_starts.size() == 2)
      std::copy(local_product.begin(), local_product.end(), product.begin());
    else
      {
        std::vector<int> n_rows(row_starts.size() - 1);
        for (unsigned int rank = 0; rank < n_rows.size(); ++rank)
          n_rows[rank] = row_starts[rank + 1] - row_starts[rank];
        const int ierr = MPI_Allgatherv(local_product.data(),
                                        local_product.size(),
                                        MPI_DOUBLE,
                                        product.data(),
                                        n_rows.data(),
                                        row_starts.data(),
                                        MPI_DOUBLE,
                                        mpi_communicator);
        AssertThrowMPI(ierr);
        count_collective(mpi_communicator, n * sizeof(double));
      }
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
        std::fill(rows.begin(), rows.end(), 0.);
        for (unsigned int i = 0; i < local_product.size(); ++i)
          rows[i * stride + row_starts[this_rank] + i] = 1.;
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
            for (double &entry : rows)
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

    const double h = yHy / pair.ys;
    const auto [tau, phi] =
      self_scaled_broyden_coefficients(sBs / pair.ys, h, n);
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
    archive.rows(
      "Broyden matrix/rows", rows.data(), local_product.size(), n, stride);
  }



  FullMatrix<double>
  BroydenMatrix::full_matrix()
  {
    AssertThrow(!is_fresh,
                ExcMessage("The matrix is not known before the first update."));
    apply_pending_and_multiply(q);

    FullMatrix<double> local(n, n), sum(n, n);
    for (unsigned int i = 0; i < local_product.size(); ++i)
      for (unsigned int j = 0; j < n; ++j)
        local(row_starts[this_rank] + i, j) = factor * rows[i * stride + j];
    Utilities::MPI::sum(local, mpi_communicator, sum);
    return sum;
  }
} // namespace derl
