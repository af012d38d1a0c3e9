// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/data/samples.h>
#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <derl/equations/allen_cahn.h>

#include <derl/objective/terms.h>

#include <derl/program/results.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/quadrature_lib.h>

#include <sstream>

#include "allen_cahn_terms.h"

namespace derl
{
  using namespace dealii;

  template <int dim>
  std::string
  add_terms(const MPI_Comm             &communicator,
            const AllenCahnParameters  &parameters,
            const AllenCahnSolver<dim> &solver,
            Trainer                    &trainer)
  {
    const SampleParameters         &options = parameters.samples;
    const ManufacturedSolution<dim> exact;
    const FieldNames                names   = parameters.names();
    const std::vector<TermChoice>   choices = parameters.term_choices();
    SampleRequest<dim> request(orders_to_sample(choices, "interior", names));
    request.auxiliary = {
      {{"forcing"},
       std::make_shared<const AllenCahnForcing<dim>>(
         parameters.reference.lambda, parameters.reference.reaction)}};

    const bool         is_chosen = options.n_gauss_points == 0;
    const unsigned int n_gauss_points =
      is_chosen ? parameters.reference.fe_degree : options.n_gauss_points;
    const QGauss<dim>     cell_quadrature(n_gauss_points);
    const QGauss<dim - 1> face_quadrature(n_gauss_points);
    Point<dim>            lower, upper;
    for (unsigned int d = 0; d < dim; ++d)
      {
        lower[d] = -1;
        upper[d] = 1;
      }

    const auto disturb = [&](Samples &&samples) {
      return options.noise == 0.
               ? std::move(samples)
               : add_noise(
                   communicator, samples, options.noise, options.noise_seed);
    };
    const auto share = [](Samples &&samples) {
      return std::make_shared<const Samples>(std::move(samples));
    };
    std::shared_ptr<const Samples> interior, boundary;
    std::ostringstream             description;
    if (options.points == "quadrature")
      {
        const auto &mapping     = solver.get_mapping();
        const auto &dof_handler = solver.get_dof_handler();
        const auto &solution    = solver.get_solution();
        interior                = share(disturb(
          options.source == "exact"
            ? sample_function(
                mapping, dof_handler, exact, cell_quadrature, request)
          : is_chosen
            ? sample(mapping, dof_handler, solution, request)
            : sample(
                mapping, dof_handler, solution, cell_quadrature, request)));
        boundary                = share(sample_boundary(
          mapping, dof_handler, solution, face_quadrature, {jet_values}));
        description << (options.source == "reference"
                          ? "Allen-Cahn, finite elements of degree " +
                              std::to_string(parameters.reference.fe_degree) +
                              ", "
                          : "Allen-Cahn, exact solution, ")
                    << solver.n_cells() << " cells, " << n_gauss_points
                    << " Gauss points per direction"
                    << (is_chosen ? " and random ones" : "");
      }
    else
      {
        interior = share(disturb(sample_function(
          communicator,
          exact,
          options.points == "random"
            ? random_points(lower, upper, options.n_random_points, options.seed)
            : grid_points(lower, upper, options.n_grid_points),
          request.orders,
          request.auxiliary)));
        boundary = share(sample_function(
          communicator,
          exact,
          boundary_grid_points(lower, upper, options.n_boundary_grid_points),
          {jet_values}));
        description << "Allen-Cahn, exact solution, " << options.points
                    << " points";
      }

    if (options.noise > 0.)
      description << ", relative noise " << options.noise;

    const auto equation = allen_cahn<dim>(parameters.reference.lambda,
                                          parameters.reference.reaction);
    for (const TermChoice &choice : choices)
      trainer.add_term(choice.name(),
                       choice.samples == "interior" ? interior : boundary,
                       choice.residual(names, {{"equation", equation}}),
                       choice.weight);
    return description.str();
  }



  template <int dim>
  void
  observe_errors(const MPI_Comm            &communicator,
                 const AllenCahnParameters &parameters,
                 const Surrogate           &surrogate,
                 Trainer                   &trainer)
  {
    Point<dim> upper;
    for (unsigned int d = 0; d < dim; ++d)
      upper[d] = 1.;
    // in the plane the grid of arXiv 2505.01391
    const auto history = std::make_shared<History<dim>>(
      communicator,
      surrogate,
      std::vector<std::string>{"relative_l2_error",
                               "relative_h1_seminorm_error"},
      errors_on_grid<dim>(communicator,
                          std::make_shared<const ManufacturedSolution<dim>>(),
                          -upper,
                          upper,
                          dim == 2 ? 201 : 41),
      parameters.error_interval,
      parameters.output_folder + "/errors.csv");
    trainer.observe(
      [history](const IterationState &state) { history->update(state); });
  }



  template std::string
  add_terms(const MPI_Comm &,
            const AllenCahnParameters &,
            const AllenCahnSolver<2> &,
            Trainer &);
  template std::string
  add_terms(const MPI_Comm &,
            const AllenCahnParameters &,
            const AllenCahnSolver<3> &,
            Trainer &);
  template void
  observe_errors<2>(const MPI_Comm &,
                    const AllenCahnParameters &,
                    const Surrogate &,
                    Trainer &);
  template void
  observe_errors<3>(const MPI_Comm &,
                    const AllenCahnParameters &,
                    const Surrogate &,
                    Trainer &);
} // namespace derl
