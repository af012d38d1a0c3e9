// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/data/samples.h>
#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <derl/equations/residual.h>

#include <derl/objective/terms.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/quadrature_lib.h>
#include <deal.II/base/utilities.h>

#include <cmath>
#include <cstdint>
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
    SampleTables       tables;
    std::ostringstream description;
    if (options.points == "quadrature")
      {
        const auto &mapping     = solver.get_mapping();
        const auto &dof_handler = solver.get_dof_handler();
        const auto &solution    = solver.get_solution();
        tables.add(
          "interior",
          disturb(
            options.source == "exact"
              ? sample_function(
                  mapping, dof_handler, exact, cell_quadrature, request)
            : is_chosen
              ? sample(mapping, dof_handler, solution, request)
              : sample(
                  mapping, dof_handler, solution, cell_quadrature, request)));
        tables.add(
          "boundary",
          sample_boundary(
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
        tables.add("interior",
                   disturb(sample_function(
                     communicator,
                     exact,
                     options.points == "random"
                       ? random_points(
                           lower, upper, options.n_random_points, options.seed)
                       : grid_points(lower, upper, options.n_grid_points),
                     request.orders,
                     request.auxiliary)));
        tables.add(
          "boundary",
          sample_function(
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
    tables.add_terms(choices, trainer, {{"equation", equation}});
    return description.str();
  }



  template <int dim>
  std::vector<double>
  errors_on_grid(const MPI_Comm               &communicator,
                 const SurrogateFunction<dim> &surrogate)
  {
    const ManufacturedSolution<dim> exact;
    const unsigned int              n_points = dim == 2 ? 201 : 41;
    const std::uint64_t n    = Utilities::pow<std::uint64_t>(n_points, dim);
    const unsigned int  rank = Utilities::MPI::this_mpi_process(communicator);
    const unsigned int  n_ranks = Utilities::MPI::n_mpi_processes(communicator);
    std::vector<Point<dim>> points;
    for (std::uint64_t i = n * rank / n_ranks; i < n * (rank + 1) / n_ranks;
         ++i)
      {
        Point<dim>    x;
        std::uint64_t rest = i;
        for (unsigned int d = 0; d < dim; ++d, rest /= n_points)
          x[d] = -1. + 2. * (rest % n_points) / (n_points - 1.);
        points.push_back(x);
      }

    // squares of the errors of values and gradients, and of what is exact
    const auto          jets = surrogate.jets(points, 1);
    std::vector<double> sums(4, 0.);
    for (unsigned int i = 0; i < points.size(); ++i)
      {
        const double         u        = exact.value(points[i]);
        const Tensor<1, dim> gradient = exact.gradient(points[i]);
        sums[0] += std::pow(jets.values[i](0) - u, 2);
        sums[1] += u * u;
        sums[2] += (jets.gradients[i][0] - gradient).norm_square();
        sums[3] += gradient.norm_square();
      }
    Utilities::MPI::sum(sums, communicator, sums);
    return {std::sqrt(sums[0] / sums[1]), std::sqrt(sums[2] / sums[3])};
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
  template std::vector<double>
  errors_on_grid(const MPI_Comm &, const SurrogateFunction<2> &);
  template std::vector<double>
  errors_on_grid(const MPI_Comm &, const SurrogateFunction<3> &);
} // namespace derl
