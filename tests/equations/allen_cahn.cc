// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// The manufactured solution must have the derivatives that it claims, and solve
// the equation.

#include <derl/equations/residual.h>

#include <allen_cahn/manufactured_solution.h>

#include <deal.II/base/quadrature_lib.h>

#include <algorithm>

#include "../../source/base/random.h"
#include "../check.h"

namespace test_allen_cahn
{
using namespace dealii;
using namespace derl;

template <int dim>
Point<dim>
random_point(RandomStream &random)
{
  Point<dim> x;
  for (unsigned int d = 0; d < dim; ++d)
    x[d] = 2. * random.uniform() - 1.;
  return x;
}



/**
 * Central differences of values and gradients must approach gradients and
 * Hessians with order two.
 */
template <int dim>
void
check_derivatives()
{
  const ManufacturedSolution<dim> u;
  const std::string               name = std::to_string(dim) + "d, ";

  std::array<double, 2> gradient_error = {}, hessian_error = {};
  double                laplacian_error = 0, value_error = 0;
  RandomStream          random(1);
  for (unsigned int i = 0; i < 20; ++i)
    {
      const Point<dim> x       = random_point<dim>(random);
      double           product = 1;
      for (unsigned int d = 0; d < dim; ++d)
        product *= std::sin(numbers::PI * x[d]);
      value_error     = std::max(value_error, std::abs(u.value(x) - product));
      laplacian_error = std::max(
        laplacian_error,
        std::abs(u.laplacian(x) - trace(u.hessian(x))) +
          std::abs(u.laplacian(x) + dim * std::pow(numbers::PI, 2) * product));
      for (unsigned int k = 0; k < 2; ++k)
        for (unsigned int d = 0; d < dim; ++d)
          {
            const double   step = std::pow(0.5, 8 + k);
            Tensor<1, dim> h;
            h[d] = step;
            gradient_error[k] +=
              std::abs((u.value(x + h) - u.value(x - h)) / (2 * step) -
                       u.gradient(x)[d]);
            const Tensor<1, dim> quotient =
              (u.gradient(x + h) - u.gradient(x - h)) / (2 * step);
            for (unsigned int e = 0; e < dim; ++e)
              hessian_error[k] += std::abs(quotient[e] - u.hessian(x)[d][e]);
          }
    }
  check(name + "value", value_error, 1e-15);
  check(name + "Laplacian", laplacian_error, 1e-13);
  const auto check_order = [&](const std::string           &what,
                               const std::array<double, 2> &error) {
    check(name + what, error[1], 0.1);
    deallog << "  order " << std::round(std::log2(error[0] / error[1]))
            << std::endl;
  };
  check_order("gradient", gradient_error);
  check_order("Hessian", hessian_error);
}



/**
 * The residual of the solution is zero, that of any other jet is what the
 * equation says, and so are its derivatives.
 */
template <int dim>
void
check_residual()
{
  const double                    lambda = 0.01, reaction = 0.7;
  const ManufacturedSolution<dim> u;
  const AllenCahnForcing<dim>     forcing(lambda, reaction);
  const auto                      equation = allen_cahn<dim>(lambda, reaction);
  const std::vector<std::string>  coordinates = {"x", "y", "z"};
  const Residual::Binding         binding     = equation->bind(
    FieldNames({coordinates.begin(), coordinates.begin() + dim}, {"u"}),
    {{}, {"something", "forcing"}});
  check("reads its column", binding.columns == std::vector<unsigned int>{1});

  double       of_solution = 0, difference = 0;
  RandomStream random(2);
  for (unsigned int i = 0; i < 20; ++i)
    {
      const Point<dim>    x = random_point<dim>(random);
      const double        f = forcing.value(x);
      std::vector<double> jet, derivatives(1 + dim);
      for (const JetEntry &entry : binding.entries)
        {
          unsigned int d = 0;
          while (d < dim && entry.derivative[d] != 2)
            ++d;
          jet.push_back(d == dim ? u.value(x) : u.hessian(x)[d][d]);
        }
      double          row;
      Residual::Batch batch{1, {}, {&f}, x.begin_raw(), dim};
      for (const double &entry : jet)
        batch.jets.push_back(&entry);
      std::vector<double *> arrays;
      for (double &derivative : derivatives)
        arrays.push_back(&derivative);
      equation->evaluate(batch, {&row});
      of_solution = std::max(of_solution, std::abs(row));

      double laplacian = 0;
      for (double &entry : jet)
        entry += random.uniform();
      for (unsigned int d = 0; d < dim; ++d)
        laplacian += jet[1 + d];
      equation->evaluate(batch, {&row});
      const double of_other = row;
      equation->linearize(batch, {&row}, arrays);
      difference = std::max(
        {difference,
         std::abs(row - of_other),
         std::abs(row - lambda * laplacian -
                  reaction * (std::pow(jet[0], 3) - jet[0]) + f),
         std::abs(derivatives[0] - reaction * (3 * jet[0] * jet[0] - 1)),
         std::abs(derivatives[1] - lambda),
         std::abs(derivatives[dim] - lambda)});
    }
  check("residual of the solution, " + std::to_string(dim) + "d",
        of_solution,
        1e-15);
  check("residual of other functions", difference, 1e-14);
}



/**
 * The norms that the experiment's description states.
 */
template <int dim>
void
print_norms()
{
  const ManufacturedSolution<dim> u;
  const AllenCahnForcing<dim>     f(0.01);
  const QIterated<dim>            quadrature(QGauss<1>(8), 4);

  double value = 0, gradient = 0, forcing = 0;
  for (unsigned int q = 0; q < quadrature.size(); ++q)
    {
      Point<dim> x;
      for (unsigned int d = 0; d < dim; ++d)
        x[d] = 2. * quadrature.point(q)[d] - 1.;
      const double weight = std::pow(2., dim) * quadrature.weight(q);
      value += weight * std::pow(u.value(x), 2);
      gradient += weight * u.gradient(x).norm_square();
      forcing += weight * std::pow(f.value(x), 2);
    }
  deallog << "norms of u, grad u / (sqrt(dim) pi), f: " << std::sqrt(value)
          << ' ' << std::sqrt(gradient / dim) / numbers::PI << ' '
          << std::sqrt(forcing) << std::endl;
}



DERL_TEST(allen_cahn)
{
  initlog();

  check_derivatives<2>();
  check_derivatives<3>();
  check_residual<2>();
  check_residual<3>();
  print_norms<2>();
  print_norms<3>();
  for (const double lambda : {0., -1., std::nan("")})
    expect_error("lambda", [&]() { allen_cahn<2>(lambda); });
}
} // namespace test_allen_cahn
