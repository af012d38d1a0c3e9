// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// A surrogate of space, time and parameters must be the same function as its
// network, in each copy with its own time and parameters, on any thread; and
// must tell when it extrapolates.

#include <derl/coupling/surrogate_function.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <limits>
#include <thread>

#include "../check.h"

namespace test_coordinates
{
using namespace dealii;
using namespace derl;

Surrogate
make_surrogate(const std::vector<std::string> &coordinates,
               const unsigned int              n_components)
{
  NetworkParameters options;
  options.hidden = {9, 7};
  return Surrogate(
    options, coordinates, std::vector<std::string>(n_components, "u"));
}



const std::vector<Point<2>> points = {{0.1, -0.3},
                                      {-0.8, 0.4},
                                      {0.9, 0.2},
                                      {0., 1.}};



/**
 * Entry [point][component][derivative] from the network itself.
 */
Table<3, double>
from_network(const Surrogate           &surrogate,
             const std::vector<double> &others,
             const DerivativeSet       &derivatives)
{
  const JetPlan      plan = surrogate.make_plan(derivatives);
  JetPlan::Workspace workspace(plan);
  plan.set_parameters(surrogate.parameters, workspace);
  std::vector<double> coordinates;
  for (const Point<2> &point : points)
    {
      coordinates.push_back(point[0]);
      coordinates.push_back(point[1]);
      coordinates.insert(coordinates.end(), others.begin(), others.end());
    }
  Table<3, double> result(
    points.size(), surrogate.components.size(), derivatives.size());
  plan.evaluate(ArrayView<const double>(coordinates.data(), coordinates.size()),
                workspace,
                [&](const unsigned int first, const JetBlock &block) {
                  for (unsigned int c = 0; c < result.size(1); ++c)
                    for (unsigned int e = 0; e < result.size(2); ++e)
                      for (unsigned int k = 0; k < block.n_points(); ++k)
                        result(first + k, c, e) = block(c, e)[k];
                });
  return result;
}



double
distance(const Table<3, double> &a, const Table<3, double> &b)
{
  double result = 0;
  for (unsigned int i = 0; i < a.size(0); ++i)
    for (unsigned int c = 0; c < a.size(1); ++c)
      for (unsigned int e = 0; e < a.size(2); ++e)
        result = std::max(result, std::abs(a(i, c, e) - b(i, c, e)));
  return result;
}



/**
 * Errors of values, gradients and Hessians against derivatives() and the
 * network.
 */
void
check_coordinates(const std::string              &name,
                  const std::vector<std::string> &coordinates,
                  const double                    time,
                  const std::vector<double>      &parameters)
{
  const Surrogate      surrogate = make_surrogate(coordinates, 2);
  SurrogateFunction<2> u(surrogate);
  const unsigned int   n = coordinates.size();
  check(name + ", kinds of coordinates",
        u.n_parameters() == parameters.size() &&
          u.has_time() == (n > 2 + parameters.size()));
  u.set_time(time);
  u.set_parameters(parameters);

  std::vector<double> others = parameters;
  if (u.has_time())
    others.insert(others.begin(), time);
  const DerivativeSet    all      = DerivativeSet::up_to_order(n, 3);
  const Table<3, double> expected = from_network(surrogate, others, all);
  check("  derivatives", distance(u.derivatives(points, all), expected), 1e-12);

  const auto jets  = u.jets(points, 2);
  double     error = 0;
  for (unsigned int i = 0; i < points.size(); ++i)
    for (unsigned int c = 0; c < 2; ++c)
      {
        error = std::max({error,
                          std::abs(jets.values[i](c) - expected(i, c, 0)),
                          std::abs(u.value(points[i], c) - expected(i, c, 0))});
        for (unsigned int d = 0; d < 2; ++d)
          {
            MultiIndex first(n, 0);
            ++first[d];
            error = std::max(error,
                             std::abs(jets.gradients[i][c][d] -
                                      expected(i, c, all.index_of(first))));
            for (unsigned int e = 0; e < 2; ++e)
              {
                MultiIndex second = first;
                ++second[e];
                error =
                  std::max(error,
                           std::abs(jets.hessians[i][c][d][e] -
                                    expected(i, c, all.index_of(second))));
              }
          }
      }
  check("  in space", error, 1e-12);
}



void
check_copies()
{
  const Surrogate      surrogate = make_surrogate({"x", "y", "t", "mu"}, 1);
  SurrogateFunction<2> u(surrogate);
  u.set_time(0.3);
  u.set_parameters({-0.2});
  SurrogateFunction<2> v(u);
  check("copy", v.value(points[0]) == u.value(points[0]));
  const double at_u = u.value(points[0]);
  v.set_time(0.7);
  v.set_parameters({0.5});
  check("own time and parameters",
        u.value(points[0]) == at_u && v.value(points[0]) != at_u &&
          u.get_parameters() == std::vector<double>{-0.2} &&
          v.get_time() == 0.7);
  const DerivativeSet value(4);
  check("  are those of the network",
        distance(v.derivatives(points, value),
                 from_network(surrogate, {0.7, 0.5}, value)),
        1e-13);

  // the plan of these derivatives is made by the first of the threads
  const DerivativeSet         rate(4, {{1, 0, 1, 0}});
  constexpr unsigned int      n_threads = 4;
  std::array<bool, n_threads> same;
  std::vector<std::thread>    threads;
  for (unsigned int t = 0; t < n_threads; ++t)
    threads.emplace_back([&, t]() {
      SurrogateFunction<2> mine(u);
      mine.set_time(t);
      const Table<3, double> expected =
        from_network(surrogate, {double(t), -0.2}, rate);
      same[t] = true;
      for (unsigned int repetition = 0; repetition < 200; ++repetition)
        same[t] =
          same[t] && distance(mine.derivatives(points, rate), expected) < 1e-13;
    });
  for (std::thread &thread : threads)
    thread.join();
  check("threads",
        same == std::array<bool, n_threads>{{true, true, true, true}});

  expect_error("parameters not set",
               [&]() { SurrogateFunction<2>(surrogate).value(points[0]); });
  expect_error("too many parameters", [&]() {
    SurrogateFunction<2>(surrogate).set_parameters({1., 2.});
  });
  expect_error("derivatives in space only", [&]() {
    u.derivatives(points, DerivativeSet::up_to_order(2, 1));
  });
}



/**
 * What @p work writes to the error stream.
 */
std::string
error_stream(const std::function<void()> &work)
{
  std::ostringstream    text;
  std::streambuf *const buffer = std::cerr.rdbuf(text.rdbuf());
  work();
  std::cerr.rdbuf(buffer);
  return text.str();
}



void
log_warning(const std::function<void()> &work)
{
  const std::string text = error_stream(work);
  deallog << text.substr(0, text.size() - 1) << std::endl;
}



void
check_box()
{
  Surrogate surrogate            = make_surrogate({"x", "y", "t", "mu"}, 1);
  surrogate.provenance.box_lower = {-1, -2, 0, 10};
  surrogate.provenance.box_upper = {1, 2, 1, 20};

  SurrogateFunction<2> u(surrogate);
  u.set_time(1.);
  u.set_parameters({10});
  check("inside, and within the tolerance",
        error_stream([&]() {
          std::vector<double> values(3);
          u.value_list({{0, 0}, {1.019, 1.}, {-1, -2.03}}, values);
        }).empty());
  log_warning([&]() { u.value({0.1, -2.5}); });
  const SurrogateFunction<2> copy(u);
  check("only once", error_stream([&]() {
                       u.value({0.1, -2.5});
                       u.gradient({0.1, 3});
                       copy.value({0.1, 4});
                     }).empty());
  log_warning([&]() { u.value({3, 1}); });
  u.set_time(1.1);
  u.set_parameters({20.5});
  log_warning([&]() { u.jets({{0, 0}}, 2); });

  SurrogateFunction<2> strict(surrogate, OutsideBox::error);
  strict.set_parameters({15});
  expect_error("outside", [&]() { strict.value({0., 2.1}); });
  strict.set_time(-1.);
  expect_error("before", [&]() { strict.hessian({0., 0.}); });
  strict.set_time(0.);
  expect_error("not a number", [&]() {
    strict.value({std::numeric_limits<double>::quiet_NaN(), 0.});
  });

  SurrogateFunction<2> careless(surrogate, OutsideBox::ignore);
  careless.set_parameters({30});
  check("ignored", error_stream([&]() { careless.value({5., 5.}); }).empty());
  surrogate.provenance = Provenance();
  SurrogateFunction<2> without_box(surrogate, OutsideBox::error);
  without_box.set_parameters({30});
  check("no box", error_stream([&]() { without_box.value({5., 5.}); }).empty());
}



template <int rank>
void
check_tensor(const unsigned int first_component)
{
  SurrogateFunction<2> u(make_surrogate({"x", "y", "t", "mu"}, 5));
  u.set_parameters({0.4});
  SurrogateTensorFunction<rank, 2> tensor(u, first_component);
  tensor.set_time(0.2);
  tensor.set_parameters({-0.3});
  u.set_time(0.2);
  u.set_parameters({-0.3});

  std::vector<Tensor<rank, 2>>     values(points.size());
  std::vector<Tensor<rank + 1, 2>> gradients(points.size());
  tensor.value_list(points, values);
  tensor.gradient_list(points, gradients);
  double error = 0;
  for (unsigned int i = 0; i < points.size(); ++i)
    {
      error = std::max({error,
                        (tensor.value(points[i]) - values[i]).norm(),
                        (tensor.gradient(points[i]) - gradients[i]).norm()});
      for (unsigned int e = 0; e < Tensor<rank, 2>::n_independent_components;
           ++e)
        {
          const auto indices =
            Tensor<rank, 2>::unrolled_to_component_indices(e);
          const unsigned int c = first_component + e;
          error                = std::max(
            error, std::abs(values[i][indices] - u.value(points[i], c)));
          for (unsigned int d = 0; d < 2; ++d)
            {
              const auto derivative =
                Tensor<rank + 1, 2>::unrolled_to_component_indices(2 * e + d);
              error = std::max(error,
                               std::abs(gradients[i][derivative] -
                                        u.gradient(points[i], c)[d]));
            }
        }
    }
  check("tensor of rank " + std::to_string(rank), error, 1e-13);
}



DERL_TEST(coordinates)
{
  initlog();

  check_coordinates("space", {"x", "y"}, 5., {});
  check_coordinates("time", {"x", "y", "t"}, 0.3, {});
  check_coordinates("parameters", {"x", "y", "mu", "t"}, 5., {0.3, -0.6});
  check_coordinates("both", {"x", "y", "t", "mu", "nu"}, 0.2, {0.3, -0.6});
  check_copies();
  check_box();
  check_tensor<1>(3);
  check_tensor<2>(1);
  expect_error("too few components", []() {
    SurrogateTensorFunction<2, 2> tensor(
      SurrogateFunction<2>(make_surrogate({"x", "y"}, 4)), 1);
  });
}
} // namespace test_coordinates
