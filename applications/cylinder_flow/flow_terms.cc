// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/data/sampling.h>

#include <deal.II/base/quadrature_lib.h>

#include <solvers/flow_equations.h>

#include <cmath>
#include <map>
#include <memory>

#include "flow_terms.h"

namespace derl
{
  using namespace dealii;
  using namespace flow_benchmark;

  namespace
  {
    constexpr double pressure_unit = mean_velocity * mean_velocity;



    /**
     * The unit of the squares of a term that matches @p entry.
     */
    double
    unit_of(const JetEntry &entry)
    {
      return (entry.component < 2 ? mean_velocity : pressure_unit) /
             std::pow(diameter, int(order(entry.derivative)));
    }
  } // namespace



  Scaling
  flow_scaling(const double length_unit, const bool has_stream_function)
  {
    const double unit   = length_unit * diameter;
    Scaling      result = Scaling::identity(2, has_stream_function ? 2 : 3);
    result.input_shift  = {center()[0], center()[1]};
    result.input_scale  = {unit, unit};
    result.output_scale =
      has_stream_function
        ? std::vector<double>{mean_velocity * unit, pressure_unit}
        : std::vector<double>{mean_velocity, mean_velocity, pressure_unit};
    return result;
  }



  std::string
  add_terms(const FlowParameters &parameters,
            const CylinderSolver &solver,
            Trainer              &trainer)
  {
    const FlowSampleParameters &options     = parameters.samples;
    const DoFHandler<2>        &dof_handler = solver.get_dof_handler();

    const FieldNames              names   = trainer.names();
    const std::vector<TermChoice> choices = parameters.term_choices();

    // a table with what its terms match
    const auto take = [&](const std::string &name) {
      SampleRequest<2> request(orders_to_sample(choices, name, names));
      if (options.weighting == "cell")
        request.weighting = SampleWeighting::cell;
      if (name == "cylinder")
        request.boundary_ids = {cylinder};
      return name == "velocity points" || name == "pressure points"
               ? sample(solver.get_mapping(),
                        dof_handler,
                        solver.get_solution(),
                        QGauss<2>(options.n_gauss_points -
                                  (name == "pressure points" ? 1 : 0)),
                        request)
               : sample_boundary(solver.get_mapping(),
                                 dof_handler,
                                 solver.get_solution(),
                                 QGauss<1>(options.n_boundary_gauss_points),
                                 request);
    };
    std::map<std::string, std::shared_ptr<const Samples>> tables;
    for (const TermChoice &choice : choices)
      if (tables.count(choice.samples) == 0)
        tables[choice.samples] =
          std::make_shared<const Samples>(take(choice.samples));

    const double continuity_unit = mean_velocity / diameter;
    const auto   equations       = flow_equations(viscosity);
    for (const TermChoice &choice : choices)
      {
        const auto        samples  = tables[choice.samples];
        const auto        residual = choice.residual(names, equations);
        const std::string what     = choice.quantities[0];
        const double      unit =
          what == "continuity" ? continuity_unit
               : what == "momentum"
                 ? continuity_unit * mean_velocity
                 : unit_of(
                residual->bind(names, {samples->columns(), {}}).entries[0]);
        trainer.add_term(
          choice.name(), samples, residual, choice.weight / (unit * unit));
      }

    const unsigned int degree = parameters.reference.velocity_degree;
    return "flow past a cylinder (DFG 2D-1), Taylor-Hood elements of degrees " +
           std::to_string(degree) + " and " + std::to_string(degree - 1) +
           ", " +
           std::to_string(
             dof_handler.get_triangulation().n_global_active_cells()) +
           " cells";
  }
} // namespace derl
