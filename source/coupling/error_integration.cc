// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/coupling/errors.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/mpi.h>

#include <deal.II/hp/fe_values.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "../base/check_vector.h"
#include "../base/vector_types.h"
#include "../data/base_element.h"
#include "subdivided_quadrature.h"

namespace derl
{
  using namespace dealii;

  template <int dim>
  ErrorIntegrator<dim>::ErrorIntegrator(
    const hp::MappingCollection<dim> &mappings,
    const DoFHandler<dim>            &dof_handler,
    const Function<dim>              &exact,
    const unsigned int                n_subdivisions,
    const unsigned int                n_points,
    const ComponentMask              &components)
    : mappings(mappings)
    , dof_handler(dof_handler)
    , exact(exact)
    , components(components)
  {
    AssertThrow(dof_handler.has_active_dofs(),
                ExcMessage("The DoFHandler has no degrees of freedom. Call its "
                           "distribute_dofs() before errors are measured."));
    const hp::FECollection<dim> &elements     = dof_handler.get_fe_collection();
    const unsigned int           n_components = elements.n_components();
    AssertThrow(
      exact.n_components == n_components,
      ExcMessage("A function of " + std::to_string(exact.n_components) +
                 " components cannot be compared with an element of " +
                 std::to_string(n_components) + "."));
    AssertThrow(components.represents_n_components(n_components) &&
                  components.n_selected_components(n_components) > 0,
                ExcMessage("The component mask does not select components of "
                           "the element."));
    for (unsigned int i = 0; i < elements.size(); ++i)
      quadratures.push_back(
        elements[i].n_dofs_per_cell() == 0
          ? Quadrature<dim>()
          : internal::subdivided_quadrature<dim>(
              elements[i].reference_cell(), n_subdivisions, n_points));
  }



  template <int dim>
  ErrorIntegrator<dim>::ErrorIntegrator(const Mapping<dim>    &mapping,
                                        const DoFHandler<dim> &dof_handler,
                                        const Function<dim>   &exact,
                                        const unsigned int     n_subdivisions,
                                        const unsigned int     n_points,
                                        const ComponentMask   &components)
    : ErrorIntegrator(hp::MappingCollection<dim>(mapping),
                      dof_handler,
                      exact,
                      n_subdivisions,
                      n_points,
                      components)
  {
  }



  template <int dim>
  template <typename CellEvaluation>
  ErrorNorms
  ErrorIntegrator<dim>::integrate(const UpdateFlags     flags,
                                  const CellEvaluation &evaluate_on_cell) const
  {
    const unsigned int                       n_components = exact.n_components;
    Jets                                     jets;
    std::vector<Vector<double>>              exact_values;
    std::vector<std::vector<Tensor<1, dim>>> exact_gradients;

    double error_l2 = 0, error_h1 = 0, exact_l2 = 0, exact_h1 = 0, volume = 0,
           largest               = 0;
    const auto integrate_on_cell = [&](const FEValues<dim> &fe_values) {
      const std::vector<Point<dim>> &points = fe_values.get_quadrature_points();
      const unsigned int             n      = points.size();
      exact_values.resize(n, Vector<double>(n_components));
      exact_gradients.resize(n, std::vector<Tensor<1, dim>>(n_components));
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
                  weight *
                  (jets.gradients[q][c] - exact_gradients[q][c]).norm_square();
                exact_l2 += weight * exact_values[q](c) * exact_values[q](c);
                exact_h1 += weight * exact_gradients[q][c].norm_square();
              }
          error_l2 += weight * square_error;
          volume += weight;
          largest = std::max(largest, std::sqrt(square_error));
        }
    };

    const MPI_Comm communicator = dof_handler.get_communicator();
    run_collectively(communicator, [&]() {
      // Values of shape functions also where only points are needed: without
      // them, FE_RaviartThomas of deal.II 9.4 writes the orientation of faces
      // to an array that it has not allocated.
      hp::FEValues<dim> fe_values(
        mappings,
        dof_handler.get_fe_collection(),
        quadratures,
        flags | update_values | update_quadrature_points | update_JxW_values);
      for (const auto &cell : dof_handler.active_cell_iterators())
        if (cell->is_locally_owned() &&
            internal::has_components(cell->get_fe(), components))
          {
            fe_values.reinit(cell);
            integrate_on_cell(fe_values.get_present_fe_values());
          }
    });

    std::vector<double> sums = {error_l2, error_h1, exact_l2, exact_h1, volume};
    Utilities::MPI::sum(sums, communicator, sums);
    largest = Utilities::MPI::max(largest, communicator);
    AssertThrow(sums[4] > 0,
                ExcMessage("The components whose errors are to be measured "
                           "exist together in no cell."));
    // a maximum overlooks what is not a number
    constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
    return {std::sqrt(sums[0] / sums[2]),
            std::sqrt(sums[1] / sums[3]),
            std::isnan(sums[0]) ? not_a_number : largest};
  }



  template <int dim>
  ErrorNorms
  ErrorIntegrator<dim>::measure(const SurrogateFunction<dim> &surrogate) const
  {
    AssertThrow(surrogate.n_components == exact.n_components,
                ExcMessage("A surrogate of " +
                           std::to_string(surrogate.n_components) +
                           " components cannot be compared with a function "
                           "of " +
                           std::to_string(exact.n_components) + "."));
    const ErrorNorms result = integrate(
      update_default, [&](const FEValues<dim> &fe_values, Jets &jets) {
        jets = surrogate.jets(fe_values.get_quadrature_points(), 1);
      });
    surrogate.warn_of_points_outside(dof_handler.get_communicator());
    return result;
  }



  template <int dim>
  template <typename VectorType>
  ErrorNorms
  ErrorIntegrator<dim>::measure(const VectorType &solution) const
  {
    run_collectively(dof_handler.get_communicator(),
               [&]() { internal::check_vector(dof_handler, solution); });
    const unsigned int n_components = exact.n_components;
    return integrate(
      update_gradients, [&](const FEValues<dim> &fe_values, Jets &jets) {
        const unsigned int n = fe_values.n_quadrature_points;
        jets.values.resize(n, Vector<double>(n_components));
        jets.gradients.resize(n, std::vector<Tensor<1, dim>>(n_components));
        fe_values.get_function_values(solution, jets.values);
        fe_values.get_function_gradients(solution, jets.gradients);
      });
  }



#define DERL_INSTANTIATE_VECTOR(dim, VectorType) \
  template ErrorNorms ErrorIntegrator<dim>::measure(const VectorType &) const;
#define DERL_INSTANTIATE(dim)          \
  template class ErrorIntegrator<dim>; \
  DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, dim)

  DERL_INSTANTIATE(1)
  DERL_INSTANTIATE(2)
  DERL_INSTANTIATE(3)
} // namespace derl
