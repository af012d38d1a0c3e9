// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/data/sampling.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/quadrature_lib.h>

#include "flow_terms.h"

#include <memory>

namespace derl
{
  using namespace dealii;
  using namespace flow_benchmark;

  namespace
  {
    constexpr double pressure_unit = mean_velocity * mean_velocity;



    /**
     * The columns of @p samples with derivatives of the given order of the
     * velocity, or of the pressure.
     */
    std::vector<JetEntry>
    entries(const Samples     &samples,
            const bool         of_velocity,
            const unsigned int of_order)
    {
      std::vector<JetEntry> result;
      for (const JetEntry &column : samples.columns())
        if ((column.component < 2) == of_velocity &&
            order(column.derivative) == of_order)
          result.push_back(column);
      return result;
    }
  } // namespace



  Scaling
  flow_scaling(const double length_unit)
  {
    Scaling      result = Scaling::identity(2, n_components);
    const double unit   = length_unit * diameter;
    result.input_shift  = {center()[0], center()[1]};
    result.input_scale  = {unit, unit};
    result.output_scale = {mean_velocity, mean_velocity, pressure_unit};
    return result;
  }



  std::string
  add_terms(const FlowParameters &parameters,
            const FlowSolver     &solver,
            Trainer              &trainer)
  {
    const FlowSampleParameters &options     = parameters.samples;
    const DoFHandler<2>        &dof_handler = solver.get_dof_handler();

    const auto request = [&](const unsigned int of_order) {
      SampleRequest<2> result = {of_order};
      if (options.weighting == "cell")
        result.weighting = SampleWeighting::cell;
      return result;
    };
    const auto in_cells = [&](const unsigned int n_points) {
      return std::make_shared<const Samples>(
        sample(solver.get_mapping(),
               dof_handler,
               solver.get_solution(),
               QGauss<2>(n_points),
               request(first_derivatives)));
    };
    const auto at_boundary = [&](const SampleRequest<2> &of) {
      return std::make_shared<const Samples>(
        sample_boundary(solver.get_mapping(),
                        dof_handler,
                        solver.get_solution(),
                        QGauss<1>(options.n_boundary_gauss_points),
                        of));
    };

    std::shared_ptr<const Samples> boundary;
    for (const auto &[name, weight] : parameters.terms)
      {
        const bool of_velocity = name.find("velocity") != std::string::npos;
        const bool of_gradient = name.find("gradient") != std::string::npos;
        std::shared_ptr<const Samples> samples;
        if (name == "velocity gradient")
          samples = in_cells(options.n_gauss_points);
        else if (name == "pressure gradient")
          samples = in_cells(options.n_gauss_points - 1);
        else if (name == "cylinder velocity gradient")
          {
            SampleRequest<2> at_cylinder = request(first_derivatives);
            at_cylinder.boundary_ids     = {cylinder};
            samples                      = at_boundary(at_cylinder);
          }
        else
          {
            // velocity and pressure share their samples, and so the network's
            // values
            if (boundary == nullptr)
              boundary = at_boundary(request(values));
            samples = boundary;
          }
        const double unit = (of_velocity ? mean_velocity : pressure_unit) /
                            (of_gradient ? diameter : 1.);
        trainer.add_term(std::make_unique<MatchTerm>(
          name,
          samples,
          entries(*samples, of_velocity, of_gradient ? 1 : 0),
          weight / (unit * unit)));
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
