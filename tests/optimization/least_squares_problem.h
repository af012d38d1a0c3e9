// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Sums of squares with known minima whose rows are spread over the ranks.

#ifndef derl_tests_optimization_least_squares_problem_h
#define derl_tests_optimization_least_squares_problem_h

#include <derl/base/objective_function.h>

#include <cmath>
#include <functional>
#include <utility>
#include <vector>

/**
 * Rows are given by a function of their number and the parameters that returns
 * the residual and writes its gradient. A rank owns every n-th row, from the
 * rank with its number on.
 */
class RowsObjective : public derl::LeastSquaresObjective
{
public:
  using Row = std::function<double(const unsigned int            row,
                                   const dealii::Vector<double> &x,
                                   dealii::Vector<double>       &gradient)>;

  RowsObjective(const unsigned int n_parameters,
                const unsigned int n_all_rows,
                Row                row,
                const MPI_Comm     communicator = MPI_COMM_WORLD)
    : n(n_parameters)
    , function(std::move(row))
    , communicator(communicator)
  {
    const unsigned int n_ranks =
      dealii::Utilities::MPI::n_mpi_processes(communicator);
    for (unsigned int i =
           dealii::Utilities::MPI::this_mpi_process(communicator);
         i < n_all_rows;
         i += n_ranks)
      own.push_back(i);
  }

  MPI_Comm
  get_communicator() const override
  {
    return communicator;
  }

  unsigned int
  n_parameters() const override
  {
    return n;
  }

  std::uint64_t
  n_local_rows() const override
  {
    return own.size();
  }

  double
  residuals(const dealii::Vector<double> &x, dealii::Vector<double> &r) override
  {
    ++n_evaluations;
    dealii::Vector<double> gradient(n);
    r.reinit(own.size());
    for (unsigned int i = 0; i < own.size(); ++i)
      r[i] = function(own[i], x, gradient);
    double sum = 0.;
    for (const double entry : r)
      sum += entry * entry;
    return dealii::Utilities::MPI::sum(sum, communicator);
  }

  double
  value_and_gradient(const dealii::Vector<double> &x,
                     dealii::Vector<double>       &gradient) override
  {
    dealii::Vector<double> r;
    const double           value = residuals(x, r);
    linearize(x);
    apply_transposed_jacobian(r, gradient);
    gradient *= 2.;
    return value;
  }

  void
  linearize(const dealii::Vector<double> &x) override
  {
    jacobian.assign(own.size(), dealii::Vector<double>(n));
    for (unsigned int i = 0; i < own.size(); ++i)
      function(own[i], x, jacobian[i]);
  }

  void
  apply_jacobian(const dealii::Vector<double> &v,
                 dealii::Vector<double>       &result) override
  {
    result.reinit(own.size());
    for (unsigned int i = 0; i < own.size(); ++i)
      result[i] = jacobian[i] * v;
  }

  void
  apply_transposed_jacobian(const dealii::Vector<double> &w,
                            dealii::Vector<double>       &result) override
  {
    dealii::Vector<double> local(n);
    for (unsigned int i = 0; i < own.size(); ++i)
      local.add(w[i], jacobian[i]);
    result.reinit(n);
    dealii::Utilities::MPI::sum(local, communicator, result);
  }

  void
  local_rows(const std::uint64_t         begin,
             dealii::FullMatrix<double> &rows) override
  {
    for (unsigned int i = 0; i < rows.m(); ++i)
      for (unsigned int j = 0; j < n; ++j)
        rows(i, j) = jacobian[begin + i][j];
  }

  void
  sample_kernel(dealii::FullMatrix<double> &matrix) override
  {
    const auto all = dealii::Utilities::MPI::all_gather(communicator, jacobian);
    std::vector<dealii::Vector<double>> rows;
    for (const auto &part : all)
      rows.insert(rows.end(), part.begin(), part.end());
    matrix.reinit(rows.size(), rows.size());
    for (unsigned int i = 0; i < rows.size(); ++i)
      for (unsigned int j = 0; j < rows.size(); ++j)
        matrix(i, j) = rows[i] * rows[j];
  }

  unsigned int n_evaluations = 0;

private:
  const unsigned int                  n;
  const Row                           function;
  const MPI_Comm                      communicator;
  std::vector<unsigned int>           own;
  std::vector<dealii::Vector<double>> jacobian;
};



/**
 * The chained function of Rosenbrock with the rows 10 (x_{i+1} - x_i^2) and
 * 1 - x_i, minimal with value 0 at (1, ..., 1).
 */
inline RowsObjective
rosenbrock_rows(const unsigned int n)
{
  return {n,
          2 * n - 2,
          [](const unsigned int            row,
             const dealii::Vector<double> &x,
             dealii::Vector<double>       &g) {
            const unsigned int i = row / 2;
            g                    = 0.;
            if (row % 2 == 0)
              {
                g[i]     = -20. * x[i];
                g[i + 1] = 10.;
                return 10. * (x[i + 1] - x[i] * x[i]);
              }
            g[i] = -1.;
            return 1. - x[i];
          }};
}



/**
 * Amplitudes, rates and phases of damped oscillations that were observed at
 * @p n_rows times, in n_parameters / 3 of them; exactly, so that the value at
 * the minimum is 0.
 */
inline RowsObjective
oscillations(const unsigned int n_modes, const unsigned int n_rows)
{
  const auto fit = [=](const unsigned int            row,
                       const dealii::Vector<double> &x,
                       dealii::Vector<double>       &g) {
    const double t   = 0.1 + 3. * row / n_rows;
    double       sum = 0.;
    for (unsigned int k = 0; k < n_modes; ++k)
      {
        const double a = x[3 * k], b = x[3 * k + 1], c = x[3 * k + 2];
        const double decay = std::exp(-b * t);
        const double angle = (k + 1) * t + c;
        sum += a * decay * std::sin(angle);
        g[3 * k]     = decay * std::sin(angle);
        g[3 * k + 1] = -t * a * decay * std::sin(angle);
        g[3 * k + 2] = a * decay * std::cos(angle);
      }
    return sum;
  };
  dealii::Vector<double> truth(3 * n_modes);
  for (unsigned int k = 0; k < n_modes; ++k)
    {
      truth[3 * k]     = 1.;
      truth[3 * k + 1] = 0.3 + 0.1 * k;
      truth[3 * k + 2] = 0.2 * k;
    }
  return {3 * n_modes,
          n_rows,
          [=](const unsigned int            row,
              const dealii::Vector<double> &x,
              dealii::Vector<double>       &g) {
            dealii::Vector<double> unused(3 * n_modes);
            return fit(row, x, g) - fit(row, truth, unused);
          }};
}



/**
 * A start from which oscillations() are found.
 */
inline dealii::Vector<double>
oscillations_start(const unsigned int n_modes)
{
  dealii::Vector<double> x(3 * n_modes);
  for (unsigned int k = 0; k < n_modes; ++k)
    {
      x[3 * k]     = 0.5;
      x[3 * k + 1] = 0.6;
      x[3 * k + 2] = 0.3;
    }
  return x;
}

#endif
