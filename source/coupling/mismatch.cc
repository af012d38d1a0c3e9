// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/coupling/errors.h>

#include <derl/data/sampling.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "../base/communication.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * Replace what was observed, the differences on input, by surrogate minus
     * observation.
     */
    void
    subtract_from_surrogate(const Surrogate  &surrogate,
                            const Samples    &samples,
                            Table<2, double> &differences)
    {
      const unsigned int        dim = samples.n_coordinates();
      std::vector<MultiIndex>   derivatives;
      std::vector<unsigned int> derivative_of_column;
      for (const JetEntry &column : samples.columns())
        derivatives.push_back(column.derivative);
      const DerivativeSet set(dim, derivatives);
      for (const JetEntry &column : samples.columns())
        derivative_of_column.push_back(set.index_of(column.derivative));

      const JetPlan      plan = surrogate.make_plan(set);
      JetPlan::Workspace workspace(plan);
      plan.set_parameters(surrogate.parameters, workspace);
      plan.evaluate(
        ArrayView<const double>(samples.points().data(),
                                samples.points().size()),
        workspace,
        [&](const unsigned int first, const JetBlock &jets) {
          for (unsigned int c = 0; c < samples.columns().size(); ++c)
            {
              const double *const values =
                jets(samples.columns()[c].component, derivative_of_column[c]);
              for (unsigned int k = 0; k < jets.n_points(); ++k)
                differences(first + k, c) =
                  values[k] - differences(first + k, c);
            }
        });
    }
  } // namespace



  Mismatch
  mismatch(const MPI_Comm  &communicator,
           const Surrogate &surrogate,
           const Samples   &samples)
  {
    const unsigned int n = samples.columns().size();
    Mismatch           result;
    result.differences.reinit(samples.size(), n);

    // squares of differences and of observations, and the weight
    std::vector<double> sums(2 * n + 1, 0.), largest(n, 0.);
    sum_agreed(communicator, sums, [&]() {
      AssertThrow(samples.n_coordinates() == surrogate.coordinates.size(),
                  ExcMessage("The samples have " +
                             std::to_string(samples.n_coordinates()) +
                             " coordinates, but the surrogate has " +
                             std::to_string(surrogate.coordinates.size()) +
                             "."));
      for (const JetEntry &column : samples.columns())
        AssertThrow(column.component < surrogate.components.size(),
                    ExcMessage("The samples have more components than the "
                               "surrogate."));
      for (unsigned int i = 0; i < samples.size(); ++i)
        for (unsigned int c = 0; c < n; ++c)
          result.differences(i, c) = samples.observations(i)[c];
      subtract_from_surrogate(surrogate, samples, result.differences);
      for (unsigned int i = 0; i < samples.size(); ++i)
        {
          const double weight = samples.weight(i);
          for (unsigned int c = 0; c < n; ++c)
            {
              const double difference = result.differences(i, c);
              sums[c] += weight * difference * difference;
              sums[n + c] += weight * std::pow(samples.observations(i)[c], 2);
              largest[c] = std::max(largest[c], std::abs(difference));
            }
          sums[2 * n] += weight;
        }
    });
    if (sums[2 * n] == 0.)
      throw AgreedError("There are no samples on any rank to compare the "
                        "surrogate with.");
    Utilities::MPI::max(largest, communicator, largest);
    count_collective(communicator, n * sizeof(double));
    for (unsigned int c = 0; c < n; ++c)
      result.columns.push_back({samples.columns()[c],
                                std::sqrt(sums[c] / sums[2 * n]),
                                largest[c],
                                std::sqrt(sums[n + c] / sums[2 * n])});
    return result;
  }



  template <int dim>
  Vector<float>
  cell_mismatch(const Triangulation<dim> &triangulation,
                const Samples            &samples,
                const Mismatch           &mismatch,
                const unsigned int        derivative_order)
  {
    AssertThrow(mismatch.differences.size(0) == samples.size(),
                ExcMessage("The mismatch is that of other samples."));
    const auto &names = samples.auxiliary_names();
    const auto  found = std::find(names.begin(), names.end(), "cell");
    AssertThrow(found != names.end(),
                ExcMessage("The samples do not know their cells. Set "
                           "'cell_numbers' in the request for them."));
    const std::size_t column = found - names.begin();

    std::unordered_map<double, unsigned int> index_of_number;
    for (const auto &cell : triangulation.active_cell_iterators())
      if (cell->is_locally_owned())
        index_of_number[cell_number(cell->id())] = cell->active_cell_index();

    std::vector<double> squares(triangulation.n_active_cells(), 0.);
    for (unsigned int i = 0; i < samples.size(); ++i)
      {
        const auto cell = index_of_number.find(samples.auxiliary(i)[column]);
        AssertThrow(cell != index_of_number.end(),
                    ExcMessage("A sample lies in a cell that is not a locally "
                               "owned one of this mesh. Has the mesh been "
                               "refined since it was sampled?"));
        for (unsigned int c = 0; c < mismatch.columns.size(); ++c)
          {
            const MultiIndex &derivative = mismatch.columns[c].entry.derivative;
            if (order(derivative) == derivative_order)
              squares[cell->second] +=
                samples.weight(i) * multiplicity(derivative) *
                mismatch.differences(i, c) * mismatch.differences(i, c);
          }
      }
    Vector<float> result(squares.size());
    for (unsigned int i = 0; i < squares.size(); ++i)
      result(i) = std::sqrt(squares[i]);
    return result;
  }



  template Vector<float>
  cell_mismatch(const Triangulation<1> &,
                const Samples &,
                const Mismatch &,
                const unsigned int);
  template Vector<float>
  cell_mismatch(const Triangulation<2> &,
                const Samples &,
                const Mismatch &,
                const unsigned int);
  template Vector<float>
  cell_mismatch(const Triangulation<3> &,
                const Samples &,
                const Mismatch &,
                const unsigned int);
} // namespace derl
