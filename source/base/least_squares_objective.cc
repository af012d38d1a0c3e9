// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>
#include <derl/base/objective_function.h>

#include <deal.II/base/exceptions.h>

#include <deal.II/lac/lapack_templates.h>

#include <algorithm>
#include <cmath>

#include "communication.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * Rows that are in memory at once: enough for a matrix product to run at
     * full speed.
     */
    constexpr std::uint64_t rows_per_block = 256;
  } // namespace



  std::uint64_t
  LeastSquaresObjective::n_rows() const
  {
    count_collective(get_communicator(), sizeof(std::uint64_t));
    return Utilities::MPI::sum(n_local_rows(), get_communicator());
  }



  void
  LeastSquaresObjective::for_each_block_of_rows(
    const std::function<void(const FullMatrix<double> &)> &work)
  {
    FullMatrix<double>  rows;
    const std::uint64_t n_local = n_local_rows();
    for (std::uint64_t begin = 0; begin < n_local; begin += rows_per_block)
      {
        const std::size_t m = std::min(rows_per_block, n_local - begin);
        if (rows.m() != m)
          rows.reinit(m, n_parameters());
        local_rows(begin, rows);
        work(rows);
      }
  }



  Vector<double>
  LeastSquaresObjective::normal_diagonal()
  {
    Vector<double> result(n_parameters());
    for_each_block_of_rows([&](const FullMatrix<double> &rows) {
      for (unsigned int row = 0; row < rows.m(); ++row)
        for (unsigned int i = 0; i < rows.n(); ++i)
          result(i) += rows(row, i) * rows(row, i);
    });
    count_collective(get_communicator(), sizeof(double) * result.size());
    Utilities::MPI::sum(result, get_communicator(), result);
    return result;
  }



  void
  LeastSquaresObjective::add_normal_matrix(const FullMatrix<double> &rows,
                                           const unsigned int        begin,
                                           FullMatrix<double>       &matrix)
  {
    // seen by Fortran, both matrices are their transpose
    const types::blas_int order = matrix.m(), depth = rows.m(),
                          row_length = rows.n();
    const double one                 = 1.;
    syrk("L",
         "N",
         &order,
         &depth,
         &one,
         &rows(0, begin),
         &row_length,
         &one,
         &matrix(0, 0),
         &order);
  }



  void
  LeastSquaresObjective::normal_matrix(FullMatrix<double> &matrix)
  {
    run_collectively(get_communicator(), [&]() {
      matrix.reinit(n_parameters(), n_parameters());
      for_each_block_of_rows([&](const FullMatrix<double> &rows) {
        add_normal_matrix(rows, 0, matrix);
      });
    });
    sum_symmetric(get_communicator(), matrix);
  }



  std::vector<ObjectiveFunction::DifferenceRow>
  LeastSquaresObjective::check_jacobian(const Vector<double>      &x,
                                        const Vector<double>      &direction,
                                        const std::vector<double> &steps)
  {
    const auto norm = [&](const Vector<double> &v) {
      std::vector<double> sum(1);
      sum_agreed(get_communicator(), sum, [&]() {
        for (const double entry : v)
          sum[0] += entry * entry;
      });
      return std::sqrt(sum[0]);
    };

    Vector<double> product;
    linearize(x);
    run_collectively(get_communicator(),
               [&]() { apply_jacobian(direction, product); });
    const double product_norm = norm(product);

    std::vector<DifferenceRow> table;
    Vector<double>             shifted(x.size()), quotient, backward;
    for (const double step : steps)
      {
        const auto residuals_at = [&](const double t, Vector<double> &r) {
          shifted = x;
          shifted.add(t, direction);
          residuals(shifted, r);
        };
        residuals_at(step, quotient);
        residuals_at(-step, backward);
        quotient -= backward;
        quotient /= 2 * step;
        const double quotient_norm = norm(quotient);
        quotient -= product;
        table.push_back({step, quotient_norm, product_norm, norm(quotient)});
      }
    return table;
  }
} // namespace derl
