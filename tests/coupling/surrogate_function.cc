// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A surrogate as a function of space must agree with itself in all forms of
// evaluation, with its differences, and from any number of threads.

#include <derl/coupling/surrogate_function.h>

#include <algorithm>
#include <array>
#include <limits>
#include <thread>

#include "../../source/base/random.h"
#include "../check.h"

namespace test_surrogate_function
{
using namespace dealii;
using namespace derl;

template <int dim>
Surrogate
random_surrogate(const unsigned int n_components)
{
  NetworkParameters options;
  options.hidden                       = {9, 7};
  std::vector<std::string> coordinates = {"x", "y", "z"};
  std::vector<std::string> components  = {"u", "v"};
  coordinates.resize(dim);
  components.resize(n_components);
  Surrogate surrogate(options, coordinates, components);
  surrogate.scaling.input_shift[0]  = 0.1;
  surrogate.scaling.input_scale[0]  = 0.5;
  surrogate.scaling.output_shift[0] = -0.2;
  surrogate.scaling.output_scale[0] = 3.;
  return surrogate;
}



template <int dim>
std::vector<Point<dim>>
some_points(const unsigned int n)
{
  RandomStream            random(1);
  std::vector<Point<dim>> points(n);
  for (Point<dim> &point : points)
    for (unsigned int d = 0; d < dim; ++d)
      point[d] = 2. * random.uniform() - 1.;
  return points;
}



/**
 * The largest difference of all forms of evaluation from jets() with all
 * derivatives.
 */
template <int dim>
void
check_forms()
{
  const unsigned int           n_components = 2;
  const SurrogateFunction<dim> u(random_surrogate<dim>(n_components));
  const auto                   points = some_points<dim>(300);
  const unsigned int           n      = points.size();
  const auto                   jets   = u.jets(points, 2);

  double     value_error = 0, gradient_error = 0, hessian_error = 0;
  const auto compare_value =
    [&](const unsigned int i, const unsigned int c, const double x) {
      value_error = std::max(value_error, std::abs(x - jets.values[i](c)));
    };
  const auto compare_gradient =
    [&](const unsigned int i, const unsigned int c, const Tensor<1, dim> &x) {
      gradient_error =
        std::max(gradient_error, (x - jets.gradients[i][c]).norm());
    };
  const auto compare_hessian = [&](const unsigned int             i,
                                   const unsigned int             c,
                                   const SymmetricTensor<2, dim> &x) {
    hessian_error = std::max(hessian_error, (x - jets.hessians[i][c]).norm());
  };
  const auto compare_laplacian =
    [&](const unsigned int i, const unsigned int c, const double x) {
      hessian_error =
        std::max(hessian_error, std::abs(x - trace(jets.hessians[i][c])));
    };

  // All components at once
  std::vector<Vector<double>>              values(n, Vector<double>(2));
  std::vector<std::vector<Tensor<1, dim>>> gradients(
    n, std::vector<Tensor<1, dim>>(2));
  std::vector<std::vector<SymmetricTensor<2, dim>>> hessians(
    n, std::vector<SymmetricTensor<2, dim>>(2));
  std::vector<Vector<double>> laplacians = values;
  u.vector_value_list(points, values);
  u.vector_gradient_list(points, gradients);
  u.vector_hessian_list(points, hessians);
  u.vector_laplacian_list(points, laplacians);
  std::vector<std::vector<double>>         values_of(2, std::vector<double>(n));
  std::vector<std::vector<Tensor<1, dim>>> gradients_of(
    2, std::vector<Tensor<1, dim>>(n));
  u.vector_values(points, values_of);
  u.vector_gradients(points, gradients_of);
  for (unsigned int i = 0; i < n; ++i)
    {
      Vector<double>                       value(2), laplacian(2);
      std::vector<Tensor<1, dim>>          gradient(2);
      std::vector<SymmetricTensor<2, dim>> hessian(2);
      u.vector_value(points[i], value);
      u.vector_gradient(points[i], gradient);
      u.vector_hessian(points[i], hessian);
      u.vector_laplacian(points[i], laplacian);
      for (unsigned int c = 0; c < n_components; ++c)
        {
          compare_value(i, c, values[i](c));
          compare_value(i, c, values_of[c][i]);
          compare_value(i, c, value(c));
          compare_gradient(i, c, gradients[i][c]);
          compare_gradient(i, c, gradients_of[c][i]);
          compare_gradient(i, c, gradient[c]);
          compare_hessian(i, c, hessians[i][c]);
          compare_hessian(i, c, hessian[c]);
          compare_laplacian(i, c, laplacians[i](c));
          compare_laplacian(i, c, laplacian(c));
        }
    }

  // One component at a time
  for (unsigned int c = 0; c < n_components; ++c)
    {
      std::vector<double>                  value(n), laplacian(n);
      std::vector<Tensor<1, dim>>          gradient(n);
      std::vector<SymmetricTensor<2, dim>> hessian(n);
      u.value_list(points, value, c);
      u.gradient_list(points, gradient, c);
      u.hessian_list(points, hessian, c);
      u.laplacian_list(points, laplacian, c);
      for (unsigned int i = 0; i < n; ++i)
        {
          compare_value(i, c, value[i]);
          compare_value(i, c, u.value(points[i], c));
          compare_gradient(i, c, gradient[i]);
          compare_gradient(i, c, u.gradient(points[i], c));
          compare_hessian(i, c, hessian[i]);
          compare_hessian(i, c, u.hessian(points[i], c));
          compare_laplacian(i, c, laplacian[i]);
          compare_laplacian(i, c, u.laplacian(points[i], c));
        }
    }
  // lanes of vectorized numbers, as many as this deal.II has
  constexpr unsigned int width = VectorizedArray<double>::size();
  std::vector<Point<dim, VectorizedArray<double>>> rows((n + width - 1) /
                                                        width);
  for (unsigned int i = 0; i < rows.size() * width; ++i)
    for (unsigned int d = 0; d < dim; ++d)
      rows[i / width][d][i % width] = points[std::min(i, n - 1)][d];
  typename SurrogateFunction<dim>::template BatchJets<2, width> batch;
  u.batch_jets(rows, 2, batch);
  for (unsigned int i = 0; i < n; ++i)
    for (unsigned int c = 0; c < n_components; ++c)
      {
        Tensor<1, dim> gradient;
        Tensor<2, dim> hessian;
        for (unsigned int d = 0; d < dim; ++d)
          {
            gradient[d] = batch.gradients[i / width][c][d][i % width];
            for (unsigned int e = 0; e < dim; ++e)
              hessian[d][e] = batch.hessians[i / width][c][d][e][i % width];
          }
        compare_value(i, c, batch.values[i / width][c][i % width]);
        compare_gradient(i, c, gradient);
        compare_hessian(i, c, symmetrize(hessian));
        hessian_error =
          std::max(hessian_error, (hessian - transpose(hessian)).norm());
      }
  const auto up_to_first = u.jets(points, 1);
  for (unsigned int i = 0; i < n; ++i)
    for (unsigned int c = 0; c < n_components; ++c)
      {
        compare_value(i, c, up_to_first.values[i](c));
        compare_gradient(i, c, up_to_first.gradients[i][c]);
      }

  const std::string name = std::to_string(dim) + "d, ";
  check(name + "values", value_error, 1e-13);
  check(name + "gradients", gradient_error, 1e-13);
  check(name + "Hessians", hessian_error, 1e-12);

  double       quotient_error = 0;
  const double step           = 1e-5;
  for (unsigned int i = 0; i < 20; ++i)
    for (unsigned int c = 0; c < n_components; ++c)
      for (unsigned int d = 0; d < dim; ++d)
        {
          Tensor<1, dim> h;
          h[d] = step;
          const double value =
            (u.value(points[i] + h, c) - u.value(points[i] - h, c)) /
            (2 * step);
          const Tensor<1, dim> gradient =
            (u.gradient(points[i] + h, c) - u.gradient(points[i] - h, c)) /
            (2 * step);
          quotient_error = std::max(
            {quotient_error,
             std::abs(value - jets.gradients[i][c][d]),
             (gradient - Tensor<2, dim>(jets.hessians[i][c])[d]).norm()});
        }
  check(name + "differences", quotient_error, 1e-7);
  check(name + "nothing to compute",
        u.jets({}, 2).values.empty() && up_to_first.hessians.empty());
}



/**
 * Threads that evaluate at once must not disturb each other.
 */
void
check_threads()
{
  const SurrogateFunction<2> u(random_surrogate<2>(1));
  const unsigned int         n_threads = 4;
  const auto                 points    = some_points<2>(400);
  const auto                 expected  = u.jets(points, 2);

  std::array<bool, n_threads> same;
  std::vector<std::thread>    threads;
  for (unsigned int t = 0; t < n_threads; ++t)
    threads.emplace_back([&, t]() {
      same[t] = true;
      for (unsigned int repetition = 0; repetition < 50; ++repetition)
        {
          const auto jets = u.jets(points, 2);
          for (unsigned int i = t; i < points.size(); i += n_threads)
            same[t] = same[t] && jets.values[i] == expected.values[i] &&
                      jets.gradients[i] == expected.gradients[i] &&
                      jets.hessians[i] == expected.hessians[i];
        }
    });
  for (std::thread &thread : threads)
    thread.join();
  check("threads",
        same == std::array<bool, n_threads>{{true, true, true, true}});
}



void
check_errors()
{
  expect_error("dimension",
               []() { SurrogateFunction<3> u(random_surrogate<2>(1)); });
  expect_error("parameters", []() {
    Surrogate bad     = random_surrogate<2>(1);
    bad.parameters[0] = std::numeric_limits<double>::quiet_NaN();
    SurrogateFunction<2> u(bad);
  });
  // also where assertions are off
  const SurrogateFunction<2> u(random_surrogate<2>(1));
  expect_error("third derivatives", [&]() { u.jets({Point<2>()}, 3); });
  expect_error("third derivatives in a batch", [&]() {
    SurrogateFunction<2>::BatchJets<1, 1> jets;
    u.batch_jets({Point<2, VectorizedArray<double, 1>>()}, 3, jets);
  });
}



DERL_TEST(surrogate_function)
{
  initlog();

  check_forms<1>();
  check_forms<2>();
  check_forms<3>();
  check_threads();
  check_errors();
}
} // namespace test_surrogate_function
