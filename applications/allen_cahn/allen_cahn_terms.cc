// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "allen_cahn_terms.h"

#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <deal.II/base/quadrature_lib.h>

namespace derl
{
  using namespace dealii;

  namespace
  {
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
      const Samples differences = sample_differences(
        communicator,
        parameters.is_exact() ? evaluate_at_points(exact)
                              : evaluate_at_points(solver.get_mapping(),
                                                   solver.get_dof_handler(),
                                                   solver.get_solution()),
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
            Trainer                    &trainer)
  {
    const auto         choices = parameters.term_choices();
    SampleRequest<dim> request(
      orders_to_sample(choices, "interior", trainer.names()));
    request.auxiliary       = problem.auxiliary;
    const auto add_interior = [&](SampleTables &tables, Samples &&samples) {
      tables.add("interior",
                 parameters.noise == 0. ? std::move(samples)
                                        : add_noise(communicator,
                                                    samples,
                                                    parameters.noise,
                                                    parameters.seed,
                                                    NoiseScale::absolute));
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
        tables.add(
          "boundary",
          sample_function(communicator,
                          *problem.exact,
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
            Trainer &);
  template std::string
  add_terms(const MPI_Comm &,
            const AllenCahnParameters &,
            const AllenCahnSolver<3> &,
            const Comparison<3> &,
            Trainer &);
} // namespace derl
