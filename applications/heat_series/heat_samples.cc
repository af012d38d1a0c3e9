// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "heat_samples.h"

#include <derl/data/samples.h>
#include <derl/data/sampling.h>

#include <deal.II/base/quadrature_lib.h>

#include <vector>

namespace derl
{
  using namespace dealii;

  HeatSamples::HeatSamples(const MPI_Comm             &communicator,
                           const HeatSeriesParameters &parameters)
    : communicator(communicator)
    , parameters(parameters)
    , domain(communicator, parameters.n_max_samples, parameters.seed)
    , boundary(communicator, parameters.n_max_boundary_samples, parameters.seed)
  {
  }



  void
  HeatSamples::add(const HeatSolver &solver)
  {
    const unsigned int     dim = 2;
    const QGauss<dim>      quadrature(parameters.n_gauss_points);
    const QGauss<dim - 1>  face_quadrature(parameters.n_gauss_points);
    const SampleRequest<2> only_values = {jet_values};
    using VectorSnapshot               = Snapshot<HeatSolver::VectorType>;
    const VectorSnapshot at_time(solver.get_solution(), {solver.time()});
    if (solver.step_length() == 0.)
      {
        initial = std::make_shared<const Samples>(
          stratified_subset(communicator,
                            sample(solver.get_mapping(),
                                   solver.get_dof_handler(),
                                   at_time,
                                   quadrature,
                                   only_values),
                            parameters.n_initial_samples,
                            parameters.seed));
        return;
      }
    // by cells: what has a small weight counts as much as the rest
    SampleReservoir::Indicator indicator;
    if (parameters.selection == "cell")
      indicator = [](const ArrayView<const double> &, const double weight) {
        return 1. / weight;
      };
    const double dt  = solver.step_length();
    const auto   add = [&](SampleReservoir &reservoir, const Samples &samples) {
      std::vector<double> indicators;
      if (indicator)
        for (unsigned int i = 0; i < samples.size(); ++i)
          indicators.push_back(indicator({}, samples.weight(i)));
      reservoir.add(samples, dt, indicators);
    };
    SampleRequest<dim> in_domain = {jet_values, jet_gradients};
    in_domain.choice             = domain.choice(dt, indicator);
    add(domain,
        sample(solver.get_mapping(),
               solver.get_dof_handler(),
               solver.snapshot(),
               quadrature,
               in_domain));
    SampleRequest<dim> at_boundary = only_values;
    at_boundary.choice             = boundary.choice(dt, indicator);
    add(boundary,
        sample_boundary(solver.get_mapping(),
                        solver.get_dof_handler(),
                        at_time,
                        face_quadrature,
                        at_boundary));
  }



  void
  HeatSamples::add_terms(Trainer &trainer) const
  {
    SampleTables tables;
    tables.add("domain", domain.samples());
    tables.add("boundary", boundary.samples());
    tables.add("initial", Samples(*initial));
    tables.add_terms(parameters.term_choices(), trainer);
  }
} // namespace derl
