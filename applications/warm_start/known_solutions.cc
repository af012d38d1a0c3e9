// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "known_solutions.h"

#include <derl/data/sampling.h>

#include <deal.II/base/quadrature_lib.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

namespace derl
{
  using namespace dealii;

  KnownSolutions::KnownSolutions(const WarmStartParameters &parameters,
                                 DiffusionSolver           &solver,
                                 const ConditionalOStream  &progress)
    : parameters(parameters)
    , solver(solver)
  {
    const auto &s = parameters.log_sources;
    const auto &k = parameters.exponents;
    lower         = {{*std::min_element(s.begin(), s.end()),
                      *std::min_element(k.begin(), k.end())}};
    upper         = {{*std::max_element(s.begin(), s.end()),
                      *std::max_element(k.begin(), k.end())}};
    for (const double log_source : s)
      for (const double exponent : k)
        {
          VectorType solution = solver.make_vector();
          const auto log      = solver.solve(log_source, exponent, solution);
          progress << "Training solution for s = " << log_source
                   << ", k = " << exponent << ": " << log.n_steps()
                   << " Newton steps, " << log.n_damped_steps()
                   << " of them damped" << std::endl;
          known.push_back(
            {{{log_source, exponent}},
             solution,
             solver.sensitivities(log_source, exponent, solution)});
        }
  }



  std::string
  KnownSolutions::add_terms(Trainer &trainer) const
  {
    const QGauss<2> quadrature(parameters.n_gauss_points);
    const QGauss<1> face_quadrature(parameters.n_gauss_points);
    const auto     &mapping     = solver.get_mapping();
    const auto     &dof_handler = solver.get_dof_handler();

    SampleTables tables;
    for (const Known &each : known)
      {
        using VectorSnapshot = Snapshot<VectorType>;
        const std::vector<double> at(each.parameters.begin(),
                                     each.parameters.end());
        tables.add(
          "interior",
          sample(mapping,
                 dof_handler,
                 VectorSnapshot(each.solution,
                                at,
                                {{MultiIndex{1, 0}, &each.derivatives[0]},
                                 {MultiIndex{0, 1}, &each.derivatives[1]}}),
                 quadrature,
                 {jet_values, jet_gradients}));
        tables.add("boundary",
                   sample_boundary(mapping,
                                   dof_handler,
                                   VectorSnapshot(each.solution, at),
                                   face_quadrature,
                                   {jet_values}));
      }
    tables.add_terms(parameters.term_choices(), trainer);
    return "nonlinear diffusion, finite elements of degree " +
           std::to_string(parameters.solver.fe_degree) + " for " +
           std::to_string(known.size()) + " parameters, " +
           std::to_string(parameters.n_gauss_points) +
           " Gauss points per direction";
  }



  const KnownSolutions::Known &
  KnownSolutions::nearest(const Parameters &wanted) const
  {
    const Known *result   = nullptr;
    double       smallest = std::numeric_limits<double>::max();
    for (const Known &each : known)
      {
        double square = 0;
        for (unsigned int i = 0; i < 2; ++i)
          square += std::pow(
            (each.parameters[i] - wanted[i]) / (upper[i] - lower[i]), 2);
        if (square < smallest)
          {
            smallest = square;
            result   = &each;
          }
      }
    return *result;
  }



  void
  KnownSolutions::start_from_nearest(const Parameters &wanted,
                                     VectorType       &start) const
  {
    start = nearest(wanted).solution;
  }



  void
  KnownSolutions::extrapolate_nearest(const Parameters &wanted,
                                      VectorType       &start) const
  {
    const Known &from = nearest(wanted);
    VectorType   sum(solver.get_dof_handler().locally_owned_dofs(),
                   solver.get_dof_handler().get_communicator()),
      derivative(sum);
    sum = from.solution;
    for (unsigned int i = 0; i < 2; ++i)
      {
        derivative = from.derivatives[i];
        sum.add(wanted[i] - from.parameters[i], derivative);
      }
    start = sum;
  }



  KnownSolutions::Parameters
  KnownSolutions::random_parameters(const double u, const double v) const
  {
    return {{lower[0] + u * (upper[0] - lower[0]),
             lower[1] + v * (upper[1] - lower[1])}};
  }



  double
  KnownSolutions::centre_error() const
  {
    double result = 0;
    for (const Known &each : known)
      {
        const double exact =
          DiffusionSolver::exact_centre(each.parameters[0], each.parameters[1]);
        result =
          std::max(result, std::abs(solver.centre(each.solution) / exact - 1));
      }
    return result;
  }
} // namespace derl
