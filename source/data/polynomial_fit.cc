// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "polynomial_fit.h"

#include <deal.II/base/exceptions.h>

#include <deal.II/lac/lapack_templates.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace derl
{
  namespace internal
  {
    using namespace dealii;

    namespace
    {
      /**
       * A monomial is left out if its part that is orthogonal to the others at
       * the nodes is smaller than this multiple of what it is on a full cube:
       * the first one for those that we can do without, because they would
       * amplify the errors of the values, the second one for those that are
       * needed.
       */
      constexpr double good_independence = 0.2;
      constexpr double any_independence  = 1e-5;

      /** Coordinates that differ by less than 2^-34 of a cell are the same:
       * round-off where cells are not smaller than about 1e-5. Smaller ones
       * cost time only. */
      constexpr int n_bits_of_cell = 34;

      /** Of 3-D elements of degree 2, 40 MB. */
      constexpr std::size_t max_fits = 256;
    } // namespace



    template <int dim>
    Monomials<dim>::Monomials(const unsigned int degree)
    {
      for (unsigned int m = 0; m <= degree; ++m)
        {
          const std::vector<MultiIndex> more = derivatives_of_order(dim, m);
          exponents.insert(exponents.end(), more.begin(), more.end());
          sizes.push_back(exponents.size());
        }
      lower.resize(size());
      independences.resize(size(), 1.);
      for (unsigned int i = 0; i < size(); ++i)
        for (unsigned int d = 0; d < dim; ++d)
          {
            const unsigned int power = exponents[i][d];
            if (power > 0)
              {
                MultiIndex other = exponents[i];
                --other[d];
                lower[i][d] =
                  std::find(exponents.begin(), exponents.end(), other) -
                  exponents.begin();
              }
            // 1 / leading coefficient of the Legendre polynomial, whose norm
            // on [-1,1] is that of the power: both have the factor
            // sqrt(2/(2n+1))
            for (unsigned int k = 1; k <= power; ++k)
              independences[i] *= k / (2. * k - 1.);
          }
    }



    template <int dim>
    unsigned int
    Monomials<dim>::size() const
    {
      return exponents.size();
    }



    template <int dim>
    unsigned int
    Monomials<dim>::size(const unsigned int degree) const
    {
      return sizes[degree];
    }



    template <int dim>
    unsigned int
    Monomials<dim>::degree() const
    {
      return sizes.size() - 1;
    }



    template <int dim>
    std::vector<double>
    Monomials<dim>::values(const Point<dim> &x) const
    {
      std::vector<double> result(size(), 1.);
      for (unsigned int i = 1; i < size(); ++i)
        {
          unsigned int d = 0;
          while (exponents[i][d] == 0)
            ++d;
          result[i] = result[lower[i][d]] * x[d];
        }
      return result;
    }



    template <int dim>
    std::vector<double>
    Monomials<dim>::differentiate(const std::vector<double> &v,
                                  const Tensor<1, dim>      &direction) const
    {
      std::vector<double> result(size(), 0.);
      for (unsigned int i = 1; i < size(); ++i)
        for (unsigned int d = 0; d < dim; ++d)
          if (exponents[i][d] > 0)
            result[i] += exponents[i][d] * direction[d] * v[lower[i][d]];
      return result;
    }



    template <int dim>
    double
    Monomials<dim>::independence(const unsigned int monomial) const
    {
      return independences[monomial];
    }



    template <int dim>
    PolynomialFit<dim>::PolynomialFit(const Monomials<dim> &monomials,
                                      const unsigned int    certain_degree,
                                      const std::vector<Point<dim>> &nodes)
      : monomials(monomials)
    {
      const unsigned int n_nodes = nodes.size();
      Point<dim>         lower, upper;
      for (const Point<dim> &node : nodes)
        {
          weights.push_back(std::exp(-0.5 * node.square()));
          for (unsigned int d = 0; d < dim; ++d)
            {
              lower[d] = std::min(lower[d], node[d]);
              upper[d] = std::max(upper[d], node[d]);
            }
        }
      for (unsigned int d = 0; d < dim; ++d)
        {
          scale[d]  = upper[d] > lower[d] ? 2. / (upper[d] - lower[d]) : 1.;
          offset[d] = scale[d] * 0.5 * (lower[d] + upper[d]);
        }
      std::vector<Point<dim>> points = nodes;
      for (Point<dim> &point : points)
        for (unsigned int d = 0; d < dim; ++d)
          point[d] = scale[d] * point[d] - offset[d];

      choose_columns(certain_degree, points);
      const unsigned int n = columns.size();
      factorization.resize(std::size_t(n_nodes) * n);
      for (unsigned int i = 0; i < n_nodes; ++i)
        {
          const std::vector<double> values = monomials.values(points[i]);
          for (unsigned int j = 0; j < n; ++j)
            factorization[std::size_t(j) * n_nodes + i] =
              weights[i] * values[columns[j]];
        }
      reflections.resize(n);
      const types::blas_int blas_rows = n_nodes, blas_columns = n;
      const types::blas_int work_size = 32 * n;
      std::vector<double>   work(work_size);
      types::blas_int       info = 0;
      geqrf(&blas_rows,
            &blas_columns,
            factorization.data(),
            &blas_rows,
            reflections.data(),
            work.data(),
            &work_size,
            &info);
      AssertThrow(info == 0, ExcInternalError());
    }



    template <int dim>
    void
    PolynomialFit<dim>::choose_columns(const unsigned int certain_degree,
                                       const std::vector<Point<dim>> &points)
    {
      const unsigned int  n_nodes = points.size();
      std::vector<double> all(std::size_t(n_nodes) * monomials.size());
      for (unsigned int i = 0; i < n_nodes; ++i)
        {
          const std::vector<double> values = monomials.values(points[i]);
          for (unsigned int j = 0; j < monomials.size(); ++j)
            all[std::size_t(j) * n_nodes + i] = weights[i] * values[j];
        }
      // Gram and Schmidt, as Householder's reflection of a column without an
      // independent part would take a direction made of round-off away from
      // the columns after it.
      for (unsigned int j = 0; j < monomials.size() && columns.size() < n_nodes;
           ++j)
        {
          double *const column  = all.data() + std::size_t(j) * n_nodes;
          const auto    norm_of = [&]() {
            return std::sqrt(
              std::inner_product(column, column + n_nodes, column, 0.));
          };
          const double norm = norm_of();
          // once more against the round-off of the first time
          for (unsigned int repetition = 0; repetition < 2; ++repetition)
            for (const unsigned int other : columns)
              {
                const double *const q =
                  all.data() + std::size_t(other) * n_nodes;
                const double projection =
                  std::inner_product(column, column + n_nodes, q, 0.);
                for (unsigned int i = 0; i < n_nodes; ++i)
                  column[i] -= projection * q[i];
              }
          const double rest = norm_of();
          if (rest > (j < monomials.size(certain_degree) ? any_independence
                                                         : good_independence) *
                       monomials.independence(j) * norm)
            {
              for (unsigned int i = 0; i < n_nodes; ++i)
                column[i] /= rest;
              columns.push_back(j);
            }
        }
    }



    template <int dim>
    unsigned int
    PolynomialFit<dim>::degree() const
    {
      unsigned int degree = 0;
      while (degree < monomials.degree() &&
             monomials.size(degree + 1) <= columns.size() &&
             columns[monomials.size(degree + 1) - 1] ==
               monomials.size(degree + 1) - 1)
        ++degree;
      return degree;
    }



    template <int dim>
    typename PolynomialFit<dim>::Polynomial
    PolynomialFit<dim>::fit(const std::vector<double> &values) const
    {
      AssertDimension(values.size(), weights.size());
      const unsigned int  n_nodes = values.size(), n = columns.size();
      std::vector<double> b(n_nodes);
      for (unsigned int i = 0; i < n_nodes; ++i)
        b[i] = weights[i] * values[i];

      const char            left = 'L', transposed = 'T', upper = 'U', no = 'N';
      const types::blas_int blas_rows = n_nodes, blas_columns = n, one = 1;
      std::vector<double>   work(32);
      const types::blas_int work_size = work.size();
      types::blas_int       info      = 0;
      ormqr(&left,
            &transposed,
            &blas_rows,
            &one,
            &blas_columns,
            factorization.data(),
            &blas_rows,
            reflections.data(),
            b.data(),
            &blas_rows,
            work.data(),
            &work_size,
            &info);
      AssertThrow(info == 0, ExcInternalError());

      // Without a misfit, take as such what the highest monomial contributes
      const unsigned int n_used = std::min(n, n_nodes - 1);
      double             misfit = 0;
      for (unsigned int i = n_used; i < n_nodes; ++i)
        misfit += b[i] * b[i];

      trtrs(&upper,
            &no,
            &no,
            &blas_columns,
            &one,
            factorization.data(),
            &blas_rows,
            b.data(),
            &blas_rows,
            &info);
      AssertThrow(info == 0, ExcInternalError());
      b.resize(n);
      return {b, misfit / std::max(1u, n_nodes - n_used)};
    }



    template <int dim>
    std::vector<typename PolynomialFit<dim>::Estimate>
    PolynomialFit<dim>::derivative(const std::vector<Polynomial> &polynomials,
                                   const Point<dim>              &x,
                                   const Tensor<2, dim>          &to_cell,
                                   const MultiIndex &derivative) const
    {
      Point<dim> variables;
      for (unsigned int d = 0; d < dim; ++d)
        variables[d] = scale[d] * x[d] - offset[d];
      std::vector<double> all = monomials.values(variables);
      for (unsigned int d = 0; d < dim; ++d)
        for (unsigned int k = 0; k < derivative[d]; ++k)
          {
            Tensor<1, dim> direction;
            for (unsigned int i = 0; i < dim; ++i)
              direction[i] = scale[i] * to_cell[i][d];
            all = monomials.differentiate(all, direction);
          }
      std::vector<double> functional;
      for (const unsigned int column : columns)
        functional.push_back(all[column]);

      std::vector<Estimate> estimates;
      for (const Polynomial &polynomial : polynomials)
        estimates.push_back({std::inner_product(functional.begin(),
                                                functional.end(),
                                                polynomial.coefficients.begin(),
                                                0.),
                             polynomial.variance});

      const char            upper = 'U', transposed = 'T', no = 'N';
      const types::blas_int blas_rows    = weights.size(),
                            blas_columns = columns.size(), one = 1;
      types::blas_int info = 0;
      trtrs(&upper,
            &transposed,
            &no,
            &blas_columns,
            &one,
            factorization.data(),
            &blas_rows,
            functional.data(),
            &blas_columns,
            &info);
      AssertThrow(info == 0, ExcInternalError());
      const double amplification = std::inner_product(
        functional.begin(), functional.end(), functional.begin(), 0.);
      for (Estimate &estimate : estimates)
        estimate.variance *= amplification;
      return estimates;
    }



    template <int dim>
    std::vector<unsigned int>
    PolynomialFits<dim>::sort(const std::vector<Point<dim>> &nodes, Key &key)
    {
      // The offset keeps the places where rounding jumps away from simple
      // fractions, where nodes are.
      const double offset = (numbers::SQRT2 - 1.) / 2.;
      Key          unsorted(nodes.size());
      for (unsigned int i = 0; i < nodes.size(); ++i)
        for (unsigned int d = 0; d < dim; ++d)
          unsorted[i][d] =
            std::llround(std::ldexp(nodes[i][d], n_bits_of_cell) + offset);
      std::vector<unsigned int> order(nodes.size());
      std::iota(order.begin(), order.end(), 0);
      std::sort(order.begin(),
                order.end(),
                [&](const unsigned int i, const unsigned int j) {
                  return unsorted[i] < unsorted[j];
                });
      key.clear();
      for (const unsigned int i : order)
        key.push_back(unsorted[i]);
      return order;
    }



    template <int dim>
    std::shared_ptr<const PolynomialFit<dim>>
    PolynomialFits<dim>::get(const Monomials<dim>          &monomials,
                             const unsigned int             certain_degree,
                             const std::vector<Point<dim>> &nodes,
                             const Key                     &key)
    {
      if (fits.size() == max_fits)
        fits.clear();
      auto &fit = fits[{monomials.degree(), certain_degree, key}];
      if (!fit)
        fit = std::make_shared<const PolynomialFit<dim>>(
          monomials, certain_degree, nodes);
      return fit;
    }



    template class Monomials<1>;
    template class Monomials<2>;
    template class Monomials<3>;
    template class PolynomialFit<1>;
    template class PolynomialFit<2>;
    template class PolynomialFit<3>;
    template class PolynomialFits<1>;
    template class PolynomialFits<2>;
    template class PolynomialFits<3>;
  } // namespace internal
} // namespace derl
