// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "allen_cahn_terms.h"

#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <deal.II/base/function.h>
#include <deal.II/base/mpi.h>
#include <deal.II/base/quadrature_lib.h>

#include <algorithm>
#include <cmath>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * The values with the noise that is asked for, the same one at a point
     * whenever it is evaluated.
     */
    template <int dim>
    PointEvaluation<dim>
    with_noise(const MPI_Comm             &communicator,
               const PointEvaluation<dim> &exact_values,
               const AllenCahnParameters  &parameters)
    {
      return [&communicator, exact_values, &parameters](
               const std::vector<Point<dim>> &points) {
        PointValues result = exact_values(points);
        Samples     samples(dim, jet_entries_of_orders(dim, 1, {0}), "values");
        for (unsigned int i = 0; i < points.size(); ++i)
          samples.add(
            make_array_view(points[i].begin_raw(), points[i].end_raw()),
            make_array_view(&result.values[i], &result.values[i] + 1),
            1.);
        const Samples noisy = add_noise(communicator,
                                        samples,
                                        parameters.noise,
                                        parameters.seed,
                                        NoiseScale::absolute);
        for (unsigned int i = 0; i < points.size(); ++i)
          result.values[i] = noisy.observations(i)[0];
        return result;
      };
    }



    /**
     * The relative error of the gradients that are observed at the samples;
     * nothing if there are none.
     */
    template <int dim>
    Figures
    errors_of_samples(const MPI_Comm      &communicator,
                      const Samples       &samples,
                      const Function<dim> &exact)
    {
      double error = 0., norm = 0.;
      for (unsigned int c = 0; c < samples.columns().size(); ++c)
        {
          const MultiIndex &derivative = samples.columns()[c].derivative;
          if (order(derivative) != 1)
            continue;
          const unsigned int direction =
            std::find(derivative.begin(), derivative.end(), 1u) -
            derivative.begin();
          for (unsigned int i = 0; i < samples.size(); ++i)
            {
              Point<dim> x;
              for (unsigned int d = 0; d < dim; ++d)
                x[d] = samples.point(i)[d];
              const double expected   = exact.gradient(x)[direction];
              const double difference = samples.observations(i)[c] - expected;
              error += samples.weight(i) * difference * difference;
              norm += samples.weight(i) * expected * expected;
            }
        }
      error = Utilities::MPI::sum(error, communicator);
      norm  = Utilities::MPI::sum(norm, communicator);
      if (norm == 0.)
        return {};
      return {{"relative_h1_seminorm_error", std::sqrt(error / norm)}};
    }



    /**
     * Samples at random points, each rank with its share.
     */
    template <int dim>
    Samples
    sample_at_random(const MPI_Comm             &communicator,
                     const AllenCahnParameters  &parameters,
                     const AllenCahnSolver<dim> &solver,
                     const Function<dim>        &exact,
                     const SampleRequest<dim>   &request,
                     const Point<dim>           &corner)
    {
      const bool exact_derivatives = parameters.difference_step == 0.;
      Samples    samples           = sample_function(
        communicator,
        exact,
        random_points(
          -1. * corner, corner, parameters.n_random_points, parameters.seed),
        exact_derivatives ? request.orders : std::vector<unsigned int>(),
        request.auxiliary);
      if (exact_derivatives)
        return samples;
      std::vector<Point<dim>> points(samples.size());
      for (unsigned int i = 0; i < samples.size(); ++i)
        for (unsigned int d = 0; d < dim; ++d)
          points[i][d] = samples.point(i)[d];
      const PointEvaluation<dim> values =
        parameters.is_exact() ? evaluate_at_points(exact)
                              : evaluate_at_points(solver.get_mapping(),
                                                   solver.get_dof_handler(),
                                                   solver.get_solution());
      const Samples differences = sample_differences(
        communicator,
        parameters.noise == 0. ? values
                               : with_noise(communicator, values, parameters),
        1,
        points,
        request.orders,
        parameters.difference_step,
        parameters.difference_accuracy);
      return join_columns({&differences, &samples});
    }
  } // namespace



  template <int dim>
  std::string
  add_terms(const MPI_Comm             &communicator,
            const AllenCahnParameters  &parameters,
            const AllenCahnSolver<dim> &solver,
            const Comparison<dim>      &problem,
            Trainer                    &trainer,
            Figures                    &errors)
  {
    const auto         choices = parameters.term_choices();
    SampleRequest<dim> request(
      orders_to_sample(choices, "interior", trainer.names()));
    request.auxiliary       = problem.auxiliary;
    const auto add_interior = [&](SampleTables &tables, Samples &&samples) {
      // differences have that of their values
      if (parameters.noise > 0. && parameters.difference_step == 0.)
        samples = add_noise(communicator,
                            samples,
                            parameters.noise,
                            parameters.seed,
                            NoiseScale::absolute);
      errors = errors_of_samples(communicator, samples, *problem.exact);
      tables.add("interior", std::move(samples));
    };

    SampleTables tables;
    if (parameters.is_exact() || parameters.difference_step > 0.)
      {
        Point<dim> corner;
        for (unsigned int d = 0; d < dim; ++d)
          corner[d] = 1.;
        add_interior(
          tables,
          sample_at_random(
            communicator, parameters, solver, *problem.exact, request, corner));
        // exact zeros: round-off would be taken for the size of the solution
        // where nothing else is observed
        tables.add(
          "boundary",
          sample_function(communicator,
                          Functions::ZeroFunction<dim>(),
                          boundary_grid_points(
                            -1. * corner, corner, parameters.n_boundary_points),
                          {jet_values}));
      }
    else
      {
        const auto        &mapping     = solver.get_mapping();
        const auto        &dof_handler = solver.get_dof_handler();
        const auto        &solution    = solver.get_solution();
        const unsigned int n           = parameters.n_gauss_points;
        add_interior(
          tables,
          n == 0
            ? sample(mapping, dof_handler, solution, request)
            : sample(mapping, dof_handler, solution, QGauss<dim>(n), request));
        tables.add(
          "boundary",
          sample_boundary(
            mapping,
            dof_handler,
            solution,
            QGauss<dim - 1>(n == 0 ? parameters.reference.fe_degree : n),
            {jet_values}));
      }
    tables.add_terms(choices, trainer, {{"equation", problem.equation}});
    return parameters.is_exact()
             ? "Allen-Cahn, exact solution"
             : "Allen-Cahn, finite elements of degree " +
                 std::to_string(parameters.reference.fe_degree);
  }



  template std::string
  add_terms(const MPI_Comm &,
            const AllenCahnParameters &,
            const AllenCahnSolver<2> &,
            const Comparison<2> &,
            Trainer &,
            Figures &);
  template std::string
  add_terms(const MPI_Comm &,
            const AllenCahnParameters &,
            const AllenCahnSolver<3> &,
            const Comparison<3> &,
            Trainer &,
            Figures &);
} // namespace derl
