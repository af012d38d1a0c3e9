// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/coupling/error_integration.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/quadrature_lib.h>

#include <deal.II/fe/fe_values.h>

#include <deal.II/lac/la_parallel_vector.h>
#include <deal.II/lac/trilinos_vector.h>
#include <deal.II/lac/vector.h>

#include <cmath>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * A function's derivatives at the quadrature points of a cell.
     */
    template <int dim>
    struct CellJets
    {
      explicit CellJets(const unsigned int n_points)
        : values(n_points)
        , gradients(n_points)
        , hessians(n_points)
      {
      }

      std::vector<double>                  values;
      std::vector<Tensor<1, dim>>          gradients;
      std::vector<SymmetricTensor<2, dim>> hessians;
    };
  } // namespace



  template <int dim>
  ErrorIntegrator<dim>::ErrorIntegrator(const Mapping<dim>    &mapping,
                                        const DoFHandler<dim> &dof_handler,
                                        const Function<dim>   &exact,
                                        const Residual        &residual,
                                        const unsigned int     n_subdivisions,
                                        const unsigned int     n_points)
    : mapping(mapping)
    , dof_handler(dof_handler)
    , exact(exact)
    , residual(residual)
    , quadrature(QIterated<dim>(QGauss<1>(n_points), n_subdivisions))
  {
    AssertThrow(dof_handler.get_fe().n_components() == 1 &&
                  exact.n_components == 1,
                ExcMessage("Errors are measured of scalar functions."));
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
    CellJets<dim>               jets(quadrature.size());
    std::vector<double>         exact_values(quadrature.size());
    std::vector<Tensor<1, dim>> exact_gradients(quadrature.size());

    double error_l2 = 0, error_h1 = 0, exact_l2 = 0, exact_h1 = 0,
           residual_l2 = 0, volume = 0, largest = 0;
    for (const auto &cell : dof_handler.active_cell_iterators())
      if (cell->is_locally_owned())
        {
          fe_values.reinit(cell);
          const std::vector<Point<dim>> &points =
            fe_values.get_quadrature_points();
          evaluate_on_cell(fe_values, jets);
          exact.value_list(points, exact_values);
          exact.gradient_list(points, exact_gradients);
          for (unsigned int q = 0; q < points.size(); ++q)
            {
              const double weight = fe_values.JxW(q);
              const double error  = jets.values[q] - exact_values[q];
              const double r      = residual(
                points[q], jets.values[q], jets.gradients[q], jets.hessians[q]);
              error_l2 += weight * error * error;
              error_h1 +=
                weight * (jets.gradients[q] - exact_gradients[q]).norm_square();
              exact_l2 += weight * exact_values[q] * exact_values[q];
              exact_h1 += weight * exact_gradients[q].norm_square();
              residual_l2 += weight * r * r;
              volume += weight;
              largest = std::max(largest, std::abs(error));
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
      update_default, [&](const FEValues<dim> &fe_values, CellJets<dim> &jets) {
        const auto all = surrogate.jets(fe_values.get_quadrature_points(), 2);
        for (unsigned int q = 0; q < jets.values.size(); ++q)
          {
            jets.values[q]    = all.values[q](0);
            jets.gradients[q] = all.gradients[q][0];
            jets.hessians[q]  = all.hessians[q][0];
          }
      });
  }



  template <int dim>
  template <typename VectorType>
  ErrorNorms
  ErrorIntegrator<dim>::measure(const VectorType &solution) const
  {
    std::vector<Tensor<2, dim>> hessians(quadrature.size());
    return integrate(update_values | update_gradients | update_hessians,
                     [&](const FEValues<dim> &fe_values, CellJets<dim> &jets) {
                       fe_values.get_function_values(solution, jets.values);
                       fe_values.get_function_gradients(solution,
                                                        jets.gradients);
                       fe_values.get_function_hessians(solution, hessians);
                       for (unsigned int q = 0; q < hessians.size(); ++q)
                         jets.hessians[q] = symmetrize(hessians[q]);
                     });
  }



#define DERL_INSTANTIATE(dim)                                               \
  template class ErrorIntegrator<dim>;                                      \
  template ErrorNorms ErrorIntegrator<dim>::measure(const Vector<double> &) \
    const;                                                                  \
  template ErrorNorms ErrorIntegrator<dim>::measure(                        \
    const LinearAlgebra::distributed::Vector<double> &) const;              \
  template ErrorNorms ErrorIntegrator<dim>::measure(                        \
    const TrilinosWrappers::MPI::Vector &) const;

  DERL_INSTANTIATE(2)
  DERL_INSTANTIATE(3)
} // namespace derl
