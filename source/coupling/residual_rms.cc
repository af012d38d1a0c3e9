// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/coupling/errors.h>

#include <derl/data/sampling.h>

#include <derl/objective/sum_of_squares.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/mpi.h>

#include <cmath>
#include <set>

#include "../base/communication.h"
#include "../base/vector_types.h"
#include "../data/auxiliary_functions.h"
#include "subdivided_quadrature.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    double
    sum_of_multiplicities(const Residual::Binding &binding)
    {
      double sum = 0.;
      for (const Residual::Row &row : binding.rows)
        sum += row.multiplicity;
      return sum;
    }
  } // namespace



  double
  residual_rms(const MPI_Comm                        &communicator,
               const Surrogate                       &surrogate,
               const std::shared_ptr<const Samples>  &samples,
               const std::shared_ptr<const Residual> &residual)
  {
    SumOfSquares objective(surrogate, communicator);
    objective.add_term({"residual", samples, residual});
    Vector<double> rows;
    const double   mean = objective.residuals(surrogate.parameters, rows);
    return std::sqrt(
      mean *
      sum_of_multiplicities(residual->bind(
        surrogate.names(), {samples->columns(), samples->auxiliary_names()})));
  }



  double
  residual_rms(const MPI_Comm   &communicator,
               const FieldNames &names,
               const Samples    &samples,
               const Residual   &residual)
  {
    std::vector<double> sums(2, 0.);
    sum_agreed(communicator, sums, [&]() {
      const std::size_t       n_observed = samples.columns().size();
      const Residual::Binding binding =
        residual.bind(names, {samples.columns(), samples.auxiliary_names()});
      std::vector<unsigned int> entries;
      for (const JetEntry &entry : binding.entries)
        entries.push_back(
          column_with_name(names.name(entry), names, {samples.columns(), {}}));
      std::vector<double>   rows(binding.rows.size());
      std::vector<double *> row_arrays;
      for (double &row : rows)
        row_arrays.push_back(&row);
      for (unsigned int i = 0; i < samples.size(); ++i)
        {
          Residual::Batch batch{
            1, {}, {}, samples.point(i), samples.n_coordinates()};
          for (const unsigned int column : entries)
            batch.jets.push_back(samples.observations(i) + column);
          for (const unsigned int column : binding.columns)
            batch.columns.push_back(column < n_observed
                                      ? samples.observations(i) + column
                                      : samples.auxiliary(i) +
                                          (column - n_observed));
          residual.evaluate(batch, row_arrays);
          for (unsigned int row = 0; row < rows.size(); ++row)
            sums[0] += samples.weight(i) * binding.rows[row].multiplicity *
                       rows[row] * rows[row];
          sums[1] += samples.weight(i);
        }
    });
    return std::sqrt(sums[0] / sums[1]);
  }



  template <int dim, typename VectorType>
  ResidualRms
  residual_rms(const hp::MappingCollection<dim>          &mappings,
               const DoFHandler<dim>                     &dof_handler,
               const Snapshot<VectorType>                &snapshot,
               const Surrogate                           &surrogate,
               const std::shared_ptr<const Residual>     &residual,
               const unsigned int                         n_subdivisions,
               const unsigned int                         n_points,
               const std::vector<AuxiliaryFunction<dim>> &auxiliary)
  {
    const MPI_Comm       communicator = dof_handler.get_communicator();
    const FieldNames     names        = surrogate.names();
    hp::QCollection<dim> quadratures;
    SampleRequest<dim>   request({});
    run_collectively(communicator, [&]() {
      // what the residual reads, of all that could be sampled
      const Residual::Columns available = {
        jet_entries_of_orders(
          names.n_coordinates(), surrogate.components.size(), {0, 1, 2, 3}),
        internal::auxiliary_names(auxiliary)};
      const Residual::Binding binding = residual->bind(names, available);
      std::set<unsigned int>  orders;
      for (const JetEntry &entry : binding.entries)
        orders.insert(order(entry.derivative));
      for (const unsigned int column : binding.columns)
        if (column < available.observed.size())
          orders.insert(order(available.observed[column].derivative));
      request.orders.assign(orders.begin(), orders.end());
      request.auxiliary = auxiliary;

      const hp::FECollection<dim> &elements = dof_handler.get_fe_collection();
      for (unsigned int i = 0; i < elements.size(); ++i)
        quadratures.push_back(
          elements[i].n_dofs_per_cell() == 0
            ? Quadrature<dim>()
            : internal::subdivided_quadrature<dim>(
                elements[i].reference_cell(), n_subdivisions, n_points));
    });
    const auto samples = std::make_shared<const Samples>(
      sample(mappings, dof_handler, snapshot, quadratures, request));
    return {residual_rms(communicator, names, *samples, *residual),
            residual_rms(communicator, surrogate, samples, residual)};
  }



#define DERL_INSTANTIATE_VECTOR(dim, VectorType) \
  template ResidualRms residual_rms(             \
    const hp::MappingCollection<dim> &,          \
    const DoFHandler<dim> &,                     \
    const Snapshot<VectorType> &,                \
    const Surrogate &,                           \
    const std::shared_ptr<const Residual> &,     \
    const unsigned int,                          \
    const unsigned int,                          \
    const std::vector<AuxiliaryFunction<dim>> &);
#define DERL_INSTANTIATE(dim) DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, dim)

  DERL_INSTANTIATE(1)
  DERL_INSTANTIATE(2)
  DERL_INSTANTIATE(3)
} // namespace derl
