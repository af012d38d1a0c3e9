// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/coupling/error_integration.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/quadrature_lib.h>

#include <deal.II/fe/fe_values.h>

#include <deal.II/lac/la_parallel_vector.h>
#include <deal.II/lac/petsc_vector.h>
#include <deal.II/lac/trilinos_vector.h>
#include <deal.II/lac/vector.h>

#include <cmath>
#include <limits>

namespace derl
{
  using namespace dealii;

  template <int dim>
  ErrorIntegrator<dim>::ErrorIntegrator(const Mapping<dim>    &mapping,
                                        const DoFHandler<dim> &dof_handler,
                                        const Function<dim>   &exact,
                                        const Residual        &residual,
                                        const unsigned int     n_subdivisions,
                                        const unsigned int     n_points,
                                        const ComponentMask   &components)
    : mapping(mapping)
    , dof_handler(dof_handler)
    , exact(exact)
    , residual(residual)
    , quadrature(QIterated<dim>(QGauss<1>(n_points), n_subdivisions))
    , components(components)
  {
    const unsigned int n_components = dof_handler.get_fe().n_components();
    AssertThrow(
      exact.n_components == n_components,
      ExcMessage("A function of " + std::to_string(exact.n_components) +
                 " components cannot be compared with an element of " +
                 std::to_string(n_components) + "."));
    AssertThrow(components.represents_n_components(n_components) &&
                  components.n_selected_components(n_components) > 0,
                ExcMessage("The component mask does not select components of "
                           "the element."));
  }



  template <int dim>
  template <typename CellEvaluation>
  ErrorNorms
  ErrorIntegrator<dim>::integrate(const UpdateFlags     flags,
                                  const CellEvaluation &evaluate_on_cell) const
  {
    FEValues<dim>               fe_values(mapping,
                            dof_handler.get_fe(),
                            quadrature,
                            flags | update_quadrature_points |
                              update_JxW_values);
    const unsigned int          n            = quadrature.size();
    const unsigned int          n_components = exact.n_components;
    Jets                        jets;
    std::vector<Vector<double>> exact_values(n, Vector<double>(n_components));
    std::vector<std::vector<Tensor<1, dim>>> exact_gradients(
      n, std::vector<Tensor<1, dim>>(n_components));

    double error_l2 = 0, error_h1 = 0, exact_l2 = 0, exact_h1 = 0,
           residual_l2 = 0, volume = 0, largest = 0;
    for (const auto &cell : dof_handler.active_cell_iterators())
      if (cell->is_locally_owned())
        {
          fe_values.reinit(cell);
          const std::vector<Point<dim>> &points =
            fe_values.get_quadrature_points();
          evaluate_on_cell(fe_values, jets);
          exact.vector_value_list(points, exact_values);
          exact.vector_gradient_list(points, exact_gradients);
          for (unsigned int q = 0; q < n; ++q)
            {
              const double weight       = fe_values.JxW(q);
              double       square_error = 0;
              for (unsigned int c = 0; c < n_components; ++c)
                if (components[c])
                  {
                    const double error = jets.values[q](c) - exact_values[q](c);
                    square_error += error * error;
                    error_h1 +=
                      weight * (jets.gradients[q][c] - exact_gradients[q][c])
                                 .norm_square();
                    exact_l2 +=
                      weight * exact_values[q](c) * exact_values[q](c);
                    exact_h1 += weight * exact_gradients[q][c].norm_square();
                  }
              error_l2 += weight * square_error;
              largest        = std::max(largest, std::sqrt(square_error));
              const double r = residual
                                 ? residual(points[q],
                                            jets.values[q],
                                            jets.gradients[q],
                                            jets.hessians[q])
                                 : std::numeric_limits<double>::quiet_NaN();
              residual_l2 += weight * r * r;
              volume += weight;
            }
        }

    const MPI_Comm      communicator = dof_handler.get_communicator();
    std::vector<double> sums         = {
              error_l2, error_h1, exact_l2, exact_h1, residual_l2, volume};
    Utilities::MPI::sum(sums, communicator, sums);
    return {std::sqrt(sums[0] / sums[2]),
            std::sqrt(sums[1] / sums[3]),
            std::sqrt(sums[4] / sums[5]),
            Utilities::MPI::max(largest, communicator)};
  }



  template <int dim>
  ErrorNorms
  ErrorIntegrator<dim>::measure(const SurrogateFunction<dim> &surrogate) const
  {
    return integrate(
      update_default, [&](const FEValues<dim> &fe_values, Jets &jets) {
        jets = surrogate.jets(fe_values.get_quadrature_points(), 2);
      });
  }



  template <int dim>
  template <typename VectorType>
  ErrorNorms
  ErrorIntegrator<dim>::measure(const VectorType &solution) const
  {
    const unsigned int                       n            = quadrature.size();
    const unsigned int                       n_components = exact.n_components;
    std::vector<std::vector<Tensor<2, dim>>> hessians(
      n, std::vector<Tensor<2, dim>>(n_components));
    return integrate(
      update_values | update_gradients | update_hessians,
      [&](const FEValues<dim> &fe_values, Jets &jets) {
        jets.values.resize(n, Vector<double>(n_components));
        jets.gradients.resize(n, std::vector<Tensor<1, dim>>(n_components));
        jets.hessians.resize(
          n, std::vector<SymmetricTensor<2, dim>>(n_components));
        fe_values.get_function_values(solution, jets.values);
        fe_values.get_function_gradients(solution, jets.gradients);
        fe_values.get_function_hessians(solution, hessians);
        for (unsigned int q = 0; q < n; ++q)
          for (unsigned int c = 0; c < n_components; ++c)
            jets.hessians[q][c] = symmetrize(hessians[q][c]);
      });
  }



#ifdef DEAL_II_WITH_PETSC
#  define DERL_INSTANTIATE_PETSC(dim)                  \
    template ErrorNorms ErrorIntegrator<dim>::measure( \
      const PETScWrappers::MPI::Vector &) const;
#else
#  define DERL_INSTANTIATE_PETSC(dim)
#endif
#define DERL_INSTANTIATE(dim)                                               \
  template class ErrorIntegrator<dim>;                                      \
  template ErrorNorms ErrorIntegrator<dim>::measure(const Vector<double> &) \
    const;                                                                  \
  template ErrorNorms ErrorIntegrator<dim>::measure(                        \
    const LinearAlgebra::distributed::Vector<double> &) const;              \
  template ErrorNorms ErrorIntegrator<dim>::measure(                        \
    const TrilinosWrappers::MPI::Vector &) const;                           \
  DERL_INSTANTIATE_PETSC(dim)

  DERL_INSTANTIATE(1)
  DERL_INSTANTIATE(2)
  DERL_INSTANTIATE(3)
} // namespace derl
