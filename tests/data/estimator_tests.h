// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// What the tests of sampled derivatives share: functions with derivatives of
// any order, their interpolation, errors of samples.

#ifndef derl_tests_data_estimator_tests_h
#define derl_tests_data_estimator_tests_h

#include <derl/data/sampling.h>

#include <deal.II/base/function.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/grid/tria.h>

#include <deal.II/lac/affine_constraints.h>
#include <deal.II/lac/la_parallel_vector.h>

#include <deal.II/numerics/vector_tools.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "../check.h"

using namespace dealii;
using namespace derl;

using VectorType = LinearAlgebra::distributed::Vector<double>;

/**
 * A function with derivatives of any order.
 */
template <int dim>
class KnownFunction : public Function<dim>
{
public:
  using Function<dim>::Function;

  virtual double
  derivative(const Point<dim>  &x,
             const unsigned int component,
             const MultiIndex  &derivative) const = 0;

  double
  value(const Point<dim> &x, const unsigned int component) const override
  {
    return derivative(x, component, MultiIndex(dim, 0));
  }

  Tensor<1, dim>
  gradient(const Point<dim> &x, const unsigned int component) const override
  {
    Tensor<1, dim> result;
    for (unsigned int i = 0; i < dim; ++i)
      {
        MultiIndex once(dim, 0);
        ++once[i];
        result[i] = derivative(x, component, once);
      }
    return result;
  }

  SymmetricTensor<2, dim>
  hessian(const Point<dim> &x, const unsigned int component) const override
  {
    SymmetricTensor<2, dim> result;
    for (unsigned int i = 0; i < dim; ++i)
      for (unsigned int j = 0; j <= i; ++j)
        {
          MultiIndex twice(dim, 0);
          ++twice[i];
          ++twice[j];
          result[i][j] = derivative(x, component, twice);
        }
    return result;
  }
};



/**
 * The sum of all monomials of at most a degree, with different coefficients in
 * each component.
 */
template <int dim>
class Polynomial : public KnownFunction<dim>
{
public:
  Polynomial(const std::vector<unsigned int> &degrees)
    : KnownFunction<dim>(degrees.size())
    , degrees(degrees)
  {
  }

  double
  derivative(const Point<dim>  &x,
             const unsigned int component,
             const MultiIndex  &derivative) const override
  {
    double       sum         = 0;
    unsigned int coefficient = component;
    for (unsigned int m = 0; m <= degrees[component]; ++m)
      for (const MultiIndex &powers : derivatives_of_order(dim, m))
        {
          double product = 1. + 0.3 * (++coefficient % 4);
          for (unsigned int d = 0; d < dim; ++d)
            {
              for (unsigned int k = 0; k < derivative[d]; ++k)
                product *= powers[d] - double(k);
              if (powers[d] > derivative[d])
                product *= std::pow(x[d], powers[d] - derivative[d]);
            }
          sum += product;
        }
    return sum;
  }

private:
  const std::vector<unsigned int> degrees;
};



/**
 * The function sin(x_1 + 0.3) sin(x_2 + 0.3) ..., whose derivatives are
 * products of sines again.
 */
template <int dim>
class Sines : public KnownFunction<dim>
{
public:
  double
  derivative(const Point<dim> &x,
             const unsigned int,
             const MultiIndex &derivative) const override
  {
    double product = 1;
    for (unsigned int d = 0; d < dim; ++d)
      product *= std::sin(x[d] + 0.3 + derivative[d] * numbers::PI_2);
    return product;
  }
};



template <int dim>
SampleRequest<dim>
request(const Estimator estimator, const std::vector<unsigned int> &orders)
{
  SampleRequest<dim> result(orders);
  result.estimator     = estimator;
  result.use_variances = true;
  return result;
}



/**
 * Refine a part of a mesh around the origin, so that there are hanging nodes.
 */
template <int dim>
void
refine_part(Triangulation<dim> &triangulation)
{
  for (const auto &cell : triangulation.active_cell_iterators())
    if (cell->is_locally_owned() && cell->center()[0] < 0 &&
        cell->center()[dim - 1] < 0.1)
      cell->set_refine_flag();
  triangulation.execute_coarsening_and_refinement();
}



/**
 * The largest error of the derivatives of one order.
 */
template <int dim>
double
error_of_order(const Samples            &samples,
               const KnownFunction<dim> &function,
               const unsigned int        order_of_derivatives)
{
  double error = 0;
  for (unsigned int i = 0; i < samples.size(); ++i)
    {
      Point<dim> x;
      for (unsigned int d = 0; d < dim; ++d)
        x[d] = samples.point(i)[d];
      for (unsigned int c = 0; c < samples.columns().size(); ++c)
        {
          const JetEntry &column = samples.columns()[c];
          if (order(column.derivative) == order_of_derivatives)
            error =
              std::max(error,
                       std::abs(samples.observations(i)[c] -
                                function.derivative(
                                  x, column.component, column.derivative)));
        }
    }
  return error;
}



template <int dim>
inline VectorType
interpolate(const Mapping<dim>    &mapping,
            const DoFHandler<dim> &dof_handler,
            const Function<dim>   &function,
            const bool             continuous = false)
{
  IndexSet relevant;
  DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
  VectorType vector(
    dof_handler.locally_owned_dofs(), relevant, dof_handler.get_communicator());
  VectorTools::interpolate(mapping, dof_handler, function, vector);
  if (continuous)
    {
      AffineConstraints<double> constraints(relevant);
      DoFTools::make_hanging_node_constraints(dof_handler, constraints);
      constraints.close();
      vector.update_ghost_values();
      constraints.distribute(vector);
    }
  vector.update_ghost_values();
  return vector;
}



/**
 * Positions of samples by their points.
 */
template <int dim>
std::map<std::array<long, dim>, unsigned int>
positions(const Samples &samples)
{
  std::map<std::array<long, dim>, unsigned int> result;
  for (unsigned int i = 0; i < samples.size(); ++i)
    {
      std::array<long, dim> key;
      for (unsigned int d = 0; d < dim; ++d)
        key[d] = std::lround(1e9 * samples.point(i)[d]);
      result[key] = i;
    }
  return result;
}



/**
 * Check that every rank finds its own samples among those of a run on the whole
 * mesh. Derivatives may differ by @p tolerance times a power of ten for each
 * order. Collective.
 */
template <int dim>
void
check_partition(const std::string &name,
                const Samples     &all,
                const Samples     &own,
                const double       tolerance)
{
  const auto          in_all                = positions<dim>(all);
  double              difference_of_factors = 0;
  std::vector<double> difference(4, 0.);
  bool                found = true;
  for (const auto &[point, i] : positions<dim>(own))
    {
      const auto j = in_all.find(point);
      if (j == in_all.end())
        {
          found = false;
          continue;
        }
      for (unsigned int c = 0; c < own.columns().size(); ++c)
        {
          double &d = difference[order(own.columns()[c].derivative)];
          d         = std::max(
            d,
            std::abs(own.observations(i)[c] - all.observations(j->second)[c]));
          difference_of_factors =
            std::max(difference_of_factors,
                     std::abs(own.factors(i)[c] - all.factors(j->second)[c]));
        }
    }
  check(name + ", the same points",
        found && Utilities::MPI::sum(own.size(), MPI_COMM_WORLD) == all.size());
  for (unsigned int k = 0; k < 4; ++k)
    check(name + ", the same derivatives of order " + std::to_string(k),
          difference[k],
          tolerance * std::pow(10., k));
  check(name + ", the same factors", difference_of_factors, 1e-8);
}

#endif
