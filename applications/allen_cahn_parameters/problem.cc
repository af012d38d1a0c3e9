// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "problem.h"

#include <derl/data/sampling.h>

#include <derl/equations/sacado_residual.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/numbers.h>
#include <deal.II/base/quadrature_lib.h>

#include <algorithm>
#include <cmath>

namespace derl
{
  using namespace dealii;

  namespace
  {
    constexpr unsigned int no_parameter = numbers::invalid_unsigned_int;

    /**
     * The exact solution or, given the number of a parameter, its derivative
     * with respect to that.
     */
    struct Formula
    {
      bool         is_exponential;
      unsigned int derivative = no_parameter;

      template <typename Coordinates, typename Number>
      std::array<Number, 1>
      operator()(const Coordinates &x,
                 const Number &,
                 const std::vector<double> &xi) const
      {
        using std::exp;
        using std::sin;
        constexpr double pi     = numbers::PI;
        Number           result = 0.;
        if (is_exponential)
          {
            result =
              sin(pi * x[0]) * sin(pi * x[1]) * exp(-xi[0] * (x[0] + 0.7));
            if (derivative == 0)
              result = -(x[0] + 0.7) * result;
          }
        else
          for (unsigned int i = 0; i < 2; ++i)
            if (derivative == no_parameter || derivative == i)
              {
                const double wave = (i + 1) * pi;
                const double factor =
                  (derivative == no_parameter ? xi[i] : 1.) /
                  (2. * (i + 1) * (i + 1));
                result += factor * sin(wave * x[0]) * sin(wave * x[1]);
              }
        return {{result}};
      }
    };



    std::vector<ParametricProblem::Set>
    one_parameter()
    {
      return {{"training",
               {{1.19616},
                {1.27765},
                {0.73846},
                {2.02364},
                {1.08907},
                {3.11568},
                {3.02412},
                {1.84001}}},
              {"validation", {{2.08303}, {0.51412}}},
              {"test", {{0.6}, {0.9}, {1.4}, {2.3}, {2.6}, {2.8}}}};
    }



    std::vector<ParametricProblem::Set>
    two_parameters()
    {
      return {{"training",
               {{0.136234, 0.544136},
                {0.335242, 0.595438},
                {0.585694, 0.406690},
                {0.629100, 0.734953},
                {0.515382, 0.472379},
                {0.518176, 0.766855},
                {0.663048, 0.163651},
                {0.933850, 0.089703},
                {0.644144, 0.380748},
                {0.195771, 0.994194},
                {0.235180, 0.238986},
                {0.991751, 0.235058},
                {0.555613, 0.376420},
                {0.026624, 0.494149},
                {0.316133, 0.346250}}},
              {"validation",
               {{0.386152, 0.744137},
                {0.834715, 0.366987},
                {0.688344, 0.031131},
                {0.962608, 0.346662},
                {0.902514, 0.286435}}},
              {"test",
               {{0.104755, 0.647670},
                {0.261525, 0.465852},
                {0.425622, 0.519114},
                {0.668180, 0.993184},
                {0.612302, 0.311010}}}};
    }



    /**
     * The samples of a derivative of u as columns of u.
     */
    Samples
    as_derivative(const Samples &samples, const unsigned int coordinate)
    {
      std::vector<JetEntry> columns = samples.columns();
      for (JetEntry &column : columns)
        ++column.derivative[coordinate];
      Samples result(samples.n_coordinates(), columns, samples.origin());
      for (unsigned int i = 0; i < samples.size(); ++i)
        result.add(make_array_view(samples.point(i),
                                   samples.point(i) + samples.n_coordinates()),
                   make_array_view(samples.observations(i),
                                   samples.observations(i) + columns.size()),
                   samples.weight(i));
      return result;
    }
  } // namespace



  ParametricProblem::ParametricProblem(const std::string &name,
                                       const unsigned int n_training)
    : is_exponential(name == "exp")
    , coordinates(is_exponential
                    ? std::vector<std::string>{"x", "y", "xi"}
                    : std::vector<std::string>{"x", "y", "xi1", "xi2"})
    , sets(is_exponential ? one_parameter() : two_parameters())
    , exact(solution_of_formula<2>(Formula{is_exponential}))
  {
    auto &training = sets[0].second;
    if (n_training > 0 && n_training < training.size())
      training.resize(n_training);
    for (unsigned int k = 0; k + 2 < coordinates.size(); ++k)
      derivatives.push_back(solution_of_formula<2>(Formula{is_exponential, k}));
    forcing = std::make_shared<const ScalarFunctionFromFunctionObject<2>>(
      [this](const Point<2> &x) {
        const double u = exact->value(x);
        return diffusion() * exact->laplacian(x) + u * (u * u - 1.);
      });
  }



  void
  ParametricProblem::set_parameters(const std::vector<double> &values) const
  {
    exact->parameters = values;
    for (const auto &derivative : derivatives)
      derivative->parameters = values;
  }



  const std::vector<double> &
  ParametricProblem::get_parameters() const
  {
    return exact->parameters;
  }



  double
  ParametricProblem::diffusion() const
  {
    return is_exponential ? exact->parameters[0] : 0.1;
  }



  double
  ParametricProblem::diffusion_derivative(const unsigned int) const
  {
    return is_exponential ? 1. : 0.;
  }



  double
  ParametricProblem::forcing_derivative(const unsigned int k,
                                        const Point<2>    &x) const
  {
    const double u = exact->value(x);
    return diffusion_derivative(k) * exact->laplacian(x) +
           diffusion() * derivatives[k]->laplacian(x) +
           (3. * u * u - 1.) * derivatives[k]->value(x);
  }



  std::shared_ptr<const Residual>
  ParametricProblem::equation() const
  {
    return residual({"u", "u_xx", "u_yy"},
                    {"f"},
                    [is_coefficient = is_exponential](
                      const auto &jet, const auto &columns, const auto &point) {
                      const auto &[u, u_xx, u_yy] = jet;
                      const double lambda = is_coefficient ? point[2] : 0.1;
                      return rows(lambda * (u_xx + u_yy) + u * u * u - u -
                                  columns[0]);
                    });
  }



  Samples
  ParametricProblem::sample(const MPI_Comm                  &communicator,
                            const std::vector<Point<2>>     &points,
                            const std::vector<unsigned int> &orders,
                            const bool with_parameter_derivatives) const
  {
    std::vector<double> point = {0., 0.};
    point.insert(point.end(), get_parameters().begin(), get_parameters().end());
    std::vector<Samples>      tables = {relabel_coordinates(
      sample_function(communicator, *exact, points, orders, {{{"f"}, forcing}}),
      {0, 1},
      point)};
    std::vector<unsigned int> in_space;
    for (const unsigned int order : orders)
      if (order > 0)
        in_space.push_back(order - 1);
    if (with_parameter_derivatives && !in_space.empty())
      for (unsigned int k = 0; k < derivatives.size(); ++k)
        tables.push_back(as_derivative(
          relabel_coordinates(
            sample_function(communicator, *derivatives[k], points, in_space),
            {0, 1},
            point),
          2 + k));
    std::vector<const Samples *> pointers;
    for (const Samples &table : tables)
      pointers.push_back(&table);
    return join_columns(pointers);
  }



  bool
  ParametricProblem::is_inside() const
  {
    // seen from outside, all training parameters are within half a turn
    const std::vector<double> &xi = get_parameters();
    std::vector<double>        angles;
    for (const std::vector<double> &known : sets[0].second)
      angles.push_back(
        std::atan2(xi.size() > 1 ? known[1] - xi[1] : 0., known[0] - xi[0]));
    std::sort(angles.begin(), angles.end());
    double largest_gap = angles.front() + 2. * numbers::PI - angles.back();
    for (unsigned int i = 1; i < angles.size(); ++i)
      largest_gap = std::max(largest_gap, angles[i] - angles[i - 1]);
    return largest_gap < (1. + 1e-12) * numbers::PI;
  }



  double
  ParametricProblem::rms_of_forcing() const
  {
    const QIterated<2> quadrature(QGauss<1>(4), 16);
    double             sum = 0.;
    for (unsigned int q = 0; q < quadrature.size(); ++q)
      {
        Point<2> x;
        for (unsigned int d = 0; d < 2; ++d)
          x[d] = 2. * quadrature.point(q)[d] - 1.;
        sum += quadrature.weight(q) * std::pow(forcing->value(x), 2);
      }
    return std::sqrt(sum);
  }



  std::vector<std::vector<double>>
  ParametricProblem::map(const unsigned int n) const
  {
    std::vector<std::vector<double>> result;
    for (unsigned int i = 0; i < n * n; ++i)
      result.push_back(
        is_exponential
          ? std::vector<double>{0.5 + 2.7 * i / (n * n - 1.)}
          : std::vector<double>{(i % n + 1.) / n, (i / n + 1.) / n});
    return result;
  }
} // namespace derl
