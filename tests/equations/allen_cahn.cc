// The manufactured solution must have the derivatives that it claims, and
// solve the equation, for every number type that passes through the residual.
// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/random.h>

#include <derl/equations/allen_cahn.h>

#include <deal.II/base/quadrature_lib.h>

#include <Sacado.hpp>

#include <experimental/simd>

#include "../check.h"

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



template <int dim>
void
check_residual()
{
  constexpr unsigned int          n = AllenCahn<dim>::n_jet_entries;
  const ManufacturedSolution<dim> u;
  const AllenCahn<dim>            equation(0.01, 0.7);
  const DerivativeSet             set = AllenCahn<dim>::derivative_set();
  check("jet length", set.size() == n && equation.get_lambda() == 0.01);

  bool         positions_good = true;
  double       of_solution = 0, difference = 0;
  RandomStream random(2);
  for (unsigned int i = 0; i < 20; ++i)
    {
      const Point<dim>              x        = random_point<dim>(random);
      const Tensor<1, dim>          gradient = u.gradient(x);
      const SymmetricTensor<2, dim> hessian  = u.hessian(x);
      std::array<double, n>         jet;
      for (unsigned int e = 0; e < n; ++e)
        {
          std::vector<unsigned int> directions;
          for (unsigned int d = 0; d < dim; ++d)
            directions.insert(directions.end(), set[e][d], d);
          jet[e] = directions.empty() ? u.value(x)
                   : directions.size() == 1
                     ? gradient[directions[0]]
                     : hessian[directions[0]][directions[1]];
          if (directions.size() == 2)
            positions_good = positions_good &&
                             AllenCahn<dim>::second_derivative_index(
                               directions[0], directions[1]) == e &&
                             AllenCahn<dim>::second_derivative_index(
                               directions[1], directions[0]) == e;
        }
      of_solution = std::max(
        of_solution,
        std::abs(equation.residual(x, jet)[0]) +
          std::abs(equation.residual(x, u.value(x), gradient, hessian)));

      // An arbitrary jet, in all number types
      for (double &entry : jet)
        entry += random.uniform();
      const double residual = equation.residual(x, jet)[0];

      using Fad  = Sacado::Fad::DFad<double>;
      using Pack = std::experimental::native_simd<double>;
      std::array<Fad, n>  fad_jet;
      std::array<Pack, n> pack_jet;
      double              laplacian = 0;
      for (unsigned int e = 0; e < n; ++e)
        {
          fad_jet[e]  = Fad(n, e, jet[e]);
          pack_jet[e] = jet[e];
        }
      for (unsigned int d = 0; d < dim; ++d)
        laplacian += jet[AllenCahn<dim>::second_derivative_index(d, d)];
      const Fad  fad_residual  = equation.residual(x, fad_jet)[0];
      const Pack pack_residual = equation.residual(x, pack_jet)[0];
      difference               = std::max(
        {difference,
                       std::abs(residual - 0.01 * laplacian -
                  0.7 * (std::pow(jet[0], 3) - jet[0]) + equation.forcing(x)),
                       std::abs(fad_residual.val() - residual),
                       std::abs(fad_residual.dx(0) - 0.7 * (3 * jet[0] * jet[0] - 1)),
                       std::abs(pack_residual[0] - residual)});
    }
  check("positions of second derivatives", positions_good);
  check("residual of the solution, " + std::to_string(dim) + "d",
        of_solution,
        1e-15);
  check("residual in other number types", difference, 1e-14);
}



/**
 * The norms that the experiment's description states.
 */
template <int dim>
void
print_norms()
{
  const ManufacturedSolution<dim> u;
  const AllenCahn<dim>            equation(0.01);
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
      forcing += weight * std::pow(equation.forcing(x), 2);
    }
  deallog << "norms of u, grad u / (sqrt(dim) pi), f: " << std::sqrt(value)
          << ' ' << std::sqrt(gradient / dim) / numbers::PI << ' '
          << std::sqrt(forcing) << std::endl;
}



int
main(int argc, char **argv)
{
  Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  initlog();

  check_derivatives<2>();
  check_derivatives<3>();
  check_residual<2>();
  check_residual<3>();
  print_norms<2>();
  print_norms<3>();
  for (const double lambda : {0., -1., std::nan("")})
    expect_error("lambda", [&]() { AllenCahn<2> equation(lambda); });
}
